"""Memory for results."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

LINE = 64  # bytes
LARGE = 2**18  # bytes


def blank(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """An array to be filled; a large one begins at a line of the cache, where NumPy's begin anywhere.

    It is a view then of a little more memory: it cannot be resized in place.

    Vectors that lie across two lines cost a kernel up to a tenth, and cannot go past the caches.
    """
    kind = np.dtype(dtype)
    size = math.prod(shape) * kind.itemsize
    if size < LARGE:
        return np.empty(shape, kind)
    memory = np.empty(size + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    result: NDArray[Any] = memory[start:start + size].view(kind).reshape(shape)
    return result
