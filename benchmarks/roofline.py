"""What the machine could do at most: bytes moved and numbers multiplied and added in a second, measured here and now.

A piece of work can take no less time than its bytes need, nor than its arithmetic needs.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numba
import numpy as np

from benchmarks.timing import Call, calls_in_sample, sample
from engine.compile import OPTIONS
from engine.intrinsics import fma
from engine.threads import shared
from engine.vectors import lane_sum, lanes, splat

# Bytes read and written together, well within the second-level cache, the third, and no cache.
WORKING_SETS = {"L2": 2**19, "L3": 2**23, "DRAM": 2**28}
SECONDS = 0.6  # for each measurement, long enough to meet a quiet moment
ROUNDS = 20_000
REGISTERS = 8  # independent sums: enough to fill the pipelines, few enough for 16 registers of half the width


class Roofline(NamedTuple):
    """Measured with some number of threads.

    Attributes
    ----------
    bandwidth : dict of str to float
        Bytes a second, reading and writing, by the level of memory that the working set fits into.
    peak : dict of str to float
        Floating-point operations a second, by dtype: a multiply-add is two.
    """

    bandwidth: dict[str, float]
    peak: dict[str, float]

    def best_of(self, other: Roofline | None) -> Roofline:
        """The higher of both, limit by limit."""
        if other is None:
            return self
        return Roofline({level: max(value, other.bandwidth[level]) for level, value in self.bandwidth.items()},
                        {dtype: max(value, other.peak[dtype]) for dtype, value in self.peak.items()})

    def least_time(self, flops: float, moved: float, dtype: str) -> float:
        """Seconds that the work takes at least."""
        level = next((name for name, size in WORKING_SETS.items() if moved <= 2 * size), "DRAM")
        return max(flops / self.peak[dtype], moved / self.bandwidth[level])


def roofline(threads: int) -> Roofline:
    """Measure both limits, each as the best of many tries. `benchmarks.threads.threads(threads)` must be in force."""
    bandwidth = {level: _bandwidth(level, threads) for level in WORKING_SETS}
    return Roofline(bandwidth, {dtype: _peak(dtype, threads) for dtype in ("float32", "float64")})


def _best(call: Call) -> float:
    """The least seconds that a call takes."""
    count, least, end = calls_in_sample(call), np.inf, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        least = min(least, sample(call, count) / count)
    return float(least)


def _bandwidth(level: str, threads: int) -> float:
    # A core has a second-level cache of its own, in which a copy is over before another thread has been woken.
    own = level == "L2"
    source, target = np.ones(WORKING_SETS[level] // 2, np.uint8), np.zeros(WORKING_SETS[level] // 2, np.uint8)
    parts = list(zip(*(np.array_split(array, 1 if own else threads) for array in (target, source)), strict=True))
    return (threads if own else 1) * WORKING_SETS[level] / _best(lambda: shared(np.copyto, parts))


def _peak(dtype: str, threads: int) -> float:
    """The better of NumPy's matrix product and a loop that keeps everything in registers."""
    a, b = np.ones((1024, 1024), dtype), np.ones((1024, 1024), dtype)
    product = np.empty_like(a)
    by_product = 2.0 * 1024**3 / _best(lambda: np.matmul(a, b, out=product))
    loop = numba.njit(**OPTIONS)(_multiply_add)
    x = np.ones(64, dtype)
    flops = 2.0 * REGISTERS * ROUNDS * 64 / x.itemsize * threads
    return max(by_product, flops / _best(lambda: shared(loop, [(x,)] * threads)))


def _multiply_add(x: Any) -> Any:
    """Multiply-adds of whole vectors in eight independent chains."""
    one, half = splat(x[0]), splat(x[1] * x.dtype.type(0.5))
    a = b = c = d = e = f = g = h = one
    for _ in range(ROUNDS):
        a, b, c, d = fma(a, half, one), fma(b, half, one), fma(c, half, one), fma(d, half, one)
        e, f, g, h = fma(e, half, one), fma(f, half, one), fma(g, half, one), fma(h, half, one)
    return (lane_sum(a) + lane_sum(b) + lane_sum(c) + lane_sum(d)
            + lane_sum(e) + lane_sum(f) + lane_sum(g) + lane_sum(h)) / lanes(x)
