"""Results too large for the caches go past them: the same bits as those that do not, wherever the arrays begin."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine import pooling_work
from engine.allocation import LARGE, LINE, blank
from engine.streaming import FAR, streamed

SPECIAL = [np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-45, -1e-45]


def beginning(size: int, offset: int, dtype: type) -> np.ndarray:
    """An array that begins `offset` elements after a line of the cache."""
    memory = np.empty(size + 2 * LINE, dtype)
    start = (-memory.ctypes.data % LINE) // memory.itemsize + offset
    return memory[start:start + size]


@pytest.fixture(scope="module")
def numbers() -> np.ndarray:
    """Just enough to be streamed in float32, and no whole number of vectors."""
    x = np.random.default_rng(0).standard_normal(FAR // 8 + 5).astype(np.float32)
    x[:8] = x[-8:] = x[1000:1008] = SPECIAL
    return x


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("offset", [0, 1, 4, 7])
@pytest.mark.parametrize("name", ["relu", "leaky_relu", "sigmoid", "elu"])
def test_large_and_small_arrays_give_the_same_bits(name: str, offset: int, dtype: type, numbers: np.ndarray) -> None:
    function = getattr(engine, name)
    x, y = (beginning(numbers.size, place, dtype) for place in (3, offset))
    x[...] = numbers
    around = y.base
    around[...] = 7.0
    assert x.nbytes + y.nbytes >= FAR
    function(x, out=y)
    parts = [function(part.copy()) for part in np.array_split(x, 64)]
    assert y.tobytes() == np.concatenate(parts).tobytes()
    assert np.count_nonzero(around == 7.0) >= around.size - y.size  # nothing is written beside it
    in_place = x.copy()
    assert function(in_place, out=in_place).tobytes() == y.tobytes()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(2, 3, 10, 64), (1, 1, 7, 4096), (3, 1, 5, 97), (1, 2, 4, 4160), (1, 1, 2, 32)])
def test_pooled_rows_go_past_the_caches(shape: tuple[int, ...], dtype: type, monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(1).standard_normal(shape).astype(dtype)
    x.reshape(-1)[:8] = SPECIAL
    usual = engine.max_pool2d(x, 2)
    monkeypatch.setattr(pooling_work, "FAR", 0)
    called = []
    kernel = pooling_work.largest_of_four_streamed
    monkeypatch.setattr(pooling_work, "largest_of_four_streamed", lambda *given: called.append(1) or kernel(*given))
    for offset in (0, 1):
        out = beginning(usual.size, offset, dtype).reshape(usual.shape)
        engine.max_pool2d(x, 2, out=out)
        assert out.tobytes() == usual.tobytes()
    lined = usual.shape[3] * usual.itemsize % LINE == 0 and usual.shape[3] <= 2048
    assert len(called) == lined  # of rows that fill lines, where the first begins one


def test_threads_share_what_is_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(2).standard_normal((1, 4, 1024, 512)).astype(np.float32)
    usual = engine.max_pool2d(x, 2)
    monkeypatch.setattr(pooling_work, "FAR", 0)
    before = engine.get_num_threads()
    try:
        for count in (1, 2, 3):
            engine.set_num_threads(count)
            assert engine.max_pool2d(x, 2).tobytes() == usual.tobytes()
    finally:
        engine.set_num_threads(before)


def test_large_results_begin_at_a_line_of_the_cache() -> None:
    for size in range(LARGE // 4, LARGE // 4 + 3):
        assert blank((size,), np.float32).ctypes.data % LINE == 0
    assert blank((3, 0, 5), np.float64).shape == (3, 0, 5)
    out = engine.max_pool2d(np.zeros((1, 1, 514, 514), np.float32), 2)
    assert out.ctypes.data % LINE == 0
    assert out.flags.c_contiguous
    assert out.flags.writeable


def test_a_streamed_loop_is_told_from_the_usual_one_on_the_disk() -> None:
    """Both have the same code: by its name alone one would be taken for the other."""
    from engine.squashing import _sigmoid

    past, usual = (str(loop._cache.cache_path) + loop._cache._cache_file._index_name  # type: ignore[attr-defined]
                   for loop in (streamed(_sigmoid), _sigmoid))
    assert past != usual
    assert streamed(_sigmoid) is streamed(_sigmoid)


def test_threads_share_large_results() -> None:
    x, before = np.linspace(-9, 9, FAR // 8 + 77, dtype=np.float32), engine.get_num_threads()
    try:
        found = []
        for count in (1, 2, 3):
            engine.set_num_threads(count)
            found.append(engine.sigmoid(x).tobytes())
    finally:
        engine.set_num_threads(before)
    assert found[0] == found[1] == found[2]


def test_a_stride_that_means_nothing_does_not_make_rows_begin_lines() -> None:
    """An axis of length 1 may have any stride: vectors were put across lines, and the process ended."""
    x = np.random.default_rng(3).standard_normal((1, 17_400, 2, 194)).astype(np.float32)
    out = blank((1, 17_400, 97), np.float32)[:, :, None, :]
    assert out.strides[2] == 0
    assert x.nbytes + out.nbytes >= FAR
    usual = engine.max_pool2d(x[:, :100], 2)
    assert engine.max_pool2d(x, 2, out=out)[:, :100].tobytes() == usual.tobytes()
