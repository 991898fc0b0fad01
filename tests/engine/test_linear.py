"""Dense layers, cross-entropy and Adam against torch and exact arithmetic."""

from __future__ import annotations

import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.adam import Adam
from engine.cross_entropy import cross_entropy
from engine.linear import linear, linear_gradients, linear_input_gradient, linear_weight_gradient

# Several threads would wait for each other longer than these small sums take.
torch.set_num_threads(1)

TOLERANCE = {np.float32: 2e-5, np.float64: 1e-13}
sizes = st.integers(1, 40)


@settings(max_examples=50, deadline=None)
@given(sizes, sizes, sizes, st.sampled_from([np.float32, np.float64]), st.integers(0, 2**32))
def test_dense_layers_are_torchs(rows, inputs, outputs, dtype, seed):
    rng = np.random.default_rng(seed)
    shapes = (rows, inputs), (outputs, inputs), (outputs,), (rows, outputs)
    x, weight, bias, grad = (rng.normal(size=shape).astype(dtype) for shape in shapes)
    leaves = [torch.tensor(a.astype(np.float64), requires_grad=True) for a in (x, weight, bias)]
    right = torch.nn.functional.linear(*leaves)
    right.backward(torch.tensor(grad.astype(np.float64)))
    y, found = linear(x, weight, bias), linear_gradients(grad, x, weight)
    for ours, theirs in zip((y, *found), (right.detach(), *(leaf.grad for leaf in leaves)), strict=True):
        assert ours.dtype == dtype
        assert ours.flags.c_contiguous
        np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE[dtype], atol=40 * TOLERANCE[dtype])
    np.testing.assert_array_equal(linear(x, weight), linear(x, weight, np.zeros(outputs, dtype)))


def test_each_sum_is_a_chain_of_fused_multiply_adds_in_order():
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(3, 11)), rng.normal(size=(2, 11)), rng.normal(size=2)
    y = linear(x, weight, bias)
    for n, k in np.ndindex(*y.shape):
        total = Fraction(bias[k])
        for i in range(11):
            total = Fraction(float(total + Fraction(weight[k, i]) * Fraction(x[n, i])))
        assert y[n, k] == float(total)


def test_a_row_gives_the_same_bytes_alone_and_among_others():
    rng = np.random.default_rng(1)
    x, weight = rng.normal(size=(37, 50)).astype(np.float32), rng.normal(size=(9, 50)).astype(np.float32)
    together = linear(x, weight)
    assert all(linear(x[n:n + 1], weight).tobytes() == together[n].tobytes() for n in range(len(x)))


def test_an_empty_batch_stays_empty():
    weight = np.ones((4, 3))
    assert linear(np.zeros((0, 3)), weight).shape == (0, 4)
    found = linear_gradients(np.zeros((0, 4)), np.zeros((0, 3)), weight)
    assert [a.shape for a in found] == [(0, 3), (4, 3), (4,)]
    assert not found.weight.any()


def test_dtypes_and_layouts():
    x, weight = np.arange(6).reshape(2, 3), np.arange(12).reshape(4, 3)
    right = [[5, 14, 23, 32], [14, 50, 86, 122]]
    assert linear(x, weight).dtype == np.float32
    assert linear(x.astype(np.float16), weight.astype(">f8")).dtype == np.float64
    locked = weight[::-1, ::-1].astype(np.float32)[::-1, ::-1]
    locked.flags.writeable = False
    for given_x, given_weight in ((x, weight), (np.asfortranarray(x), locked), (x.astype(">f4"), weight.astype(float))):
        assert linear(given_x, given_weight).tolist() == right


