"""Pooling within a step of training: flat kernels that keep what the way back needs, and no more."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from engine.compile import kernel
from engine.intrinsics import select
from engine.pairs import evens, first_pairs, last_pairs, odds, where_less
from engine.vectors import lanes, load, splat, store

Array = NDArray[Any]


@kernel
def pool_pairs(x: Array, out: Array, floor: Any, width: int) -> None:
    """The largest of each 2 x 2 window, side by side, and of `floor`: 0 makes a ReLU of it, -infinity nothing.

    Rows of x, an even number, are `width` long, an even number too. Where they are shorter than two vectors, a vector
    reaches beyond its row, and what it gives for there is overwritten by the next: both arrays must have two vectors
    of memory more than elements.
    """
    columns, count, bottom = width // 2, lanes(x), splat(floor)
    for row in range(x.size // (2 * width)):
        for j in range(0, columns, count):
            column = max(0, min(j, columns - count))
            upper = 2 * (row * width + column)
            lower = upper + width
            a, b = load(x, upper), load(x, upper + count)
            c, d = load(x, lower), load(x, lower + count)
            left, right, below, corner = evens(a, b), odds(a, b), evens(c, d), odds(c, d)
            high, low = where_less(left, right, right, left), where_less(below, corner, corner, below)
            best = where_less(high, low, low, high)
            store(out, row * columns + column, where_less(best, bottom, bottom, best))


@kernel
def unpool_pairs(x: Array, grad: Array, out: Array, width: int) -> None:
    """Each window's gradient goes to its largest, found again, the first of equals; the others get 0.

    Arrays as in `pool_pairs`.
    """
    columns, count, zero = width // 2, lanes(x), splat(x.dtype.type(0))
    for row in range(x.size // (2 * width)):
        for j in range(0, columns, count):
            column = max(0, min(j, columns - count))
            upper = 2 * (row * width + column)
            lower = upper + width
            a, b = load(x, upper), load(x, upper + count)
            c, d = load(x, lower), load(x, lower + count)
            left, right, below, corner = evens(a, b), odds(a, b), evens(c, d), odds(c, d)
            high, low = where_less(left, right, right, left), where_less(below, corner, corner, below)
            slope = load(grad, row * columns + column)
            up, down = where_less(high, low, zero, slope), where_less(high, low, slope, zero)
            a, b = where_less(left, right, zero, up), where_less(left, right, up, zero)
            c, d = where_less(below, corner, zero, down), where_less(below, corner, down, zero)
            store(out, upper, first_pairs(a, b))
            store(out, upper + count, last_pairs(a, b))
            store(out, lower, first_pairs(c, d))
            store(out, lower + count, last_pairs(c, d))


@kernel
def pool_windows(x: Array, out: Array, winners: Array, floor: Any, planes: int, height: int, width: int, rows: int,
                 columns: int, tall: int, wide: int, down: int, across: int) -> None:
    """The same for windows of any size and stride, overlapping or not; `winners` are places in x, first of equals."""
    for p in range(planes):
        for row in range(rows):
            for column in range(columns):
                corner = (p * height + row * down) * width + column * across
                place = corner
                for r in range(tall):
                    for i in range(corner + r * width, corner + r * width + wide):
                        if x[place] < x[i]:
                            place = i
                target = (p * rows + row) * columns + column
                out[target], winners[target] = select(x[place] <= floor, floor, x[place]), place


@kernel
def unpool_windows(winners: Array, grad: Array, out: Array) -> None:
    """Each window's gradient is added to what its winner has."""
    for i in range(out.size):
        out[i] = 0
    for i in range(grad.size):
        out[winners[i]] += grad[i]


@kernel
def mean_windows(x: Array, out: Array, share: Any, planes: int, height: int, width: int, rows: int, columns: int,
                 tall: int, wide: int, down: int, across: int) -> None:
    """The sum of each window, row by row, times `share`."""
    for p in range(planes):
        for row in range(rows):
            for column in range(columns):
                corner, total = (p * height + row * down) * width + column * across, x.dtype.type(0)
                for r in range(tall):
                    for i in range(corner + r * width, corner + r * width + wide):
                        total += x[i]
                out[(p * rows + row) * columns + column] = total * share


@kernel
def spread_windows(grad: Array, out: Array, share: Any, planes: int, height: int, width: int, rows: int, columns: int,
                   tall: int, wide: int, down: int, across: int) -> None:
    """Each window's gradient times `share` is added to what its pixels have."""
    for i in range(out.size):
        out[i] = 0
    for p in range(planes):
        for row in range(rows):
            for column in range(columns):
                corner = (p * height + row * down) * width + column * across
                portion = grad[(p * rows + row) * columns + column] * share
                for r in range(tall):
                    for i in range(corner + r * width, corner + r * width + wide):
                        out[i] += portion
