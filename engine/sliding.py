"""The kernel behind every convolution: filters slide over a batch, tile by tile.

A batch is taken image by image and in bands of rows. What a band sees is copied with zeros around it; where there are
none to add, the images themselves are read. Maps much narrower than their vectors are summed as one long row, with the
ends of its lines, and cut out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import geometry as of
from engine.compile import array_kind, inlined, kernel, specialise
from engine.memory import STACK, flat, on_stack, overlap
from engine.tiles import BLOCK, copy_lanes, slide_filters
from engine.vectors import lanes, load, store

Array = NDArray[Any]

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
def pack(weight: Array, start: int, g: Array, work: Array) -> None:
    """Put the weights of a group's filters tap by tap, in blocks of BLOCK, then 4, then 1."""
    f, taps = 0, g[of.TAPS]
    while f < g[of.FILTERS]:
        block = BLOCK if g[of.FILTERS] - f >= BLOCK else (4 if g[of.FILTERS] - f >= 4 else 1)
        for t in range(taps):
            for o in range(block):
                work[f * taps + t * block + o] = weight[start + (f + o) * g[of.FILTER_STEP] + g[of.HEAD + taps + t]]
        f += block


@inlined
def pad(x: Array, corner: int, row: int, copy: Array, at: int, g: Array) -> None:
    """Copy what the band of output rows from `row` on sees of a group of planes."""
    first, margin = max(0, -g[of.LEFT]), max(0, g[of.LEFT])
    count = min(g[of.PITCH] - margin, g[of.WIDTH] - first)
    row -= g[of.TOP]
    for c in range(g[of.CHANNELS]):
        line, place = corner + c * g[of.PLANE] + row * g[of.WIDTH] + first, at + c * g[of.LINES] * g[of.PITCH] + margin
        for y in range(row, row + g[of.LINES]):
            if 0 <= y < g[of.HEIGHT]:
                copy_row(x, line, copy, place, count)
            else:
                for k in range(place, place + count):
                    copy[k] = 0
            line, place = line + g[of.WIDTH], place + g[of.PITCH]


@inlined
def strips(x: Array, at: int, rows: int, packed: Array, bias: Array, out: Array, place: int, plane_step: int,
           f: int, block: int, b: int, g: Array) -> None:
    """Slide a block of filters over some rows: as one long row, or down the rows in strips of full vectors."""
    width, taps = lanes(x), g[of.TAPS]
    count, vectors, x_step, step = (g[of.COLUMNS] + width - 1) // width, rows, g[of.PITCH], g[of.COLUMNS]
    if g[of.FLAT]:
        count, vectors, x_step, step = 1, (rows * g[of.PITCH] + width - 1) // width, width, width
    tile = -g[of.SQUARE] if block == 1 and g[of.SQUARE] else block
    for strip in range(count):
        # The last strip begins early enough to be full; it computes some columns again.
        j = 0 if strip == 0 else min(strip * width, g[of.COLUMNS] - width)
        for t in range(0, taps, g[of.TOGETHER]):
            slide_filters(tile, vectors, out, place + j, plane_step, step, x, at + j, x_step, g, of.HEAD + t,
                          min(g[of.TOGETHER], taps - t), packed, f * taps + t * block, bias, b if t == 0 else -1)


@kernel
def slide_images(images: Array, weight: Array, bias: Array, outputs: Array, g: Array) -> bool:
    """Fill the images and rows of `outputs` that the geometry names; False, and nothing written, where it does not fit.

    Parameters
    ----------
    images, weight, bias, outputs : ndarray, C-contiguous, of one float dtype; the outputs apart from the others
    g : ndarray, int64
        What engine/geometry.py names.
    """
    shape = outputs.shape
    if (images.size != g[of.INPUTS] or outputs.size != g[of.OUTPUTS] or shape[1] != g[of.GROUPS] * g[of.FILTERS]
            or shape[2] != g[of.ROWS] or shape[3] != g[of.COLUMNS] or bias.size != g[of.GROUPS] * g[of.FILTERS]
            or overlap(images, outputs) or overlap(weight, outputs) or overlap(bias, outputs)):
        return False
    x, out, filters = flat(images), flat(outputs), flat(weight)
    map_size, length = g[of.ROWS] * g[of.COLUMNS], (g[of.BAND] * g[of.PITCH] // lanes(x) + 1) * lanes(x)
    # One piece of memory for three things: the weights as tiles want them, the padded copy, the long rows.
    copy = g[of.FILTERS] * g[of.TAPS]
    long = copy + g[of.COPY]
    size = long + (BLOCK * length if g[of.FLAT] else 0)
    work = on_stack(x)
    if size > STACK:
        work = np.empty(size, x.dtype)
    for i in range(copy, long):
        work[i] = 0
    for group in range(g[of.GROUPS]):
        pack(filters, group * g[of.GROUP_STEP], g, work)
        for image in range(g[of.FIRST], g[of.LAST]):
            corner = (image * g[of.GROUPS] + group) * g[of.CHANNELS] * g[of.PLANE]
            for row in range(g[of.FIRST_ROW], g[of.LAST_ROW], g[of.BAND]):
                rows, f, seen, at = min(g[of.BAND], g[of.LAST_ROW] - row), 0, x, corner + row * g[of.PITCH]
                if g[of.DIRECT] == 0:
                    pad(x, corner, row, work, copy, g)
                    seen, at = work, copy
                while f < g[of.FILTERS]:
                    block = BLOCK if g[of.FILTERS] - f >= BLOCK else (4 if g[of.FILTERS] - f >= 4 else 1)
                    b = group * g[of.FILTERS] + f
                    place = (image * g[of.GROUPS] * g[of.FILTERS] + b) * map_size + row * g[of.COLUMNS]
                    target, to, step = (work, long, length) if g[of.FLAT] else (out, place, map_size)
                    strips(seen, at, rows, work, bias, target, to, step, f, block, b, g)
                    if g[of.FLAT]:
                        for k in range(block * rows):
                            o, y = k // rows, k % rows
                            copy_row(work, long + o * length + y * g[of.PITCH], out,
                                     place + o * map_size + y * g[of.COLUMNS], g[of.COLUMNS])
                    f += block
    return True


def prepare(kind: np.dtype[Any]) -> None:
    """Compile `slide_images` for images, weights and outputs of four axes."""
    four, one = array_kind(kind, 4), array_kind(kind, 1)
    specialise(slide_images, four, four, one, four, array_kind(np.int64, 1))
