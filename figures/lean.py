"""float32 for what figures compute by the engine, as networks do, wherever nothing that is shown depends on it.

The engine compiles a loop for each type that it meets: float64 for a figure alone would delay the first build.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.convolution import conv2d
from engine.linear import linear

Array = NDArray[np.float64]
EXACT = 2.0**24  # float32 holds all whole numbers up to it


def convolved(image: Array, kernel: Array, dtype: Any = np.float32) -> Array:
    """A kernel at every place of an image, both (rows, columns)."""
    images, kernels = image[None, None].astype(dtype), kernel[None, None].astype(dtype)
    return np.asarray(conv2d(images, kernels)[0, 0], np.float64)


def convolved_exactly(image: Array, kernel: Array) -> Array:
    """The same for numbers that are read: of whole ones no sum is rounded, others are computed in float64."""
    largest = np.abs(image).max() * np.abs(kernel).sum()
    whole = bool((image == np.round(image)).all() and (kernel == np.round(kernel)).all())
    return convolved(image, kernel, np.float32 if whole and largest <= EXACT else np.float64)


def narrowest(values: Array) -> NDArray[Any]:
    """The values as float32 if it holds each of them exactly, else as they are."""
    if np.abs(values).max() > EXACT:
        return values
    narrow = values.astype(np.float32)
    return narrow if bool((narrow == values).all()) else values


def weighted(x: Array, weight: Array, bias: Array) -> NDArray[np.float32]:
    """`engine.linear.linear` of x, (N, inputs), in float32."""
    return linear(*(array.astype(np.float32) for array in (x, weight, bias)))
