"""The loops of pooling, over the rows of an output from `first` to `last`, those of all planes counted through.

Windows are taken apart: along a row of the plane first, then down. The larger of two is torch's: among equals the first
in the order of rows counts, and the last NaN.

- `line` holds a row of the plane with its padding, dealt out by stride as a hand of cards: what a strided window reads
  step by step then lies side by side, in `hands`, and element s of all windows begins at `taps[s]`. Padding is there
  from the start;
- row r of windows sees the rows of the plane from `begins[r]` to before `stops[r]`, in steps of the dilation;
- `ring` keeps rows of reduced windows, as many as a window is high, so that a row which several windows see is reduced
  once, row y in slot `slots[y]`; `keys`, which begin at -1, say which stands there. One row beyond them is spare.

`numbers` are those of engine/pooling_windows.py: height, width, rows, columns, then (down, across) of size, stride,
dilation and padding, then the lengths of a row of `line` and of `ring`. Arrays are flat and contiguous.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import inlined, kernel
from engine.intrinsics import select
from engine.pooling_vectors import larger, seat_of_larger
from engine.vectors import add, lanes, load, splat, store

Array = NDArray[Any]
Numbers = NDArray[np.int64]


@inlined
def deal(x: Array, start: int, line: Array, hands: Numbers, stride: int) -> None:
    """Put the row that begins at `start` into `line`; `hands` are (from, to, how many) for each phase of the stride."""
    for phase in range(0, hands.size, 3):
        row = x[start + hands[phase]:]
        place = hands[phase + 1]
        # One loop for all strides: LLVM makes its own of the step 1.
        for i in range(hands[phase + 2]):
            line[place + i] = row[stride * i]


@kernel
def largest(x: Array, out: Array, line: Array, ring: Array, keys: Numbers, slots: Numbers, begins: Numbers,
            stops: Numbers, hands: Numbers, taps: Numbers, first: int, last: int, numbers: Numbers) -> None:
    """The largest of any windows; padding is -inf."""
    height, rows, columns, down, length = numbers[0], numbers[2], numbers[3], numbers[8], numbers[13]
    count, span = lanes(x), keys.size
    row, plane = first % rows, first // rows * height
    for place in range(first * columns, last * columns, columns):
        begin, stop = begins[row], stops[row]
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
def means(x: Array, out: Array, line: Array, ring: Array, keys: Numbers, slots: Numbers, begins: Numbers,
          stops: Numbers, hands: Numbers, taps: Numbers, heights: Array, widths: Array, first: int, last: int, numbers: Numbers) -> None:
    """Sums of any windows over heights[row] * widths[column]; padding is 0."""
    height, rows, columns, down, length = numbers[0], numbers[2], numbers[3], numbers[8], numbers[13]
    count, span = lanes(x), keys.size
    row, plane = first % rows, first // rows * height
    for place in range(first * columns, last * columns, columns):
        begin, stop = begins[row], stops[row]
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
                        slots: Numbers, begins: Numbers, stops: Numbers, hands: Numbers, taps: Numbers,
                        leftmost: Numbers, first: int, last: int, numbers: Numbers) -> None:
    """`largest`, and row * width + column of where it stands.

    `seats` is a second ring, of where along its row each of `ring` was found, with two spare rows; numbers of the dtype
    of x, as vectors are.
    """
    height = numbers[0]
    width = numbers[1]
    rows = numbers[2]
    columns = numbers[3]
    stride = numbers[7]
    down = numbers[8]
    across = numbers[9]
    length = numbers[13]
    count = lanes(x)
    span = keys.size
    one = splat(x.dtype.type(1))
    zero = splat(x.dtype.type(0))
    plane = first // rows
    line_row = first - plane * rows
    plane *= height
    spare = span * length
    for place in range(first * columns, last * columns, columns):
        begin = begins[line_row]
        stop = stops[line_row]
        for y in range(begin, stop, down):
            key = plane + y
            slot = slots[y]
            if keys[slot] != key:
                keys[slot] = key
                deal(x, key * width, line, hands, stride)
                slot *= length
                for i in range(0, length, count):
                    value = load(line, taps[0] + i)
                    seat = zero
                    number = zero
                    for s in range(1, taps.size):
                        other = load(line, taps[s] + i)
                        number = add(number, one)
                        seat = seat_of_larger(value, other, seat, number)
                        value = larger(value, other)
                    store(ring, slot + i, value)
                    store(seats, slot + i, seat)
        for i in range(0, length, count):
            slot = slots[begin]
            number = zero
            tier = zero
            value = load(ring, slot * length + i)
            seat = load(seats, slot * length + i)
            for _ in range(begin + down, stop, down):
                slot += down
                if slot >= span:
                    slot -= span
                other = load(ring, slot * length + i)
                number = add(number, one)
                seat = seat_of_larger(value, other, seat, load(seats, slot * length + i))
                tier = seat_of_larger(value, other, tier, number)
                value = larger(value, other)
            store(ring, spare + i, value)
            store(seats, spare + i, seat)
            store(seats, spare + length + i, tier)
        found = seats[spare:]
        target = out[place:]
        index = places[place:]
        for i in range(columns):
            # Where all is -inf the first element counts, and may be padding: then the first that is in the plane.
            column = i * stride - numbers[11] + np.int64(found[i]) * across
            column = select(column > leftmost[i], column, leftmost[i])
            target[i] = ring[spare + i]
            index[i] = (begin + np.int64(found[length + i]) * down) * width + column
        line_row += 1
        if line_row == rows:
            line_row = 0
            plane += height


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
