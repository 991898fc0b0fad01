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
from engine.pooling_windows import PoolingPlan, elements
from engine.threads import shared, slices

SHARED = 1 << 18  # pixels that make a thread of their own worth while

Array = NDArray[Any]


def largest(values: Array, out: Array, plan: PoolingPlan) -> None:
    """Write the largest value of each window to `out`."""
    x, target, numbers = values.reshape(-1), out.reshape(-1), plan.numbers
    if plan.quartered:
        _by_rows(plan, values, out, lambda a, b: pooling_kernels.largest_of_four(x, target, a, b, numbers))
    else:
        _by_rows(plan, values, out, lambda a, b: pooling_kernels.largest(
            x, target, *_ring(plan, values.dtype), a, b, numbers))


def largest_with_places(values: Array, out: Array, places: NDArray[np.int64], plan: PoolingPlan) -> None:
    """Write the largest value of each window to `out`, and row * W + column of it to `places`."""
    x, target, where = values.reshape(-1), out.reshape(-1), places.reshape(-1)

    def work(first: int, last: int) -> None:
        ring, keys = _ring(plan, values.dtype)
        pooling_kernels.largest_with_places(x, target, where, ring, np.empty(ring.size, np.int32), keys, first, last,
                                            plan.numbers)

    _by_rows(plan, values, out, work)


def means(values: Array, out: Array, plan: PoolingPlan, count_include_pad: bool) -> None:
    """Write the mean of each window to `out`."""
    x, target = values.reshape(-1), out.reshape(-1)
    down, across = (count.astype(values.dtype) for count in elements(plan.where, count_include_pad))
    _by_rows(plan, values, out, lambda a, b: pooling_kernels.means(
        x, target, *_ring(plan, values.dtype), down, across, a, b, plan.numbers))


def _ring(plan: PoolingPlan, dtype: Any) -> tuple[Array, NDArray[np.int64]]:
    where = plan.where
    span = min(where.plane[0], (where.size[0] - 1) * where.dilation[0] + 1)
    return np.empty(span * where.output[1], dtype), np.full(span, -1)


def _by_rows(plan: PoolingPlan, values: Array, out: Array, work: Callable[[int, int], None]) -> None:
    rows = out.shape[0] * out.shape[1] * out.shape[2]
    if values.size < 2 * SHARED:
        if rows:
            work(0, rows)
        return
    shared(work, [(part.start, part.stop) for part in slices(rows, 1 + rows * SHARED // values.size)])
