"""Quotients and roots of vectors: every lane as numpy rounds it, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from numba.core.errors import TypingError

from engine.compile import kernel
from engine.generator import normal
from engine.vector_roots import divide, square_root
from engine.vectors import lanes, load, store


@kernel
def _quotients_and_roots(a, b, quotients, roots):
    for i in range(0, a.size, lanes(a)):
        store(quotients, i, divide(load(a, i), load(b, i)))
        store(roots, i, square_root(load(a, i)))


@kernel
def _mixed(a, b):
    return divide(load(a, 0), load(b, 0))


@kernel
def _root_of_a_number(a):
    return square_root(a[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_lane_is_rounded_correctly(dtype):
    tiny = np.finfo(dtype).smallest_subnormal
    a, b = normal(64, seed=1, dtype=dtype), normal(64, seed=2, dtype=dtype)
    a[:9] = [0.0, -0.0, np.inf, -np.inf, np.nan, tiny, 1.0, -1.0, 0.0]
    b[:9] = [1.0, 1.0, np.inf, 2.0, 1.0, 2.0, 0.0, 0.0, 0.0]
    quotients, roots = np.empty_like(a), np.empty_like(a)
    _quotients_and_roots(a, b, quotients, roots)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(quotients, a / b)
        np.testing.assert_array_equal(roots, np.sqrt(a))
        np.testing.assert_array_equal(np.signbit(roots[:2]), [False, True])


def test_other_types_are_refused():
    with pytest.raises(TypingError, match="divide: two vectors of one type, not"):
        _mixed(np.ones(16, np.float32), np.ones(16))
    with pytest.raises(TypingError, match="square_root: a vector, not float64"):
        _root_of_a_number(np.ones(8))
