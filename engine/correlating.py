"""The kernel behind the gradient of a convolution by its weights: gradient planes correlated with what the taps saw."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import geometry as of
from engine.compile import kernel
from engine.memory import flat
from engine.rows import copy_row, correlate_rows
from engine.vectors import add, lane_sum, lanes, load, splat

Array = NDArray[Any]


@kernel
def correlate_images(images: Array, grads: Array, total: Array, g: Array, first: int, last: int) -> None:
    """Sum the gradients by weights over the images `first` to `last`.

    Each weight's sum has a lane for each column modulo the lanes; a lane is summed image by image, band by band, strip
    by strip and row by row, and the lanes at the end by halves.

    Parameters
    ----------
    images, grads, total : ndarray, C-contiguous, of one float dtype
    g : ndarray, int64
        The plan: what engine/geometry.py names.
    """
    x, grad, out = flat(images), flat(grads), flat(total)
    work = np.empty(g[of.WORK], x.dtype)
    seen = x if g[of.DIRECT] else work
    for i in range(g[of.COPY], g[of.WORK]):
        work[i] = 0
    for group in range(g[of.GROUPS]):
        for i in range(g[of.COPY]):
            work[i] = 0
        for image in range(first, last):
            corner, slope = (image * g[of.GROUPS] + group) * g[of.SEEN], (image * g[of.GROUPS] + group) * g[of.MADE]
            for s in range(g[of.STEPS_AT], g[of.STEPS_AT] + g[of.LAST_STEP] * of.STEP, of.STEP):
                for c in range(g[s], g[s + 1], of.COPIED):
                    copy_row(work, g[c + 1], x, corner + g[c] if g[c] >= 0 else -1, g[c + 2])
                start = corner + g[s + 7] if g[of.DIRECT] else 0
                for r in range(g[s + 2], g[s + 3], of.PATCH):
                    correlate_rows(work, g[r], grad, slope + g[s + 6] + g[r + 1], g, g[r + 2], g[of.COLUMNS], seen,
                                   start + g[r + 3], g, g[r + 4], g[of.X_STEP], g[s + 4], g[r + 5])
        for i in range(g[of.WEIGHTS]):
            out[group * g[of.WEIGHTS] + i] = lane_sum(load(work, g[g[of.WEIGHTS_AT] + i]))


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
