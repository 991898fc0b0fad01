"""The counter-based generator: Random123's known answers, a second implementation on Python's integers, statistics."""

from __future__ import annotations

import hashlib
import itertools

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine.generator import fill_words, normal, permutation, uniform, words
from engine.philox import block, philox
from engine.threads import get_num_threads, set_num_threads

SEEDS = st.integers(0, 2**64 - 1)

# Random123, tests/kat_vectors: philox4x32 with 10 rounds.
KNOWN = [
    ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
     (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
]


def reference(counter, key):
    """Figure 2 of Salmon et al. (2011), on integers without width."""
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(10):
        left, right = divmod(0xD2511F53 * c0, 2**32), divmod(0xCD9E8D57 * c2, 2**32)
        c0, c1, c2, c3 = right[0] ^ c1 ^ k0, right[1], left[0] ^ c3 ^ k1, left[1]
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers(counter, key, answer):
    assert philox(*map(np.uint64, counter), *map(np.uint64, key)) == answer
    assert reference(counter, key) == answer
    first, stream, seed = (low + 2**32 * high for low, high in (counter[:2], counter[2:], key))
    drawn = np.zeros(64, np.uint32)
    fill_words(drawn, np.uint64(first), np.uint64(seed), np.uint64(stream))
    assert tuple(drawn[:4].tolist()) == answer


@settings(deadline=None, max_examples=50)
@given(SEEDS, SEEDS, SEEDS)
def test_a_block_is_the_cipher_of_its_number_and_stream(index, stream, seed):
    halves = [divmod(number, 2**32)[::-1] for number in (index, stream, seed)]
    assert block(np.uint64(index), np.uint64(stream), np.uint64(seed)) == reference(halves[0] + halves[1], halves[2])
    drawn = np.zeros(128, np.uint32)
    fill_words(drawn, np.uint64(index), np.uint64(seed), np.uint64(stream))
    for k in (0, 1, 15, 16, 31):
        counter = divmod((index + k) % 2**64, 2**32)[::-1] + halves[1]
        assert tuple(drawn[4 * k:4 * k + 4].tolist()) == reference(counter, halves[2])


def test_words_are_the_blocks_in_order():
    expected = [word for i in range(5) for word in reference((i, 0, 7, 0), (11, 0))]
    np.testing.assert_array_equal(words(18, seed=11, stream=7), expected[:18])


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 40), st.integers(0, 40), SEEDS, SEEDS)
@pytest.mark.parametrize("draw", [words, uniform, normal])
def test_an_element_depends_on_its_index_only(draw, shorter, more, seed, stream):
    longer = draw(shorter + more, seed=seed, stream=stream)
    np.testing.assert_array_equal(draw(shorter, seed=seed, stream=stream), longer[:shorter])


@pytest.mark.parametrize("draw", [uniform, normal])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_shape_only_arranges(draw, dtype):
    flat = draw(30, seed=5, dtype=dtype)
    arranged = draw((2, 3, 5), seed=5, dtype=dtype)
    assert arranged.shape == (2, 3, 5)
    assert arranged.dtype == dtype
    np.testing.assert_array_equal(arranged.ravel(), flat)
    assert draw((), seed=5).shape == ()
    assert draw((4, 0), seed=5).shape == (4, 0)


def test_uniform_takes_53_bits_of_two_words():
    high, low = words(200, seed=3)[0::2].astype(object), words(200, seed=3)[1::2].astype(object)
    expected = [((a >> 5) * 2**26 + (b >> 6)) / 2**53 for a, b in zip(high, low, strict=True)]
    drawn = uniform(100, seed=3)
    np.testing.assert_array_equal(drawn, expected)
    single = uniform(100, seed=3, dtype=np.float32)
    np.testing.assert_array_equal(single, np.floor(drawn * 2**24) / 2**24)


