"""Dense layers and cross-entropy against torch and exact arithmetic."""

from __future__ import annotations

import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

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


@pytest.mark.parametrize("inputs", [3, 8, 21, 40])
def test_each_sum_runs_in_eight_lanes_that_are_added_by_halves(inputs):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(3, inputs)), rng.normal(size=(6, inputs)), rng.normal(size=6)
    y, whole = linear(x, weight, bias), inputs // 8 * 8

    def chain(total: float, n: int, k: int, places: range) -> float:
        for i in places:
            total = float(Fraction(total) + Fraction(weight[k, i]) * Fraction(x[n, i]))
        return total

    for n, k in np.ndindex(*y.shape):
        lanes = [chain(0.0, n, k, range(lane, whole, 8)) for lane in range(8)]
        while len(lanes) > 1:
            half = len(lanes) // 2
            lanes = [low + high for low, high in zip(lanes[:half], lanes[half:], strict=True)]
        assert y[n, k] == chain(lanes[0], n, k, range(whole, inputs)) + bias[k]


def test_each_sum_of_a_gradient_is_a_chain_of_fused_multiply_adds_in_order():
    rng = np.random.default_rng(0)
    grad, x, weight = rng.normal(size=(3, 6)), rng.normal(size=(3, 21)), rng.normal(size=(6, 21))
    found = linear_gradients(grad, x, weight)
    for factors, terms, result in ((grad, weight, found.x), (grad.T, x, found.weight)):
        for m, j in np.ndindex(*result.shape):
            total = Fraction(0)
            for k in range(len(terms)):
                total = Fraction(float(total + Fraction(factors[m, k]) * Fraction(terms[k, j])))
            assert result[m, j] == float(total)


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
