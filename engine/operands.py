"""Several arrays that enter one computation together: checked, of one dtype, ready for a kernel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import floating, integer


def operands(function: str, *given: tuple[str, ArrayLike, int]) -> list[NDArray[Any]]:
    """Each (name, value, number of axes) as an array of the widest float among them, as numpy would promote them."""
    arrays = [floating(function, name, value, ndim) for name, value, ndim in given]
    dtype = np.result_type(*arrays)
    return [array.astype(dtype, copy=False) for array in arrays]


def image_shape(function: str, name: str, shape: Iterable[int]) -> tuple[int, int, int, int]:
    """(N, C, H, W) from what a caller gave for the shape of a batch."""
    sizes = tuple(integer(function, name, size, 0) for size in shape)
    if len(sizes) != 4:
        raise ValueError(f"{function}: {name} must have 4 axes, not {len(sizes)} {sizes}")
    return sizes[0], sizes[1], sizes[2], sizes[3]


def labels_of(function: str, labels: ArrayLike, count: int, classes: int) -> NDArray[np.int64]:
    """The class of each of `count` items, int64 from 0 to classes - 1."""
    array = np.asarray(labels)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{function}: labels must be integers, not {array.dtype}")
    if array.shape != (count,):
        raise ValueError(f"{function}: labels {array.shape} must hold one class for each of the {count} images")
    if count and not (array.min() >= 0 and array.max() < classes):
        wrong = array[(array < 0) | (array >= classes)][0]
        raise ValueError(f"{function}: labels must lie from 0 to {classes - 1}, not {wrong}")
    return array.astype(np.int64)
