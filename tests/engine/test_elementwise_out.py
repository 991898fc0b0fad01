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


# Once a function has been called, arrays go to its machine code unseen by numba, which would count, read and write
# past the end of what does not fit.
UNFIT = [
    ("shorter", lambda x: x[:-1].copy()), ("longer", lambda x: np.append(x, x)), ("axes", lambda x: np.outer(x, x)),
    ("wider", lambda x: x.astype("f8" if x.itemsize == 4 else "f4")),
    ("swapped", lambda x: x.astype(x.dtype.newbyteorder())),
    ("integers", lambda x: x.view(f"i{x.itemsize}")), ("apart", lambda x: np.repeat(x, 2)[::2]),
    ("backwards", lambda x: x.copy()[::-1]), ("skew", lambda x: skew(x)), ("read-only", lambda x: read_only(x.copy())),
    ("class", lambda x: x.view(np.recarray)), ("masked", lambda x: np.ma.array(x)), ("list", lambda x: list(x)),
]


def skew(x):
    room = np.empty(x.nbytes + 1, np.uint8)[1:].view(x.dtype)
    room[:] = x
    assert not room.flags.aligned
    return room


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["sigmoid", "leaky_relu", "gelu", "exp"])
def test_the_short_way_takes_only_what_fits(name, dtype):
    function, x = FUNCTIONS[name], sample(37, dtype)
    right = function(x)
    np.testing.assert_array_equal(function(x), right)
    for kind, unfit in UNFIT:
        if kind != "masked":
            np.testing.assert_array_equal(function(unfit(x)), function(np.array(unfit(x), order="C")), err_msg=kind)
        with pytest.raises((ValueError, TypeError), match=f"^{name}: out must "):
            function(x, out=unfit(x))
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        function(x, wrong=1)
    np.testing.assert_array_equal(function(x, out=np.empty(99, dtype)[50:87]), right)
