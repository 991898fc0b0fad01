"""Gradients of a convolution: by its input, its weights and its bias."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.convolution import convolution_windows
from engine.convolution_plan import convolve, input_gradient_plan, plain_plan
from engine.layouts import Sums
from engine.operands import image_shape, operands
from engine.weight_gradient_plan import bias_gradient, correlate, weight_gradient_plan
from engine.windows import Padding, Pair, Windows, deal, roomy


class ConvolutionGradients(NamedTuple):
    """Gradient of the loss by a convolution's input, by its weights and by its bias, each shaped like its subject."""

    x: NDArray[Any]
    weight: NDArray[Any]
    bias: NDArray[Any]


def conv2d_gradients(grad: ArrayLike, x: ArrayLike, weight: ArrayLike, *, stride: Pair = 1, padding: Padding = 0,
                     dilation: Pair = 1, groups: int = 1) -> ConvolutionGradients:
    """All three gradients of `conv2d(x, weight, bias, …)`, given the gradient by what it returned.

    Parameters
    ----------
    grad : array_like, (N, K, H', W')
        Gradient of the loss by the output of conv2d.
    x, weight, stride, padding, dilation, groups
        What conv2d was given.

    Returns
    -------
    ConvolutionGradients (x, weight, bias)

    Raises
    ------
    ValueError, TypeError
        What conv2d refuses, and a grad that has not the shape of its output.
    """
    name = "conv2d_gradients"
    slope, values, filters = operands(name, ("grad", grad, 4), ("x", x, 4), ("weight", weight, 4))
    where = convolution_windows(name, values.shape, filters.shape, stride, padding, dilation, groups)
    _check_slope(name, slope.shape, (len(values), len(filters), *where.output))
    return ConvolutionGradients(_by_input(slope, filters, values.shape, where, int(groups)),
                                _by_weight(slope, values, filters.shape, where, int(groups)), bias_gradient(slope))


def conv2d_weight_gradient(grad: ArrayLike, x: ArrayLike, weight_shape: Iterable[int], *, stride: Pair = 1,
                           padding: Padding = 0, dilation: Pair = 1, groups: int = 1) -> NDArray[Any]:
    """Gradient by the weights: each is what it was multiplied by, times the gradient of what it entered, summed.

    The images are summed sixteen by sixteen, and then these sums in order. Within them each weight has a sum for every
    column modulo 16 (8 in float64), over images, rows and columns; these are added by halves at the end.

    Parameters
    ----------
    grad : array_like, (N, K, H', W')
    x : array_like, (N, C, H, W)
    weight_shape : (K, C / groups, R, S)
    stride, padding, dilation, groups
        What conv2d was given.

    Returns
    -------
    ndarray of shape `weight_shape`

    Raises
    ------
    ValueError, TypeError
        What conv2d refuses, and a grad that has not the shape of its output.
    """
    name = "conv2d_weight_gradient"
    slope, values = operands(name, ("grad", grad, 4), ("x", x, 4))
    shape = image_shape(name, "weight_shape", weight_shape)
    where = convolution_windows(name, values.shape, shape, stride, padding, dilation, groups)
    _check_slope(name, slope.shape, (len(values), shape[0], *where.output))
    return _by_weight(slope, values, shape, where, int(groups))


def _by_weight(slope: NDArray[Any], values: NDArray[Any], shape: tuple[int, ...], where: Windows,
               groups: int) -> NDArray[Any]:
    if not slope.size:
        return np.zeros(shape, values.dtype)
    out = np.empty(shape, values.dtype)
    plan = weight_gradient_plan(len(values), values.shape[1], shape[0], groups, where, values.dtype)
    correlate(plan, values if plan.phases is None else deal(values, where, plan.phases), slope, out)
    return out


