"""Random numbers that any thread can draw in any order: element i is a function of (seed, stream, i) and nothing else.

The words behind them are those of engine/philox.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.arguments import float_type, integer, real, seeded, sizes_of
from engine.circular import sin_cos
from engine.compile import kernel
from engine.philox import HALF, Word
from engine.philox_vectors import DRAWN, store_units, store_words, ten_rounds
from engine.received import allocatable
from engine.scalar import log
from engine.threads import shared, slices

TURN = 2.0 * np.pi
LARGEST = float(np.finfo(np.float32).max)
SHARED = 1 << 16  # numbers that make a thread of their own worth while


@kernel
def fill_words(out: NDArray[np.uint32], first: Word, seed: Word, stream: Word) -> None:
    """The words of a stream from block `first` on; the size of `out` is a multiple of 64."""
    for i in range(0, out.size, DRAWN):
        store_words(out, i, ten_rounds(first + np.uint64(i // 4), stream, seed))


@kernel
def _fill_uniform(out: NDArray[np.float64], first: Word, seed: Word, stream: Word) -> None:
    for i in range(0, out.size, DRAWN // 2):
        store_units(out, i, ten_rounds(first + np.uint64(i // 2), stream, seed))


@kernel
def _fill_normal(out: NDArray[np.float64], first: Word, seed: Word, stream: Word) -> None:
    for i in range(0, out.size, DRAWN // 2):
        store_units(out, i, ten_rounds(first + np.uint64(i // 2), stream, seed))
    for i in range(out.size // 2):
        # 1 - u lies in (0, 1], where the logarithm is finite.
        radius = np.sqrt(-2.0 * log(1.0 - out[2 * i]))
        sine, cosine = sin_cos(TURN * out[2 * i + 1])
        out[2 * i] = radius * cosine
        out[2 * i + 1] = radius * sine


def uniform(shape: int | Iterable[int], *, seed: int, stream: int = 0, low: float = 0.0, high: float = 1.0,
            dtype: DTypeLike = np.float64) -> NDArray[Any]:
    """Numbers spread evenly over [low, high).

    Parameters
    ----------
    shape : int or tuple of int
    seed, stream : int, 0 to 2**64 - 1
        Element i in C order depends on these and on i only, so a longer draw starts with the shorter one. Streams
        of one seed are independent of each other.
    low, high : float
        As everywhere in floating point, `low + (high - low) * u` may round to `high`; with 0 and 1 it cannot.
    dtype : float64 or float32
        In float32 the draw is the float64 one cut to 24 bits.

    Returns
    -------
    ndarray, shape `shape`, dtype `dtype`

    Raises
    ------
    ValueError, TypeError
        A negative size, a seed or stream out of range, bounds that are not finite or in the wrong order, another dtype.

    References
    ----------
    Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405.
    """
    sizes, kind = sizes_of("uniform", "shape", shape), float_type("uniform", dtype)
    low, high = real("uniform", "low", low), real("uniform", "high", high)
    if not low <= high or not np.isfinite(high - low):
        raise ValueError(f"uniform: low must not exceed high, and their difference be finite: [{low}, {high})")
    if kind == np.float32 and max(-low, high) > LARGEST:
        raise ValueError(f"uniform: low and high must be finite as {kind}: [{low}, {high})")
    draws = _drawn(sizes, np.uint64(seeded("uniform", seed)), stream_number("uniform", stream), _fill_uniform)
    if kind == np.float32:
        draws = np.floor(draws * 2.0**24) * 2.0**-24
    if (low, high) != (0.0, 1.0):
        draws = low + (high - low) * draws
    return draws.astype(kind, copy=False)


def normal(shape: int | Iterable[int], *, seed: int, stream: int = 0, dtype: DTypeLike = np.float64) -> NDArray[Any]:
    """Numbers from the standard normal distribution, by Box and Muller's transformation.

    Parameters
    ----------
    shape : int or tuple of int
    seed, stream : int, 0 to 2**64 - 1
        Element i in C order depends on these and on i only: elements 2j and 2j + 1 come from the cosine and the
        sine of block j.
    dtype : float64 or float32
        In float32 the draw is the float64 one, rounded.

    Returns
    -------
    ndarray, shape `shape`, dtype `dtype`, all of it within 8.6 of 0

    Raises
    ------
    ValueError, TypeError
        A negative size, a seed or stream out of range, another dtype.

    References
    ----------
    Box & Muller (1958), A note on the generation of random normal deviates, doi:10.1214/aoms/1177706645.
    """
    sizes, kind = sizes_of("normal", "shape", shape), float_type("normal", dtype)
    draws = _drawn(sizes, np.uint64(seeded("normal", seed)), stream_number("normal", stream), _fill_normal)
    return draws.astype(kind, copy=False)


def normal_from(shape: tuple[int, ...], block: int, *, seed: int, stream: int) -> NDArray[np.float64]:
    """`normal` without its first 2 * `block` numbers, for parts of a draw that is never needed whole."""
    return _drawn(shape, np.uint64(seed), np.uint64(stream), _fill_normal, block)


def permutation(count: int, *, seed: int, stream: int = 0) -> NDArray[np.int64]:
    """The numbers 0 to count - 1 in random order: the order of as many random 64-bit keys.

    Every order is equally likely, but for ties of keys (chance count**2 / 2**65), which the stable sort leaves as is.

    Parameters
    ----------
    count : int, at least 0
    seed, stream : int, 0 to 2**64 - 1

    Returns
    -------
    ndarray, (count,), int64

    Raises
    ------
    ValueError, TypeError
        A negative count, a seed or stream out of range.
    """
    [count] = allocatable("permutation", [integer("permutation", "count", count, 0)])
    drawn = words(2 * count, seed=seeded("permutation", seed), stream=int(stream_number("permutation", stream)))
    keys = (drawn[0::2].astype(np.uint64) << HALF) | drawn[1::2]
    return np.argsort(keys, kind="stable").astype(np.int64, copy=False)


def words(count: int, *, seed: int, stream: int = 0) -> NDArray[np.uint32]:
    """The first `count` 32-bit words of a stream, four to a block.

    Parameters
    ----------
    count : int, at least 0
    seed, stream : int, 0 to 2**64 - 1

    Returns
    -------
    ndarray, (count,), uint32
    """
    [count] = allocatable("words", [integer("words", "count", count, 0)], np.uint32)
    drawn = np.empty(count + -count % DRAWN, np.uint32)
    fill_words(drawn, np.uint64(0), np.uint64(seeded("words", seed)), stream_number("words", stream))
    return drawn[:count]


def _drawn(sizes: tuple[int, ...], seed: np.uint64, stream: np.uint64, fill: Callable[..., None],
           block: int = 0) -> NDArray[Any]:
    count = math.prod(sizes)
    draws = np.empty(count + -count % (DRAWN // 2))
    shared(fill, [(draws[part], np.uint64(block + part.start // 2), seed, stream)
                  for part in slices(draws.size, SHARED, DRAWN // 2)])
    return draws[:count].reshape(sizes)


def stream_number(function: str, stream: Any) -> np.uint64:
    """A stream of the generator, checked: an integer from 0 to 2**64 - 1."""
    return np.uint64(seeded(function, stream, "stream"))
