"""The usual windows of pooling, 2 x 2 side by side without padding: their largest values.

Rows of an output go from `first` to `last`, those of all planes counted through; the first of `numbers` are height,
width, rows and columns. Arrays are flat and contiguous. The larger of two is torch's: among equals the first in the
order of rows counts, and the last NaN.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.memory import on_stack
from engine.pooling_vectors import even, larger, odd
from engine.streaming import settle, stream
from engine.vectors import lanes, load, store

Array = NDArray[Any]
Numbers = NDArray[np.int64]

WIDE = 4  # vectors of a row of the output


@kernel
def largest_of_four(x: Array, out: Array, first: int, last: int, numbers: Numbers) -> None:
    """Write the largest value of each window to `out`."""
    height, width, rows, columns = numbers[0], numbers[1], numbers[2], numbers[3]
    count = lanes(x)
    # Vectors may reach beyond their row: what they leave in the next is written again later. The last have no next.
    safe = max(first, last + 1 - (-(-columns // count) * count + columns - 1) // columns)
    row, upper = first % rows, (first // rows * height + first % rows * 2) * width
    for place in range(first * columns, safe * columns, columns):
        lower = upper + width
        if columns > WIDE * count:
            # One row after the other: long rows are fetched ahead best where memory is read in order.
            for i in range(0, columns, count):
                a, b = load(x, upper + 2 * i), load(x, upper + 2 * i + count)
                store(out, place + i, larger(even(a, b), odd(a, b)))
            for i in range(0, columns, count):
                c, d = load(x, lower + 2 * i), load(x, lower + 2 * i + count)
                store(out, place + i, larger(load(out, place + i), larger(even(c, d), odd(c, d))))
        else:
            # In a short one, what was stored would have to be read back at once.
            for i in range(0, columns, count):
                a, b = load(x, upper + 2 * i), load(x, upper + 2 * i + count)
                c, d = load(x, lower + 2 * i), load(x, lower + 2 * i + count)
                store(out, place + i, larger(larger(even(a, b), odd(a, b)), larger(even(c, d), odd(c, d))))
        upper, row = lower + width, row + 1
        if row == rows:
            upper, row = upper + (height - 2 * rows) * width, 0
    for k in range(safe, last):
        upper = (k // rows * height + k % rows * 2) * width
        for i in range(columns):
            a, b = upper + 2 * i, upper + width + 2 * i
            out[k * columns + i] = larger(larger(x[a], x[a + 1]), larger(x[b], x[b + 1]))


@kernel
def largest_of_four_streamed(x: Array, out: Array, first: int, last: int, numbers: Numbers) -> None:
    """`largest_of_four` where each row of `out` fills lines of the cache, STACK elements at most: it goes past them."""
    height, width, rows, columns = numbers[0], numbers[1], numbers[2], numbers[3]
    count, reduced = lanes(x), on_stack(x)
    for k in range(first, last):
        upper, place = (k // rows * height + k % rows * 2) * width, k * columns
        for i in range(0, columns, count):
            a, b = load(x, upper + 2 * i), load(x, upper + 2 * i + count)
            store(reduced, i, larger(even(a, b), odd(a, b)))
        lower = upper + width
        for i in range(0, columns, count):
            c, d = load(x, lower + 2 * i), load(x, lower + 2 * i + count)
            stream(out, place + i, larger(load(reduced, i), larger(even(c, d), odd(c, d))))
    settle()
