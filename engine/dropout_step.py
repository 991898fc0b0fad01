"""Dropout within a step of training: the draw of `engine.dropout`, begun anywhere in its stream."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.intrinsics import select
from engine.philox import Word, block

Array = NDArray[Any]


@kernel
def drop(x: Array, out: Array, mask: NDArray[np.bool_], first: int, threshold: Word, scale: Any, seed: Word,
         stream: Word) -> None:
    """Silence by the draws `first`, first + 1, … of a stream; first is a multiple of 4, mask may be longer than x."""
    zero = x.dtype.type(0)
    for i in range((x.size + 3) // 4):
        a, b, c, d = block(np.uint64(first // 4 + i), stream, seed)
        mask[4 * i], mask[4 * i + 1] = a >= threshold, b >= threshold
        mask[4 * i + 2], mask[4 * i + 3] = c >= threshold, d >= threshold
    for i in range(x.size):
        out[i] = select(mask[i], x[i] * scale, zero)


@kernel
def let_through(grad: Array, mask: NDArray[np.bool_], scale: Any, out: Array) -> None:
    """The gradient of what was kept."""
    zero = grad.dtype.type(0)
    for i in range(grad.size):
        out[i] = select(mask[i], grad[i] * scale, zero)
