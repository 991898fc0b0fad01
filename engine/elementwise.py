"""The gate of every function that gives each element of an array its value, whatever the array's shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import floating, integer


def each(function: str, loop: Callable[..., None], x: Any, *parameters: float) -> NDArray[Any]:
    """A new array of x's shape and dtype, filled by `loop(x, result, *parameters)` on flat contiguous arrays.

    Parameters
    ----------
    function : str
        The public function, for messages.
    loop : kernel
        Reads its first argument, writes its second; the arrays are of the same dtype, float32 or float64.
    x : array_like
        Real numbers; float32 and float64 are kept, integers and float16 become float32.
    *parameters : float
        Passed on.
    """
    array = floating(function, "x", x)
    result = np.empty_like(array)
    loop(array.reshape(-1), result.reshape(-1), *parameters)
    return result


def axis_of(function: str, axis: Any, ndim: int) -> int:
    """An axis of an array of `ndim` axes, counted from the front."""
    number = integer(function, "axis", axis)
    if not -ndim <= number < ndim:
        raise ValueError(f"{function}: axis must lie from {-ndim} to {ndim - 1} for {ndim} axes, not {number}")
    return number % ndim
