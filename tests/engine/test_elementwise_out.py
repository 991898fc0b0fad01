"""out= of every function of one array: the caller's memory is filled, x itself allowed, anything else refused."""

from __future__ import annotations

import re

import numpy as np
import pytest

from engine import elementary
from engine.activations import ACTIVATIONS
from engine.elementwise import SHARED

FUNCTIONS = {name: getattr(elementary, name) for name in ("exp", "expm1", "log", "log1p", "erf", "sin", "cos")}
FUNCTIONS |= {name: activation.function for name, activation in ACTIVATIONS.items()}
FUNCTIONS |= {f"{name}'": activation.derivative for name, activation in ACTIVATIONS.items()}


def sample(shape, dtype):
    return np.array(np.abs(np.random.default_rng(2).normal(0, 3, shape)), dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(), (0,), (1,), (15,), (16,), (67,), (3, 5, 7)])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_result_stands_in_out(name, shape, dtype):
    x = sample(shape, dtype)
    right = FUNCTIONS[name](x)
    out = np.full(shape, 7, dtype)
    assert FUNCTIONS[name](x, out=out) is out
    np.testing.assert_array_equal(out, right)
    # A view of x is x itself, too.
    for place in (lambda array: array, lambda array: array.reshape(shape)):
        inside = x.copy()
        FUNCTIONS[name](inside, out=place(inside))
        np.testing.assert_array_equal(inside, right)


@pytest.mark.parametrize("name", ["relu", "sigmoid", "log"])
def test_nothing_beyond_out_is_written(name):
    x, room = sample(37, np.float32), np.full(37 + 64, 7, np.float32)
    FUNCTIONS[name](x, out=room[32:69])
    assert (room[:32] == 7).all()
    assert (room[69:] == 7).all()
    np.testing.assert_array_equal(room[32:69], FUNCTIONS[name](x))


@pytest.mark.parametrize("name", ["relu", "sigmoid"])
def test_a_large_array_in_its_own_place(name):
    x = sample(2 * SHARED + 5, np.float32)
    right = FUNCTIONS[name](x)
    FUNCTIONS[name](x, out=x)
    np.testing.assert_array_equal(x, right)


def read_only(array):
    array.flags.writeable = False
    return array


LINE = np.zeros(9, np.float32)
BAD = [
    (lambda: [0.0] * 8, TypeError, "out must be a numpy array, not list"),
    (lambda: np.zeros(8), ValueError, "out must be float32 (8,), not float64 (8,)"),
    (lambda: np.zeros((2, 4), np.float32), ValueError, "out must be float32 (8,), not float32 (2, 4)"),
    (lambda: np.zeros(16, np.float32)[::2], ValueError, "out must be C-contiguous, aligned and writeable"),
    (lambda: read_only(np.zeros(8, np.float32)), ValueError, "out must be C-contiguous, aligned and writeable"),
    (lambda: LINE[1:], ValueError, "out must not share memory with an input"),
]


@pytest.mark.parametrize(("out", "error", "message"), BAD)
@pytest.mark.parametrize("name", ["relu", "gelu'", "erf"])
def test_what_does_not_fit_is_refused(name, out, error, message):
    with pytest.raises(error, match=f": {re.escape(message)}$"):
        FUNCTIONS[name](LINE[:8], out=out())
