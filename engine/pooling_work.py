"""Pooling of arrays that are known to fit, for callers such as training that checked them once: nothing is checked.

Arrays are C-contiguous, writeable, native float32 or float64, all of one dtype; a batch is (N, C, H, W), and `plan` is
what `pooling_plan` of engine/pooling_windows.py gave for its planes. Large batches are shared among threads by rows of
the output, none of which depends on another: the cut changes no bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import pooling_kernels
from engine.allocation import LINE
from engine.memory import STACK
from engine.pooling_quarters import largest_of_four, largest_of_four_streamed
from engine.pooling_windows import PoolingPlan, elements
from engine.streaming import FAR
from engine.threads import shared, slices

SHARED = 1 << 18  # pixels that make a thread of their own worth while

Array = NDArray[Any]


def largest(values: Array, out: Array, plan: PoolingPlan) -> None:
    """Write the largest value of each window to `out`."""
    x, target, numbers = values.reshape(-1), out.reshape(-1), plan.numbers
    # Not its stride: of an axis of length 1 that may be anything.
    lined = out.shape[3] <= STACK and out.ctypes.data % LINE == out.shape[3] * out.itemsize % LINE == 0
    quarters = largest_of_four_streamed if lined and values.nbytes + out.nbytes >= FAR else largest_of_four

    def work(first: int, last: int) -> None:
        if plan.quartered:
            quarters(x, target, first, last, numbers)
        else:
            pooling_kernels.largest(x, target, *_rows(plan, x.dtype, -np.inf), *plan.rows, first, last, numbers)

    _by_rows(values, out, work)


def largest_with_places(values: Array, out: Array, places: NDArray[np.int64], plan: PoolingPlan) -> None:
    """Write the largest value of each window to `out`, and row * W + column of it to `places`."""
    x, target, where = values.reshape(-1), out.reshape(-1), places.reshape(-1)

    def work(first: int, last: int) -> None:
        line, ring, keys = _rows(plan, x.dtype, -np.inf)
        seats = np.empty(ring.size + plan.room[2], x.dtype)
        pooling_kernels.largest_with_places(x, target, where, line, ring, seats, keys, *plan.rows, plan.leftmost, first,
                                            last, plan.numbers)

    _by_rows(values, out, work)


def means(values: Array, out: Array, plan: PoolingPlan, count_include_pad: bool) -> None:
    """Write the mean of each window to `out`."""
    x, target = values.reshape(-1), out.reshape(-1)
    heights, widths = elements(plan.where, count_include_pad, x.dtype)

    def work(first: int, last: int) -> None:
        pooling_kernels.means(x, target, *_rows(plan, x.dtype, 0.0), *plan.rows, heights, widths, first, last,
                              plan.numbers)

    _by_rows(values, out, work)


def share_of_means(grad: Array, out: Array, plan: PoolingPlan, count_include_pad: bool) -> None:
    """Write to `out` the gradient by its values of what `grad` is the gradient by the means of: equal shares of it."""
    out.fill(0.0)
    planes = out.shape[0] * out.shape[1]
    if grad.size:
        heights, widths = elements(plan.where, count_include_pad, grad.dtype)
        slope, target = grad.reshape(-1), out.reshape(-1)
        parts = slices(planes, 1 + planes * SHARED // out.size) if out.size >= 2 * SHARED else [slice(0, planes)]
        shared(pooling_kernels.spread, [
            (slope, target, np.empty(widths.size, grad.dtype), heights, widths, part.start, part.stop, plan.numbers)
            for part in parts])


def scatter(grad: Array, places: NDArray[np.int64], out: Array) -> bool:
    """Add each window's gradient to the pixel of `out`, zero before, that it names; False if one does not exist."""
    out.fill(0.0)
    planes, pixels = out.shape[0] * out.shape[1], out.shape[2] * out.shape[3]
    if not grad.size:
        return True
    slope, where, target, windows = grad.reshape(-1), places.reshape(-1), out.reshape(-1), grad.size // planes
    parts = slices(planes, 1 + planes * SHARED // out.size) if out.size >= 2 * SHARED else [slice(0, planes)]
    return all(shared(pooling_kernels.scatter, [
        (slope[part.start * windows:part.stop * windows], where[part.start * windows:part.stop * windows],
         target[part.start * pixels:part.stop * pixels], windows, pixels) for part in parts]))


def _rows(plan: PoolingPlan, dtype: Any, padding: float) -> tuple[Array, Array, NDArray[np.int64]]:
    """What one call of a kernel works in: line, ring and keys."""
    line = np.empty(plan.room[0], dtype)
    line.fill(padding)
    keys = np.empty(plan.room[3], np.int64)
    keys.fill(-1)
    return line, np.empty(plan.room[1], dtype), keys


def _by_rows(values: Array, out: Array, work: Callable[[int, int], None]) -> None:
    rows = out.shape[0] * out.shape[1] * out.shape[2]
    if values.size >= 2 * SHARED:
        shared(work, [(part.start, part.stop) for part in slices(rows, 1 + rows * SHARED // values.size)])
    elif rows:
        work(0, rows)
