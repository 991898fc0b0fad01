"""The loops of softmax over the rows of a flat array: powers in the type of the array, sums in float64 in one order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import inlined, kernel
from engine.exponential import exp, exp_falling, log1p
from engine.intrinsics import fma
from engine.precision import like
from engine.vector_arithmetic import load_inside, select, store_inside, wide_sum
from engine.vectors import lanes, load, splat, store


@inlined
def _largest(row: NDArray[Any], work: NDArray[Any]) -> int:
    """Where the largest score stands, the first of several; NaN is passed over and found by the sum."""
    whole = row.size - row.size % lanes(row)
    most = splat(row[0])
    for i in range(0, whole, lanes(row)):
        v = load(row, i)
        most = select(v > most, v, most)
    store(work, 0, most)
    top = row[0]
    for j in range(lanes(row)):
        top = select(work[j] > top, work[j], top)
    for i in range(whole, row.size):
        top = select(row[i] > top, row[i], top)
    best = 0
    while best < row.size - 1 and row[best] != top:
        best += 1
    return best


@inlined
def _powers(row: NDArray[Any], y: NDArray[Any], best: int) -> float:
    """y = exp(row - row[best]), but 0 at `best`, and the sum of it: NaN where that score is infinite."""
    top = row[best]
    for i in range(0, row.size, lanes(row)):
        v, shift = load_inside(row, i), splat(top)
        d = v - shift
        # What the difference rounds away would be an error of the exponent (Knuth's TwoSum).
        back = d - v
        lost = (v - (d - back)) - (shift + back)
        power = exp_falling(d)
        store_inside(y, i, select(d > -800.0, fma(power, lost, power), power))
    # The largest term is 1: left out of the sum, it does not swallow the others.
    y[best] = 0.0
    others = np.float64(top) - np.float64(top)
    for i in range(0, row.size, lanes(row)):
        others += wide_sum(load_inside(y, i))
    return others


@kernel
def softmax_rows(scores: NDArray[Any], y: NDArray[Any], length: int, work: NDArray[Any]) -> None:
    for start in range(0, scores.size, length):
        row, result = scores[start:start + length], y[start:start + length]
        best = _largest(row, work)
        total = 1.0 + _powers(row, result, best)
        result[best] = 1.0
        for i in range(0, length, lanes(row)):
            power = load_inside(result, i)
            store_inside(result, i, power / like(power, total))


@kernel
def log_softmax_rows(scores: NDArray[Any], y: NDArray[Any], length: int, work: NDArray[Any]) -> None:
    for start in range(0, scores.size, length):
        row, result = scores[start:start + length], y[start:start + length]
        best = _largest(row, work)
        total = log1p(_powers(row, result, best))
        for i in range(0, length, lanes(row)):
            v = load_inside(row, i)
            store_inside(result, i, (v - splat(row[best])) - like(v, total))


@kernel
def softmax_gradient_rows(y: NDArray[Any], gradient: NDArray[Any], result: NDArray[Any], length: int) -> None:
    for start in range(0, y.size, length):
        p, g, slope = y[start:start + length], gradient[start:start + length], result[start:start + length]
        total = 0.0
        for i in range(0, length, lanes(p)):
            total += wide_sum(load_inside(p, i) * load_inside(g, i))
        for i in range(0, length, lanes(p)):
            v = load_inside(g, i)
            store_inside(slope, i, load_inside(p, i) * (v - like(v, total)))


@kernel
def log_softmax_gradient_rows(y: NDArray[Any], gradient: NDArray[Any], result: NDArray[Any], length: int) -> None:
    for start in range(0, y.size, length):
        logarithm, g, slope = y[start:start + length], gradient[start:start + length], result[start:start + length]
        total = 0.0
        for i in range(0, length, lanes(g)):
            total += wide_sum(load_inside(g, i))
        for i in range(0, length, lanes(g)):
            v = load_inside(g, i)
            store_inside(slope, i, v - exp(load_inside(logarithm, i)) * like(v, total))
