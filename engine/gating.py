"""The ReLU within a step of training, its gradient, and the sums that are gradients by biases."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from engine.compile import kernel
from engine.intrinsics import select
from engine.vectors import add, lane_sum, lanes, load, splat, store, subtract, where_positive

Array = NDArray[Any]


@kernel
def rectify(x: Array) -> None:
    """What is below zero becomes zero, in place; NaN stays."""
    zero = x.dtype.type(0)
    for i in range(x.size):
        x[i] = select(x[i] <= zero, zero, x[i])


@kernel
def gate(y: Array, grad: Array) -> None:
    """A gradient passes where y is above zero and is zero elsewhere, in place."""
    zero = y.dtype.type(0)
    for i in range(y.size):
        grad[i] = select(y[i] > zero, grad[i], zero)


@kernel
def gated_sums(y: Array, grad: Array, floor: Any, out: Array, pixels: int) -> None:
    """`gate` with `floor` for zero, and out[k] = the sum over images and pixels of channel k of what has passed.

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
