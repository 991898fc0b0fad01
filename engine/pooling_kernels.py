"""The loops of pooling, over the rows of an output from `first` to `last`, those of all planes counted through.

Windows are taken apart: along a row of the plane first, then down. The larger of two is torch's: among equals the first
in the order of rows counts, and the last NaN.

- `line` holds a row of the plane with its padding, dealt out by stride as a hand of cards: what a strided window reads
  step by step then lies side by side, in `hands`, and element s of all windows begins at `taps[s]`. Padding is there
  from the start;
- `ring` keeps rows of reduced windows, as many as a window is high, so that a row which several windows see is reduced
  once, row y in slot `slots[y]`; `keys`, which begin at -1, say which stands there. One row beyond them is spare.

`numbers` are those of engine/pooling_windows.py: height, width, rows, columns, then (down, across) of size, stride,
dilation and padding, then the lengths of a row of `line` and of `ring`. Arrays are flat and contiguous.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.pooling_vectors import larger, seat_of_larger
from engine.vectors import add, lanes, load, splat, store

Array = NDArray[Any]
Numbers = NDArray[np.int64]


@kernel
def deal(x: Array, start: int, line: Array, hands: Numbers, stride: int) -> None:
    """Put the row that begins at `start` into `line`; `hands` are (from, to, how many) for each phase of the stride."""
    for phase in range(0, 3 * stride, 3):
        row, place, count = x[start + hands[phase]:], hands[phase + 1], hands[phase + 2]
        # One loop for all strides: LLVM makes its own of the step 1.
        for i in range(count):
            line[place + i] = row[stride * i]


@kernel
def largest(x: Array, out: Array, line: Array, ring: Array, keys: Numbers, slots: Numbers, hands: Numbers,
            taps: Numbers, first: int, last: int, numbers: Numbers) -> None:
    """The largest of any windows; padding is -inf."""
    height, rows, columns, down, length = numbers[0], numbers[2], numbers[3], numbers[8], numbers[13]
    count, span = lanes(x), keys.size
    row, plane = first % rows, first // rows * height
    for place in range(first * columns, last * columns, columns):
        top = row * numbers[6] - numbers[10]
        begin, stop = top if top >= 0 else top - top // down * down, min(height, top + numbers[4] * down)
        for y in range(begin, stop, down):
            key, slot = plane + y, slots[y]
            if keys[slot] != key:
                keys[slot] = key
                deal(x, key * numbers[1], line, hands, numbers[7])
                for i in range(0, length, count):
                    best = load(line, taps[0] + i)
                    for s in range(1, taps.size):
                        best = larger(best, load(line, taps[s] + i))
                    store(ring, slot * length + i, best)
        # A vector may reach beyond its row of the output: what it leaves there is written again later.
        safe = place + length <= last * columns
        for i in range(0, length, count):
            slot = slots[begin]
            best = load(ring, slot * length + i)
            for _ in range(begin + down, stop, down):
                slot += down if slot + down < span else down - span
                best = larger(best, load(ring, slot * length + i))
            if safe:
                store(out, place + i, best)
            else:
                store(ring, span * length + i, best)
        if not safe:
            for i in range(columns):
                out[place + i] = ring[span * length + i]
        row += 1
        if row == rows:
            row, plane = 0, plane + height


@kernel
def means(x: Array, out: Array, line: Array, ring: Array, keys: Numbers, slots: Numbers, hands: Numbers,
          taps: Numbers, heights: Array, widths: Array, first: int, last: int, numbers: Numbers) -> None:
    """Sums of any windows over heights[row] * widths[column]; padding is 0."""
    height, rows, columns, down, length = numbers[0], numbers[2], numbers[3], numbers[8], numbers[13]
    count, span = lanes(x), keys.size
    row, plane = first % rows, first // rows * height
    for place in range(first * columns, last * columns, columns):
        top = row * numbers[6] - numbers[10]
        begin, stop = top if top >= 0 else top - top // down * down, min(height, top + numbers[4] * down)
        for y in range(begin, stop, down):
            key, slot = plane + y, slots[y]
            if keys[slot] != key:
                keys[slot] = key
                deal(x, key * numbers[1], line, hands, numbers[7])
                for i in range(0, length, count):
                    total = load(line, taps[0] + i)
                    for s in range(1, taps.size):
                        total = add(total, load(line, taps[s] + i))
                    store(ring, slot * length + i, total)
        spare = ring[span * length:]
        for i in range(0, length, count):
            slot, total = slots[begin], splat(x.dtype.type(0))
            for _ in range(begin, stop, down):
                total = add(total, load(ring, slot * length + i))
                slot += down if slot + down < span else down - span
            store(spare, i, total)
        average, tall = out[place:place + columns], heights[row]
        for i in range(columns):
            average[i] = spare[i] / (tall * widths[i])
        row += 1
        if row == rows:
            row, plane = 0, plane + height


@kernel
def largest_with_places(x: Array, out: Array, places: Numbers, line: Array, ring: Array, seats: Array, keys: Numbers,
                        slots: Numbers, hands: Numbers, taps: Numbers, leftmost: Numbers, first: int, last: int,
                        numbers: Numbers) -> None:
    """`largest`, and row * width + column of where it stands.

    `seats` is a second ring, of where along its row each of `ring` was found, with two spare rows; numbers of the dtype
    of x, as vectors are.
    """
    height, width, rows, columns, down, length = numbers[0], numbers[1], numbers[2], numbers[3], numbers[8], numbers[13]
    count, span, one, zero = lanes(x), keys.size, splat(x.dtype.type(1)), splat(x.dtype.type(0))
    best, found, tier = ring[span * length:], seats[span * length:], seats[(span + 1) * length:]
    line_row, plane = first % rows, first // rows * height
    for place in range(first * columns, last * columns, columns):
        top = line_row * numbers[6] - numbers[10]
        begin, stop = top if top >= 0 else top - top // down * down, min(height, top + numbers[4] * down)
        for y in range(begin, stop, down):
            key, slot = plane + y, slots[y]
            if keys[slot] != key:
                keys[slot] = key
                deal(x, key * width, line, hands, numbers[7])
                for i in range(0, length, count):
                    value, seat, number = load(line, taps[0] + i), zero, zero
                    for s in range(1, taps.size):
                        other, number = load(line, taps[s] + i), add(number, one)
                        seat, value = seat_of_larger(value, other, seat, number), larger(value, other)
                    store(ring, slot * length + i, value)
                    store(seats, slot * length + i, seat)
        for i in range(0, length, count):
            slot, number, row = slots[begin], zero, zero
            value, seat = load(ring, slot * length + i), load(seats, slot * length + i)
            for _ in range(begin + down, stop, down):
                slot += down if slot + down < span else down - span
                other, number = load(ring, slot * length + i), add(number, one)
                seat = seat_of_larger(value, other, seat, load(seats, slot * length + i))
                row, value = seat_of_larger(value, other, row, number), larger(value, other)
            store(best, i, value)
            store(found, i, seat)
            store(tier, i, row)
        target, index = out[place:place + columns], places[place:place + columns]
        for i in range(columns):
            # Where all is -inf the first element counts, and may be padding: then the first that is in the plane.
            column = max(leftmost[i], i * numbers[7] - numbers[11] + np.int64(found[i]) * numbers[9])
            target[i], index[i] = best[i], (begin + np.int64(tier[i]) * down) * width + column
        line_row += 1
        if line_row == rows:
            line_row, plane = 0, plane + height


@kernel
def scatter(grad: Array, places: Numbers, out: Array, windows: int, pixels: int) -> bool:
    """Add each window's gradient to the pixel of its plane that `places` names, if all of them exist."""
    wrong = 0
    for i in range(places.size):
        wrong |= int((places[i] < 0) | (places[i] >= pixels))
    if wrong:
        return False
    for k in range(grad.size // windows):
        plane = out[k * pixels:(k + 1) * pixels]
        for i in range(k * windows, (k + 1) * windows):
            plane[places[i]] += grad[i]
    return True


@kernel
def spread(grad: Array, out: Array, share: Array, heights: Array, widths: Array, first: int, last: int,
           numbers: Numbers) -> None:
    """Add grad / (heights[row] * widths[column]) to every pixel of the window, for planes from `first` to `last`."""
    height, width, rows, columns, stride = numbers[0], numbers[1], numbers[2], numbers[3], numbers[7]
    for k in range(first * rows, last * rows):
        slope, tall, top = grad[k * columns:(k + 1) * columns], heights[k % rows], k % rows * numbers[6] - numbers[10]
        for i in range(columns):
            share[i] = slope[i] / (tall * widths[i])
        for y in range(max(0, top), min(height, top + numbers[4])):
            for s in range(numbers[5]):
                # Windows whose element s lies in the plane: from `some` to before `none`.
                shift = s - numbers[11]
                some, none = max(0, -(shift // stride)), min(columns, (width - 1 - shift) // stride + 1)
                target, part = out[(k // rows * height + y) * width + some * stride + shift:], share[some:none]
                if stride == 2:
                    for i in range(part.size):
                        target[2 * i] += part[i]
                else:
                    for i in range(part.size):
                        target[stride * i] += part[i]
