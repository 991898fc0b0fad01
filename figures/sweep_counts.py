"""Slide 11: the filter itself, and below the drawing the count of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from figures.kernels_grid import draw_signs, draw_weights
from figures.language import Words
from figures.parts import write
from figures.style import BLUE_TEXT, HUGE, INK, MUTED, ORANGE_TEXT, PURPLE_TEXT, TEXT
from figures.sweep_layout import CAPTION, FAN, Plan
from figures.typesetting import width_of

if TYPE_CHECKING:
    from figures.sweep import Sweep

SIDE, FILTER_TOP, LEADING = 120, 184, 25  # of the filter


def draw_counts(axes: Axes, words: Words, sweep: Sweep, canvas: tuple[float, float]) -> None:
    """The parameters of the filter, those of a dense layer, and how many times more that is."""
    key = "times" if sweep.about == sweep.ratio else "times_about"
    columns = [("shared", sweep.shared, PURPLE_TEXT), ("dense", sweep.dense, INK), (key, sweep.about, INK)]
    texts = [(words.say(f"convolution_sweep.{name}_number", number=number),
              words.say(f"convolution_sweep.{name}", count=number),
              words.say(f"convolution_sweep.{name}_how", weights=sweep.kernel.size, inputs=sweep.image.size,
                        outputs=sweep.hidden.size, dense=sweep.dense, shared=sweep.shared), fill)
             for name, number, fill in columns]  # fmt: skip
    widths = [max(width_of(axes, number, HUGE, "bold"), width_of(axes, what), width_of(axes, how, CAPTION))
              for number, what, how, _ in texts]  # fmt: skip
    gap, x = (canvas[0] - 2 - sum(widths)) / (len(texts) - 1), 1.0
    for (number, what, how, fill), width in zip(texts, widths, strict=True):
        write(axes, x, canvas[1] - 58, number, HUGE, fill, "bold", ha="left")
        write(axes, x, canvas[1] - 30, what, TEXT, INK, ha="left")
        write(axes, x, canvas[1] - 6, how, CAPTION, MUTED, ha="left")
        x += width + gap


def draw_filter(axes: Axes, words: Words, sweep: Sweep, where: Plan) -> None:
    """The weights that both places share, with their signs, and how the lines show these."""
    high, wide = sweep.kernel.shape
    divisor = 1
    # Below the hidden neurons, clear of the lines that come from the second place.
    x, y = where.strip - FAN / 6, float(FILTER_TOP)
    try:
        divisor = draw_weights(axes, words, x, y, SIDE, sweep.kernel)
    except ValueError:
        draw_signs(axes, x, y, SIDE, sweep.kernel)
    lines = [(words.say("convolution_sweep.filter", rows=high, columns=wide), TEXT, PURPLE_TEXT, "semibold"),
             (words.say("convolution_sweep.same"), CAPTION, PURPLE_TEXT, "regular"),
             (words.say("convolution_sweep.positive"), CAPTION, BLUE_TEXT, "regular"),
             (words.say("convolution_sweep.negative"), CAPTION, ORANGE_TEXT, "regular")]  # fmt: skip
    if divisor > 1:
        lines.insert(1, (words.say("convolution_sweep.divided", divisor=divisor), CAPTION, PURPLE_TEXT, "semibold"))
    y += (SIDE - LEADING * len(lines)) / 2
    x += wide * SIDE / max(high, wide) + 16
    for k, (text, size, fill, face) in enumerate(lines):
        write(axes, x, y + 18 + LEADING * k, text, size, fill, face, ha="left")
