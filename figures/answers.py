"""The answer of a classifier: a bar of probability for each class, the right class marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from figures.language import Words
from figures.parts import box, in_middle, line, tint, write
from figures.style import GREEN, GREEN_TEXT, INK, MUTED, SMALL, TEXT, mix
from figures.typesetting import largest, width_of

NAME_ROOM = 90.0  # px, for the name of a class
CERTAINTY = 100.0  # px, a bar of 100 %: one scale on all slides, so that their bars can be compared
PERCENT_ROOM = 66.0  # px, for the percentage after it


class Rows(NamedTuple):
    """Where the classes stand below each other: y of the first row's upper edge, and the height of a row, px."""

    top: float
    pitch: float

    def middle(self, row: int) -> float:
        """Half-way down a row."""
        return self.top + (row + 0.5) * self.pitch

    def bottom(self, count: int) -> float:
        """Lower edge of the last of `count` rows."""
        return self.top + count * self.pitch


def mark_row(axes: Axes, rows: Rows, row: int, left: float, right: float) -> None:
    """The right class: a green band and a tick at its left end."""
    y = rows.middle(row)
    box(axes, left, y - rows.pitch / 2 + 1, right - left, rows.pitch - 2, tint(GREEN, 0.85), radius=5, z=1)
    tick(axes, left + 15, y)


def tick(axes: Axes, x: float, y: float) -> None:
    """A check mark centred on (x, y)."""
    line(axes, [(x - 6, y), (x - 2, y + 5), (x + 6, y - 6)], GREEN_TEXT, 3, z=6)


def name_rows(axes: Axes, rows: Rows, names: Sequence[str], label: int, right: float, *,
              figure: str) -> None:
    """The classes' names, ending at x = `right`, for `figure`.

    Raises
    ------
    ValueError
        A name that NAME_ROOM cannot hold.
    """
    size = largest(axes, names, NAME_ROOM, (TEXT, 18, 17, SMALL), "bold")
    if size is None:
        long = max(names, key=lambda name: width_of(axes, name, SMALL, "bold"))
        raise ValueError(f"{figure}: names must be short enough to be read on a slide, not {long!r}")
    for k, name in enumerate(names):
        fill, weight = (GREEN_TEXT, "bold") if k == label else (INK, "regular")
        write(axes, right, in_middle(rows.middle(k), size), name, size, fill, weight, ha="right")


def probability_bars(axes: Axes, words: Words, rows: Rows, probabilities: Sequence[float], label: int,
                     left: float) -> None:
    """A bar from none for impossibility to CERTAINTY px, in a pale one of that length, and its percentage."""
    bottom = rows.bottom(len(probabilities))
    for k, probability in enumerate(probabilities):
        y, fill = rows.middle(k), GREEN if k == label else mix(MUTED, share=0.35)
        box(axes, left, y - 9, CERTAINTY, 18, tint(GREEN, 0.62) if k == label else tint(MUTED, 0.86), z=3.5)
        text, weight = (GREEN_TEXT, "bold") if k == label else (INK, "regular")
        # No least length: a bar that cannot be seen is what 0,1 % looks like.
        box(axes, left, y - 9, CERTAINTY * probability, 18, fill, z=4)
        write(axes, left + CERTAINTY + PERCENT_ROOM - 5, in_middle(y, 18), words.percent(probability, 1), 18, text,
              weight, ha="right")  # fmt: skip
    line(axes, [(left, rows.top), (left, bottom)], MUTED, z=5)
