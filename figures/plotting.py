"""An ordinary plot in the house style, for figures that are no more than that: y upwards, ticks in its language.

>>> @figure
... def descent(words, *, rate=0.1) -> Picture:
...     fig, axes = plot_figure(words, x="step", y="loss")
...     axes.plot([16 * (1 - 2 * rate) ** (2 * k) for k in range(20)], label="f(x)")
...     legend(axes)
...     return Picture(fig, f"The loss falls for a rate of {rate}.")
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.rcsetup import cycler
from matplotlib.ticker import Formatter, MaxNLocator

from figures.language import Words
from figures.parts import WEIGHTS
from figures.style import (
    BLUE,
    FAMILY,
    GREEN,
    HAIRLINE,
    HEADING,
    INK,
    LIGHT,
    MUTED,
    ORANGE,
    PATH,
    POINTS,
    PURPLE,
    SHADE,
    SMALL,
    TEXT,
    colour,
)

CURVES = (BLUE, ORANGE, GREEN, PURPLE, SHADE)  # the colours of curves, in their order
FINEST = 8  # decimals of a tick
TICKS = 7


def plot_figure(words: Words, *, x: str = "", y: str = "", title: str = "", width: float = 1136, height: float = 556,
                rows: int = 1, columns: int = 1) -> tuple[Figure, Any]:  # fmt: skip
    """A transparent canvas of width × height slide pixels with ordinary axes: house type, grid and colours.

    Parameters
    ----------
    words : Words
        What the figure was given: ticks are written as its language writes numbers.
    x, y, title : str
        Of every panel; set others by `axes.set_xlabel` and so on.
    width, height : float
        Slide pixels; matplotlib counts strokes and type in points, 0.75 px.
    rows, columns : int
        More than one panel: then an array of axes is returned, as by `matplotlib.pyplot.subplots`.

    Returns
    -------
    figure, axes
    """
    # Room between panels, so that the name of an axis keeps off its neighbour's ticks.
    layout = ConstrainedLayoutEngine(wspace=0.06, hspace=0.06)
    figure = Figure(figsize=(width / 96, height / 96), dpi=96, facecolor="none", layout=layout)
    found = figure.subplots(rows, columns)
    for axes in figure.axes:
        house(axes, words)
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        axes.set_title(title, color=colour(INK))
    return figure, found


def house(axes: Axes, words: Words) -> Axes:
    """Give any axes the looks of the deck: those of `plot_figure`, or some that were added to a figure."""
    axes.set_facecolor("none")
    axes.set_prop_cycle(cycler(color=[colour(name) for name in CURVES], linewidth=[PATH * POINTS] * len(CURVES)))
    axes.set_axisbelow(True)
    axes.grid(True, color=colour(HAIRLINE), linewidth=LIGHT * POINTS)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set(color=colour(MUTED), linewidth=LIGHT * POINTS)
    axes.tick_params(labelsize=SMALL * POINTS, labelcolor=colour(INK), color=colour(MUTED), length=0, pad=6,
                     labelfontfamily=FAMILY)  # fmt: skip
    axes.tick_params(which="minor", length=0)  # of logarithmic axes
    for label in (axes.xaxis.label, axes.yaxis.label, axes.title):
        label.set(size=TEXT * POINTS, color=colour(INK), family=FAMILY)
    # `set_title` gives every title the size and weight of the style anew.
    axes.title.set(size=HEADING * POINTS, weight=WEIGHTS["semibold"])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(TICKS, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(Numbers(words))
    return axes


def legend(axes: Axes, *, place: Any = "best") -> Legend:
    """What the labelled curves are, without a frame; `place` as matplotlib's `loc`."""
    with matplotlib.rc_context({"font.family": FAMILY}):
        return axes.legend(loc=place, frameon=False, fontsize=SMALL * POINTS, labelcolor=colour(INK))


class Numbers(Formatter):
    """Numbers of ticks as a language writes them, all with the decimals that tell them apart."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The text of one tick."""
        return self.format_ticks([x])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """The texts of all."""
        ticks = [float(value) for value in values]
        fine = 1e-6 * (max(ticks) - min(ticks) or abs(ticks[0]) or 1.0) if ticks else 0.0
        digits = next((d for d in range(FINEST) if all(abs(round(tick, d) - tick) <= fine for tick in ticks)), FINEST)
        return [self.words.number(tick, digits) for tick in ticks]
