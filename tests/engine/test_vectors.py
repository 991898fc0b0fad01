"""Vectors, memory and tiles: what each intrinsic does to numbers, against numpy or exact arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numba.core.errors import TypingError

from engine.compile import kernel
from engine.intrinsics import fma
from engine.memory import STACK, flat, on_stack, overlap
from engine.rows import copy_row
from engine.vectors import add, lane_sum, lanes, load, multiply, splat, store, subtract, where_positive

KINDS = pytest.mark.parametrize("kind", [np.float32, np.float64])


def numbers(count: int, kind: Any, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(count).astype(kind)


@kernel
def arithmetic(a: Any, b: Any, c: Any, out: Any) -> None:
    n = lanes(a)
    for i in range(0, a.size, n):
        x, y, z = load(a, i), load(b, i), load(c, i)
        store(out, i, fma(x, y, z))
        store(out, a.size + i, add(x, y))
        store(out, 2 * a.size + i, subtract(x, y))
        store(out, 3 * a.size + i, multiply(x, y))
        store(out, 4 * a.size + i, where_positive(x, y))
        store(out, 5 * a.size + i, splat(a[i]))


@KINDS
def test_arithmetic_is_lane_by_lane(kind: Any) -> None:
    count = 32
    a, b, c = (numbers(count, kind, seed) for seed in range(3))
    out = np.empty(6 * count, kind)
    arithmetic(a, b, c, out)
    fused, added, less, product, gated, spread = out.reshape(6, count)
    exact = [kind(float(Fraction(float(x)) * Fraction(float(y)) + Fraction(float(z)))) for x, y, z in zip(a, b, c)]  # noqa: B905
    if kind is np.float64:  # Fraction to float rounds once; to float32 twice
        assert (fused == exact).all()
    assert np.allclose(fused, exact, rtol=1e-6, atol=0)
    assert (added == a + b).all()
    assert (less == a - b).all()
    assert (product == a * b).all()
    assert (gated == np.where(a > 0, b, 0)).all()
    width = 64 // np.dtype(kind).itemsize
    assert (spread == np.repeat(a[::width], width)).all()


def test_fma_of_vectors_rounds_once() -> None:
    a = np.full(16, 1 + 2.0**-12, np.float32)
    out = np.empty(96, np.float32)
    arithmetic(a, a, np.full(16, -1 - 2.0**-11, np.float32), out)
    assert (out[:16] == np.float32(2.0**-24)).all()  # rounding the product first would leave 0


@kernel
def summed(x: Any) -> Any:
    return lane_sum(load(x, 0))


@KINDS
def test_lane_sum_adds_by_halves(kind: Any) -> None:
    width = 64 // np.dtype(kind).itemsize
    # What is added to the large numbers before they cancel is lost: another order gives another sum.
    x = np.ones(width, kind)
    x[0], x[1] = 1e20, -1e20
    halves = x.copy()
    while halves.size > 1:
        halves = halves[:halves.size // 2] + halves[halves.size // 2:]
    assert summed(x) == halves[0]
    assert halves[0] != np.add.accumulate(x)[-1] == width - 2


@kernel
def tail(source: Any, target: Any, start: int, place: int, count: int) -> None:
    copy_row(target, place, source, start, count)


@KINDS
def test_copy_row_touches_no_more_than_it_copies(kind: Any) -> None:
    for count in range(50):
        source, target = numbers(count + 3, kind), np.full(count + 2, 7, kind)
        tail(source, target, 3, 1, count)
        assert (target == np.concatenate([[7], source[3:], [7]]).astype(kind)).all()
        tail(source, target, -1, 1, count)
        assert (target == [7, *[0] * count, 7]).all()


@kernel
def rows(x: Any, out: Any) -> int:
    row = flat(x)
    work = on_stack(x)
    for i in range(row.size):
        work[i] = row[i]
    for i in range(row.size):
        out[i] = work[row.size - 1 - i]
    return work.size


@KINDS
@pytest.mark.parametrize("shape", [(24,), (4, 6), (2, 3, 4), (1, 2, 3, 4)])
def test_flat_sees_the_elements_in_order_and_the_stack_holds_them(kind: Any, shape: tuple[int, ...]) -> None:
    x, out = numbers(24, kind).reshape(shape), np.empty(24, kind)
    assert rows(x, out) == STACK
    assert (out[::-1] == x.ravel()).all()


@kernel
def shares(a: Any, b: Any) -> bool:
    return overlap(a, b)


def test_overlap_is_numpys() -> None:
    memory = np.zeros(64, np.float32)
    spans = [(0, 8, 8, 16), (0, 9, 8, 16), (0, 64, 20, 21), (8, 16, 0, 8), (3, 4, 3, 4), (5, 9, 1, 5)]
    for start, stop, first, last in spans:
        a, b = memory[start:stop], memory[first:last]
        assert shares(a, b) == np.may_share_memory(a, b), (start, stop, first, last)


def test_wrong_types_are_refused_when_compiled() -> None:
    @kernel
    def adds_apples(x: Any, y: Any) -> Any:
        return lane_sum(add(load(x, 0), load(y, 0)))

    with pytest.raises(TypingError, match="add: vectors of one type"):
        adds_apples(np.zeros(16, np.float32), np.zeros(16, np.float64))
    with pytest.raises(TypingError, match="load: a C-contiguous array"):
        adds_apples(np.zeros(32, np.float32)[::2], np.zeros(16, np.float32))
    with pytest.raises(TypingError, match="load: a C-contiguous array of float32 or float64"):
        adds_apples(np.zeros(16, np.int64), np.zeros(16, np.int64))
