"""Convolutions cut into steps: the tables that engine/geometry.py names, planned once for their shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import geometry as of
from engine.tiles import BLOCK

Table = NDArray[np.int64]

MOST_TAPS = 192  # that are summed at a time, if a window has no more: weights and rows stay in the first-level cache


class Sums(NamedTuple):
    """Which sums are wanted: of each output, over some taps of a window, with weights picked from an array."""

    images: int
    channels: int              # that a group sees
    filters: int               # of a group
    groups: int
    output: tuple[int, int]
    window: int                # taps of one channel
    source: NDArray[np.int64]  # where the weights of the taps stand, for the first filter of a group
    filter_step: int           # from filter to filter among the weights
    group_step: int


class Layout(NamedTuple):
    """How x lies before the windows."""

    taps: NDArray[np.int64]    # where each tap lies from the corner of its window, in the copy or in x
    height: int
    width: int
    plane: int                 # elements of a channel of x
    top: int                   # zeros before a plane, or if negative what is left out of it
    left: int
    pitch: int                 # from row to row
    lines: int                 # rows of a channel in the copy
    band: int                  # output rows that are computed together
    direct: bool               # without a copy?
    flat: bool                 # as one long row?
    square: int                # the side of windows that have a tile for one filter, or 0
    room: int                  # elements beyond the copy, or beyond x, that vectors may reach


def blocks(filters: int) -> Iterator[tuple[int, int]]:
    """The first filter and the number of filters of each tile."""
    f = 0
    while f < filters:
        block = next(size for size in (BLOCK, 4, 1) if size <= filters - f)
        yield f, block
        f += block


def schedule(sums: Sums, layout: Layout, lanes: int) -> Table:
    """The plan of `engine.sliding.slide_images`."""
    (rows, columns), taps = sums.output, layout.taps.size
    length = (layout.band * layout.pitch // lanes + 1) * lanes if layout.flat else columns
    weights = [sums.source[:, None] + (f + np.arange(block)) * sums.filter_step for f, block in blocks(sums.filters)]
    long = sums.filters * taps
    copy = long + (BLOCK * length if layout.flat else 0)
    head = {
        of.GROUPS: sums.groups, of.SEEN: sums.channels * layout.plane, of.MADE: sums.filters * rows * columns,
        of.MAPS: sums.filters, of.ROWS: rows, of.COLUMNS: columns,
        of.INPUTS: sums.images * sums.groups * sums.channels * layout.plane + (layout.room if layout.direct else 0),
        of.OUTPUTS: sums.images * sums.groups * sums.filters * rows * columns,
        of.PLANE_STEP: length if layout.flat else rows * columns, of.VECTOR_STEP: lanes if layout.flat else columns,
        of.X_STEP: lanes if layout.flat else layout.pitch, of.WEIGHTS: long, of.GROUP_STEP: sums.group_step,
        of.WORK: copy + copied(sums, layout), of.COPY: copy, of.DIRECT: layout.direct, of.FLAT: layout.flat,
        of.FIRST: 0, of.LAST: sums.images, of.FIRST_STEP: 0,
    } | dict.fromkeys(range(of.SHAPES, of.HEAD), -1)
    groups = ([[f] for f in blocks(sums.filters)] if layout.flat else [list(blocks(sums.filters))])
    steps, copies, runs, cuts = Tables(of.STEP), Tables(of.COPIED), Tables(of.RUN), Tables(of.CUT)
    for row in range(0, rows, layout.band):
        count = min(layout.band, rows - row)
        for number, group in enumerate(groups):
            step = [*copies.add(band_rows(sums, layout, row, copy) if number == 0 else ()),
                    *runs.once((count, number), _runs, sums, layout, group, count, lanes, long, copy),
                    *cuts.once((count, number), _cuts, sums, layout, group, count, length, long)]
            steps.add([[*step, row * columns, row * layout.pitch]])
    return assembled(head, layout.taps, np.concatenate([w.ravel() for w in weights]), steps, copies, runs, cuts)


def copied(sums: Sums, layout: Layout) -> int:
    """Elements of the copy, with the room behind it."""
    return 0 if layout.direct else sums.channels * layout.lines * layout.pitch + layout.room


def band_rows(sums: Sums, layout: Layout, row: int, copy: int) -> Table:
    """The rows of x that a band of output rows sees, or of zeros around it."""
    if layout.direct:
        return np.empty((0, of.COPIED), np.int64)
    first, margin = max(0, -layout.left), max(0, layout.left)
    line, y = np.arange(layout.lines), row - layout.top + np.arange(layout.lines)
    channel = np.arange(sums.channels)[:, None]
    start = np.where((y >= 0) & (y < layout.height), channel * layout.plane + y * layout.width + first, -1)
    place = copy + (channel * layout.lines + line) * layout.pitch + margin
    count = np.full_like(place, min(layout.pitch - margin, layout.width - first))
    return np.stack([start, place, count], -1).reshape(-1, of.COPIED)


def _runs(sums: Sums, layout: Layout, group: Sequence[tuple[int, int]], rows: int, lanes: int, long: int,
          copy: int) -> Table:
    """The tiles of some filters over `rows` rows: as one long row, or in strips of full vectors down the rows."""
    columns, taps, seen = sums.output[1], layout.taps.size, 0 if layout.direct else copy
    vectors = -(-rows * layout.pitch // lanes) if layout.flat else rows
    # The last strip begins early enough to be full; it computes some columns again.
    strips = [0] if layout.flat else [min(j, columns - lanes) for j in range(0, columns, lanes)]
    together = max(1, MOST_TAPS // sums.window) * sums.window
    found = []
    for f, block in group:
        tile = -layout.square if block == 1 and layout.square else block
        place = long if layout.flat else f * sums.output[0] * columns
        for j in strips:
            for t in range(0, taps, together):
                found.append([tile, vectors, place + j, seen + j, of.HEAD + t, min(together, taps - t),
                              f * taps + t * block, f if t == 0 else -1])
    return np.array(found, np.int64)


def _cuts(sums: Sums, layout: Layout, group: Sequence[tuple[int, int]], rows: int, length: int, long: int) -> Table:
    if not layout.flat:
        return np.empty((0, of.CUT), np.int64)
    [(f, block)], columns, y = group, sums.output[1], np.arange(rows)
    o = np.arange(block)[:, None]
    start, place = long + o * length + y * layout.pitch, (f + o) * sums.output[0] * columns + y * columns
    return np.stack([start, place, np.full_like(start, columns)], -1).reshape(-1, of.CUT)


class Tables:
    """Rows of one kind, one table behind the other."""

    def __init__(self, width: int) -> None:
        self.width, self.size, self.parts = width, 0, list[Table]()
        self.known: dict[tuple[int, int], tuple[int, int]] = {}

    def add(self, rows: Sequence[Sequence[int]] | Table) -> tuple[int, int]:
        """Where the rows begin and end."""
        part, start = np.asarray(rows, np.int64).reshape(-1), self.size
        self.parts.append(part)
        self.size += part.size
        return start, self.size

    def once(self, key: tuple[int, int], make: Callable[..., Table], *arguments: Any) -> tuple[int, int]:
        """The same for `make(*arguments)`, once for each key."""
        if key not in self.known:
            self.known[key] = self.add(make(*arguments))
        return self.known[key]

    def joined(self) -> Table:
        """All rows, one behind the other."""
        return np.concatenate([np.empty(0, np.int64), *self.parts])


def assembled(head: dict[int, int], taps: Table, weights: Table, steps: Tables, copies: Tables, runs: Tables,
              cuts: Tables) -> Table:
    """One array of the head and the tables, whose places in it are put into the head and the steps."""
    starts = np.cumsum([of.HEAD, taps.size, weights.size, steps.size, copies.size, runs.size])
    head |= {of.WEIGHTS_AT: starts[1], of.STEPS_AT: starts[2], of.LAST_STEP: steps.size // of.STEP}
    table = steps.joined().reshape(-1, of.STEP)
    for column, tables, start in ((0, copies, starts[3]), (2, runs, starts[4]), (4, cuts, starts[5])):
        table[:, column:column + 2] += start if tables.size else 0
    numbers = np.array([head[place] for place in range(of.HEAD)], np.int64)
    return np.concatenate([numbers, taps, weights, table.ravel(), copies.joined(), runs.joined(), cuts.joined()])
