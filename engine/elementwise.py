"""The gate of every function that gives each element of an array its value, whatever the array's shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import destination, floating, integer
from engine.threads import shared, slices

SHARED = 2**17
"""The least number of elements that pays for handing a thread its slice."""
SIMPLE = 2**20
"""The same where an element costs no more than its way from memory and back."""


def each(function: str, loop: Callable[..., None], x: Any, *parameters: float, out: Any = None,
         least: int = SHARED) -> NDArray[Any]:
    """An array of x's shape and dtype, filled by `loop(x, result, *parameters)` on flat contiguous arrays.

    Parameters
    ----------
    function : str
        The public function, for messages.
    loop : kernel
        Reads its first argument, writes its second; the arrays are of the same dtype, float32 or float64, and may be
        one: each element of the result needs only its own of x.
    x : array_like
        Real numbers; float32 and float64 are kept, integers and float16 become float32.
    *parameters : float
        Passed on.
    out : ndarray, optional
        Where the result is written; x itself is allowed.
    least : int
        How many elements a thread must have to do for large arrays to be shared among threads.
    """
    array = floating(function, "x", x)
    if out is None:
        result = np.empty(array.shape, array.dtype)
    elif out is array:
        result = array
    else:
        result = destination(function, out, array.shape, array.dtype, array, in_place=True)
    source, target = (array, result) if array.ndim == 1 else (array.reshape(-1), result.reshape(-1))
    if source.size < 2 * least:
        loop(source, target, *parameters)
    else:
        shared(loop, [(source[part], target[part], *parameters) for part in slices(source.size, least, 1024)])
    return result


def axis_of(function: str, axis: Any, ndim: int) -> int:
    """An axis of an array of `ndim` axes, counted from the front."""
    number = integer(function, "axis", axis)
    if not -ndim <= number < ndim:
        raise ValueError(f"{function}: axis must lie from {-ndim} to {ndim - 1} for {ndim} axes, not {number}")
    return number % ndim
