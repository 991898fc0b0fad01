"""Slide 7, the scales that its panels share: places on the canvas for values of x, of the curves and of the neurons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from figures.approximation_network import Approximation
from figures.approximation_target import Target
from figures.approximation_ticks import nice_ticks, tick_texts
from figures.language import Words

TOP, BOTTOM, BETWEEN = 58.0, 394.0, 30.0  # of the strip of the curves, of the strip of the neurons, between them, px
LEAST_TICK = 44.0  # px between two numbers of the vertical scale


class Strips(NamedTuple):
    """The vertical scales. The strip of the neurons is drawn at 1 / `reduction` of the unit of the curves."""

    unit: float
    low: float
    high: float
    least: float
    most: float
    reduction: int

    def curve(self, value: float) -> float:
        """Height of a value of the target or network, px."""
        return TOP + (self.high - value) * self.unit

    def added(self, value: float) -> float:
        """Height of what a neuron adds, px."""
        return BOTTOM - (value - self.least) * self.unit / self.reduction

    def ticks(self, words: Words) -> list[tuple[float, str]]:
        """Height and text of the numbers of the vertical scale, the strip of the curves first."""
        above = nice_ticks(self.low, self.high, LEAST_TICK / self.unit)
        below = nice_ticks(self.least, self.most, LEAST_TICK * self.reduction / self.unit)
        if len(below) < 2:
            below = nice_ticks(self.least, self.most, 0.6 * LEAST_TICK * self.reduction / self.unit)
        texts = tick_texts(words, above) + tick_texts(words, below)
        return list(zip([*map(self.curve, above), *map(self.added, below)], texts, strict=True))


class Place(NamedTuple):
    """The horizontal scale of a panel."""

    left: float
    width: float
    interval: tuple[float, float]

    @property
    def right(self) -> float:
        """Its right edge, px."""
        return self.left + self.width

    def x(self, value: float) -> float:
        """Where a value of x stands, px."""
        low, high = self.interval
        return self.left + (value - low) / (high - low) * self.width


def strips(target: Target, shown: Sequence[Approximation]) -> Strips:
    """One scale for all panels, and for both strips where what the neurons add is not much larger than the target."""
    ends = np.array(target.interval)
    added = np.concatenate([network.fit.neurons(ends).ravel() for network in shown])
    least, most = min(0.0, float(added.min())), max(0.0, float(added.max()))
    values = np.concatenate([target.curve[1], *(network.values for network in shown)])
    low, high = float(values.min()), float(values.max())
    if not low < high:
        low, high = low - 0.5, high + 0.5
    reduction, factors = 1, iter((2, 3, 4, 5, 8, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000))
    while (most - least) / reduction > 1.05 * (high - low):
        reduction = next(factors, 10 * reduction)
    unit = (BOTTOM - TOP - BETWEEN) / (high - low + (most - least) / reduction)
    return Strips(unit, low, high, least, most, reduction)
