"""Texts that must fit: measured before they are placed, broken into lines where the room ends."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from figures.parts import text_width, write
from figures.style import INK, TEXT


def width_of(axes: Axes, text: str, size: float = TEXT, weight: str = "regular", *, italic: bool = False) -> float:
    """Width that a text would take, px."""
    artist = write(axes, 0, 0, text, size, weight=weight, italic=italic)
    width = text_width(artist)
    artist.remove()
    return width


def largest(axes: Axes, texts: Sequence[str], room: float, sizes: Sequence[float],
            weight: str = "regular") -> float | None:
    """The first of `sizes` at which every text is within `room` px, or None."""
    fitting = (size for size in sizes if all(width_of(axes, text, size, weight) <= room for text in texts))
    return next(fitting, None)


def broken(axes: Axes, text: str, room: float, size: float = TEXT, weight: str = "regular") -> list[str]:
    """The lines of a text, none wider than `room` px but for a single word; as even as the fewest lines allow."""
    words = text.split(" ")  # a no-break space is no place to break
    widths = [width_of(axes, word, size, weight) for word in words]
    space = width_of(axes, "n n", size, weight) - width_of(axes, "nn", size, weight)
    rooms = [room * (1 - k / 50) for k in range(25)]
    # A greedy break often leaves a lone word on the last line: the least room that needs no more lines evens them out.
    breaks = [_greedy(widths, space, tried) for tried in rooms if tried >= max(widths) or tried == room]
    best = [starts for starts in breaks if len(starts) == len(breaks[0])][-1]
    return [" ".join(words[start:end]) for start, end in zip(best, [*best[1:], len(words)], strict=True)]


def _greedy(widths: Sequence[float], space: float, room: float) -> list[int]:
    """The number of the word that begins each line."""
    starts, taken = [0], widths[0]
    for k, width in enumerate(widths[1:], 1):
        if taken + space + width <= room:
            taken += space + width
        else:
            starts.append(k)
            taken = width
    return starts


def write_lines(axes: Axes, x: float, y: float, lines: Sequence[str], size: float = TEXT, fill: str = INK,
                weight: str = "regular", *, ha: str = "center", leading: float = 1.35) -> float:
    """Lines below each other, the first on the baseline y; returns the baseline of the last."""
    for k, text in enumerate(lines):
        write(axes, x, y + k * leading * size, text, size, fill, weight, ha=ha)
    return y + (len(lines) - 1) * leading * size
