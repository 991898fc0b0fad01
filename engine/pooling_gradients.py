"""Gradients of pooling: who gets the gradient of a window."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import destination, flag, floating
from engine.operands import image_shape, integers
from engine.pooling_windows import pooling_plan
from engine.pooling_work import scatter, share_of_means
from engine.windows import Pair


def max_pool2d_gradient(grad: ArrayLike, indices: ArrayLike, input_shape: Iterable[int], *,
                        out: NDArray[Any] | None = None) -> NDArray[Any]:
    """Give each window's gradient to the pixel that was its largest.

    A pixel that won several windows gets the sum of their gradients, in order of windows.

    Parameters
    ----------
    grad : array_like, (N, C, H', W')
        Gradient of the loss by the output of max_pool2d.
    indices : array_like of integers, same shape
        What `max_pool2d(…, return_indices=True)` gave.
    input_shape : (N, C, H, W)
    out : ndarray of shape `input_shape`, optional
        Where to put the result: C-contiguous, of grad's dtype, sharing no memory with grad or indices.

    Returns
    -------
    ndarray of shape `input_shape`

    Raises
    ------
    ValueError, TypeError
        Shapes that do not match, indices that are not integers or lie outside the plane, an `out` that does not fit.
    """
    name = "max_pool2d_gradient"
    slope = floating(name, "grad", grad, 4)
    shape, places = image_shape(name, "input_shape", input_shape), integers(name, "indices", indices)
    if places.shape != slope.shape:
        raise ValueError(f"{name}: indices {places.shape} must have the shape of grad {slope.shape}")
    if slope.shape[:2] != shape[:2]:
        raise ValueError(f"{name}: grad {slope.shape} must have the images and channels of input_shape {shape}")
    where = np.require(places, np.int64, ["C", "ALIGNED", "WRITEABLE"])
    result = destination(name, out, shape, slope.dtype, slope, where)
    if not scatter(slope, where, result):
        raise ValueError(f"{name}: indices must lie from 0 to {shape[2] * shape[3] - 1}, "
                         f"not from {places.min()} to {places.max()}")
    return result


def avg_pool2d_gradient(grad: ArrayLike, input_shape: Iterable[int], kernel_size: Pair, *, stride: Pair | None = None,
                        padding: Pair = 0, ceil_mode: bool = False, count_include_pad: bool = True,
                        out: NDArray[Any] | None = None) -> NDArray[Any]:
    """Share each window's gradient equally among its elements.

    Parameters
    ----------
    grad : array_like, (N, C, H', W')
        Gradient of the loss by the output of avg_pool2d.
    input_shape : (N, C, H, W)
    kernel_size, stride, padding, ceil_mode, count_include_pad
        What avg_pool2d was given.
    out : ndarray of shape `input_shape`, optional
        Where to put the result: C-contiguous, of grad's dtype, sharing no memory with grad.

    Returns
    -------
    ndarray of shape `input_shape`

    Raises
    ------
    ValueError, TypeError
        What avg_pool2d refuses, and a grad that has not the shape of its output, an `out` that does not fit.
    """
    name = "avg_pool2d_gradient"
    slope = floating(name, "grad", grad, 4)
    shape = image_shape(name, "input_shape", input_shape)
    plan = pooling_plan(name, shape, kernel_size, stride, padding, 1, ceil_mode)
    expected = (*shape[:2], *plan.where.output)
    if slope.shape != expected:
        raise ValueError(f"{name}: grad {slope.shape} must have the shape of what avg_pool2d returns, {expected}")
    padded = flag(name, "count_include_pad", count_include_pad)
    result = destination(name, out, shape, slope.dtype, slope)
    share_of_means(slope, result, plan, padded)
    return result
