"""Slides 4 and 5: activation functions, their formulas and their curves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from engine.activations import ACTIVATIONS, Activation
from engine.arguments import choice, real
from figures import Picture, figure
from figures.activation_panels import draw_large, draw_small, draw_uses, name_of
from figures.activation_plot import Curve, computed
from figures.language import Words
from figures.style import slide_figure

WIDTH = 1136
PAIR_HEIGHT, GALLERY_HEIGHT = 556, 556
MOST = 12
REACHES = (0.5, 100.0)


@figure
def activation_pair(words: Words, *, names: Sequence[str] = ("sigmoid", "relu"), reach: float = 10) -> Picture:
    """Two activation functions, each with its formula, its derivative and what it is used for.

    Parameters
    ----------
    names : two names of `engine.activations.ACTIVATIONS`
    reach : float, 0.5 to 100
        The curves are drawn on [-reach, reach].

    Facts
    -----
    reach : float
        The curves go from -reach to reach.
    activations : list of facts
        Of each function: `name`; `formula`, in LaTeX; `constants`, numbers by their letter; `at_zero`; `range`, lowest
        and highest value, none where there is no bound; `largest_derivative` and `derivative_at_reach`, of what is
        drawn; `reference`.

    Raises
    ------
    ValueError, TypeError
        An unknown activation, other than two, a reach out of range.

    Examples
    --------
    >>> import figures
    >>> figures.activation_pair(names=("tanh", "elu"), reach=6).save("pair.svg")
    """
    chosen = _chosen("activation_pair", names, 2, 2)
    reach = real("activation_pair", "reach", reach, *REACHES)
    curves = [computed(activation, reach) for activation in chosen]
    fig, axes = slide_figure(WIDTH, PAIR_HEIGHT)
    for curve, left in zip(curves, (0, 600), strict=True):
        draw_large(axes, words, curve, left, WIDTH - 600)
    draw_uses(axes, words, chosen, (0, 600), WIDTH - 600)
    first, second = (name_of(words, activation) for activation in chosen)
    most = [round(float(curve.derivative.max()), 2) for curve in curves]
    alt = words.say("activation_pair.alt", reach=reach, first=first, second=second, first_most=most[0],
                    second_most=most[1])  # fmt: skip
    return Picture(fig, alt, _facts(curves, reach))


@figure
def activation_gallery(
    words: Words, *, names: Sequence[str] = ("sigmoid", "tanh", "relu", "leaky_relu", "maxout", "elu"),
    reach: float = 4, leak: float = 0.1,
) -> Picture:
    """Activation functions side by side, each with its formula.

    Parameters
    ----------
    names : sequence of 1 to 12 names of `engine.activations.ACTIVATIONS`
    reach : float, 0.5 to 100
        The curves are drawn on [-reach, reach].
    leak : float, -1 to 1
        Slope of leaky ReLU to the left. The usual 0.01 could not be told from ReLU; the one drawn is written.

    Facts
    -----
    reach, activations
        As in `activation_pair`.

    Raises
    ------
    ValueError, TypeError
        An unknown activation, none or too many, a reach or leak out of range.

    Examples
    --------
    >>> import figures
    >>> figures.activation_gallery(names=("relu", "gelu", "silu"), reach=3).save("gallery.svg")
    """
    leak = real("activation_gallery", "leak", leak, -1.0, 1.0)
    chosen = [_leaking(activation, leak) for activation in _chosen("activation_gallery", names, 1, MOST)]
    reach = real("activation_gallery", "reach", reach, *REACHES)
    curves = [computed(activation, reach) for activation in chosen]
    fig, axes = slide_figure(WIDTH, GALLERY_HEIGHT)
    columns, rows = _layout(len(curves))
    gap, between = (40, 16) if columns < 4 else (28, 12)
    width, height = (WIDTH + gap) / columns, (GALLERY_HEIGHT + between) / rows
    for k, curve in enumerate(curves):
        draw_small(axes, words, curve, width * (k % columns), height * (k // columns), width - gap, height - between)
    said = [name_of(words, curve.activation) for curve in curves]
    alt = words.say("activation_gallery.alt", count=len(curves), reach=reach, names=words.between("names").join(said))
    return Picture(fig, alt, _facts(curves, reach))


def _chosen(function: str, names: Any, least: int, most: int) -> list[Activation]:
    if not isinstance(names, (list, tuple)):
        raise TypeError(f"{function}: names must be a list of activations, not {names!r}")
    if not least <= len(names) <= most:
        count = f"{least}" if least == most else f"{least} to {most}"
        raise ValueError(f"{function}: names must be {count} activations, not {len(names)}")
    return [ACTIVATIONS[choice(function, "activation", name, ACTIVATIONS)] for name in names]


def _leaking(activation: Activation, leak: float) -> Activation:
    """Leaky ReLU with another slope; any other activation as it is."""
    if activation.name != "leaky_relu":
        return activation
    return activation._replace(
        function=partial(activation.function, negative_slope=leak),
        derivative=partial(activation.derivative, negative_slope=leak),
        constants=tuple(constant._replace(value=leak) for constant in activation.constants),
    )


def _layout(count: int) -> tuple[int, int]:
    """Columns and rows."""
    columns = {1: 1, 2: 2, 4: 2}.get(count, 3 if count <= 9 else 4)
    return columns, -(-count // columns)


def _facts(curves: Sequence[Curve], reach: float) -> dict[str, Any]:
    return {"reach": reach, "activations": [{
        "name": curve.activation.name,
        "formula": curve.activation.formula,
        "constants": {constant.symbol: constant.value for constant in curve.activation.constants},
        "at_zero": float(curve.value[curve.t == 0][0]),
        "range": [bound if np.isfinite(bound) else None for bound in curve.activation.range],
        "largest_derivative": float(curve.derivative.max()),
        "derivative_at_reach": float(curve.derivative[-1]),
        "reference": curve.activation.reference,
    } for curve in curves]}  # fmt: skip
