"""Slide 6: the layers of networks, with a forward pass really computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from engine.arguments import seeded
from engine.generator import uniform
from figures import Picture, figure
from figures.connected import ROLES, Grid, columns, connect, ellipsis, grid, name_functions, name_layers, role
from figures.flow import Flow, forward, layer_sizes, lively
from figures.language import Words
from figures.own_weights import Weights, dense_layers
from figures.parts import disc, in_middle, line, text_width, weighted, write
from figures.style import HAIRLINE, HEADING, LARGE, MUTED, PURPLE, SHADE, SMALL, TEXT, mix, readable_on, slide_figure
from figures.typesetting import largest, width_of

WIDTH, HEIGHT = 1136, 556
SIZES = ((3, 4, 2), (3, 4, 4, 1))
MOST_NETWORKS, MOST_LAYERS = 4, 16
TOP, MIDDLE, DRAWING = 4, 183, 358
WIDEST_STEP = 240.0
BETWEEN = 30  # px between two networks, so that no name touches the line there


@figure
def network_layers(words: Words, *, sizes: Sequence[int] | Sequence[Sequence[int]] = SIZES, seed: int = 5,
                   weights: Weights | None = None) -> Picture:
    """Networks side by side, layer by layer: weights as lines, activations as shades and numbers.

    Parameters
    ----------
    sizes : sequence of 1 to 4 sequences of int
        For each network the neurons of its layers, inputs first and outputs last. Columns of more than 8 neurons are
        abbreviated. A single list of sizes is one network.
    seed : int, 0 to 2**64 - 1
        The inputs are uniform on [0.2, 1), the same for all networks. The weights are He et al.'s start, from that one
        of the 64 seeds from `seed` on with which, layer by layer, the share of active hidden neurons (0.05 or more) is
        nearest to 3/4, so that ReLU is seen at work, and among equals the outputs are furthest apart.
    weights : array_like (outputs, inputs), sequence of them or of (weight, bias), mapping or torch.nn.Module, optional
        A network of your own instead of `sizes`: its dense layers, inputs first. A mapping is a `state_dict`. Hidden
        layers have ReLU and the outputs a sigmoid, whatever came after them in a module.

    Facts
    -----
    networks : list of facts
        Of each: `sizes` of its layers; `depth`, the number of hidden ones; `weights`, `biases` and their sum
        `parameters`; `seed`; `inputs`, `outputs` and all `activations`, layer by layer; `silent`, how many hidden
        neurons give 0.

    Raises
    ------
    ValueError, TypeError
        Sizes that are not positive integers, too many networks or layers for a slide, a seed out of range.

    References
    ----------
    He, Zhang, Ren & Sun (2015), Delving deep into rectifiers, arXiv:1502.01852.

    Examples
    --------
    >>> import figures
    >>> figures.network_layers(sizes=(3, 5, 2), lang="en").save("layers.svg")
    >>> figures.network_layers(weights=[[[0.5, -1], [1, 0], [2, -1]], [[1, 1, -2]]]).save("own.svg")
    """
    first = seeded("network_layers", seed)
    flows = _drawn_flows(_networks(sizes), first) if weights is None else [_own_flow(sizes, weights, first)]
    networks = [tuple(value.size for value in flow.values) for flow in flows]
    fig, axes = slide_figure(WIDTH, HEIGHT)
    layers, gaps = sum(map(len, networks)), BETWEEN * (len(networks) - 1)
    step = min(WIDEST_STEP, (WIDTH - gaps) / layers)
    left = (WIDTH - gaps - step * layers) / 2
    grids = [grid(network, step, DRAWING) for network in networks]
    radius = min(spacing.radius for spacing in grids)
    for k, flow in enumerate(flows):
        xs = [left + step * (i + 0.5) for i in range(len(flow.values))]
        if k:
            line(axes, [(left - BETWEEN / 2, TOP), (left - BETWEEN / 2, 508)], HAIRLINE)
        _draw(axes, words, flow, xs, Grid(grids[k].pitch, radius))
        also = bool(words.say("network_layers.input_also"))  # a language that has no other beside it
        name_layers(axes, words, networks[k], xs, 394, both=also, foot=60 if also else 43)
        name_functions(axes, words, len(xs), xs, 435 if also else 416)
        _caption(axes, words, flow, (xs[0] + xs[-1]) / 2, step * len(xs))
        left += step * len(xs) + BETWEEN
    _key(axes, words)
    return Picture(fig, _alt(words, flows), _facts(flows))


def _drawn_flows(networks: Sequence[tuple[int, ...]], seed: int) -> list[Flow]:
    return [lively(network, seed=seed, stream=1 + MOST_LAYERS * k) for k, network in enumerate(networks)]


def _own_flow(sizes: Any, weights: Any, seed: int) -> Flow:
    if sizes is not SIZES:
        raise TypeError("network_layers: give sizes or weights, not both")
    layers = dense_layers("network_layers", weights, MOST_LAYERS)
    return Flow(seed, layers, forward(layers, uniform(layers[0].weight.shape[1], seed=seed, low=0.2)))


def _networks(sizes: Any) -> list[tuple[int, ...]]:
    if not isinstance(sizes, (list, tuple, np.ndarray)) or len(sizes) == 0:
        raise TypeError(f"network_layers: sizes must list networks such as ((3, 4, 2), (3, 4, 4, 1)), not {sizes!r}")
    alone = all(isinstance(size, (int, np.integer)) for size in sizes)
    networks = [layer_sizes("network_layers", "sizes", s, MOST_LAYERS) for s in ([sizes] if alone else sizes)]
    if len(networks) > MOST_NETWORKS:
        raise ValueError(f"network_layers: at most {MOST_NETWORKS} networks fit on a slide, not {len(networks)}")
    if sum(map(len, networks)) > MOST_LAYERS:
        raise ValueError(f"network_layers: at most {MOST_LAYERS} layers fit on a slide, not {sum(map(len, networks))}")
    return networks


def _draw(axes: Axes, words: Words, flow: Flow, xs: Sequence[float], spacing: Grid) -> None:
    drawn = columns([value.size for value in flow.values], xs, MIDDLE, spacing.pitch)
    for before, after, layer in zip(drawn, drawn[1:], flow.layers, strict=False):
        connect(axes, before, after, layer.weight, spacing.radius)
    size = max(SMALL, 0.68 * spacing.radius)
    for k, (column, value) in enumerate(zip(drawn, flow.values, strict=True)):
        fill = ROLES[role(k, len(drawn))][0]
        ellipsis(axes, column, spacing.pitch)
        for i, (x, y) in column.spots.items():
            shade = shaded(fill, float(value[i]))
            disc(axes, x, y, spacing.radius, shade, fill)
            if spacing.radius >= 14:
                text = words.number(float(value[i]), 1)
                write(axes, x, in_middle(y, size), text, size, readable_on(shade), "semibold")


def shaded(fill: str, value: float) -> str:
    """Paper for 0, the full colour from 1 on."""
    return mix(fill, share=1 - min(max(value, 0.0), 1.0))


def _caption(axes: Axes, words: Words, flow: Flow, x: float, room: float) -> None:
    """The depth, and where the number of parameters comes from."""
    sizes = [value.size for value in flow.values]
    depth = words.say("network_layers.depth", n=len(sizes) - 2)
    size = largest(axes, [depth], room - 8, (LARGE, HEADING, TEXT), "semibold") or SMALL
    write(axes, x, 482, depth, size, SHADE, "semibold")
    said = {"sizes": words.between("sizes").join(words.number(size) for size in sizes), **flow.counts}
    total = words.say("network_layers.parameters", **said)
    sums = [words.say(f"network_layers.{key}", **said) for key in ("sum", "sum_short")]
    last = width_of(axes, total, TEXT, "semibold")
    first = {text: width_of(axes, text) for text in sums if width_of(axes, text) + last + 26 < room}
    if not first:
        write(axes, x, 508, total, TEXT, SHADE, "semibold")
        return
    text, width = next(iter(first.items()))
    joint = x + (width - last) / 2  # both texts end there: a browser's widths are not quite the measured ones
    write(axes, joint - 2, 508, text, TEXT, ha="right")
    write(axes, joint + 3, 508, total, TEXT, SHADE, "semibold", ha="left")


def _key(axes: Axes, words: Words) -> None:
    """What lines and shades mean, in one row under the networks."""
    y = 543
    for x, weight, name in ((12, 0.6, "positive"), (231, -0.6, "negative")):
        weighted(axes, (x, y), (x + 46, y), weight)
        _explain(axes, words, x + 58, y, name)
    for k, width in enumerate((1.2, 2.8, 4.5)):
        line(axes, [(462, y - 8 + 8 * k), (508, y - 8 + 8 * k)], MUTED, width, solid_capstyle="butt")
    _explain(axes, words, 520, y, "width")
    end = _explain(axes, words, WIDTH - 12, y, "shade_one", ha="right")
    for k, value in enumerate((1.0, 0.5, 0.0)):
        disc(axes, end - 21 - 27 * k, y, 10, shaded(PURPLE, value), PURPLE)
    _explain(axes, words, end - 21 - 54 - 21, y, "shade_zero", ha="right")


def _explain(axes: Axes, words: Words, x: float, y: float, key: str, *, ha: str = "left") -> float:
    """Writes and returns the text's left end."""
    text = write(axes, x, in_middle(y, SMALL), words.say(f"network_layers.{key}"), SMALL, MUTED, ha=ha)
    return x - text_width(text) if ha == "right" else x


def _alt(words: Words, flows: Sequence[Flow]) -> str:
    dash = words.between("sizes")
    each = [words.say("network_layers.alt_network", sizes=dash.join(words.number(v.size) for v in flow.values),
                      depth=len(flow.values) - 2, parameters=flow.counts["parameters"],
                      outputs=words.listed(flow.values[-1].tolist()[:4], 2)) for flow in flows]  # fmt: skip
    between = words.say("network_layers.alt_between")
    return words.say("network_layers.alt", count=len(flows), networks=between.join(each))


def _facts(flows: Sequence[Flow]) -> dict[str, Any]:
    return {"networks": [{
        "sizes": [value.size for value in flow.values],
        "depth": len(flow.values) - 2,
        **flow.counts,
        "seed": flow.seed,
        "inputs": flow.values[0].tolist(),
        "outputs": flow.values[-1].tolist(),
        "activations": [value.tolist() for value in flow.values],
        "silent": sum(int((value == 0).sum()) for value in flow.values[1:-1]),
    } for flow in flows]}  # fmt: skip
