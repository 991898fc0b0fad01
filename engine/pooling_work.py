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
from engine.pooling_kernels import largest_of_four
from engine.pooling_windows import PoolingPlan, elements
from engine.threads import shared, slices

SHARED = 1 << 18  # pixels that make a thread of their own worth while

Array = NDArray[Any]


def largest(values: Array, out: Array, plan: PoolingPlan) -> None:
    """Write the largest value of each window to `out`."""
    x, target, numbers = values.reshape(-1), out.reshape(-1), plan.numbers

    def work(first: int, last: int) -> None:
        if plan.quartered:
            largest_of_four(x, target, first, last, numbers)
        else:
            pooling_kernels.largest(x, target, *_rows(plan, x.dtype, -np.inf), *plan.rows, first, last, numbers)

    _by_rows(values, out, work)


def largest_with_places(values: Array, out: Array, places: NDArray[np.int64], plan: PoolingPlan) -> None:
    """Write the largest value of each window to `out`, and row * W + column of it to `places`."""
    x, target, where = values.reshape(-1), out.reshape(-1), places.reshape(-1)

    def work(first: int, last: int) -> None:
        line, ring, keys = _rows(plan, x.dtype, -np.inf)
        seats = np.empty(ring.size + int(plan.numbers[13]), x.dtype)
        pooling_kernels.largest_with_places(x, target, where, line, ring, seats, keys, *plan.rows, plan.leftmost, first,
                                            last, plan.numbers)

    _by_rows(values, out, work)


def means(values: Array, out: Array, plan: PoolingPlan, count_include_pad: bool) -> None:
    """Write the mean of each window to `out`."""
    x, target = values.reshape(-1), out.reshape(-1)
    heights, widths = (count.astype(x.dtype) for count in elements(plan.where, count_include_pad))

    def work(first: int, last: int) -> None:
        pooling_kernels.means(x, target, *_rows(plan, x.dtype, 0.0), *plan.rows, heights, widths, first, last,
                              plan.numbers)

    _by_rows(values, out, work)


def _rows(plan: PoolingPlan, dtype: Any, padding: float) -> tuple[Array, Array, NDArray[np.int64]]:
    """What one call of a kernel works in: line, ring and keys."""
    numbers, span = plan.numbers, int(plan.rows[0].max()) + 1
    line = np.full(int(numbers[7]) * int(numbers[12]), padding, dtype)
    return line, np.empty((span + 1) * int(numbers[13]), dtype), np.full(span, -1)


def _by_rows(values: Array, out: Array, work: Callable[[int, int], None]) -> None:
    rows = out.shape[0] * out.shape[1] * out.shape[2]
    if values.size >= 2 * SHARED:
        shared(work, [(part.start, part.stop) for part in slices(rows, 1 + rows * SHARED // values.size)])
    elif rows:
        work(0, rows)