def conv2d_input_gradient(grad: ArrayLike, weight: ArrayLike, input_shape: Iterable[int], *, stride: Pair = 1,
                          padding: Padding = 0, dilation: Pair = 1, groups: int = 1) -> NDArray[Any]:
    """Gradient by the input: a pixel gathers the gradients of the outputs that saw it, times the weights between them.

    The sum runs over filters, then over the rows and columns of the filter.

    Parameters
    ----------
    grad : array_like, (N, K, H', W')
    weight : array_like, (K, C / groups, R, S)
    input_shape : (N, C, H, W)
    stride, padding, dilation, groups
        What conv2d was given.

    Returns
    -------
    ndarray of shape `input_shape`

    Raises
    ------
    ValueError, TypeError
        What conv2d refuses, and a grad that has not the shape of its output.
    """
    name = "conv2d_input_gradient"
    slope, filters = operands(name, ("grad", grad, 4), ("weight", weight, 4))
    shape = image_shape(name, "input_shape", input_shape)
    where = convolution_windows(name, shape, filters.shape, stride, padding, dilation, groups)
    _check_slope(name, slope.shape, (shape[0], len(filters), *where.output))
    return _by_input(slope, filters, shape, where, int(groups))


def _by_input(slope: NDArray[Any], filters: NDArray[Any], shape: tuple[int, ...], where: Windows,
              groups: int) -> NDArray[Any]:
    if not slope.size:
        return np.zeros(shape, slope.dtype)
    out = np.empty(shape, slope.dtype)
    if where.stride == (1, 1):
        plan = input_gradient_plan(shape[0], shape[1], len(filters), groups, where, slope.dtype)
        convolve(slope, filters, plan.no_bias, out, plan)
    else:
        _gather(slope, filters, where, groups, out)
    return out


def _gather(slope: NDArray[Any], filters: NDArray[Any], where: Windows, groups: int, out: NDArray[Any]) -> None:
    """Fill `out` phase by phase: with a stride, neighbouring pixels are seen by different elements of the filter."""
    (images, outputs), channels, share = slope.shape[:2], out.shape[1] // groups, len(filters) // groups
    lines = [list(_phases_along(where, axis)) for axis in (0, 1)]
    # Zeros before and after the gradient, so that a pixel near the border gathers nothing from beyond it.
    before = [max(line.taps.max(initial=0) for line in axis) for axis in lines]
    height, width = (int(before[axis] + max(where.output[axis], max(line.first + line.pixels for line in lines[axis])))
                     for axis in (0, 1))
    row = roomy(images * outputs * height * width, width, slope.dtype)
    planes = row[:images * outputs * height * width].reshape(images, outputs, height, width)
    planes[:, :, before[0]:before[0] + where.output[0], before[1]:before[1] + where.output[1]] = slope
    r, s = where.size
    for rows, columns in product(*lines):
        pixels = np.zeros((images, out.shape[1], rows.pixels, columns.pixels), slope.dtype)
        if rows.taps.size and columns.taps.size and pixels.size:
            places = ((before[0] + rows.first - rows.taps) * width)[:, None] + before[1] + columns.first - columns.taps
            weights = (rows.elements * s)[:, None] + columns.elements
            taps = (np.arange(share) * (height * width))[:, None] + places.ravel()
            source = (np.arange(share) * (channels * r * s))[:, None] + weights.ravel()
            sums = Sums(images, share, channels, groups, (rows.pixels, columns.pixels), weights.size, source.ravel(),
                        r * s, share * channels * r * s)
            plan = plain_plan(sums, height * width, width, taps.ravel(), slope.dtype)
            convolve(row, filters, plan.no_bias, pixels, plan)
        out[:, :, rows.start::where.stride[0], columns.start::where.stride[1]] = pixels


class _Phase(NamedTuple):
    """Along one axis, the pixels whose places differ by the stride, and the elements of the filter that see them."""

    start: int                          # the first of these pixels, in the image
    first: int                          # the same, counted in strides on the padded image
    pixels: int                         # how many they are
    elements: NDArray[np.int64]         # indices along the filter
    taps: NDArray[np.int64]             # how many strides before a pixel the window begins that sees it with each


def _phases_along(where: Windows, axis: int) -> Iterator[_Phase]:
    stride, before, size = where.stride[axis], where.padding[axis][0], where.plane[axis]
    places = np.arange(where.size[axis]) * where.dilation[axis]
    for phase in range(stride):
        first = -((phase - before) // stride)
        start = first * stride + phase - before
        elements = np.flatnonzero(places % stride == phase)
        yield _Phase(start, first, max(0, -((start - size) // stride)), elements, places[elements] // stride)


def _check_slope(function: str, given: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if given != expected:
        raise ValueError(f"{function}: grad {given} must have the shape of what conv2d returns, {expected}")
