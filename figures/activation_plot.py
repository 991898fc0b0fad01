"""One activation function on its axes: what slides 4 and 5 share."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from engine.activations import Activation
from figures.language import Words
from figures.parts import disc, in_middle, line, write
from figures.style import HAIRLINE, LIGHT, MUTED, PAPER, SMALL

POINTS_A_SIDE = 200
GREEK = re.compile(r"\\(?:alpha|beta|lambda)(?![a-z])")
CLOSEST = 22  # px between the labels of two ticks
Array = NDArray[np.float64]


class Curve(NamedTuple):
    """A function and its derivative at points t of [-reach, reach], (401,) float64, 0 among them."""

    activation: Activation
    t: Array
    value: Array
    derivative: Array


class Frame(NamedTuple):
    """Where a panel's plot is on the slide, and which part of the plane it shows."""

    x: float
    y: float
    width: float
    height: float
    reach: float
    low: float
    high: float

    def at(self, a: Any, b: Any) -> tuple[Any, Any]:
        """From the plane to slide pixels."""
        return (self.x + self.width * (a + self.reach) / (2 * self.reach),
                self.y + self.height * (self.high - b) / (self.high - self.low))


def computed(activation: Activation, reach: float) -> Curve:
    """The function and its derivative, by the engine."""
    t = reach * np.arange(-POINTS_A_SIDE, POINTS_A_SIDE + 1) / POINTS_A_SIDE
    # float32 is finer than any screen, and what networks compute in: nothing is compiled for a curve alone.
    points = t.astype(np.float32)
    return Curve(activation, t, *(values(points).astype(np.float64)
                                  for values in (activation.function, activation.derivative)))


def framed(curve: Curve, x: float, y: float, width: float, height: float, *, derivative: bool = False,
           below: float = 0) -> Frame:
    """The plot of a curve: all its values, and 0; bounds that it nears are shown too, with some air.

    `below` is a share of its height that is left free below 0.
    """
    values = np.concatenate([curve.value, curve.derivative]) if derivative else curve.value
    low, high = float(values.min()), max(float(values.max()), 0.0)
    low = min(low, -below * (high - low), 0.0)
    bounds = [bound for bound in curve.activation.range if np.isfinite(bound) and low - 0.2 <= bound <= high + 0.2]
    low, high = min([low, *bounds]), max([high, *bounds])
    air = 0.06 * (high - low)
    return Frame(x, y, width, height, float(curve.t[-1]), low - air, high + air)


def draw_axes(axes: Axes, words: Words, frame: Frame, size: float = SMALL, *, also: float | None = None) -> None:
    """The two axes through the origin; the ends of the first, few heights of the second and the one of `also`."""
    for height in heights(frame, also):
        left, y = frame.at(-frame.reach, height)
        line(axes, [(left, y), frame.at(frame.reach, height)], MUTED if height == 0 else HAIRLINE, LIGHT, z=2)
        write(axes, left - 8, in_middle(y, size), words.number(height), size, MUTED, ha="right")
    line(axes, [frame.at(0, frame.low), frame.at(0, frame.high)], MUTED, LIGHT, z=2)
    for place in (-frame.reach, 0.0, frame.reach):
        x, y = frame.at(place, frame.low)
        write(axes, x, y + 0.35 * size + 12, words.number(place), size, MUTED)


def heights(frame: Frame, also: float | None) -> list[float]:
    """0, the highest and the lowest round number, then `also`, where their labels leave each other room."""
    span = frame.high - frame.low
    unit = next(u for u in (0.1, 0.5, 1.0, 5.0, 10.0, 50.0, 100.0, 1e9) if u * 12 > span)
    kept = [0.0]
    for height in (np.floor(frame.high / unit) * unit, np.ceil(frame.low / unit) * unit, 0.0 if also is None else also):
        if all(abs(height - other) * frame.height / span >= CLOSEST for other in kept):
            kept.append(float(height))
    return kept


def draw_line(axes: Axes, frame: Frame, t: Array, value: Array, fill: str, width: float, *, smooth: bool = True,
              dashes: tuple[float, ...] = (), z: float = 4, **options: Any) -> None:
    """A curve within the frame; one that is not smooth is not joined across its jumps."""
    inside = (value >= frame.low) & (value <= frame.high)
    jump = np.zeros(t.size - 1, bool) if smooth else np.abs(np.diff(value)) > 0.08 * np.ptp(value)
    starts = np.flatnonzero(jump | (inside[1:] != inside[:-1])) + 1
    for part in np.split(np.arange(t.size), starts):
        if part.size > 1 and inside[part[0]]:
            line(axes, np.column_stack(frame.at(t[part], value[part])), fill, width, dashes=dashes, z=z, **options)


def draw_jump(axes: Axes, frame: Frame, t: Array, value: Array, fill: str) -> None:
    """Where a function jumps at 0: a full disc at its value there, an open one at the end that has no point."""
    at = int(np.flatnonzero(t == 0)[0])  # 0 is one of the points; a jump elsewhere would fall between two
    for beside in (at - 1, at + 1):
        if abs(value[beside] - value[at]) > 0.08 * np.ptp(value):
            for height, inside in ((value[beside], PAPER), (value[at], fill)):
                disc(axes, *frame.at(0.0, height), 5.5, inside, fill, 2, z=6)


def formula(words: Words, activation: Activation) -> str:
    """f(x) between dollars: fractions at full size, and a separator that is no decimal comma."""
    text = activation.formula.replace(r"\frac", r"\dfrac").replace(r",\, ", words.say("activations.separator"))
    return f"$f(x) = {_upright(text)}$"


def constants(words: Words, activation: Activation) -> str:
    """The letters of the formula and what they stand for."""
    texts = []
    for constant in activation.constants:
        sign = "=" if abs(round(constant.value, 3) - constant.value) < 1e-9 else r"\approx"
        texts.append(f"${_upright(constant.symbol)} {sign} {words.math(constant.value)}$")
    return words.between().join(texts)


def _upright(text: str) -> str:
    """Greek letters upright: the italic has none, and the bold ones of another typeface would stand in."""
    return GREEK.sub(r"\\mathrm{\g<0>}", text)
