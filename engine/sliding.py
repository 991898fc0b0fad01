"""The kernel behind every convolution: filters slide over a batch, tile by tile.

A batch is taken image by image and in bands of rows. What a band sees is copied with zeros around it; where there are
none to add, the images themselves are read. Maps much narrower than their vectors are summed as one long row, with the
ends of its lines, and cut out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import array_kind, entry_point, inlined, kernel
from engine.tiles import BLOCK, copy_lanes, slide_filters
from engine.vectors import STACK, flat, lanes, load, on_stack, store

Array = NDArray[Any]

# Everything about the shapes that the kernel must know, one record of int64.
Geometry = np.dtype([(name, np.int64) for name in (
    "channels", "filters", "groups",       # of a group: channels that it sees and filters; groups
    "plane", "height", "width",            # elements of a plane of x, rows, columns
    "rows", "columns",                     # of the output
    "top", "left",                         # zeros around a plane, or if negative what is left out of it
    "pitch", "lines", "band", "copy",      # of the copy: its row length, rows a plane, output rows it serves, elements
    "taps", "together",                    # of a filter; summed at a time
    "filter_step", "group_step",           # in the weights: from filter to filter, from group to group
    "direct", "flat",                      # without a copy? as one long row?
    "first", "last",                       # images that are computed
    "first_row", "last_row",               # and rows of them
)])


@inlined
def copy_row(source: Array, start: int, target: Array, place: int, count: int) -> None:
    """`count` neighbouring elements."""
    width = lanes(source)
    i = 0
    while i + width <= count:
        store(target, place + i, load(source, start + i))
        i += width
    if i < count:
        copy_lanes(target, place + i, source, start + i, count - i)


@inlined
def pack(weight: Array, source: Array, start: int, g: Any, work: Array) -> None:
    """Put the weights of a group's filters tap by tap, in blocks of BLOCK, then 4, then 1."""
    f = 0
    while f < g.filters:
        block = BLOCK if g.filters - f >= BLOCK else (4 if g.filters - f >= 4 else 1)
        for t in range(g.taps):
            for o in range(block):
                work[f * g.taps + t * block + o] = weight[start + (f + o) * g.filter_step + source[g.taps + t]]
        f += block


@inlined
def pad(x: Array, corner: int, row: int, copy: Array, at: int, g: Any) -> None:
    """Copy what the band of output rows from `row` on sees of a group of planes."""
    first, margin = max(0, -g.left), max(0, g.left)
    count = min(g.pitch - margin, g.width - first)
    for c in range(g.channels):
        line, place = corner + c * g.plane + (row - g.top) * g.width + first, at + c * g.lines * g.pitch + margin
        for y in range(row - g.top, row - g.top + g.lines):
            if 0 <= y < g.height:
                copy_row(x, line, copy, place, count)
            else:
                for k in range(place, place + count):
                    copy[k] = 0
            line, place = line + g.width, place + g.pitch


@inlined
def strips(x: Array, at: int, rows: int, packed: Array, bias: Array, out: Array, place: int, plane_step: int,
           taps: Array, f: int, block: int, b: int, g: Any) -> None:
    """Slide a block of filters over some rows: as one row, or in strips of full vectors.

    Strips run down the rows, or for a single filter and long rows along them, as memory does.
    """
    width = lanes(x)
    along = block == 1 and g.columns >= 8 * width
    count, lines, vectors, x_step, step = (g.columns + width - 1) // width, 1, rows, g.pitch, g.columns
    if g.flat:
        count, vectors, x_step, step = 1, (rows * g.pitch + width - 1) // width, width, width
    elif along:
        count, lines, vectors, x_step, step = 2, rows, g.columns // width, width, width
    for line in range(lines):
        for strip in range(count):
            # The last strip begins early enough to be full; it computes some columns again.
            j = 0 if g.flat or strip == 0 else (g.columns - width if strip == count - 1 else strip * width)
            n = 1 if along and strip == 1 else vectors
            for t in range(0, g.taps, g.together):
                slide_filters(block, n, out, place + line * g.columns + j, plane_step, step, x, at + line * g.pitch + j,
                              x_step, taps, t, min(g.together, g.taps - t), packed, f * g.taps + t * block, bias,
                              b if t == 0 else -1)


@kernel
def slide_images(images: Array, weight: Array, bias: Array, outputs: Array, taps: Array, geometry: Array) -> None:
    """Fill the rows of `outputs` that the geometry names.

    Parameters
    ----------
    images, weight, bias, outputs : ndarray, C-contiguous, of one float dtype
    taps : ndarray, (2 * taps,), int64
        Where each tap lies from the corner of the window, in the copy or in the image; then where its weight stands.
    geometry : ndarray of Geometry, (1,)
    """
    g, x, out, filters = geometry[0], flat(images), flat(outputs), flat(weight)
    map_size, length = g.rows * g.columns, (g.band * g.pitch // lanes(x) + 1) * lanes(x)
    # One piece of memory for three things: the weights as tiles want them, the padded copy, the long rows.
    copy = g.filters * g.taps
    long = copy + g.copy
    size = long + (BLOCK * length if g.flat else 0)
    work = on_stack(x)
    if size > STACK:
        work = np.empty(size, x.dtype)
    for i in range(copy, long):
        work[i] = 0
    for group in range(g.groups):
        pack(filters, taps, group * g.group_step, g, work)
        for image in range(g.first, g.last):
            corner = (image * g.groups + group) * g.channels * g.plane
            for row in range(g.first_row, g.last_row, g.band):
                rows, f, seen, at = min(g.band, g.last_row - row), 0, x, corner + row * g.pitch
                if g.direct == 0:
                    pad(x, corner, row, work, copy, g)
                    seen, at = work, copy
                while f < g.filters:
                    block = BLOCK if g.filters - f >= BLOCK else (4 if g.filters - f >= 4 else 1)
                    b = group * g.filters + f
                    place = (image * g.groups * g.filters + b) * map_size + row * g.columns
                    target, to, step = (work, long, length) if g.flat else (out, place, map_size)
                    strips(seen, at, rows, work, bias, target, to, step, taps, f, block, b, g)
                    if g.flat:
                        for k in range(block * rows):
                            o, y = k // rows, k % rows
                            copy_row(work, long + o * length + y * g.pitch, out, place + o * map_size + y * g.columns,
                                     g.columns)
                    f += block


@cache
def slider(kind: np.dtype[Any]) -> Callable[..., None]:
    """`slide_images` for four-dimensional images, weights and outputs of one dtype."""
    four, one = array_kind(kind, 4), array_kind(kind, 1)
    return entry_point(slide_images, four, four, one, four, array_kind(np.int64, 1), array_kind(Geometry, 1))
