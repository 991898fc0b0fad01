"""Slide 11, below the drawing: the filter itself and the count of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from figures.language import Words
from figures.parts import box, corners, lit, write
from figures.style import (
    BLUE_TEXT,
    HUGE,
    INK,
    MUTED,
    ORANGE_TEXT,
    PURPLE,
    PURPLE_TEXT,
    SMALL,
    TEXT,
    colour,
    diverging,
)
from figures.typesetting import width_of

if TYPE_CHECKING:
    from figures.sweep import Sweep

SIDE = 84  # of the filter


def draw_counts(axes: Axes, words: Words, sweep: Sweep, canvas: tuple[float, float]) -> None:
    """The filter, its parameters, those of a dense layer, and how many times more that is."""
    x = _draw_filter(axes, words, sweep, canvas[1] - SIDE - 2)
    ratio = sweep.dense / sweep.shared
    key = "times" if ratio == round(ratio) else "times_about"
    columns = [("shared", sweep.shared, PURPLE_TEXT), ("dense", sweep.dense, INK), (key, round(ratio), INK)]
    texts = [(words.say(f"convolution_sweep.{name}_number", number=number),
              words.say(f"convolution_sweep.{name}", count=number),
              words.say(f"convolution_sweep.{name}_how", weights=sweep.kernel.size, inputs=sweep.image.size,
                        outputs=sweep.hidden.size, dense=sweep.dense, shared=sweep.shared), fill)
             for name, number, fill in columns]  # fmt: skip
    widths = [max(width_of(axes, number, HUGE, "bold"), width_of(axes, what), width_of(axes, how, SMALL))
              for number, what, how, _ in texts]  # fmt: skip
    gap = (canvas[0] - 4 - x - sum(widths)) / len(texts)
    for (number, what, how, fill), width in zip(texts, widths, strict=True):
        x += gap
        write(axes, x, canvas[1] - 58, number, HUGE, fill, "bold", ha="left")
        write(axes, x, canvas[1] - 30, what, TEXT, INK, ha="left")
        write(axes, x, canvas[1] - 6, how, SMALL, MUTED, ha="left")
        x += width


def _draw_filter(axes: Axes, words: Words, sweep: Sweep, top: float) -> float:
    """The weights as colours, blue for positive and orange for negative ones; returns where its words end."""
    high, wide = sweep.kernel.shape
    side, reach = SIDE / max(high, wide), max(float(np.abs(sweep.kernel).max()), 1e-300)
    for (r, c), weight in np.ndenumerate(sweep.kernel):
        fill = colour(diverging()(0.5 + 0.5 * float(weight) / reach))
        box(axes, 2 + c * side, top + r * side, side, side, fill, z=3)
    lit(axes, corners(2, top, wide * side, high * side), PURPLE, 3, casing=0)
    lines = [(words.say("convolution_sweep.filter", rows=high, columns=wide), TEXT, PURPLE_TEXT, "semibold"),
             (words.say("convolution_sweep.positive"), SMALL, BLUE_TEXT, "regular"),
             (words.say("convolution_sweep.negative"), SMALL, ORANGE_TEXT, "regular")]  # fmt: skip
    x = 2 + wide * side + 16
    for k, (text, size, fill, face) in enumerate(lines):
        write(axes, x, top + 20 + 28 * k, text, size, fill, face, ha="left")
    return float(x + max(width_of(axes, text, size, face) for text, size, _, face in lines))
