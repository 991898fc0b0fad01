"""Slides 4 and 5: activation functions, their formulas and their curves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from engine.activations import ACTIVATIONS, Activation
from engine.arguments import choice, real
from figures import Picture, figure
from figures.activation_plot import Curve, Frame, computed, constants, draw_axes, draw_line, formula, framed
from figures.language import Words
from figures.parts import write
from figures.style import HEADING, LARGE, MUTED, PURPLE, PURPLE_TEXT, SMALL, TEXT, mix, slide_figure
from figures.typesetting import broken, largest, width_of

WIDTH = 1136
PAIR_HEIGHT, GALLERY_HEIGHT = 556, 556
MOST = 12
REACHES = (0.5, 100.0)
USE_SIZE = 25


@figure
def activation_pair(words: Words, *, names: Sequence[str] = ("sigmoid", "relu"), reach: float = 10) -> Picture:
    """Two activation functions, each with its formula, its derivative and what it is used for.

    Parameters
    ----------
    names : two names of `engine.activations.ACTIVATIONS`
    reach : float, 0.5 to 100
        The curves are drawn on [-reach, reach].

    Raises
    ------
    ValueError, TypeError
        An unknown activation, other than two, a reach out of range.
    """
    chosen = _chosen("activation_pair", names, 2, 2)
    reach = real("activation_pair", "reach", reach, *REACHES)
    curves = [computed(activation, reach) for activation in chosen]
    fig, axes = slide_figure(WIDTH, PAIR_HEIGHT)
    for curve, left in zip(curves, (0, 600), strict=True):
        _draw_panel(axes, words, curve, left, WIDTH - 600)
    first, second = (_name(words, activation) for activation in chosen)
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

    Raises
    ------
    ValueError, TypeError
        An unknown activation, none or too many, a reach or leak out of range.
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
        _draw_small(axes, words, curve, width * (k % columns), height * (k // columns), width - gap, height - between)
    said = [_name(words, curve.activation) for curve in curves]
    alt = words.say("activation_gallery.alt", count=len(curves), reach=reach, names=", ".join(said))
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


def _name(words: Words, activation: Activation) -> str:
    return words.say(f"activations.{activation.name}")


def _draw_panel(axes: Axes, words: Words, curve: Curve, left: float, width: float) -> None:
    """Name and formula above, the curves, what it is used for below."""
    write(axes, left, 42, _name(words, curve.activation), LARGE, PURPLE_TEXT, "semibold", ha="left")
    text, room = formula(words, curve.activation), width - width_of(axes, _name(words, curve.activation), LARGE) - 40
    write(axes, left + width, 36, text, largest(axes, [text], room, (26, HEADING, TEXT)) or SMALL, ha="right",
          va="center")  # fmt: skip
    write(axes, left, 70, constants(words, curve.activation), SMALL, MUTED, ha="left")
    frame = framed(curve, left + 40, 84, width - 56, 320, derivative=True)
    draw_axes(axes, words, frame)
    draw_line(axes, frame, curve.t, curve.value, PURPLE, 4)
    # Dashed and over the function, so that it is seen where both are zero.
    light = mix(PURPLE, share=0.55)
    draw_line(axes, frame, curve.t, curve.derivative, light, 3, smooth=curve.activation.smooth, dashes=(10, 7), z=5)
    _draw_pieces(axes, curve, frame)
    _label_derivative(axes, words, curve, frame)
    _use(axes, words, curve.activation, left, width)


def _label_derivative(axes: Axes, words: Words, curve: Curve, frame: Frame) -> None:
    """Just above the derivative, there where the function is farthest."""
    text = words.say("activation_pair.derivative", most=round(float(curve.derivative.max()), 2))
    half = width_of(axes, text, TEXT) / 2 + 4
    x, value = frame.at(curve.t, curve.value)
    slope = frame.at(0, curve.derivative)[1]
    best = (0.0, 0.0, 0.0)
    for middle in np.linspace(frame.x + half, frame.x + frame.width - half, 60).tolist():
        near = np.abs(x - middle) <= half
        top, function = float(slope[near].min()), value[near]
        if top - 30 > frame.y and bool((function < top - 36).all() or (function > top + 3).all()):
            best = max(best, (float(np.abs(function - top + 17).min()), middle, top))
    if best[0]:
        write(axes, best[1], best[2] - 9, text, TEXT, PURPLE_TEXT)


def _use(axes: Axes, words: Words, activation: Activation, left: float, width: float) -> None:
    """What the function is used for, after a bold « Utilisation »."""
    label = words.say("activation_pair.use.label")
    use = words.say(f"activation_pair.use.{activation.name}")
    lines = broken(axes, words.say("activation_pair.use.sentence", label=label, use=use), width - 12, USE_SIZE)
    # Within one text, so that the space after it is a space in every renderer.
    lines[0] = lines[0].replace(label, rf"$\mathbf{{{label}}}$", 1)
    for k, part in enumerate(lines):
        write(axes, left, 480 + 33 * k, part, USE_SIZE, ha="left")


def _draw_small(axes: Axes, words: Words, curve: Curve, left: float, top: float, width: float, height: float) -> None:
    """A panel of the gallery: name and formula, the curve below."""
    name, letters = _name(words, curve.activation), constants(words, curve.activation)
    write(axes, left, top + 18, name, HEADING, PURPLE_TEXT, "semibold", ha="left")
    if letters and width_of(axes, name, HEADING, "semibold") + width_of(axes, letters, SMALL) + 12 < width:
        write(axes, left + width, top + 18, letters, SMALL, MUTED, ha="right")
    text, header = formula(words, curve.activation), 80 if height > 200 else 76
    sizes = (TEXT + 1, 18) if height > 200 or "frac" not in text else ()
    write(axes, left, top + 51, text, largest(axes, [text], width, sizes) or SMALL, ha="left", va="center")
    frame = framed(curve, left + 40, top + header, width - 54, height - header - 26)
    draw_axes(axes, words, frame)
    _draw_pieces(axes, curve, frame)
    draw_line(axes, frame, curve.t, curve.value, PURPLE, 3.5)


def _draw_pieces(axes: Axes, curve: Curve, frame: Frame) -> None:
    """The affine functions of which maxout is the larger, lightly."""
    if curve.activation.name == "maxout":
        w1, b1, w2, b2 = (constant.value for constant in curve.activation.constants)
        for slope, start in ((w1, b1), (w2, b2)):
            draw_line(axes, frame, curve.t, slope * curve.t + start, mix(PURPLE, share=0.45), 1.5, dashes=(6, 4), z=3)


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