def test_normal_is_box_and_mullers():
    u = uniform(64, seed=9)
    for i, (first, second) in enumerate(u.reshape(-1, 2)):
        radius = mpmath.sqrt(-2 * mpmath.log(1 - mpmath.mpf(first)))
        angle = 2 * mpmath.pi * mpmath.mpf(second)
        pair = [float(radius * mpmath.cos(angle)), float(radius * mpmath.sin(angle))]
        np.testing.assert_allclose(normal(64, seed=9)[2 * i:2 * i + 2], pair, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("seed", [0, 1, 2**63 + 5])
def test_uniform_is_even(seed):
    drawn = uniform(200_000, seed=seed, stream=seed)
    assert 0.0 <= drawn.min() < 1e-4
    assert 1.0 - 1e-4 < drawn.max() < 1.0
    assert abs(drawn.mean() - 0.5) < 4 * np.sqrt(1 / 12 / drawn.size)
    assert abs(drawn.var() - 1 / 12) < 4 * np.sqrt(1 / 180 / drawn.size)
    counts = np.bincount((drawn * 64).astype(int), minlength=64)
    assert 1e-4 < stats.chisquare(counts).pvalue < 1 - 1e-4
    last_bits = np.bincount((drawn * 2**53).astype(np.int64) % 16, minlength=16)
    assert 1e-4 < stats.chisquare(last_bits).pvalue < 1 - 1e-4


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_normal_is_normal(seed):
    drawn = normal(200_000, seed=seed)
    assert abs(drawn.mean()) < 4 / np.sqrt(drawn.size)
    assert abs(drawn.var() - 1) < 4 * np.sqrt(2 / drawn.size)
    assert abs(stats.skew(drawn)) < 4 * np.sqrt(6 / drawn.size)
    assert abs(stats.kurtosis(drawn)) < 4 * np.sqrt(24 / drawn.size)
    assert stats.kstest(drawn, "norm").pvalue > 1e-4


@pytest.mark.parametrize(("one", "other"), [
    (lambda z: z, lambda z: normal(z.size, seed=1)),
    (lambda z: z, lambda z: normal(z.size, seed=0, stream=1)),
    (lambda z: z[1:], lambda z: z[:-1]),
    (lambda z: z[0::2] ** 2, lambda z: z[1::2] ** 2),
], ids=["seeds", "streams", "neighbours", "pairs"])
def test_draws_are_independent(one, other):
    drawn = normal(100_000, seed=0)
    assert abs(np.corrcoef(one(drawn), other(drawn))[0, 1]) < 4 / np.sqrt(one(drawn).size)


@pytest.mark.parametrize("step", ["seed", "stream"])
def test_neighbouring_seeds_and_streams_are_independent(step):
    start = {"seed": 2**32 - 4, "stream": 2**32 - 4}
    drawn = np.array([words(20_000, **(start | {step: start[step] + k})) for k in range(8)])
    correlations = np.corrcoef(drawn.astype(float))[np.triu_indices(8, 1)]
    assert np.abs(correlations).max() < 4.5 / np.sqrt(20_000)
    # Words at one place of neighbouring streams share no bits beyond chance.
    flips = np.bitwise_count(drawn[1:] ^ drawn[:-1])
    expected = stats.binom.pmf(np.arange(33), 32, 0.5) * flips.size
    counts = np.bincount(flips.ravel(), minlength=33)
    likely = expected > 20
    share = counts[likely].sum() / expected[likely].sum()
    assert stats.chisquare(counts[likely], expected[likely] * share).pvalue > 1e-4


def test_pairs_of_bytes_are_even():
    pairs = words(500_000, seed=12).view(np.uint16)
    assert 1e-4 < stats.chisquare(np.bincount(pairs, minlength=2**16)).pvalue < 1 - 1e-4


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_change_nothing(threads):
    before, count = get_num_threads(), 300_001
    try:
        set_num_threads(threads)
        drawn = [draw(count, seed=1, stream=2) for draw in (uniform, normal)]
    finally:
        set_num_threads(before)
    for draw, whole in zip((uniform, normal), drawn, strict=True):
        np.testing.assert_array_equal(whole[:50_000], draw(50_000, seed=1, stream=2))
    high, low = (words(2 * count, seed=1, stream=2)[k::2].astype(np.uint64) for k in (0, 1))
    np.testing.assert_array_equal(drawn[0] * 2.0**53, (high >> 5) * 2**26 + (low >> 6))


def test_uniform_bounds():
    drawn = uniform(10_000, seed=1, low=-3.0, high=5.0)
    np.testing.assert_array_equal(drawn, -3.0 + 8.0 * uniform(10_000, seed=1))
    np.testing.assert_array_equal(uniform(5, seed=1, low=2.0, high=2.0), np.full(5, 2.0))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 1000])
def test_permutation_holds_each_number_once(count):
    order = permutation(count, seed=4)
    assert order.dtype == np.int64
    np.testing.assert_array_equal(np.sort(order), np.arange(count))
    np.testing.assert_array_equal(order, permutation(count, seed=4))


def test_every_order_is_equally_likely():
    orders = list(itertools.permutations(range(4)))
    counts = np.zeros(24)
    for stream in range(2400):
        counts[orders.index(tuple(permutation(4, seed=8, stream=stream).tolist()))] += 1
    assert 1e-4 < stats.chisquare(counts).pvalue < 1 - 1e-4


def test_the_bits_are_the_same_everywhere():
    drawn = [words(999, seed=1), uniform(999, seed=2), uniform(999, seed=2, dtype=np.float32), normal(999, seed=3),
             normal(999, seed=3, dtype=np.float32), permutation(999, seed=4)]
    digest = hashlib.sha256(b"".join(array.tobytes() for array in drawn)).hexdigest()
    assert digest == "028d4a56d6185a2216396813852272c27bab7cebb85ef4c08f60220d9a273ea7"


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: uniform(-1, seed=0), ValueError, "uniform: shape must be at least 0, not -1"),
    (lambda: uniform((2, -3), seed=0), ValueError, "uniform: shape must be at least 0, not -3"),
    (lambda: uniform(2.5, seed=0), TypeError, "uniform: shape must be an integer, not 2.5"),
    (lambda: uniform("3", seed=0), TypeError, "uniform: shape must be an integer, not '3'"),
    (lambda: uniform(3, seed=-1), ValueError, "uniform: seed must be at least 0, not -1"),
    (lambda: uniform(3, seed=2**64), ValueError, "uniform: seed must be below 2**64"),
    (lambda: uniform(3, seed=1.0), TypeError, "uniform: seed must be an integer, not 1.0"),
    (lambda: normal(3, seed=0, stream=2**64), ValueError, "normal: stream must be below 2**64"),
    (lambda: normal(3, seed=0, stream=-1), ValueError, "normal: stream must be at least 0, not -1"),
    (lambda: normal(3, seed=0, dtype=np.float16), TypeError, "normal: dtype must be float64 or float32, not float16"),
    (lambda: uniform(3, seed=0, dtype=int), TypeError, "uniform: dtype must be float64 or float32, not int64"),
    (lambda: uniform(3, seed=0, low=1.0, high=0.0), ValueError, "uniform: low must not exceed high"),
    (lambda: uniform(3, seed=0, low=-1e308, high=1e308), ValueError, "uniform: low must not exceed high"),
    (lambda: uniform(3, seed=0, high=np.inf), ValueError, "uniform: high must be finite, not inf"),
    (lambda: permutation(-1, seed=0), ValueError, "permutation: count must be at least 0, not -1"),
    (lambda: permutation(True, seed=0), TypeError, "permutation: count must be an integer, not True"),
])
def test_bad_input(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(message)
