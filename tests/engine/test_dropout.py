"""Dropout: its mask against the generator's words, its gradient against torch's, its edges."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from engine.dropout import Dropout, drop, dropout, dropout_gradient
from engine.threads import get_num_threads, set_num_threads

PROBABILITIES = st.floats(0.0, 1.0)
ARRAYS = hnp.arrays(st.sampled_from([np.float32, np.float64]), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0),
                    elements=st.floats(-100, 100, width=16))


# Random123, tests/kat_vectors: philox4x32 with 7 rounds, (counter, key, words).
KNOWN = [
    ((0,) * 4, (0,) * 2, (0x5F6FB709, 0x0D893F64, 0x4F121F81, 0x4F730A48)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x5207DDC2, 0x45165E59, 0x4D8EE751, 0x8C52F662)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
     (0x4DFCCABA, 0x190A87F0, 0xC47362BA, 0xB6B5242A)),
]


def philox_words(count, seed, stream=0, first=0):
    """The first words of a stream: figure 2 of Salmon et al. (2011) with 7 rounds, on arrays of wide integers."""
    index = np.arange(-(-count // 4), dtype=object) + first
    c0, c1, c2, c3 = index % 2**32, index // 2**32, stream % 2**32 + 0 * index, stream // 2**32 + 0 * index
    k0, k1 = seed % 2**32, seed // 2**32
    for _ in range(7):
        left, right = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = right // 2**32 ^ c1 ^ k0, right % 2**32, left // 2**32 ^ c3 ^ k1, left % 2**32
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return np.stack([c0, c1, c2, c3], 1).ravel()[:count].astype(np.uint32)


def joined(halves):
    return halves[0] + 2**32 * halves[1]


@pytest.mark.parametrize("count", [4, 64, 100])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers_decide(counter, key, answer, dtype, count):
    for place, word in enumerate(answer):
        for threshold, kept in ((word, True), (word + 1, False)):
            out, mask = np.empty(count, dtype), np.empty(count, np.bool_)
            drop(np.ones(count, dtype), out, mask, np.uint64(joined(counter[:2])), np.uint32(threshold), dtype(2),
                 np.uint64(joined(counter[2:])), np.uint64(joined(key)))
            assert (bool(mask[place]), float(out[place])) == (kept, 2.0 * kept)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 200), st.integers(0, 2**62))
def test_every_word_is_the_ciphers(seed, stream, count, first):
    expected = philox_words(count, seed, stream, first)
    out, mask = np.empty(count), np.empty(count, np.bool_)
    for threshold in {0, 2**31, *map(int, expected[:3]), *(int(w) + 1 for w in expected[-3:])}:
        drop(np.ones(count), out, mask, np.uint64(first), np.uint32(threshold % 2**32), 3.0, np.uint64(stream),
             np.uint64(seed))
        np.testing.assert_array_equal(mask, expected >= threshold % 2**32)
        np.testing.assert_array_equal(out, 3.0 * mask)


@settings(deadline=None, max_examples=60)
@given(ARRAYS, PROBABILITIES, st.integers(0, 2**64 - 1))
def test_each_element_is_zero_or_scaled(x, p, seed):
    before = x.copy()
    output, mask = dropout(x, p, seed=seed, return_mask=True)
    assert output.shape == mask.shape == x.shape
    assert output.dtype == x.dtype
    assert mask.dtype == np.bool_
    kept = philox_words(x.size, seed).reshape(x.shape) >= np.rint(p * 2.0**32)
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


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 1000])
def test_into_the_callers_array(dtype, count):
    x = np.random.default_rng(0).normal(size=count).astype(dtype)
    right = dropout(x, 0.4, seed=3, return_mask=True)
    out = np.full_like(x, 7)
    assert dropout(x, 0.4, seed=3, out=out) is out
    np.testing.assert_array_equal(out, right.output)
    assert dropout_gradient(x, right.mask, 0.4, out=out) is out
    np.testing.assert_array_equal(out, right.output)
    for p, training in ((0.0, True), (0.4, False), (1.0, True)):
        np.testing.assert_array_equal(dropout(x, p, seed=3, training=training, out=out), x if p < 1 else 0 * x)
    same = x.copy()
    assert dropout(same, 0.4, seed=3, out=same) is same
    np.testing.assert_array_equal(same, right.output)
    same = x.copy()
    np.testing.assert_array_equal(dropout_gradient(same, right.mask, 0.4, out=same), right.output)
    same = x.copy()
    np.testing.assert_array_equal(dropout(same, 0.0, seed=3, out=same), x)


@pytest.mark.parametrize("threads", [1, 2, 3, 5])
def test_threads_change_nothing(threads):
    before, x = get_num_threads(), np.random.default_rng(0).normal(size=3_000_001).astype(np.float32)
    expected = philox_words(400, 9, first=(x.size - 401) // 4)[-400:] >= 2**30
    try:
        set_num_threads(threads)
        output, mask = dropout(x, 0.25, seed=9, return_mask=True)
        back = dropout_gradient(x, mask, 0.25)
    finally:
        set_num_threads(before)
    assert mask[: x.size - 1][-400:].tolist() == expected.tolist()
    np.testing.assert_array_equal(output, np.where(mask, x * np.float32(1 / 0.75), 0))
    np.testing.assert_array_equal(back, output)


@pytest.mark.parametrize(("one", "other"), [((0, 0), (1, 0)), ((0, 0), (0, 1)), ((5, 2**32), (5, 2**32 + 1))])
def test_masks_of_neighbouring_seeds_and_streams_are_independent(one, other):
    masks = [dropout(np.ones(200_000), 0.3, seed=seed, stream=stream, return_mask=True).mask
             for seed, stream in (one, other)]
    assert abs(np.corrcoef(*masks)[0, 1]) < 4 / np.sqrt(200_000)
    for lag in (1, 2, 3, 4, 5, 64):
        assert abs(np.corrcoef(masks[0][lag:], masks[0][:-lag])[0, 1]) < 4 / np.sqrt(200_000)


def test_runs_of_sixteen_are_binomial():
    kept = dropout(np.ones(1_600_000), 0.5, seed=1, return_mask=True).mask.reshape(-1, 16)
    patterns = np.bincount(kept @ (1 << np.arange(16)), minlength=2**16)
    assert 1e-4 < stats.chisquare(patterns).pvalue < 1 - 1e-4


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


BUFFER = np.ones(9)


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
    (lambda: dropout(np.ones(3), seed=0, out=np.ones(4)), ValueError,
     "dropout: out must be float64 (3,), not float64 (4,)"),
    (lambda: dropout(np.ones(3), seed=0, out=np.ones(3, "f")), ValueError,
     "dropout: out must be float64 (3,), not float32 (3,)"),
    (lambda: dropout(np.ones(3), seed=0, out=[1, 2, 3]), TypeError, "dropout: out must be a numpy array, not list"),
    (lambda: dropout(BUFFER[1:], seed=0, out=BUFFER[:-1]), ValueError, "dropout: out must not share memory"),
    (lambda: dropout_gradient(np.ones(3), np.ones(3, bool), 0.5, out=np.ones(6)[::2]), ValueError,
     "dropout_gradient: out must be C-contiguous, aligned and writeable"),
    (lambda: dropout_gradient([1.0, 2.0], [True], 0.5), ValueError,
     "dropout_gradient: mask (1,) must have the shape of grad (2,)"),
    (lambda: dropout_gradient([1.0], [1], 0.5), TypeError, "dropout_gradient: mask must be of bool, not int64"),
    (lambda: dropout_gradient([1.0], [True], 2), ValueError, "dropout_gradient: p must be in [0.0, 1.0], not 2"),
])
def test_bad_input(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(message)
