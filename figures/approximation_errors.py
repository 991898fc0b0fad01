"""Slide 7, many widths: how the error falls as the hidden layer grows, on logarithmic axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from engine.elementary import log
from figures.approximation_network import Approximation
from figures.approximation_panel import BAND, FOOT, HEAD, pale_blue
from figures.approximation_scales import BOTTOM
from figures.approximation_target import Target
from figures.approximation_ticks import significant
from figures.language import Words
from figures.parts import box, disc, line, write
from figures.style import (
    BLUE_TEXT,
    HAIRLINE,
    HEAVY,
    INK,
    MUTED,
    ORANGE,
    ORANGE_TEXT,
    PAPER,
    SHADE,
    SMALL,
    TEXT,
)
from figures.typesetting import width_of

HIGHEST = 64.0  # px, under the heading
SMOOTH = ("sine", "tanh", "bump", "step")
SMALLEST = 1e-9  # of the largest error: a target that is itself a broken line leaves rounding only


class _Logarithmic(NamedTuple):
    """Pixels of the logarithms of width and error."""

    left: float
    right: float
    widths: tuple[float, float]
    errors: tuple[float, float]

    def x(self, width: float) -> float:
        return self.left + _share(width, self.widths) * (self.right - self.left)

    def y(self, error: float) -> float:
        return BOTTOM - _share(error, self.errors) * (BOTTOM - HIGHEST)


def _share(value: float, between: tuple[float, float]) -> float:
    low, here, high = log(np.array([between[0], value, between[1]]))
    return float((here - low) / (high - low))


def best_error(target: Target, width: int) -> float | None:
    """The least RMS error of a broken line of width + 1 segments: h²/√180 for x², with segments of length h.

    On a segment of length h the line that is best for x² leaves t² - h²/12 at a distance t from its middle, whose mean
    square is h⁴/80 - h⁴/144.
    """
    if target.name != "square":
        return None
    length = (target.interval[1] - target.interval[0]) / (width + 1)
    return length * length / float(np.sqrt(180.0))


def draw_errors(axes: Axes, words: Words, target: Target, networks: Sequence[Approximation], left: float,
                right: float, heading: float) -> None:
    """A point for each network, and behind them what is possible or, for other smooth curves, the slope to expect."""
    networks = sorted(networks, key=lambda network: network.width)
    highest = max(network.fit.rms for network in networks) or 1.0
    errors = [max(network.fit.rms, SMALLEST * highest) for network in networks]
    widths = [network.width for network in networks]
    texts = [significant(words, network.fit.rms, typeset=True) for network in networks]
    room = width_of(axes, texts[-1], TEXT, "semibold") + 14
    scale = _Logarithmic(left, right - room, (widths[0], widths[-1]), (0.6 * min(errors), 1.25 * max(errors)))
    name = words.say("universal_approximation.error_title")
    write(axes, (left + scale.right) / 2, HEAD, name, heading, SHADE, "semibold")
    _draw_scales(axes, words, scale, widths)
    _draw_expected(axes, words, target, networks, scale)
    points = [(scale.x(w), scale.y(e)) for w, e in zip(widths, errors, strict=True)]
    line(axes, points, ORANGE, HEAVY, z=4)
    _write_errors(axes, points, texts, 3 if target.name in SMOOTH else 0)


def _write_errors(axes: Axes, points: Sequence[tuple[float, float]], texts: Sequence[str], halo: float) -> None:
    """The errors beside their discs; where two would touch, that of the wider network."""
    written: list[tuple[float, float]] = []
    for (x, y), text in list(zip(points, texts, strict=True))[::-1]:
        disc(axes, x, y, 7, PAPER, ORANGE, 3)
        if all(abs(y - below) > 1.2 * TEXT or after - x > 14 + 3.2 * TEXT for after, below in written):
            written.append((x, y))
            write(axes, x + 12, y - 8, text, TEXT, ORANGE_TEXT, "semibold", ha="left", halo=halo)


def _draw_scales(axes: Axes, words: Words, scale: _Logarithmic, widths: Sequence[int]) -> None:
    for error in _ticks(*scale.errors):
        y = scale.y(error)
        line(axes, [(scale.left, y), (scale.right, y)], HAIRLINE, z=1)
        write(axes, scale.left - 10, y + 5, significant(words, error, 1, typeset=True), SMALL, MUTED, ha="right")
    line(axes, [(scale.left, BOTTOM), (scale.right, BOTTOM)], MUTED, z=2)
    for width in widths:
        line(axes, [(scale.x(width), BOTTOM), (scale.x(width), BOTTOM + 6)], MUTED, z=2)
        write(axes, scale.x(width), BOTTOM + 22, words.number(width), SMALL, MUTED)
    name = words.say("universal_approximation.hidden_neurons")
    write(axes, (scale.left + scale.right) / 2, FOOT - 22, name, TEXT, INK)


def _ticks(low: float, high: float) -> list[float]:
    """1, 2, 5 times the powers of ten between two errors; the powers alone if these are many."""
    power, powers, found = 1.0, [], []
    while power > low:
        power /= 10.0
    while power <= high:
        powers += [power] if power >= low else []
        found += [factor * power for factor in (1.0, 2.0, 5.0) if low <= factor * power <= high]
        power *= 10.0
    return found if len(found) <= 8 else powers


def _draw_expected(axes: Axes, words: Words, target: Target, networks: Sequence[Approximation],
                   scale: _Logarithmic) -> None:
    """The least error for x²; for the other smooth curves the slope -2 that it has in the end."""
    if not networks[0].hidden_bias:
        return
    smallest = networks[-1]
    limits = [best_error(target, network.width) for network in networks]
    pairs = zip(networks, limits, strict=True)
    points = [(float(network.width), error) for network, error in pairs if error is not None]
    key = "limit" if points else "slope"
    if target.name in SMOOTH:
        start = smallest.width * float(np.sqrt(smallest.fit.rms / scale.errors[1]))  # there it leaves the panel
        ends = max(start, networks[0].width), smallest.width
        points = [(width, smallest.fit.rms * (smallest.width / width) ** 2) for width in ends]
    if not points:
        return
    line(axes, [(scale.x(width), scale.y(error)) for width, error in points], pale_blue(), BAND, z=3)
    low, high = target.interval
    lines = words.say(f"universal_approximation.{key}", length=high - low).split("\n")
    # Paper behind the words, where hairlines would run through them: a halo would cost 20 kB.
    wide = max(width_of(axes, text, SMALL) for text in lines)
    box(axes, scale.left + 8, BOTTOM - 64, wide + 8, 54, PAPER, z=1.5)
    for k, text in enumerate(lines):
        write(axes, scale.left + 12, BOTTOM - 44 + 24 * k, text, SMALL, BLUE_TEXT, ha="left")
