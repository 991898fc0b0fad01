"""Convolutions cut into steps: the tables that engine/geometry.py names, planned once for their shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from engine import geometry as of
from engine.layouts import Layout, Sums, Table
from engine.strips import only_ends, reads_inside, taps_inside, tiles_of
from engine.tiles import BLOCK


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
        of.VECTOR_STEP: lanes if layout.flat else columns, of.X_STEP: 0,
        of.WEIGHTS: long, of.GROUP_STEP: sums.group_step,
        of.WORK: copy + copied(sums, layout), of.COPY: copy, of.DIRECT: layout.direct, of.FLAT: layout.flat,
        of.FIRST: 0, of.LAST: sums.images, of.FIRST_STEP: 0,
    } | dict.fromkeys(range(of.SHAPES, of.HEAD), -1)
    groups = ([[f] for f in blocks(sums.filters)] if layout.flat else [list(blocks(sums.filters))])
    steps, copies, runs, cuts = Tables(of.STEP), Tables(of.COPIED), Tables(of.RUN), Tables(of.CUT)
    for row in range(0, rows, layout.band):
        count = min(layout.band, rows - row)
        inner = reads_inside(sums, layout, row)
        start = row * layout.pitch if layout.direct else (row - layout.top) * layout.width
        for number, group in enumerate(groups):
            step = [*copies.add(copied_rows(sums, layout, row, copy, lanes) if number == 0 else ()),
                    *runs.once((count, number, inner), tiles_of, sums, layout, group, count, lanes, long, copy, inner),
                    *cuts.once((count, number), _cuts, sums, layout, group, count, length, long)]
            steps.add([[*step, row * columns, start]])
    taps_of_both = np.concatenate([layout.taps, taps_inside(layout)])
    return assembled(head, taps_of_both, np.concatenate([w.ravel() for w in weights]), steps, copies, runs, cuts)


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


def copied_rows(sums: Sums, layout: Layout, row: int, copy: int, lanes: int) -> Table:
    """What is copied of them: only their ends where x itself is read between."""
    rows = band_rows(sums, layout, row, copy)
    return only_ends(sums, layout, rows, lanes) if reads_inside(sums, layout, row) else rows


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
        self.known: dict[tuple[int, ...], tuple[int, int]] = {}

    def add(self, rows: Sequence[Sequence[int]] | Table) -> tuple[int, int]:
        """Where the rows begin and end."""
        part, start = np.asarray(rows, np.int64).reshape(-1), self.size
        self.parts.append(part)
        self.size += part.size
        return start, self.size

    def once(self, key: tuple[int, ...], make: Callable[..., Table], *arguments: Any) -> tuple[int, int]:
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
