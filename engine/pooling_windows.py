"""Where the windows of a pooling lie, how many pixels each of them sees, and what kernels are told of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arguments import flag, pair
from engine.windows import Pair, Windows, windows

LANES = 16  # of the vectors of kernels, at most
LIMIT = 2**24  # float32 counts to it, and products fit into 64 bits


class PoolingPlan(NamedTuple):
    """What pooling works out once for each geometry.

    Attributes
    ----------
    where : Windows
    numbers : ndarray of int64
        For kernels: height, width, rows, columns of plane and output, (down, across) of size, stride, dilation and
        padding, lengths of rows of `line` and `ring` in engine/pooling_kernels.py. Not to be written to.
    rows : tuple of ndarray of int64
        `slots`, `hands` and `taps` of engine/pooling_kernels.py.
    room : tuple of int
        How long `line`, `ring`, a row of `ring` and `keys` must be there.
    leftmost : ndarray of int64
        In which column the first element of each window of a row is that lies in the plane.
    quartered : bool
        Whether windows are 2 x 2, side by side, without padding, and all of them within the plane.
    sighted : bool
        Whether every window holds a pixel of the plane.
    """

    where: Windows
    numbers: NDArray[np.int64]
    rows: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
    room: tuple[int, int, int, int]
    leftmost: NDArray[np.int64]
    quartered: bool
    sighted: bool


def pooling_plan(function: str, shape: tuple[int, ...], kernel_size: Pair, stride: Pair | None, padding: Pair,
                 dilation: Pair, ceil_mode: bool) -> PoolingPlan:
    """The plan for planes of an (N, C, H, W) batch; what a caller gave is checked."""
    size = kernel_size if type(kernel_size) is int else pair(function, "kernel_size", kernel_size, 1)
    steps = stride if type(stride) is int or stride is None else pair(function, "stride", stride, 1)
    sides = padding if type(padding) is int else pair(function, "padding", padding, 0)
    gaps = dilation if type(dilation) is int else pair(function, "dilation", dilation, 1)
    return _plan(function, shape[2], shape[3], size, steps, sides, gaps, flag(function, "ceil_mode", ceil_mode))


@lru_cache(maxsize=256)
def _plan(function: str, height: int, width: int, kernel_size: Pair, stride: Pair | None, padding: Pair,
          dilation: Pair, ceil_mode: bool) -> PoolingPlan:
    size = pair(function, "kernel_size", kernel_size, 1)
    steps = size if stride is None else pair(function, "stride", stride, 1)
    rows, columns = pair(function, "padding", padding, 0)
    gaps = pair(function, "dilation", dilation, 1)
    for name, given in (("kernel_size", size), ("stride", steps), ("dilation", gaps)):
        if max(given) >= LIMIT:
            raise ValueError(f"{function}: {name} must be below {LIMIT}, not {max(given)}")
    if rows > size[0] // 2 or columns > size[1] // 2:
        raise ValueError(f"{function}: padding {(rows, columns)} must not exceed half of kernel_size {size}")
    where = windows(function, (height, width), size, steps, ((rows, rows), (columns, columns)),
                    gaps, ceil_mode=ceil_mode)
    # Of a window larger than the plane, kernels need not try what lies beyond.
    tried = [min(k, (side + pad - 1) // gap + 1)
             for k, side, pad, gap in zip(size, where.plane, (rows, columns), gaps, strict=True)]
    # Where there is one window only, any step is as good, and a wide one would take room.
    steps = steps[0] if where.output[0] > 1 else 1, steps[1] if where.output[1] > 1 else 1
    taps, length = np.arange(tried[1]) * gaps[1], -(-where.output[1] // LANES) * LANES
    lengths = int(taps[-1]) // steps[1] + length, length
    pairs = where.plane, where.output, tried, steps, gaps, (rows, columns), lengths
    span = min(height, (size[0] - 1) * gaps[0] + 1)
    rows_of_kernels = (np.arange(height) % span, _hands(width, columns, steps[1], lengths[0]),
                       taps % steps[1] * lengths[0] + taps // steps[1])
    starts = np.arange(where.output[1]) * steps[1] - columns
    quartered = ((size, where.stride, *pairs[4:6]) == ((2, 2), (2, 2), (1, 1), (0, 0))
                 and all(2 * count <= side for count, side in zip(where.output, where.plane, strict=True)))
    sighted = all(bool(pixels_seen(where, axis).all()) for axis in (0, 1))
    return PoolingPlan(where, np.array(pairs, np.int64).ravel(), rows_of_kernels,
                       (steps[1] * lengths[0], (span + 1) * length, length, span),
                       starts + np.maximum(0, -(starts // gaps[1])) * gaps[1], quartered, sighted)


def _hands(width: int, left: int, stride: int, length: int) -> NDArray[np.int64]:
    """From which pixel, to which place of a dealt row and how many: for each phase of the stride."""
    first = (np.arange(stride) - left) % stride
    place = (first + left) // stride
    count = np.minimum(-((first - width) // stride), length - place)
    return np.stack([first, np.arange(stride) * length + place, np.maximum(0, count)], 1).ravel()


def sides(where: Windows) -> tuple[int, int]:
    """(top, left)."""
    return where.padding[0][0], where.padding[1][0]


def pixels_seen(where: Windows, axis: int, *, reach: int = 0) -> NDArray[np.int64]:
    """How many elements of each window along an axis lie in the plane, or within `reach` of it."""
    start = np.arange(where.output[axis]) * where.stride[axis] - where.padding[axis][0]
    step, last = where.dilation[axis], where.plane[axis] + reach - 1
    first = np.maximum(0, -((start + reach) // step))
    seen: NDArray[np.int64] = np.maximum(0, np.minimum(where.size[axis] - 1, (last - start) // step) - first + 1)
    return seen


@lru_cache(maxsize=256)
def elements(where: Windows, count_include_pad: bool, dtype: np.dtype[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Over how many elements a mean is taken: of each row of windows, times of each column. Not to be written to."""
    reach = sides(where) if count_include_pad else (0, 0)
    return pixels_seen(where, 0, reach=reach[0]).astype(dtype), pixels_seen(where, 1, reach=reach[1]).astype(dtype)
