"""Where the windows of a pooling lie, and how many pixels each of them sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arguments import pair
from engine.windows import Pair, Windows, windows


def pooling_windows(function: str, shape: tuple[int, ...], kernel_size: Pair, stride: Pair | None, padding: Pair,
                    dilation: Pair, ceil_mode: bool) -> Windows:
    """Where the windows lie on planes of an (N, C, H, W) batch."""
    size = pair(function, "kernel_size", kernel_size, 1)
    steps = size if stride is None else pair(function, "stride", stride, 1)
    rows, columns = pair(function, "padding", padding, 0)
    if rows > size[0] // 2 or columns > size[1] // 2:
        raise ValueError(f"{function}: padding {(rows, columns)} must not exceed half of kernel_size {size}")
    return windows(function, (shape[2], shape[3]), size, steps, ((rows, rows), (columns, columns)),
                   pair(function, "dilation", dilation, 1), ceil_mode=ceil_mode)


def sides(where: Windows) -> tuple[int, int]:
    """(top, left)."""
    return where.padding[0][0], where.padding[1][0]


def pixels_seen(where: Windows, axis: int, *, reach: int = 0) -> NDArray[np.int64]:
    """How many elements of each window along an axis lie in the plane, or within `reach` of it."""
    starts = np.arange(where.output[axis]) * where.stride[axis] - where.padding[axis][0]
    places = starts[:, None] + np.arange(where.size[axis]) * where.dilation[axis]
    seen: NDArray[np.int64] = ((places >= -reach) & (places < where.plane[axis] + reach)).sum(1, dtype=np.int64)
    return seen


def elements(where: Windows, count_include_pad: bool) -> NDArray[np.int64]:
    """How many elements the mean of each window is taken over."""
    reach = sides(where) if count_include_pad else (0, 0)
    return pixels_seen(where, 0, reach=reach[0])[:, None] * pixels_seen(where, 1, reach=reach[1])
