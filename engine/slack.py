"""Flat arrays with memory beyond their last element, for kernels whose last vector may reach there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

LINE = 64  # bytes: a line of the cache, and a vector


def with_slack(shape: tuple[int, ...], kind: np.dtype[Any]) -> NDArray[Any]:
    """Zeros, flat, as many as `shape` says, from the start of a cache line on, with two vectors of memory after."""
    size = math.prod(shape)
    raw = np.zeros((size * kind.itemsize + 3 * LINE) // kind.itemsize, kind)
    skipped = -raw.ctypes.data % LINE // kind.itemsize
    return raw[skipped:skipped + size]