@pytest.mark.parametrize(("call", "message"), [
    (lambda: linear(np.ones((2, 3)), np.ones((4, 5))), "linear: x has 3 inputs (2, 3) but weight expects 5 (4, 5)"),
    (lambda: linear(np.ones(3), np.ones((4, 3))), "linear: x must have 2 axes, not 1 (3,)"),
    (lambda: linear(np.ones((2, 3)), np.ones((4, 3)), np.ones(3)),
     "linear: bias (3,) must hold one number for each row of weight (4, 3)"),
    (lambda: linear_gradients(np.ones((2, 5)), np.ones((2, 3)), np.ones((4, 3))),
     "grad has 5 outputs (2, 5) but weight 4"),
    (lambda: linear_gradients(np.ones((1, 4)), np.ones((2, 3)), np.ones((4, 3))),
     "grad has 1 rows (1, 4) but x 2 (2, 3)"),
    (lambda: linear_input_gradient(np.ones((2, 5)), np.ones((4, 3))), "linear_input_gradient: grad has 5 outputs"),
    (lambda: linear_weight_gradient(np.ones((1, 4)), np.ones((2, 3))), "linear_weight_gradient: grad has 1 rows"),
    (lambda: cross_entropy(np.ones((2, 3)), [0, 3]), "cross_entropy: labels must lie from 0 to 2, not 3"),
    (lambda: cross_entropy(np.ones((2, 3)), [-1, 0]), "cross_entropy: labels must lie from 0 to 2, not -1"),
    (lambda: cross_entropy(np.ones((2, 3)), [0]), "cross_entropy: labels (1,) must hold one class for each of the 2"),
    (lambda: cross_entropy(np.ones((0, 3)), np.zeros(0, int)),
     "cross_entropy: scores (0, 3) must hold at least one image"),
    (lambda: cross_entropy(np.ones((2, 0)), [0, 0]), "cross_entropy: scores (2, 0) must hold at least one image"),
])
def test_what_does_not_match_is_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_labels_that_are_not_whole_numbers_are_refused():
    with pytest.raises(TypeError, match="cross_entropy: labels must be integers, not float64"):
        cross_entropy(np.ones((2, 3)), [0.0, 1.0])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 12), st.sampled_from([np.float32, np.float64]), st.sampled_from([1, 30, 1000]),
       st.integers(0, 2**32))
def test_cross_entropy_is_torchs(images, classes, dtype, scale, seed):
    rng = np.random.default_rng(seed)
    scores, labels = (scale * rng.normal(size=(images, classes))).astype(dtype), rng.integers(0, classes, images)
    leaf = torch.tensor(scores.astype(np.float64), requires_grad=True)
    right = torch.nn.functional.cross_entropy(leaf, torch.tensor(labels))
    right.backward()
    loss, gradient = cross_entropy(scores, labels)
    assert isinstance(loss, float)
    assert loss == pytest.approx(right.item(), rel=1e-12, abs=1e-14)
    assert gradient.dtype == dtype
    np.testing.assert_allclose(gradient, leaf.grad, rtol=4 * np.finfo(dtype).eps, atol=4 * np.finfo(dtype).eps)


def test_cross_entropy_of_scores_that_would_overflow():
    loss, gradient = cross_entropy(np.array([[1e4, 0.0], [0.0, -np.inf]], np.float32), [1, 0])
    assert loss == 5000
    np.testing.assert_array_equal(gradient, np.array([[0.5, -0.5], [0, 0]], np.float32))
    with mpmath.workdps(40):
        right = float(mpmath.log1p(mpmath.exp(-40)))
    assert cross_entropy([[40.0, 0.0]], [0]).loss == pytest.approx(right, abs=1e-16)
    assert np.isnan(cross_entropy([[np.nan, 0.0]], [1]).loss)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_adam_steps_as_torchs_does(dtype):
    rng = np.random.default_rng(0)
    ours = [rng.normal(size=shape).astype(dtype) for shape in ((4, 3, 2, 2), (5,))]
    theirs = [torch.tensor(a.astype(np.float64)) for a in ours]
    adam, right = Adam(ours, 3e-3), torch.optim.Adam(theirs, 3e-3)
    for step in range(20):
        gradients = [10.0 ** (step % 4 - 3) * rng.normal(size=a.shape).astype(dtype) for a in ours]
        for tensor, gradient in zip(theirs, gradients, strict=True):
            tensor.grad = torch.tensor(gradient.astype(np.float64))
        adam.step([np.asfortranarray(gradient) for gradient in gradients])
        right.step()
        for array, tensor in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(array, tensor, rtol=0, atol=1e-6 if dtype == np.float32 else 1e-14)


def test_a_gradient_of_zero_moves_nothing():
    parameter = np.ones(3, np.float32)
    Adam([parameter], 1.0).step([np.zeros(3, np.float32)])
    assert (parameter == 1).all()
