"""The kernel behind the gradient of a convolution by its weights: gradient planes correlated with what the taps saw."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import geometry as of
from engine.compile import kernel
from engine.memory import flat
from engine.sliding import pad
from engine.tiles import TILE_FILTERS, TILE_TAPS, correlate_rows
from engine.vectors import add, lane_sum, lanes, load, splat

Array = NDArray[Any]


@kernel
def correlate_images(images: Array, grads: Array, taps: Array, places: Array, g: Array, total: Array, first: int,
                     last: int) -> None:
    """Sum the gradients by weights over the images `first` to `last`.

    Each weight's sum has a lane for each column modulo the lanes; a lane is summed image by image, band by band, strip
    by strip and row by row, and the lanes at the end by halves.

    Parameters
    ----------
    images, grads : ndarray, C-contiguous, of one float dtype, with SLACK elements that may be read beyond their end
    taps : ndarray, (taps rounded up to TILE_TAPS,), int64
        Where each tap lies in the copy, or without one in an image; the last is repeated.
    places : ndarray, (filters of a group rounded up to TILE_FILTERS,), int64
        Where each filter's plane begins in the gradient of a group; the last is repeated.
    g : ndarray, int64
        What engine/geometry.py names, of the forward convolution.
    total : ndarray, (filters, taps)
    """
    x, grad, out = flat(images), flat(grads), flat(total)
    width, map_size = lanes(x), g[of.ROWS] * g[of.COLUMNS]
    tile, across = TILE_FILTERS * TILE_TAPS * width, taps.size // TILE_TAPS
    copy, sums = np.empty(g[of.COPY], x.dtype), np.empty(places.size // TILE_FILTERS * across * tile, x.dtype)
    for i in range(g[of.COPY]):
        copy[i] = 0
    columns, filters, count = g[of.COLUMNS], g[of.FILTERS], g[of.TAPS]
    for group in range(g[of.GROUPS]):
        for i in range(sums.size):
            sums[i] = 0
        for image in range(first, last):
            corner = (image * g[of.GROUPS] + group) * g[of.CHANNELS] * g[of.PLANE]
            slope = (image * g[of.GROUPS] + group) * g[of.FILTERS] * map_size
            for row in range(0, g[of.ROWS], g[of.BAND]):
                rows, seen, at = min(g[of.BAND], g[of.ROWS] - row), x, corner + row * g[of.PITCH]
                if g[of.DIRECT] == 0:
                    pad(x, corner, row, copy, 0, g)
                    seen, at = copy, 0
                for block in range(sums.size // tile):
                    for column in range(0, columns, width):
                        correlate_rows(sums, block * tile, grad, slope + row * columns + column, places,
                                       block // across * TILE_FILTERS, columns, seen, at + column, taps,
                                       block % across * TILE_TAPS, g[of.PITCH], rows, min(width, columns - column))
        for f in range(filters):
            for t in range(count):
                place = (f // TILE_FILTERS * across + t // TILE_TAPS) * tile
                place += (f % TILE_FILTERS * TILE_TAPS + t % TILE_TAPS) * width
                out[(group * filters + f) * count + t] = lane_sum(load(sums, place))


@kernel
def sum_planes(grads: Array, size: int, first: int, last: int, offsets: Array) -> None:
    """offsets[f] = the sum of plane f over the images `first` to `last`, `size` elements a plane."""
    grad, width = flat(grads), lanes(grads)
    for f in range(offsets.size):
        vector, rest = splat(grad.dtype.type(0)), grad.dtype.type(0)
        for image in range(first, last):
            start = (image * offsets.size + f) * size
            whole = size // width * width
            for i in range(0, whole, width):
                vector = add(vector, load(grad, start + i))
            for i in range(whole, size):
                rest += grad[start + i]
        offsets[f] = lane_sum(vector) + rest
