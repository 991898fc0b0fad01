"""Dropout: its mask against the generator's words, its gradient against torch's, its edges."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.dropout import Dropout, dropout, dropout_gradient
from engine.generator import words

PROBABILITIES = st.floats(0.0, 1.0)
ARRAYS = hnp.arrays(st.sampled_from([np.float32, np.float64]), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0),
                    elements=st.floats(-100, 100, width=16))


@settings(deadline=None, max_examples=60)
@given(ARRAYS, PROBABILITIES, st.integers(0, 2**64 - 1))
def test_each_element_is_zero_or_scaled(x, p, seed):
    before = x.copy()
    output, mask = dropout(x, p, seed=seed, return_mask=True)
    assert output.shape == mask.shape == x.shape
    assert output.dtype == x.dtype
    assert mask.dtype == np.bool_
    kept = words(x.size, seed=seed).reshape(x.shape) >= np.rint(p * 2.0**32)
    np.testing.assert_array_equal(mask, kept)
    scale = x.dtype.type(1 / (1 - p) if p < 1 else 0)
    np.testing.assert_array_equal(output, np.where(kept, x * scale, 0))
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_about_p_are_dropped_and_the_mean_stays(p):
    x = np.full((400, 500), 2.0)
    output, mask = dropout(x, p, seed=7, return_mask=True)
    assert abs((~mask).mean() - p) < 4 * np.sqrt(p * (1 - p) / x.size)
    assert abs(output.mean() - 2.0) < 4 * 2.0 * np.sqrt(p / (1 - p) / x.size)
    rows = mask.reshape(400, 500).mean(axis=1)
    assert abs(rows.var() / (p * (1 - p) / 500) - 1) < 0.4


def test_the_mask_does_not_depend_on_the_shape():
    flat = dropout(np.ones(60), 0.4, seed=2, return_mask=True).mask
    for shape in ((60,), (3, 20), (2, 3, 2, 5), (60, 1)):
        np.testing.assert_array_equal(dropout(np.ones(shape), 0.4, seed=2, return_mask=True).mask.ravel(), flat)
    np.testing.assert_array_equal(dropout(np.ones(47), 0.4, seed=2, return_mask=True).mask, flat[:47])
    assert not np.array_equal(dropout(np.ones(60), 0.4, seed=2, stream=1, return_mask=True).mask, flat)


@settings(deadline=None, max_examples=30)
@given(PROBABILITIES, PROBABILITIES)
def test_what_is_dropped_stays_dropped_with_a_larger_p(one, other):
    low, high = sorted((one, other))
    fewer = dropout(np.ones(200), high, seed=3, return_mask=True).mask
    assert np.all(dropout(np.ones(200), low, seed=3, return_mask=True).mask[fewer])


@pytest.mark.parametrize("p", [0.0, 0.25, 0.5, 1.0])
def test_forward_and_gradient_are_torchs_for_the_same_mask(p):
    x = np.random.default_rng(0).normal(size=(6, 3, 5)).astype(np.float32)
    output, mask = dropout(x, p, seed=1, return_mask=True)
    leaf = torch.tensor(x, requires_grad=True)
    noise = torch.tensor(mask).float().div_(1 - p) if p < 1 else torch.zeros(x.shape)
    result = leaf * noise
    grad = np.random.default_rng(1).normal(size=x.shape).astype(np.float32)
    result.backward(torch.tensor(grad))
    np.testing.assert_array_equal(output, result.detach().numpy())
    np.testing.assert_array_equal(dropout_gradient(grad, mask, p), leaf.grad.numpy())


def test_edges_are_torchs():
    x = np.random.default_rng(0).normal(size=(5, 4))
    for p, training in ((1.0, True), (0.0, True), (0.7, False)):
        expected = torch.nn.functional.dropout(torch.tensor(x), p, training).numpy()
        np.testing.assert_array_equal(dropout(x, p, seed=0, training=training), expected)
    output, mask = dropout(x, 0.7, seed=0, training=False, return_mask=True)
    assert mask.all()
    assert not np.shares_memory(output, x)
    assert not dropout(x, 1.0, seed=0, return_mask=True).mask.any()


def test_without_the_mask_the_output_alone():
    x = np.arange(12.0)
    result = dropout(x, 0.5, seed=4, return_mask=True)
    assert isinstance(result, Dropout)
    np.testing.assert_array_equal(dropout(x, seed=4), result.output)


def test_what_is_dropped_is_zero_even_where_it_was_not_finite():
    x = np.array([np.inf, -np.inf, np.nan] * 20)
    output, mask = dropout(x, 0.5, seed=0, return_mask=True)
    assert 0 < mask.sum() < x.size
    np.testing.assert_array_equal(output[~mask], 0.0)
    np.testing.assert_array_equal(output[mask], x[mask])
    np.testing.assert_array_equal(dropout_gradient(x, mask, 0.5)[~mask], 0.0)


@pytest.mark.parametrize("view", [
    lambda x: x[::-1], lambda x: x[:, ::-2], lambda x: x.T, lambda x: x.astype(">f8"),
    lambda x: np.lib.stride_tricks.as_strided(x, writeable=False),
], ids=["backwards", "every second", "transposed", "byte-swapped", "read-only"])
def test_any_layout(view):
    x = view(np.random.default_rng(0).normal(size=(6, 8)))
    plain = np.array(x, np.float64, order="C")
    output, mask = dropout(x, 0.3, seed=5, return_mask=True)
    np.testing.assert_array_equal(output, dropout(plain, 0.3, seed=5))
    np.testing.assert_array_equal(dropout_gradient(x, mask[..., :], 0.3), output)
    turned = np.asfortranarray(mask)
    np.testing.assert_array_equal(dropout_gradient(x, turned, 0.3), output)


@pytest.mark.parametrize("x", [[1, 2, 3], np.arange(3, dtype=np.int8), np.ones(3, np.float16), np.ones(3, np.bool_)])
def test_integers_and_half_precision_become_float32(x):
    assert dropout(x, 0.5, seed=0).dtype == np.float32


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: dropout([1.0], 1.5, seed=0), ValueError, "dropout: p must be in [0.0, 1.0], not 1.5"),
    (lambda: dropout([1.0], -0.1, seed=0), ValueError, "dropout: p must be in [0.0, 1.0], not -0.1"),
    (lambda: dropout([1.0], np.nan, seed=0), ValueError, "dropout: p must be in [0.0, 1.0], not nan"),
    (lambda: dropout([1.0], "half", seed=0), TypeError, "dropout: p must be a number, not 'half'"),
    (lambda: dropout([1.0], seed=-1), ValueError, "dropout: seed must be at least 0, not -1"),
    (lambda: dropout([1.0], seed=None), TypeError, "dropout: seed must be an integer, not None"),
    (lambda: dropout([1.0], seed=0, stream=2**64), ValueError, "dropout: stream must be below 2**64"),
    (lambda: dropout([1j], seed=0), TypeError, "dropout: x must hold real numbers, not complex128"),
    (lambda: dropout(["a"], seed=0), TypeError, "dropout: x must hold real numbers"),
    (lambda: dropout_gradient([1.0, 2.0], [True], 0.5), ValueError,
     "dropout_gradient: mask (1,) must have the shape of grad (2,)"),
    (lambda: dropout_gradient([1.0], [1], 0.5), TypeError, "dropout_gradient: mask must be of bool, not int64"),
    (lambda: dropout_gradient([1.0], [True], 2), ValueError, "dropout_gradient: p must be in [0.0, 1.0], not 2"),
])
def test_bad_input(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(message)
