"""The loops of pooling, over the rows of an output from `first` to `last`, those of all planes counted through.

Windows are taken apart: along a row of the plane first, then down. A row that several windows see is reduced once and
kept in a ring of as many rows as a window is high; `keys` says which row stands where. The larger of two is torch's:
among equals the first in the order of rows counts, and the last NaN.

`numbers` are those of engine/pooling_windows.py: height, width, rows, columns, then (down, across) of size, stride,
dilation and padding. Arrays are flat and contiguous.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.intrinsics import select
from engine.pooling_vectors import even, larger, odd
from engine.vectors import lanes, load, store

Array = NDArray[Any]
Numbers = NDArray[np.int64]


@kernel
def largest_of_four(x: Array, out: Array, first: int, last: int, numbers: Numbers) -> None:
    """The usual windows, 2 x 2 side by side without padding."""
    height, width, rows, columns = numbers[0], numbers[1], numbers[2], numbers[3]
    count, safe = lanes(x), last
    span = -(-columns // count) * count
    # Vectors may reach beyond their row: what they leave in the next is written again later. The last rows have no next.
    while safe > first and ((safe - 1) * columns + span > last * columns or
                            ((safe - 1) // rows * height + (safe - 1) % rows * 2 + 1) * width + 2 * span > x.size):
        safe -= 1
    row, upper = first % rows, (first // rows * height + first % rows * 2) * width
    for place in range(first * columns, safe * columns, columns):
        # One row of the plane after the other: memory is fetched ahead best where it is read in order.
        for i in range(0, columns, count):
            some, others = load(x, upper + 2 * i), load(x, upper + 2 * i + count)
            store(out, place + i, larger(even(some, others), odd(some, others)))
        for i in range(0, columns, count):
            some, others = load(x, upper + width + 2 * i), load(x, upper + width + 2 * i + count)
            store(out, place + i, larger(load(out, place + i), larger(even(some, others), odd(some, others))))
        upper, row = upper + 2 * width, row + 1
        if row == rows:
            upper, row = upper + (height - 2 * rows) * width, 0
    for place in range(safe * columns, last * columns):
        k, i = place // columns, place % columns
        a = (k // rows * height + k % rows * 2) * width + 2 * i
        out[place] = larger(larger(x[a], x[a + 1]), larger(x[a + width], x[a + width + 1]))


@kernel
def reach(shift: int, stride: int, width: int, columns: int) -> tuple[int, int]:
    """The windows of a row, from the first to before the last, whose element at `shift` lies in the plane."""
    return min(columns, max(0, -(shift // stride))), max(0, min(columns, (width - 1 - shift) // stride + 1))


@kernel
def largest(x: Array, out: Array, ring: Array, keys: Numbers, first: int, last: int, numbers: Numbers) -> None:
    """Any windows; `ring` has the output's columns for each of `keys`, which begin at -1."""
    height, width, rows, columns = numbers[0], numbers[1], numbers[2], numbers[3]
    stride, lowest = numbers[7], x.dtype.type(-np.inf)
    for k in range(first, last):
        top, best, begun = k % rows * numbers[6] - numbers[10], out[k * columns:(k + 1) * columns], False
        for y in range(top, top + numbers[4] * numbers[8], numbers[8]):
            if 0 <= y < height:
                key = k // rows * height + y
                slot = y % keys.size
                most = ring[slot * columns:(slot + 1) * columns]
                if keys[slot] != key:
                    keys[slot] = key
                    for i in range(columns):
                        most[i] = lowest
                    for s in range(numbers[5]):
                        shift = s * numbers[9] - numbers[11]
                        start, stop = reach(shift, stride, width, columns)
                        line = x[key * width + start * stride + shift:]
                        some = most[start:stop]
                        if stride == 1:
                            for i in range(some.size):
                                some[i] = larger(some[i], line[i])
                        elif stride == 2:
                            for i in range(some.size):
                                some[i] = larger(some[i], line[2 * i])
                        else:
                            for i in range(some.size):
                                some[i] = larger(some[i], line[stride * i])
                for i in range(columns):
                    best[i] = larger(best[i], most[i]) if begun else most[i]
                begun = True


@kernel
def largest_with_places(x: Array, out: Array, places: Numbers, ring: Array, seats: NDArray[np.int32], keys: Numbers,
                        first: int, last: int, numbers: Numbers) -> None:
    """`largest`, and row * width + column of where it stands; `seats` is a second ring, for columns."""
    height, width, rows, columns = numbers[0], numbers[1], numbers[2], numbers[3]
    stride = numbers[7]
    for k in range(first, last):
        top, begun = k % rows * numbers[6] - numbers[10], False
        best, where = out[k * columns:(k + 1) * columns], places[k * columns:(k + 1) * columns]
        for y in range(top, top + numbers[4] * numbers[8], numbers[8]):
            if 0 <= y < height:
                key, slot = k // rows * height + y, y % keys.size
                most, seat = ring[slot * columns:(slot + 1) * columns], seats[slot * columns:(slot + 1) * columns]
                if keys[slot] != key:
                    keys[slot] = key
                    for i in range(columns):
                        # Where all is -inf, the first element in the plane.
                        left = stride * i - numbers[11]
                        most[i], seat[i] = -np.inf, left + max(0, -(left // numbers[9])) * numbers[9]
                    for s in range(numbers[5]):
                        shift = s * numbers[9] - numbers[11]
                        start, stop = reach(shift, stride, width, columns)
                        line = x[key * width + start * stride + shift:]
                        some, chair, column = most[start:stop], seat[start:stop], start * stride + shift
                        for i in range(some.size):
                            value = line[stride * i]
                            take = (value > some[i]) | (value != value)
                            some[i] = select(take, value, some[i])
                            chair[i] = select(take, np.int32(column + stride * i), chair[i])
                for i in range(columns):
                    take = (not begun) | (most[i] > best[i]) | (most[i] != most[i])
                    best[i] = select(take, most[i], best[i])
                    where[i] = select(take, y * width + np.int64(seat[i]), where[i])
                begun = True


@kernel
def means(x: Array, out: Array, ring: Array, keys: Numbers, down: Array, across: Array, first: int, last: int,
          numbers: Numbers) -> None:
    """Sums of windows without dilation over (elements down) * (elements across), each counted by row and column."""
    height, width, rows, columns = numbers[0], numbers[1], numbers[2], numbers[3]
    stride, zero = numbers[7], x.dtype.type(0)
    for k in range(first, last):
        top, total = k % rows * numbers[6] - numbers[10], out[k * columns:(k + 1) * columns]
        for i in range(columns):
            total[i] = zero
        for y in range(max(0, top), min(height, top + numbers[4])):
            key, slot = k // rows * height + y, y % keys.size
            part = ring[slot * columns:(slot + 1) * columns]
            if keys[slot] != key:
                keys[slot] = key
                for i in range(columns):
                    part[i] = zero
                for s in range(numbers[5]):
                    shift = s - numbers[11]
                    start, stop = reach(shift, stride, width, columns)
                    line = x[key * width + start * stride + shift:]
                    some = part[start:stop]
                    if stride == 2:
                        for i in range(some.size):
                            some[i] += line[2 * i]
                    else:
                        for i in range(some.size):
                            some[i] += line[stride * i]
            for i in range(columns):
                total[i] += part[i]
        for i in range(columns):
            total[i] /= down[k % rows] * across[i]
