"""Pooling: each window of a plane gives one number, its largest or its mean."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import destination, flag, floating
from engine.pooling_windows import pooling_plan, sides
from engine.pooling_work import largest, largest_with_places, means
from engine.windows import Pair

Array = NDArray[Any]


class MaxPooling(NamedTuple):
    """The largest value of each window, and its place: row * W + column in the plane that was pooled, int64."""

    output: NDArray[Any]
    indices: NDArray[np.int64]


@overload
def max_pool2d(x: ArrayLike, kernel_size: Pair, *, stride: Pair | None = ..., padding: Pair = ..., dilation: Pair = ...,
               ceil_mode: bool = ..., return_indices: Literal[False] = ..., out: Array | None = ...) -> Array: ...


@overload
def max_pool2d(x: ArrayLike, kernel_size: Pair, *, stride: Pair | None = ..., padding: Pair = ..., dilation: Pair = ...,
               ceil_mode: bool = ..., return_indices: Literal[True], out: Array | None = ...) -> MaxPooling: ...


def max_pool2d(x: ArrayLike, kernel_size: Pair, *, stride: Pair | None = None, padding: Pair = 0, dilation: Pair = 1,
               ceil_mode: bool = False, return_indices: bool = False, out: Array | None = None) -> Array | MaxPooling:
    """Keep the largest value of each window.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        float32 and float64 are kept, integers and float16 become float32.
    kernel_size : int or (rows, columns), at least 1
    stride : int or (rows, columns), at least 1
        How far one window lies from the next; the windows' own size if it is not given.
    padding : int or (rows, columns), from 0 to half of kernel_size
        How far windows may reach beyond each side. What lies there is never the largest.
    dilation : int or (rows, columns), at least 1
        Distance on the plane between neighbouring elements of a window.
    ceil_mode : bool
        Whether a last window may reach beyond the padding, so that every pixel is seen. It must begin in the plane.
    return_indices : bool
        Whether the places of the largest values are returned as well. Among equals the first counts, row by row.
    out : ndarray, (N, C, H', W'), optional
        Where to put the output: C-contiguous, of the output's dtype, sharing no memory with x.

    Returns
    -------
    ndarray, (N, C, H', W'), or with `return_indices` a `MaxPooling(output, indices)`
        A window that holds NaN gives NaN, and the place of the last one.

    Raises
    ------
    ValueError, TypeError
        A window larger than the padded plane or without any pixel in it, padding above half of the window, stride or
        dilation below 1, x without four axes or without real numbers, an `out` that does not fit.
    """
    values, with_places = floating("max_pool2d", "x", x, 4), flag("max_pool2d", "return_indices", return_indices)
    plan = pooling_plan("max_pool2d", values.shape, kernel_size, stride, padding, dilation, ceil_mode)
    if not plan.sighted:
        where = plan.where
        raise ValueError(f"max_pool2d: with kernel_size {where.size}, dilation {where.dilation} and padding "
                         f"{sides(where)} a window would hold no pixel of an image of {where.plane}")
    output = destination("max_pool2d", out, (*values.shape[:2], *plan.where.output), values.dtype, values)
    if not with_places:
        largest(values, output, plan)
        return output
    indices = np.empty(output.shape, np.int64)
    largest_with_places(values, output, indices, plan)
    return MaxPooling(output, indices)


def avg_pool2d(x: ArrayLike, kernel_size: Pair, *, stride: Pair | None = None, padding: Pair = 0,
               ceil_mode: bool = False, count_include_pad: bool = True, out: Array | None = None) -> NDArray[Any]:
    """Take the mean of each window: the sum of the sums of its rows, over the number of its elements.

    Parameters
    ----------
    x, kernel_size, stride, ceil_mode
        As in `max_pool2d`.
    padding : int or (rows, columns), from 0 to half of kernel_size
        Zeros around the plane.
    count_include_pad : bool
        Whether zeros of the padding count as elements. What lies beyond the padding never does.
    out : ndarray, (N, C, H', W'), optional
        As in `max_pool2d`.

    Returns
    -------
    ndarray, (N, C, H', W')

    Raises
    ------
    ValueError, TypeError
        As `max_pool2d`.
    """
    values = floating("avg_pool2d", "x", x, 4)
    plan = pooling_plan("avg_pool2d", values.shape, kernel_size, stride, padding, 1, ceil_mode)
    padded = flag("avg_pool2d", "count_include_pad", count_include_pad)
    output = destination("avg_pool2d", out, (*values.shape[:2], *plan.where.output), values.dtype, values)
    means(values, output, plan, padded)
    return output
