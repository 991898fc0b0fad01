"""The kernel behind the gradient of a convolution by its weights: gradient planes correlated with what the taps saw."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.sliding import pad
from engine.tiles import FILTERS, TAPS, correlate_rows
from engine.vectors import add, flat, lane_sum, lanes, load, splat

Array = NDArray[Any]


@kernel
def correlate_images(images: Array, grads: Array, taps: Array, places: Array, geometry: Array, total: Array, first: int,
                     last: int) -> None:
    """Sum the gradients by weights over the images `first` to `last`.

    Each weight's sum has a lane for each column modulo the lanes; a lane is summed image by image, band by band, strip
    by strip and row by row, and the lanes at the end by halves.

    Parameters
    ----------
    images, grads : ndarray, C-contiguous, of one float dtype, with SLACK elements that may be read beyond their end
    taps : ndarray, (taps rounded up to TAPS,), int64
        Where each tap lies in the copy, or without one in an image; the last is repeated.
    places : ndarray, (filters of a group rounded up to FILTERS,), int64
        Where each filter's plane begins in the gradient of a group; the last is repeated.
    geometry : ndarray of engine.sliding.Geometry, (1,)
    total : ndarray, (filters, taps)
    """
    g, x, grad, out = geometry[0], flat(images), flat(grads), flat(total)
    width, map_size = lanes(x), g.rows * g.columns
    tile, across = FILTERS * TAPS * width, taps.size // TAPS
    copy, sums = np.empty(g.copy, x.dtype), np.empty(places.size // FILTERS * across * tile, x.dtype)
    for i in range(g.copy):
        copy[i] = 0
    for group in range(g.groups):
        for i in range(sums.size):
            sums[i] = 0
        for image in range(first, last):
            corner = (image * g.groups + group) * g.channels * g.plane
            slope = (image * g.groups + group) * g.filters * map_size
            for row in range(0, g.rows, g.band):
                rows, seen, at = min(g.band, g.rows - row), x, corner + row * g.pitch
                if g.direct == 0:
                    pad(x, corner, row, copy, 0, g)
                    seen, at = copy, 0
                for block in range(sums.size // tile):
                    for column in range(0, g.columns, width):
                        correlate_rows(sums, block * tile, grad, slope + row * g.columns + column, places,
                                       block // across * FILTERS, g.columns, seen, at + column, taps,
                                       block % across * TAPS, g.pitch, rows, min(width, g.columns - column))
        for f in range(g.filters):
            for t in range(g.taps):
                place = (f // FILTERS * across + t // TAPS) * tile + (f % FILTERS * TAPS + t % TAPS) * width
                out[(group * g.filters + f) * g.taps + t] = lane_sum(load(sums, place))


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
