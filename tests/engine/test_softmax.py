"""softmax, log_softmax, their gradients and maxout over channels."""

from __future__ import annotations

import re

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.activations import log_softmax, log_softmax_gradient, maxout, softmax, softmax_gradient

PAIRS = [(softmax, softmax_gradient, torch.softmax), (log_softmax, log_softmax_gradient, torch.log_softmax)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -3])
@pytest.mark.parametrize(("function", "gradient", "oracle"), PAIRS)
def test_values_and_gradients_are_torchs(function, gradient, oracle, axis, dtype):
    generator = np.random.default_rng(0)
    x, loss = generator.normal(0, 6, (2, 3, 4, 5)).astype(dtype), generator.normal(size=(2, 3, 4, 5)).astype(dtype)
    argument = torch.tensor(x.astype(np.float64), requires_grad=True)
    right = oracle(argument, axis)
    right.backward(torch.tensor(loss.astype(np.float64)))
    y = function(x, axis=axis)
    passed = gradient(y, loss, axis=axis)
    assert y.dtype == passed.dtype == dtype
    assert y.flags.c_contiguous
    precision = np.finfo(dtype).eps
    np.testing.assert_allclose(y, right.detach(), rtol=4 * precision, atol=4 * precision)
    np.testing.assert_allclose(passed, argument.grad, rtol=4 * precision, atol=20 * precision)


scores = arrays.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 30)), elements=st.floats(-1e3, 1e3))


@settings(max_examples=60, deadline=None)
@given(scores, st.integers(-2000, 2000))
def test_probabilities(x, shift):
    p = softmax(x)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    # A whole shift of numbers that hold it exactly changes no bit.
    whole = np.rint(x)
    np.testing.assert_array_equal(softmax(whole + shift), softmax(whole))
    np.testing.assert_array_equal(log_softmax(whole + shift), log_softmax(whole))
    np.testing.assert_array_equal(p[np.arange(len(x)), x.argmax(axis=1)], p.max(axis=1))


def test_the_logarithm_keeps_what_is_nearly_certain():
    x = np.array([40.0, 0.0, -1.0])
    with mpmath.workdps(60):
        total = sum(mpmath.exp(v) for v in x)
        right = [float(mpmath.log(mpmath.exp(v) / total)) for v in x]
    assert right[0] != 0
    np.testing.assert_allclose(log_softmax(x), right, rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_scores(dtype):
    large = np.finfo(dtype).max
    np.testing.assert_array_equal(softmax(np.array([large, large, -large], dtype)), np.array([0.5, 0.5, 0], dtype))
    np.testing.assert_array_equal(softmax(np.array([-np.inf, 3], dtype)), [0, 1])
    np.testing.assert_array_equal(log_softmax(np.array([3, -np.inf], dtype)), [0, -np.inf])
    for row in ([-np.inf, -np.inf], [np.nan, 1], [1, np.nan], [np.inf, 0], [0, np.inf], [np.nan, np.inf]):
        assert np.isnan(softmax(np.array(row, dtype))).all()
        assert np.isnan(log_softmax(np.array(row, dtype))).all()


@pytest.mark.parametrize(("function", "value"), [(softmax, 1), (log_softmax, 0)])
def test_shapes_without_room(function, value):
    assert function(np.float32(3)).shape == ()
    assert function(3.0) == value
    assert function(3.0, axis=0) == value
    for shape in ((0, 3), (3, 0), (2, 0, 4)):
        assert function(np.empty(shape)).shape == shape
    np.testing.assert_array_equal(function(np.zeros((2, 1), ">f4")[::-1]), np.full((2, 1), value))
    assert function([[1, 2]]).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("shape", "pieces", "axis"), [
    ((2, 6), 2, 1), ((2, 6, 3, 4), 3, 1), ((4, 3), 4, 0), ((2, 3, 8), 1, -1)])
def test_maxout_takes_the_largest_of_adjacent_channels(shape, pieces, axis, dtype):
    x = np.random.default_rng(0).normal(size=shape).astype(dtype)
    result = maxout(x, pieces, axis=axis)
    rows = np.moveaxis(x, axis, 0)
    right = [[rows[k * pieces + j] for j in range(pieces)] for k in range(len(rows) // pieces)]
    np.testing.assert_array_equal(result, np.moveaxis(np.array([np.max(group, axis=0) for group in right]), 0, axis))
    assert result.dtype == dtype


def test_maxout_of_special_numbers():
    np.testing.assert_array_equal(maxout([[1, np.nan, -np.inf, -np.inf]], 2), [[np.nan, -np.inf]])
    assert not np.signbit(maxout([[-0.0, 0.0, 0.0, -0.0, -0.0, -0.0]], 2)).any()
    assert maxout(np.zeros((0, 4)), 2).shape == (0, 2)


BAD = [
    (lambda: softmax(np.zeros((2, 3)), axis=2), "softmax: axis must lie from -2 to 1 for 2 axes, not 2"),
    (lambda: log_softmax(np.zeros(3), axis=-2), "log_softmax: axis must lie from -1 to 0 for 1 axes, not -2"),
    (lambda: softmax_gradient([1.0], [1.0, 2.0]), "softmax_gradient: y (1,) and gradient (2,) must have one shape"),
    (lambda: maxout(np.zeros((1, 5)), 2), "maxout: axis 1 has 5 channels (1, 5), no multiple of 2 pieces"),
    (lambda: maxout(np.zeros((1, 5)), 0), "maxout: pieces must be at least 1, not 0"),
    (lambda: maxout(np.zeros(5), 5), "maxout: axis must lie from -1 to 0 for 1 axes, not 1"),
]


@pytest.mark.parametrize(("call", "message"), BAD)
def test_bad_input_is_told(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


@pytest.mark.parametrize("call", [softmax, log_softmax, lambda x: maxout(x, 1, axis=0)])
def test_other_types_are_refused(call):
    with pytest.raises(TypeError, match="must hold real numbers, not complex128"):
        call([1j])
    with pytest.raises(TypeError, match=r"axis must be an integer, not 1\.5"):
        softmax([1.0], axis=1.5)
