"""Gradients of a convolution: by its input, its weights and its bias."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.compile import kernel
from engine.convolution import convolution_windows
from engine.operands import image_shape, operands
from engine.products import add_products, rows_at_once, slide
from engine.windows import Padding, Pair, Windows, phases

Array = NDArray[Any]

# Elements of the patches that are laid out at a time: they stay in the second-level cache until they are summed.
PATCHES = 65536


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
    options: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    slope, values, filters = operands("conv2d_gradients", ("grad", grad, 4), ("x", x, 4), ("weight", weight, 4))
    return ConvolutionGradients(conv2d_input_gradient(slope, filters, values.shape, **options),
                                conv2d_weight_gradient(slope, values, filters.shape, **options), slope.sum((0, 2, 3)))


def conv2d_weight_gradient(grad: ArrayLike, x: ArrayLike, weight_shape: Iterable[int], *, stride: Pair = 1,
                           padding: Padding = 0, dilation: Pair = 1, groups: int = 1) -> NDArray[Any]:
    """Gradient by the weights: each is what it was multiplied by, times the gradient of what it entered, summed.

    Each image is summed alone, rows then columns, and then the images in order.

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
    out = np.zeros(shape, values.dtype)
    if slope.size:
        dealt = phases(values, where, shape[1])
        rows = max(1, min(where.output[0], PATCHES // (where.output[1] * dealt.taps.size)))
        _correlate_patches(dealt.planes.reshape(-1), dealt.step, dealt.step // groups, dealt.taps, slope.reshape(-1),
                           out.reshape(-1), groups, *where.output, dealt.planes.shape[-1], rows)
    return out


@kernel
def _correlate_patches(x: Array, image_step: int, group_step: int, taps: Array, grad: Array, out: Array, groups: int,
                       height: int, width: int, pitch: int, rows: int) -> None:
    size, positions, outputs = taps.size, height * width, out.size // taps.size
    share = outputs // groups
    patches, starts = np.empty(rows * width * size, x.dtype), np.arange(rows * width) * size
    partial = np.empty(share * size, x.dtype)
    for image in range(grad.size // (outputs * positions)):
        for group in range(groups):
            partial[:] = 0
            for row in range(0, height, rows):
                count, corner = min(rows, height - row), image * image_step + group * group_step + row * pitch
                # What each window sees, one window a line: the sum over windows then runs along memory.
                for y in range(count):
                    for t in range(size):
                        source, target = x[corner + y * pitch + taps[t]:], patches[y * width * size + t:]
                        for i in range(width):
                            target[i * size] = source[i]
                first = (image * outputs + group * share) * positions + row * width
                for o in range(share):
                    add_products(partial[o * size:(o + 1) * size], patches, 0, starts[:count * width], grad,
                                 first + o * positions)
            total = out[group * share * size:(group + 1) * share * size]
            for i in range(total.size):
                total[i] += partial[i]


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
    out = np.zeros(shape, slope.dtype)
    if slope.size:
        _gather(slope, filters, where, groups, out)
    return out


def _gather(slope: NDArray[Any], filters: NDArray[Any], where: Windows, groups: int, out: NDArray[Any]) -> None:
    """Fill `out` phase by phase: with a stride, neighbouring pixels are seen by different elements of the filter."""
    (images, outputs), channels, share = slope.shape[:2], out.shape[1], len(filters) // groups
    lines = [list(_phases_of(where, axis)) for axis in (0, 1)]
    # Zeros before and after the gradient, so that a pixel near the border gathers nothing from beyond it.
    before = [max(line.taps.max(initial=0) for line in axis) for axis in lines]
    height, width = (before[axis] + max(where.output[axis], max(line.first + line.pixels for line in lines[axis]))
                     for axis in (0, 1))
    planes = np.zeros((images, outputs, height, width), slope.dtype)
    planes[:, :, before[0]:before[0] + where.output[0], before[1]:before[1] + where.output[1]] = slope
    plane = np.arange(share) * (height * width)
    grouped = filters.reshape(groups, share, *filters.shape[1:]).transpose(0, 2, 1, 3, 4)
    for rows, columns in product(*lines):
        seen = grouped[..., rows.elements, :][..., columns.elements]
        pixels = np.zeros((images, channels, rows.pixels, columns.pixels), slope.dtype)
        if seen.size and pixels.size:
            row = (before[0] + rows.first - rows.taps) * width
            taps = plane[:, None, None] + row[:, None] + before[1] + columns.first - columns.taps
            slide(planes.reshape(-1), planes[0].size, planes[0].size // groups, taps.reshape(-1), seen.reshape(-1),
                  np.zeros(channels, slope.dtype), pixels.reshape(-1), groups, rows.pixels, columns.pixels, width,
                  rows_at_once(width, rows.pixels))
        out[:, :, rows.start::where.stride[0], columns.start::where.stride[1]] = pixels


class _Phase(NamedTuple):
    """Along one axis, the pixels whose places differ by the stride, and the elements of the filter that see them."""

    start: int                          # the first of these pixels, in the image
    first: int                          # the same, counted in strides on the padded image
    pixels: int                         # how many they are
    elements: NDArray[np.int64]         # indices along the filter
    taps: NDArray[np.int64]             # how many strides before a pixel the window begins that sees it with each


def _phases_of(where: Windows, axis: int) -> Iterator[_Phase]:
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
