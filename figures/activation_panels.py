"""The panels of slides 4 and 5: name, formula, constants and curve of one activation function."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from engine.activations import ACTIVATIONS, Activation
from figures.activation_plot import Curve, Frame, constants, draw_axes, draw_jump, draw_line, formula, framed, heights
from figures.language import Words
from figures.parts import write
from figures.style import HEADING, LARGE, MUTED, PAPER, PURPLE, PURPLE_TEXT, SMALL, TEXT
from figures.typesetting import broken, largest, width_of

USE_SIZES = (26, 24, 22)
FUNCTION, TOGETHER = 4.5, 1.5  # px, width of a function's line; how near it the derivative lies on it
BELOW = 0.3  # of the height of maxout, for what its pieces do below it


def name_of(words: Words, activation: Activation) -> str:
    """What the reader calls a function."""
    return words.say(f"activations.{activation.name}")


def draw_large(axes: Axes, words: Words, curve: Curve, left: float, width: float) -> None:
    """Name and formula above, the curves below."""
    write(axes, left, 40, name_of(words, curve.activation), LARGE, PURPLE_TEXT, "semibold", ha="left")
    text, room = formula(words, curve.activation), width - width_of(axes, name_of(words, curve.activation), LARGE) - 40
    write(axes, left + width, 34, text, largest(axes, [text], room, (26, HEADING, TEXT)) or SMALL, ha="right",
          va="center")  # fmt: skip
    write(axes, left, 70, constants(words, curve.activation), SMALL, MUTED, ha="left")
    frame = framed(curve, left + 46, 82, width - 62, 350, derivative=True)
    draw_axes(axes, words, frame, also=round(float(curve.derivative.max()), 2))
    draw_line(axes, frame, curve.t, curve.value, PURPLE, FUNCTION)
    _part_where_equal(axes, curve, frame)
    smooth = curve.activation.smooth
    draw_line(axes, frame, curve.t, curve.derivative, PURPLE_TEXT, 3.5, smooth=smooth, dashes=(14, 8), z=5)
    if not smooth:
        draw_jump(axes, frame, curve.t, curve.derivative, PURPLE_TEXT)
    _draw_pieces(axes, curve, frame)
    _label_derivative(axes, words, curve, frame)


def _part_where_equal(axes: Axes, curve: Curve, frame: Frame) -> None:
    """Where the derivative lies on the function, a line of paper in this one, so that its dashes are seen there."""
    apart = np.abs(curve.derivative - curve.value) * frame.height / (frame.high - frame.low)
    both = np.where(apart < TOGETHER, curve.derivative, np.nan)
    draw_line(axes, frame, curve.t, both, PAPER, FUNCTION - 2.4, z=4.9, solid_capstyle="butt")


def _label_derivative(axes: Axes, words: Words, curve: Curve, frame: Frame) -> None:
    """Just above the derivative, there where the function is farthest, across no line of the axes if it can be."""
    largest_slope = round(float(curve.derivative.max()), 2)
    text = words.say("activation_pair.derivative", most=largest_slope)
    half = width_of(axes, text, TEXT) / 2 + 4
    x, value = frame.at(curve.t, curve.value)
    slope = frame.at(0, curve.derivative)[1]
    lines = [frame.at(0, height)[1] for height in heights(frame, largest_slope)]
    best = (0.0, 0.0, 0.0)
    for middle in np.linspace(frame.x + half, frame.x + frame.width - half, 60).tolist():
        near = np.abs(x - middle) <= half
        top, function = float(slope[near].min()), value[near]
        if top - 30 > frame.y and bool((function < top - 36).all() or (function > top + 3).all()):
            struck = any(top - 26 < y < top - 5 for y in lines)
            best = max(best, (float(np.abs(function - top + 17).min()) * (0.1 if struck else 1), middle, top))
    if best[0]:
        write(axes, best[1], best[2] - 9, text, TEXT, PURPLE_TEXT, halo=2)


def draw_uses(axes: Axes, words: Words, chosen: Sequence[Activation], lefts: Sequence[float], width: float) -> None:
    """What each function is used for, after a bold « Utilisation »: as large as two lines allow, all alike."""
    label = words.say("activation_pair.use.label")
    uses = [words.say("activation_pair.use.sentence", label=label,
                      use=words.say(f"activation_pair.use.{activation.name}")) for activation in chosen]
    strong = label.replace(" ", r"\ ")  # between dollars a space is nothing
    fitting = (size for size in USE_SIZES if all(len(broken(axes, use, width, size)) <= 2 for use in uses))
    size = next(fitting, USE_SIZES[-1])
    for left, use in zip(lefts, uses, strict=True):
        for k, part in enumerate(broken(axes, use, width, size)):
            # Within one text, so that the space after it is a space in every renderer.
            bold = part.replace(label, rf"$\mathbf{{{strong}}}$", 1) if k == 0 else part
            write(axes, left, 499 + 1.3 * size * k, bold, size, ha="left")


def draw_small(axes: Axes, words: Words, curve: Curve, left: float, top: float, width: float, height: float) -> None:
    """A panel of the gallery: name and formula, the curve below."""
    name = name_of(words, curve.activation)
    write(axes, left, top + 18, name, HEADING, PURPLE_TEXT, "semibold", ha="left")
    _write_constants(axes, words, curve.activation, left + width, top + 18,
                     width - width_of(axes, name, HEADING, "semibold") - 12)  # fmt: skip
    text, header = formula(words, curve.activation), 80 if height > 200 else 76
    sizes = (TEXT + 1, 18) if height > 200 or "frac" not in text else ()
    write(axes, left, top + 51, text, largest(axes, [text], width, sizes) or SMALL, ha="left", va="center")
    below = BELOW if curve.activation.name == "maxout" else 0.0
    frame = framed(curve, left + 40, top + header, width - 54, height - header - 26, below=below)
    draw_axes(axes, words, frame)
    _draw_pieces(axes, curve, frame)
    if height > 200:
        _name_pieces(axes, curve, frame)
    draw_line(axes, frame, curve.t, curve.value, PURPLE, 3.5)


def _write_constants(axes: Axes, words: Words, activation: Activation, right: float, y: float, room: float) -> None:
    """The letters' values, and the usual one where another is drawn, as large as the room allows."""
    letters = constants(words, activation)
    texts, usual = [letters], constants(words, ACTIVATIONS[activation.name])
    if usual != letters:
        value = ACTIVATIONS[activation.name].constants[0].value
        texts.insert(0, words.say("activation_gallery.usual", constants=letters, usual=value))
    for size in (18, SMALL) if letters else ():
        for text in texts:
            if width_of(axes, text, size) < room:
                write(axes, right, y, text, size, MUTED, ha="right")
                return


def _draw_pieces(axes: Axes, curve: Curve, frame: Frame) -> None:
    """The affine functions of which maxout is the larger, dashed."""
    if curve.activation.name == "maxout":
        w1, b1, w2, b2 = (constant.value for constant in curve.activation.constants)
        for slope, start in ((w1, b1), (w2, b2)):
            draw_line(axes, frame, curve.t, slope * curve.t + start, PURPLE_TEXT, 3, dashes=(12, 7), z=3)


def _name_pieces(axes: Axes, curve: Curve, frame: Frame) -> None:
    """The name of each affine function above that part of maxout which it is."""
    if curve.activation.name != "maxout":
        return
    w1, b1, w2, b2 = (constant.value for constant in curve.activation.constants)
    for k, (slope, start, share, ha) in enumerate(((w1, b1, -0.5, "left"), (w2, b2, 0.66, "right")), 1):
        place = share * frame.reach
        height = slope * place + start
        if height == max(w1 * place + b1, w2 * place + b2):
            x, y = frame.at(place, height)
            write(axes, x + (4 if ha == "left" else -12), y - 9, f"$w_{k} x + b_{k}$", SMALL, PURPLE_TEXT, ha=ha)
