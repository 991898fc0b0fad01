"""The gradient of dropout within a step of training; the way forward is that of engine/dropout.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.intrinsics import select

Array = NDArray[Any]


@kernel
def let_through(grad: Array, mask: NDArray[np.bool_], scale: Any, out: Array) -> None:
    """The gradient of what was kept."""
    zero = grad.dtype.type(0)
    for i in range(grad.size):
        out[i] = select(mask[i], grad[i] * scale, zero)
