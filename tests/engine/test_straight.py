"""Formulas that are written into kernels: the bits of Python's own arithmetic, on numbers and on vectors."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from numba.core.errors import TypingError

from engine.intrinsics import fma
from engine.precision import like
from engine.straight import by_type, straight
from engine.vector_arithmetic import load_inside, select, store_inside

VALUES = np.concatenate([np.random.default_rng(0).normal(size=37) * 3, [0.0, -0.0, np.inf, -np.inf, np.nan]])


@straight
def _pair(x, y):
    return select(x > 0.1, -x, abs(y)), like(x, 2.0) * x - y / x


@straight
def _combined(x, y):
    # Stands before what it calls.
    first, second = _pair(x, y)
    return _name(x) + fma(first, second, y)


_name = by_type(single=lambda x: like(x, 1.0), double=lambda x: like(x, 2.0))


@straight
def _branching(x):
    return x if x > 0.0 else -x


@straight
def _mixed(x):
    return x * 0.5


def _expected(x, y, name):
    with np.errstate(all="ignore"):
        first, second = np.where(x > 0.1, -x, np.abs(y)), x.dtype.type(2) * x - y / x
        # A product of two float32 is exact in float64; in float64 both factors are short enough.
        return name + (first.astype(np.longdouble) * second + y).astype(x.dtype)


@pytest.mark.parametrize(("dtype", "name"), [(np.float32, 1), (np.float64, 2)])
def test_numbers_and_vectors_have_the_bits_of_the_formula(dtype, name):
    @numba.njit(error_model="numpy")
    def on_numbers(x, y, out):
        for i in range(x.size):
            out[i] = _combined(x[i], y[i])

    @numba.njit(error_model="numpy")
    def on_vectors(x, y, out):
        for i in range(0, x.size, 64 // x.itemsize):
            store_inside(out, i, _combined(load_inside(x, i), load_inside(y, i)))

    x, y = np.round(VALUES.astype(dtype), 2), np.round(VALUES[::-1].astype(dtype), 1)
    outcomes = [np.empty_like(x), np.empty_like(x)]
    on_numbers(x, y, outcomes[0])
    on_vectors(x, y, outcomes[1])
    np.testing.assert_array_equal(outcomes[0].view(f"u{x.itemsize}") << 1, outcomes[1].view(f"u{x.itemsize}") << 1)
    np.testing.assert_allclose(outcomes[0], _expected(x, y, name), rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize(("formula", "kind", "message"), [(_branching, np.float64, "no branches"),
                                                          (_mixed, np.float32, "no operation of float32 and float64")])
def test_what_a_formula_cannot_be_is_an_error(formula, kind, message):
    # Not a silent choice of one branch, nor a silent change to the wider type.
    with pytest.raises((TypingError, TypeError), match=message):
        numba.njit(lambda x: formula(x))(kind(1.0))
