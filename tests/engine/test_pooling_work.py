"""Pooling at the edges of its vectors: bits, threads, the caller's array, gradients, plain CPUs."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pooling import avg_pool2d, max_pool2d
from engine.pooling_gradients import avg_pool2d_gradient, max_pool2d_gradient
from engine.threads import get_num_threads, set_num_threads

torch.set_num_threads(1)

DTYPES = [np.float32, np.float64]
SIDES = st.integers(2, 12) | st.sampled_from([31, 32, 33, 64, 65, 127, 128, 129, 300])


def drawn(shape: tuple[int, ...], dtype: Any, seed: int, special: float | None) -> Any:
    rng = np.random.default_rng(seed)
    x = rng.integers(-2, 2, shape).astype(dtype)
    # Zeros of both signs, of which a window keeps the first.
    x[rng.random(shape) < 0.3] = -0.0
    if special is not None:
        x[rng.random(shape) < 0.1] = special
    return x


@settings(max_examples=60, deadline=None)
@given(st.tuples(st.integers(1, 3), st.integers(1, 3), SIDES, SIDES), st.sampled_from(DTYPES), st.integers(0, 2**32),
       st.sampled_from([None, np.nan, np.inf, -np.inf]), st.sampled_from([1, 2, 3]), st.sampled_from([1, 2, 3]))
def test_every_bit_is_torchs(shape, dtype, seed, special, size, stride):
    if size > min(shape[2:]):
        size = 2
    x = drawn(shape, dtype, seed, special)
    leaf = torch.tensor(x, requires_grad=True)
    right, places = torch.nn.functional.max_pool2d(leaf, size, stride, return_indices=True)
    out = np.full(right.shape, 7, dtype)
    assert max_pool2d(x, size, stride=stride, out=out) is out
    assert out.tobytes() == right.detach().numpy().tobytes()
    output, indices = max_pool2d(x, size, stride=stride, return_indices=True)
    assert output.tobytes() == out.tobytes()
    np.testing.assert_array_equal(indices, places)
    grad = np.random.default_rng(seed).integers(-9, 9, out.shape).astype(dtype)
    right.backward(torch.tensor(grad))
    back = np.full(shape, 7, dtype)
    assert max_pool2d_gradient(grad, indices, shape, out=back) is back
    np.testing.assert_array_equal(back, leaf.grad)


@pytest.mark.parametrize("shape", [(1, 1, 1100, 1500), (40, 3, 130, 131)])
@pytest.mark.parametrize("options", [{"kernel_size": 2}, {"kernel_size": 3, "stride": 2, "padding": 1},
                                     {"kernel_size": (5, 3), "stride": 1}])
def test_threads_change_nothing(shape, options):
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    before, results = get_num_threads(), []
    try:
        for count in (1, 2, 3, 5):
            set_num_threads(count)
            output, indices = max_pool2d(x, **options, return_indices=True)
            mean = avg_pool2d(x, **options)
            results.append([output, indices, max_pool2d(x, **options), mean, max_pool2d_gradient(mean, indices, shape),
                            avg_pool2d_gradient(mean, shape, **options)])
    finally:
        set_num_threads(before)
    right = torch.nn.functional.max_pool2d(torch.tensor(x), **options)
    np.testing.assert_array_equal(results[0][0], right)
    for other in results[1:]:
        assert [a.tobytes() for a in other] == [a.tobytes() for a in results[0]]
    assert results[0][0].tobytes() == results[0][2].tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
def test_into_the_callers_array(dtype):
    x = np.random.default_rng(0).normal(size=(2, 3, 9, 11)).astype(dtype)
    output, indices = max_pool2d(x, 3, return_indices=True)
    out = np.full_like(output, 7)
    assert max_pool2d(x, 3, out=out, return_indices=True).output is out
    np.testing.assert_array_equal(out, output)
    assert avg_pool2d(x, 3, out=out) is out
    np.testing.assert_array_equal(out, avg_pool2d(x, 3))
    back = np.full_like(x, 7)
    assert max_pool2d_gradient(output, indices, x.shape, out=back) is back
    np.testing.assert_array_equal(back, max_pool2d_gradient(output, indices, x.shape))
    assert avg_pool2d_gradient(output, x.shape, 3, out=back) is back
    np.testing.assert_array_equal(back, avg_pool2d_gradient(output, x.shape, 3))


X = np.ones((1, 1, 4, 4))
ROOM = np.ones(64)


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: max_pool2d(X, 2, out=np.ones((1, 1, 2, 3))), ValueError,
     "max_pool2d: out must be float64 (1, 1, 2, 2), not float64 (1, 1, 2, 3)"),
    (lambda: avg_pool2d(X, 2, out=np.ones((1, 1, 2, 2), "f")), ValueError, "avg_pool2d: out must be float64"),
    (lambda: max_pool2d(X, 2, out=[1]), TypeError, "max_pool2d: out must be a numpy array, not list"),
    (lambda: max_pool2d(ROOM[:16].reshape(X.shape), 2, out=ROOM[12:16].reshape(1, 1, 2, 2)), ValueError,
     "max_pool2d: out must not share memory with an input"),
    (lambda: max_pool2d(X, 2, stride=2**24), ValueError, "max_pool2d: stride must be below 16777216, not 16777216"),
    (lambda: avg_pool2d(X, 10**30, ceil_mode=True), ValueError, "avg_pool2d: kernel_size must be at most 2147483647"),
    (lambda: max_pool2d(X, 1, dilation=2**64), ValueError, "max_pool2d: dilation must be at most 2147483647"),
    (lambda: max_pool2d(X, True), TypeError, "max_pool2d: kernel_size must be an integer, not True"),
    (lambda: max_pool2d(X, (2.0, 2)), TypeError, "max_pool2d: kernel_size must be an integer, not 2.0"),
    (lambda: max_pool2d_gradient(X, np.zeros(X.shape, int), X.shape, out=X), ValueError,
     "max_pool2d_gradient: out must not share memory with an input"),
])
def test_bad_input(call, error, message):
    max_pool2d(X, 2)  # whose plan must not be taken for another's
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(message)


def test_large_options_cost_nothing():
    largest = 2**24 - 1
    assert max_pool2d(X, 1, stride=largest).shape == (1, 1, 1, 1)
    assert max_pool2d(X, 1, dilation=largest).tolist() == X.tolist()
    assert avg_pool2d(X, largest, padding=largest // 2, stride=largest, count_include_pad=False).tolist() == [[[[1.0]]]]
    output, indices = max_pool2d(X, largest, padding=largest // 2, stride=1, return_indices=True)
    assert output.shape == (1, 1, 4, 4)
    assert not indices.any()


def digest() -> str:
    """Of everything this subject computes, over sizes that end between vectors."""
    from engine.dropout import dropout
    from engine.generator import normal, uniform, words

    parts: list[Any] = [words(333, seed=5), uniform(333, seed=5), normal(333, seed=5)]
    for dtype in DTYPES:
        x = normal((2, 3, 21, 37), seed=1).astype(dtype)
        parts += [dropout(x, 0.3, seed=2), *max_pool2d(x, 2, return_indices=True), max_pool2d(x, 2)]
        for options in ({"kernel_size": 3, "stride": 2, "padding": 1}, {"kernel_size": 3, "stride": 1}):
            output, indices = max_pool2d(x, **options, return_indices=True)
            mean = avg_pool2d(x, **options)
            parts += [output, indices, mean, max_pool2d_gradient(mean, indices, x.shape),
                      avg_pool2d_gradient(mean, x.shape, **options)]
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def test_the_bits_are_the_same_on_a_plain_processor(tmp_path):
    environment = os.environ | {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "XDG_CACHE_HOME": str(tmp_path)}
    command = "from tests.engine.test_pooling_work import digest; print(digest())"
    other = subprocess.run([sys.executable, "-c", command], env=environment, cwd=Path(__file__).parents[2],
                           capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest()
