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
from engine.tiles import ROWS, WIDE, WIDE_TILES

CROWDED = 32  # vectors: rows as long, or twice or thrice as long, begin at very few places of the first-level cache
MOST_TAPS = 192  # that are summed at a time, if a window has no more: weights and rows stay in the first-level cache


class Strip(NamedTuple):
    """What a tile sums, the place in its map and the start in what it reads."""

    tile: int     # what slide_filters calls its block
    vectors: int  # below each other, or beside each other in a wide tile
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
        first = long if layout.flat else f * sums.output[0] * sums.output[1]
        for strip in _strips(sums, layout, block, rows, lanes, copy, inner):
            for t in range(0, taps, together):
                found.append([strip.tile, strip.vectors, first + strip.place, strip.start, strip.taps + t,
                              min(together, taps - t), f * taps + t * block, f if t == 0 else -1, strip.apart,
                              strip.own, strip.step])
    return np.array(found, np.int64)


def _strips(sums: Sums, layout: Layout, block: int, rows: int, lanes: int, copy: int, inner: bool) -> Iterator[Strip]:
    direct, columns = layout.direct, sums.output[1]
    if layout.flat:
        length = (layout.band * layout.pitch // lanes + 1) * lanes
        yield Strip(block, -(-rows * layout.pitch // lanes), 0, 0 if direct else copy, length, direct, lanes, of.HEAD)
        return
    square = layout.square if block == 1 and _fits(layout, rows) else 0
    for inside in (False, True):
        found = [j for j in starts(sums, lanes) if (inner and _inside(sums, layout, j, lanes)) == inside]
        step, own = layout.width if inside else layout.pitch, direct or inside
        shift, taps = (-layout.left, layout.taps.size) if inside else (0 if direct else copy, 0)
        crowded = columns % (CROWDED * lanes) == 0
        tiles = _squares(square, found, rows, lanes, crowded) if square else [
            (block, rows, 0, j, sums.output[0] * columns) for j in found]
        for tile, vectors, y, j, apart in tiles:
            yield Strip(tile, vectors, y * columns + j, y * step + shift + j, apart, own, step, of.HEAD + taps)


def _fits(layout: Layout, rows: int) -> bool:
    """Whether squares can sum so many rows: of the last, a full tile may have to sum some again."""
    # Sums that are continued may not be continued twice.
    continued = layout.taps.size > MOST_TAPS // max(1, layout.square**2) * layout.square**2
    return rows >= ROWS and not (continued and rows % ROWS)


def _squares(side: int, found: Sequence[int], rows: int, lanes: int,
             crowded: bool) -> Iterator[tuple[int, int, int, int, int]]:
    """The tiles of strips at `found`: what they are called, vectors, first row, column, and how far to the next."""
    high, broad = WIDE_TILES[side]
    beside = next((k for k, j in enumerate(found) if j != found[0] + k * lanes), len(found)) // broad * broad
    if crowded and beside:
        for y in range(0, rows, high):
            yield -side - WIDE, beside, min(y, rows - high), found[0], lanes
        found = found[beside:]
    # An odd one is its own neighbour.
    for j, k in zip(found[::2], [*found[1::2], *found[-1:]], strict=False):
        yield -side, rows // ROWS * ROWS, 0, j, k - j
        if rows % ROWS:
            yield -side, ROWS, rows - ROWS, j, k - j
