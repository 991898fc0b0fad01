"""Pooling: each window of a plane gives one number, its largest or its mean."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.compile import kernel
from engine.operands import operands
from engine.pooling_windows import elements, pixels_seen, pooling_windows, sides
from engine.windows import Pair

Array = NDArray[Any]
Sizes = tuple[int, int]


class MaxPooling(NamedTuple):
    """The largest value of each window, and its place: row * W + column in the plane that was pooled, int64."""

    output: NDArray[Any]
    indices: NDArray[np.int64]


@overload
def max_pool2d(x: ArrayLike, kernel_size: Pair, *, stride: Pair | None = ..., padding: Pair = ..., dilation: Pair = ...,
               ceil_mode: bool = ..., return_indices: Literal[False] = ...) -> NDArray[Any]: ...


@overload
def max_pool2d(x: ArrayLike, kernel_size: Pair, *, stride: Pair | None = ..., padding: Pair = ..., dilation: Pair = ...,
               ceil_mode: bool = ..., return_indices: Literal[True]) -> MaxPooling: ...


def max_pool2d(x: ArrayLike, kernel_size: Pair, *, stride: Pair | None = None, padding: Pair = 0, dilation: Pair = 1,
               ceil_mode: bool = False, return_indices: bool = False) -> NDArray[Any] | MaxPooling:
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

    Returns
    -------
    ndarray, (N, C, H', W'), or with `return_indices` a `MaxPooling(output, indices)`
        A window that holds NaN gives NaN, and the place of the last one.

    Raises
    ------
    ValueError, TypeError
        A window larger than the padded plane or without any pixel in it, padding above half of the window, stride or
        dilation below 1, x without four axes or without real numbers.
    """
    [values] = operands("max_pool2d", ("x", x, 4))
    where = pooling_windows("max_pool2d", values.shape, kernel_size, stride, padding, dilation, ceil_mode)
    if not all(pixels_seen(where, axis).all() for axis in (0, 1)):
        raise ValueError(f"max_pool2d: with kernel_size {where.size}, dilation {where.dilation} and padding "
                         f"{sides(where)} a window would hold no pixel of an image of {where.plane}")
    output = np.empty((*values.shape[:2], *where.output), values.dtype)
    side_by_side = (where.size, where.stride, where.dilation, sides(where)) == ((2, 2), (2, 2), (1, 1), (0, 0))
    plain = side_by_side and 2 * where.output[0] <= where.plane[0] and 2 * where.output[1] <= where.plane[1]
    indices = np.empty(output.shape if return_indices or not plain else 0, np.int64)
    flat, planes = (values.reshape(-1), output.reshape(-1), indices.reshape(-1)), values.shape[0] * values.shape[1]
    if plain:
        _largest_of_four(*flat, planes, where.plane, where.output)
    else:
        _largest(*flat, planes, where.plane, where.output, where.size, where.stride, where.dilation, sides(where))
    return MaxPooling(output, indices) if return_indices else output


@kernel
def _largest(x: Array, out: Array, indices: Array, planes: int, plane: Sizes, output: Sizes, size: Sizes, stride: Sizes,
             dilation: Sizes, padding: Sizes) -> None:
    (height, width), (rows, columns), (down, across) = plane, output, dilation
    for p in range(planes):
        for row in range(rows):
            top = row * stride[0] - padding[0]
            bottom = min(height, top + (size[0] - 1) * down + 1)
            top += max(0, -(top // down)) * down
            for column in range(columns):
                left = column * stride[1] - padding[1]
                right = min(width, left + (size[1] - 1) * across + 1)
                left += max(0, -(left // across)) * across
                best, index = x.dtype.type(-np.inf), top * width + left
                for y in range(top, bottom, down):
                    for i in range(left, right, across):
                        value = x[(p * height + y) * width + i]
                        take = (value > best) | (value != value)
                        best, index = (value, y * width + i) if take else (best, index)
                position = (p * rows + row) * columns + column
                out[position], indices[position] = best, index


@kernel
def _largest_of_four(x: Array, out: Array, indices: Array, planes: int, plane: Sizes, output: Sizes) -> None:
    # The usual windows, 2 x 2 side by side: constant steps vectorise, and so does a choice among numbers of one width,
    # which is why the winner, 0 to 3, is a float here.
    (height, width), (rows, columns), kind = plane, output, x.dtype.type
    winner, zero, one, two, three = np.empty(columns, x.dtype), kind(0), kind(1), kind(2), kind(3)
    for p in range(planes):
        for row in range(rows):
            corner, position = 2 * row * width, (p * rows + row) * columns
            start = p * height * width + corner
            upper, lower = x[start:start + width], x[start + width:start + 2 * width]
            best = out[position:position + columns]
            for i in range(columns):
                a, b, c, d = upper[2 * i], upper[2 * i + 1], lower[2 * i], lower[2 * i + 1]
                take = (b > a) | (b != b)
                value, place = b if take else a, one if take else zero
                take = (c > value) | (c != c)
                value, place = c if take else value, two if take else place
                take = (d > value) | (d != d)
                best[i], winner[i] = d if take else value, three if take else place
            if indices.size:
                index = indices[position:position + columns]
                for i in range(columns):
                    number = int(winner[i])
                    index[i] = corner + 2 * i + (number & 1) + (number >> 1) * width


def avg_pool2d(x: ArrayLike, kernel_size: Pair, *, stride: Pair | None = None, padding: Pair = 0,
               ceil_mode: bool = False, count_include_pad: bool = True) -> NDArray[Any]:
    """Take the mean of each window: its sum, row by row, over the number of its elements.

    Parameters
    ----------
    x, kernel_size, stride, ceil_mode
        As in `max_pool2d`.
    padding : int or (rows, columns), from 0 to half of kernel_size
        Zeros around the plane.
    count_include_pad : bool
        Whether zeros of the padding count as elements. What lies beyond the padding never does.

    Returns
    -------
    ndarray, (N, C, H', W')

    Raises
    ------
    ValueError, TypeError
        As `max_pool2d`.
    """
    [values] = operands("avg_pool2d", ("x", x, 4))
    where = pooling_windows("avg_pool2d", values.shape, kernel_size, stride, padding, 1, ceil_mode)
    output = np.zeros((*values.shape[:2], *where.output), values.dtype)
    if output.size:
        _add_windows(values.reshape(-1), output.reshape(-1), values.shape[0] * values.shape[1],
                     where.plane, where.output, where.size, where.stride, sides(where))
        output /= elements(where, count_include_pad).astype(values.dtype)
    return output


@kernel
def _add_windows(x: Array, out: Array, planes: int, plane: Sizes, output: Sizes, size: Sizes, stride: Sizes,
                 padding: Sizes) -> None:
    (height, width), (rows, columns), across = plane, output, stride[1]
    for p in range(planes):
        for row in range(rows):
            place = (p * rows + row) * columns
            total = out[place:place + columns]
            for y in range(max(0, row * stride[0] - padding[0]), min(height, row * stride[0] - padding[0] + size[0])):
                for s in range(size[1]):
                    shift = s - padding[1]
                    first = max(0, -(shift // across))
                    span = max(0, min(columns, (width - 1 - shift) // across + 1) - first)
                    some, start = total[first:first + span], (p * height + y) * width + first * across + shift
                    line = x[start:]
                    if across == 2:
                        for i in range(span):
                            some[i] += line[2 * i]
                    else:
                        for i in range(span):
                            some[i] += line[i * across]
