"""The tiles of a convolution: maps cut into strips of full vectors down their rows, and what these strips read.

Strips read a copy with zeros around it, or x itself. A single filter sees each pixel once, and to copy them all would
take as long as a third of its sums: its strips read x itself but at the ends of the lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine import geometry as of
from engine.layouts import Layout, Sums, Table
from engine.tiles import ROWS

MOST_TAPS = 192  # that are summed at a time, if a window has no more: weights and rows stay in the first-level cache


class Strip(NamedTuple):
    """What a tile sums, the place in its map and the start in what it reads."""

    vectors: int  # below each other
    place: int
    start: int
    apart: int    # from filter to filter in the output, or from vector to vector of a square
    own: bool     # reads x itself?
    step: int     # from vector to vector there
    taps: int     # where the taps for that begin


def reads_inside(sums: Sums, layout: Layout, row: int) -> bool:
    """Whether a band of output rows reads x itself between the ends of its lines."""
    within = 0 <= row - layout.top <= layout.height - layout.lines
    return within and sums.filters == 1 and not layout.direct and not layout.flat


def taps_inside(layout: Layout) -> Table:
    """Where each tap lies from the corner of its window in x itself."""
    if layout.direct:
        return np.empty(0, np.int64)
    line, column = np.divmod(layout.taps, layout.pitch)
    taps: Table = line // layout.lines * layout.plane + line % layout.lines * layout.width + column
    return taps


def only_ends(sums: Sums, layout: Layout, rows: Table, lanes: int) -> Table:
    """Of rows that would be copied, what the strips see that do not read x itself."""
    seen, margin = lanes + layout.pitch - sums.output[1], max(0, layout.left)
    outer = [j for j in starts(sums, lanes) if not _inside(sums, layout, j, lanes)]
    before = max((j + seen for j in outer if j < layout.left), default=0)
    after = max(before, min((j for j in outer if j >= layout.left), default=layout.pitch))
    parts = []
    for begin, end in ((0, before), (after, layout.pitch)):
        first = max(0, begin - margin)
        count = np.minimum(rows[:, 2], end - margin) - first
        parts.append(np.stack([rows[:, 0] + first, rows[:, 1] + first, count], -1)[count > 0])
    return np.concatenate(parts)


def starts(sums: Sums, lanes: int) -> list[int]:
    """Where strips begin: the last early enough to be full, so that some columns are computed twice."""
    return [min(j, sums.output[1] - lanes) for j in range(0, sums.output[1], lanes)]


def _inside(sums: Sums, layout: Layout, j: int, lanes: int) -> bool:
    beyond = layout.pitch - sums.output[1]
    return layout.left <= j <= layout.left + layout.width - lanes - beyond


def tiles_of(sums: Sums, layout: Layout, group: Sequence[tuple[int, int]], rows: int, lanes: int, long: int, copy: int,
             inner: bool) -> Table:
    """The tiles of some filters over `rows` rows: as one long row, or in strips."""
    taps, together = layout.taps.size, max(1, MOST_TAPS // sums.window) * sums.window
    found = []
    for f, block in group:
        tile = -layout.square if block == 1 and layout.square else block
        first = long if layout.flat else f * sums.output[0] * sums.output[1]
        for strip in _strips(sums, layout, rows, lanes, copy, inner, layout.square if block == 1 else 0):
            for t in range(0, taps, together):
                found.append([tile, strip.vectors, first + strip.place, strip.start, strip.taps + t,
                              min(together, taps - t), f * taps + t * block, f if t == 0 else -1, strip.apart,
                              strip.own, strip.step])
    return np.array(found, np.int64)


def _strips(sums: Sums, layout: Layout, rows: int, lanes: int, copy: int, inner: bool, square: int) -> Iterator[Strip]:
    direct, columns = layout.direct, sums.output[1]
    if layout.flat:
        length = (layout.band * layout.pitch // lanes + 1) * lanes
        yield Strip(-(-rows * layout.pitch // lanes), 0, 0 if direct else copy, length, direct, lanes, of.HEAD)
        return
    for inside in (False, True):
        found = [j for j in starts(sums, lanes) if (inner and _inside(sums, layout, j, lanes)) == inside]
        # An odd one is its own neighbour.
        pairs = zip(found[::2], [*found[1::2], *found[-1:]], strict=False) if square else zip(found, found, strict=True)
        step, own = layout.width if inside else layout.pitch, direct or inside
        shift, taps = (-layout.left, layout.taps.size) if inside else (0 if direct else copy, 0)
        for j, k in pairs:
            for y, count in _pieces(rows, square, layout.taps.size):
                yield Strip(count, y * columns + j, y * step + shift + j, k - j if square else sums.output[0] * columns,
                            own, step, of.HEAD + taps)


def _pieces(rows: int, square: int, taps: int) -> list[tuple[int, int]]:
    """First row and number of rows: for the last rows of a square, a full tile that computes some rows again."""
    rest = rows % ROWS
    # Sums that are continued may not be continued twice.
    if not square or not rest or rows < ROWS or taps > MOST_TAPS // square**2 * square**2:
        return [(0, rows)]
    return [(0, rows - rest), (rows - ROWS, ROWS)]
