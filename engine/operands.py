"""Several arrays that enter one computation together: checked, of one dtype, ready for a kernel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import floating, sizes_of
from engine.received import array_of, shown


def operands(function: str, *given: tuple[str, ArrayLike, int]) -> list[NDArray[Any]]:
    """Each (name, value, number of axes) as an array of the widest float among them, as numpy would promote them."""
    arrays = [floating(function, name, value, ndim) for name, value, ndim in given]
    dtype = np.result_type(*arrays)
    return [array.astype(dtype, copy=False) for array in arrays]


def image_shape(function: str, name: str, shape: Iterable[int]) -> tuple[int, int, int, int]:
    """(N, C, H, W) from what a caller gave for the shape of a batch."""
    sizes = sizes_of(function, name, shape)
    if len(sizes) != 4:
        raise ValueError(f"{function}: {name} must have 4 axes, not {len(sizes)} {sizes}")
    return sizes[0], sizes[1], sizes[2], sizes[3]


def integers(function: str, name: str, value: ArrayLike) -> NDArray[Any]:
    """An array of integers of whatever width; no numbers at all, as in an empty list, are integers too."""
    array = array_of(function, name, value)
    if array.dtype.kind not in "iu" and (array.size or not isinstance(value, (list, tuple))):
        raise TypeError(f"{function}: {name} must be integers, not {array.dtype}")
    return array if array.dtype.kind in "iu" else array.astype(np.int64)


def truths(function: str, name: str, value: ArrayLike) -> NDArray[np.bool_]:
    """An array of bool."""
    array = array_of(function, name, value)
    if array.dtype != np.bool_:
        raise TypeError(f"{function}: {name} must be of bool, not {array.dtype}")
    return array


def labels_of(function: str, labels: ArrayLike, count: int, classes: int) -> NDArray[np.int64]:
    """The class of each of `count` items, int64 from 0 to classes - 1."""
    array = integers(function, "labels", labels)
    if array.shape != (count,):
        raise ValueError(f"{function}: labels {array.shape} must hold one class for each of the {count} images")
    if count and not (array.min() >= 0 and array.max() < classes):
        wrong = array[(array < 0) | (array >= classes)][0]
        raise ValueError(f"{function}: labels must lie from 0 to {classes - 1}, not {shown(int(wrong))}")
    return array.astype(np.int64)
