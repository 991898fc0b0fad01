"""Gradients of pooling: who gets the gradient of a window."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.compile import kernel
from engine.operands import image_shape, operands
from engine.pooling_windows import elements, pooling_plan, sides
from engine.windows import Pair

Sizes = tuple[int, int]


def max_pool2d_gradient(grad: ArrayLike, indices: ArrayLike, input_shape: Iterable[int]) -> NDArray[Any]:
    """Give each window's gradient to the pixel that was its largest.

    A pixel that won several windows gets the sum of their gradients, in order of windows.

    Parameters
    ----------
    grad : array_like, (N, C, H', W')
        Gradient of the loss by the output of max_pool2d.
    indices : array_like of integers, same shape
        What `max_pool2d(…, return_indices=True)` gave.
    input_shape : (N, C, H, W)

    Returns
    -------
    ndarray of shape `input_shape`

    Raises
    ------
    ValueError, TypeError
        Shapes that do not match, indices that are not integers or lie outside the plane.
    """
    name = "max_pool2d_gradient"
    [slope] = operands(name, ("grad", grad, 4))
    shape, places = image_shape(name, "input_shape", input_shape), np.asarray(indices)
    if places.dtype.kind not in "iu":
        raise TypeError(f"{name}: indices must be integers, not {places.dtype}")
    if places.shape != slope.shape:
        raise ValueError(f"{name}: indices {places.shape} must have the shape of grad {slope.shape}")
    if slope.shape[:2] != shape[:2]:
        raise ValueError(f"{name}: grad {slope.shape} must have the images and channels of input_shape {shape}")
    if places.size and not (places.min() >= 0 and places.max() < shape[2] * shape[3]):
        raise ValueError(f"{name}: indices must lie from 0 to {shape[2] * shape[3] - 1}, "
                         f"not from {places.min()} to {places.max()}")
    out = np.zeros(shape, slope.dtype)
    if slope.size:
        _scatter(slope.reshape(-1), np.require(places, np.int64, ["C", "ALIGNED", "WRITEABLE"]).reshape(-1),
                 out.reshape(-1), shape[0] * shape[1])
    return out


@kernel
def _scatter(grad: NDArray[Any], indices: NDArray[np.int64], out: NDArray[Any], planes: int) -> None:
    windows, pixels = grad.size // planes, out.size // planes
    for p in range(planes):
        plane = out[p * pixels:(p + 1) * pixels]
        for i in range(p * windows, (p + 1) * windows):
            plane[indices[i]] += grad[i]


def avg_pool2d_gradient(grad: ArrayLike, input_shape: Iterable[int], kernel_size: Pair, *, stride: Pair | None = None,
                        padding: Pair = 0, ceil_mode: bool = False, count_include_pad: bool = True) -> NDArray[Any]:
    """Share each window's gradient equally among its elements.

    Parameters
    ----------
    grad : array_like, (N, C, H', W')
        Gradient of the loss by the output of avg_pool2d.
    input_shape : (N, C, H, W)
    kernel_size, stride, padding, ceil_mode, count_include_pad
        What avg_pool2d was given.

    Returns
    -------
    ndarray of shape `input_shape`

    Raises
    ------
    ValueError, TypeError
        What avg_pool2d refuses, and a grad that has not the shape of its output.
    """
    name = "avg_pool2d_gradient"
    [slope] = operands(name, ("grad", grad, 4))
    shape = image_shape(name, "input_shape", input_shape)
    where = pooling_plan(name, shape, kernel_size, stride, padding, 1, ceil_mode).where
    expected = (*shape[:2], *where.output)
    if slope.shape != expected:
        raise ValueError(f"{name}: grad {slope.shape} must have the shape of what avg_pool2d returns, {expected}")
    out = np.zeros(shape, slope.dtype)
    if slope.size:
        down, across = elements(where, count_include_pad)
        share = slope / (down[:, None] * across).astype(slope.dtype)
        _spread(share.reshape(-1), out.reshape(-1), shape[0] * shape[1], where.plane, where.output, where.size,
                where.stride, sides(where))
    return out


@kernel
def _spread(share: NDArray[Any], out: NDArray[Any], planes: int, plane: Sizes, output: Sizes, size: Sizes,
            stride: Sizes, padding: Sizes) -> None:
    (height, width), (rows, columns) = plane, output
    for p in range(planes):
        for row in range(rows):
            top = row * stride[0] - padding[0]
            line = share[(p * rows + row) * columns:(p * rows + row + 1) * columns]
            for y in range(max(0, top), min(height, top + size[0])):
                target = out[(p * height + y) * width:(p * height + y + 1) * width]
                for i in range(columns):
                    left = i * stride[1] - padding[1]
                    for j in range(max(0, left), min(width, left + size[1])):
                        target[j] += line[i]
