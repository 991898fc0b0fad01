"""Slide 14: the same network without and with dropout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from engine.arguments import real, seeded
from engine.dropout import dropout as engine_dropout
from figures import Picture, figure
from figures.connected import ROLES, Grid, columns, connect, ellipsis, grid, name_layers, role
from figures.flow import Dense, drawn_weights, layer_sizes
from figures.language import Words
from figures.parts import arrow, disc, in_middle, line, tint, weighted, write
from figures.style import HEADING, INK, LARGE, MUTED, PAPER, SHADE, SMALL, TEXT, readable_on, slide_figure
from figures.typesetting import largest

WIDTH, HEIGHT = 1136, 484
MOST_LAYERS = 8
MIDDLE, DRAWING = 170, 336
LEFT, SPAN = 44, 428  # centre of a network's first column, and from there to its last
CANDIDATES = 64


class Drop(NamedTuple):
    """Which neurons of each layer are kept (inputs and outputs all are), with what survivors are multiplied."""

    seed: int
    kept: list[NDArray[np.bool_]]
    scale: float

    @property
    def hidden(self) -> int:
        """How many hidden neurons there are."""
        return sum(mask.size for mask in self.kept[1:-1])

    @property
    def dropped(self) -> int:
        """How many hidden neurons are dropped."""
        return sum(int((~mask).sum()) for mask in self.kept[1:-1])

    @property
    def connections(self) -> int:
        """How many weights still join two neurons."""
        return sum(int(a.sum()) * int(b.sum()) for a, b in zip(self.kept, self.kept[1:], strict=False))


@figure
def dropout(words: Words, *, sizes: Sequence[int] = (3, 5, 5, 2), p: float = 0.5, seed: int = 0) -> Picture:
    """The same network without and with dropout, which crosses out hidden neurons at random.

    Parameters
    ----------
    sizes : sequence of 3 to 8 int
        Neurons of each layer, inputs first and outputs last. Columns of more than 8 are abbreviated.
    p : float in [0, 1)
        Probability with which each hidden neuron is dropped.
    seed : int, 0 to 2**64 - 1
        Weights are drawn from it, and the masks from that one of the 64 seeds from `seed` on that drops nearest to the
        share p of all hidden neurons, among equals nearest to p in each layer, then the first: a single draw of ten
        neurons with p = 1/2 drops five of them in one case in four only.

    Facts
    -----
    sizes : list of int
    p, scale : float
        The probability, and 1/(1 - p), which survivors are multiplied by.
    seed : int
        Of the masks.
    hidden, dropped, kept : int
        Hidden neurons.
    connections, connections_left : int
    masks : list of lists of bool
        True for a hidden neuron that is kept, layer by layer.

    Raises
    ------
    ValueError, TypeError
        No hidden layer or too many, sizes that are not positive integers, p or seed out of range.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), Dropout: a simple way to prevent neural networks
    from overfitting, JMLR 15.

    Examples
    --------
    >>> import figures
    >>> figures.dropout(sizes=(4, 6, 6, 3), p=0.3).save("dropout.svg")
    """
    counts = layer_sizes("dropout", "sizes", sizes, MOST_LAYERS, hidden=1)
    p, first = real("dropout", "p", p, 0.0, 1.0, open_high=True), seeded("dropout", seed)
    drop = typical_drop(counts, p, seed=first)
    whole = Drop(first, [np.ones(size, bool) for size in counts], 1.0)
    layers = drawn_weights(counts, seed=first, stream=MOST_LAYERS)
    fig, axes = slide_figure(WIDTH, HEIGHT)
    spacing = grid(counts, SPAN / (len(counts) - 1), DRAWING)
    for left, state in ((LEFT, whole), (WIDTH - LEFT - SPAN, drop)):
        xs = [left + SPAN * k / (len(counts) - 1) for k in range(len(counts))]
        _network(axes, words, layers, state, xs, spacing)
        name_layers(axes, words, counts, xs, 371, both=False, foot=21)
        _caption(axes, words, state, whole, left + SPAN / 2)
    _between(axes, words, p, drop.scale)
    _key(axes, words)
    return Picture(fig, _alt(words, drop, whole, p), _facts(drop, whole, counts, p))


def typical_drop(sizes: Sequence[int], p: float, *, seed: int) -> Drop:
    """Of the masks of 64 seeds from `seed` on, the one that drops nearest to the share p of the hidden neurons."""
    drops = []
    for candidate in range(seed, min(seed + CANDIDATES, 2**64)):
        kept = [np.ones(size, bool) for size in sizes]
        for k in range(1, len(sizes) - 1):
            kept[k] = engine_dropout(np.ones(sizes[k]), p, seed=candidate, stream=k, return_mask=True).mask
        drops.append(Drop(candidate, kept, 1 / (1 - p)))
    return min(drops, key=lambda drop: (abs(drop.dropped / drop.hidden - p),
                                        sum(abs(float(np.mean(~mask)) - p) for mask in drop.kept[1:-1])))


def _network(axes: Axes, words: Words, layers: Sequence[Dense], state: Drop, xs: Sequence[float],
             spacing: Grid) -> None:
    drawn = columns([mask.size for mask in state.kept], xs, MIDDLE, spacing.pitch)
    for k, layer in enumerate(layers):
        connect(axes, drawn[k], drawn[k + 1], layer.weight, spacing.radius, kept=(state.kept[k], state.kept[k + 1]))
    for k, column in enumerate(drawn):
        kind = role(k, len(drawn))
        ellipsis(axes, column, spacing.pitch)
        for i, (x, y) in column.spots.items():
            if not state.kept[k][i]:
                _crossed_out(axes, x, y, spacing.radius)
                continue
            fill = tint(ROLES[kind][0], 0.55)
            disc(axes, x, y, spacing.radius, fill, ROLES[kind][0])
            if kind == "hidden" and state.scale > 1:
                _multiplied(axes, words, x, y, state.scale, spacing.radius, fill)


def _crossed_out(axes: Axes, x: float, y: float, radius: float) -> None:
    disc(axes, x, y, radius, PAPER, MUTED, 1.5)
    reach = 0.5 * radius
    for side in (-1, 1):
        line(axes, [(x - reach, y - side * reach), (x + reach, y + side * reach)], MUTED, 3, z=6)


def _multiplied(axes: Axes, words: Words, x: float, y: float, scale: float, radius: float, fill: str) -> None:
    text = words.say("dropout.times", scale=round(scale, 2))
    size = largest(axes, [text], 1.7 * radius, (TEXT, SMALL), "bold")
    if size:
        write(axes, x, in_middle(y, size), text, size, readable_on(fill), "bold")


def _caption(axes: Axes, words: Words, state: Drop, whole: Drop, x: float) -> None:
    if state is whole:
        said = [words.say("dropout.without"), words.say("dropout.hidden", count=whole.hidden),
                words.say("dropout.connections", count=whole.connections)]  # fmt: skip
    else:
        said = [words.say("dropout.with"), words.say("dropout.dropped", count=state.dropped, hidden=state.hidden),
                words.say("dropout.connections_left", count=state.connections, before=whole.connections)]  # fmt: skip
    write(axes, x, 419, said[0], LARGE, SHADE, "semibold")
    size = largest(axes, said[1:], 410, (TEXT + 1, TEXT)) or SMALL
    for y, text in zip((448, 475), said[1:], strict=True):
        write(axes, x, y, text, size, INK)


def _key(axes: Axes, words: Words) -> None:
    """What the connections mean, between the two captions."""
    left = WIDTH / 2 - 77
    for y, weight, name in ((443, 0.6, "positive"), (470, -0.6, "negative")):
        weighted(axes, (left, y), (left + 46, y), weight)
        write(axes, left + 58, in_middle(y, SMALL), words.say(f"network_layers.{name}"), SMALL, MUTED, ha="left")


def _between(axes: Axes, words: Words, p: float, scale: float) -> None:
    """The arrow from one network to the other, p above it and what becomes of the survivors below."""
    middle, reach = WIDTH / 2, 44
    arrow(axes, (middle - reach, MIDDLE), (middle + reach, MIDDLE))
    write(axes, middle, MIDDLE - 20, f"$p = {words.math(p)}$", LARGE)
    for i, text in enumerate(words.say("dropout.probability").split("\n")):
        write(axes, middle, MIDDLE - 84 + 23 * i, text, TEXT, MUTED)
    write(axes, middle, MIDDLE + 38, words.say("dropout.survivors"), TEXT, MUTED)
    sign = "=" if abs(round(scale, 2) - scale) < 1e-9 else r"\approx"
    formula = rf"$\times\,\dfrac{{1}}{{1-p}} {sign} {words.math(round(scale, 2))}$"
    write(axes, middle, MIDDLE + 90, formula, HEADING, INK)


def _alt(words: Words, drop: Drop, whole: Drop, p: float) -> str:
    return words.say("dropout.alt", p=p, dropped=words.say("dropout.dropped", count=drop.dropped, hidden=drop.hidden),
                     left=drop.connections, before=whole.connections, scale=round(drop.scale, 2))  # fmt: skip


def _facts(drop: Drop, whole: Drop, sizes: Sequence[int], p: float) -> dict[str, Any]:
    return {
        "sizes": list(sizes), "p": p, "scale": drop.scale, "seed": drop.seed, "hidden": drop.hidden,
        "dropped": drop.dropped, "kept": drop.hidden - drop.dropped, "connections": whole.connections,
        "connections_left": drop.connections, "masks": [mask.tolist() for mask in drop.kept[1:-1]],
    }  # fmt: skip
