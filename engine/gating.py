"""The gradient of a ReLU within a step of training, and the sums that are gradients by biases."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from engine.compile import kernel
from engine.intrinsics import select
from engine.vectors import add, lane_sum, lanes, load, splat, store, subtract, where_positive

Array = NDArray[Any]


@kernel
def gated_sums(y: Array, grad: Array, floor: Any, out: Array, pixels: int) -> None:
    """A gradient passes, in place, where y is above `floor`; out[k] = the sum of what has passed in channel k.

    The sum runs lane by lane over the whole vectors of each plane; the lanes are added by halves, then the pixels that
    are left over in each plane, in order.
    """
    channels, width, bottom = out.size, lanes(y), splat(floor)
    whole, zero = pixels // width * width, y.dtype.type(0)
    for k in range(channels):
        total, rest = splat(zero), zero
        for start in range(k * pixels, y.size, channels * pixels):
            for i in range(start, start + whole, width):
                # -infinity as the floor lets everything pass.
                passed = where_positive(subtract(load(y, i), bottom), load(grad, i))
                store(grad, i, passed)
                total = add(total, passed)
            for i in range(start + whole, start + pixels):
                grad[i] = select(y[i] > floor, grad[i], zero)
                rest += grad[i]
        out[k] = lane_sum(total) + rest
