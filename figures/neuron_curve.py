"""The small curve of slide 3: the activation function near the sum of the worked example."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from figures.language import Words
from figures.parts import disc, line, write
from figures.style import GREEN, LIGHT, MUTED, PAPER, PURPLE, PURPLE_TEXT, SMALL, TEXT
from figures.typesetting import width_of

LEFT, WIDTH, HEIGHT = 776, 108, 74
BELOW, ABOVE = 18, -8  # from a line to the baseline of a number under or over it


def draw_curve(axes: Axes, words: Words, total: float, output: float, *, middle: float, activation: str) -> None:
    """f near the sum, with the point that is meant; the sum on its axis, which is named where there is room."""
    top = middle - 33
    reach = max(3.0, 1.25 * abs(total))
    t = np.linspace(-reach, reach, 201)
    value = ACTIVATIONS[activation].function(t.astype(np.float32))
    low, high = min(float(value.min()), 0.0), max(float(value.max()), 1e-9)

    def place(a: float, b: float) -> tuple[float, float]:
        return LEFT + WIDTH * (a + reach) / (2 * reach), top + HEIGHT * (high - b) / (high - low)

    line(axes, [place(-reach, 0), place(reach, 0)], MUTED, LIGHT, z=4.5)
    line(axes, [place(0, low), place(0, high)], MUTED, LIGHT, z=4.5)
    line(axes, [place(*pair) for pair in zip(t.tolist(), value.tolist(), strict=True)], PURPLE, 3, z=5)
    point, foot = place(total, output), place(total, 0)
    line(axes, [foot, point, place(0, output)], MUTED, 1.2, dashes=(4, 3), z=4.6)
    disc(axes, *point, 6, GREEN, PAPER, 1.5, z=7)
    name = words.say("neuron.function", name=words.say(f"activations.{activation}"))
    write(axes, LEFT + WIDTH / 2, middle - 47, name, TEXT, PURPLE_TEXT, "semibold")
    room = top + SMALL  # no number reaches into the name
    end = _mark_sum(axes, words, total, (foot[0], foot[1] + (ABOVE if point[1] > foot[1] + 1 else BELOW)), room)
    _name_axis(axes, words, value[t > 0] if total <= 0 else value[t < 0], (end, foot[1]), room, right=total <= 0)


def _mark_sum(axes: Axes, words: Words, total: float, at: tuple[float, float], room: float) -> float:
    """The sum where it stands on its axis, away from the curve's point; returns its inner end."""
    text = words.number(total)
    half = width_of(axes, text, SMALL, "semibold") / 2
    x = max(at[0], LEFT - 12 + half)
    if at[1] > room:
        write(axes, x, at[1], text, SMALL, PURPLE_TEXT, "semibold")
    return x + half if total <= 0 else x - half


def _name_axis(axes: Axes, words: Words, value: NDArray[np.float64], at: tuple[float, float], room: float, *,
               right: bool) -> None:
    """The axis is named on the half that the sum leaves free, on that side of it where the curve, `value`, is not."""
    text = words.say("neuron.sum")
    width, y = width_of(axes, text, SMALL), at[1] + (BELOW if float(value.mean()) >= 0 else ABOVE)
    free = LEFT + WIDTH - width - at[0] if right else at[0] - LEFT - width
    if y > room and free > 4:
        write(axes, LEFT + WIDTH if right else LEFT, y, text, SMALL, MUTED, ha="right" if right else "left")
