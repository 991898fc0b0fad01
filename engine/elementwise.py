"""The gate of every function that gives each element of an array its value, whatever the array's shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import destination, floating, integer, real
from engine.threads import shared, slices

SHARED = 3 * 2**17
"""The least number of elements that pays for handing a thread its slice."""
SIMPLE = 2**22
"""The same where an element costs no more than its way from memory and back."""
_ARRAY, _EMPTY, _KEPT = np.ndarray, np.empty, (np.dtype(np.float32), np.dtype(np.float64))


def each(function: str, loop: Callable[..., None], x: Any, out: Any, *parameters: float,
         least: int = SHARED) -> NDArray[Any]:
    """An array of x's shape and dtype, filled by `loop(x, result, *parameters)` on flat contiguous arrays.

    Parameters
    ----------
    function : str
        The public function, for messages.
    loop : kernel
        Reads its first argument, writes its second; the arrays are of the same dtype, float32 or float64, and may
        be one.
    x : array_like
        Real numbers; float32 and float64 are kept, integers and float16 become float32.
    out : ndarray or None
        Where the result is written; x itself is allowed.
    *parameters : float
        Passed on.
    least : int
        How many elements a thread must have to do for large arrays to be shared among threads.
    """
    # The usual call at once: of a thousand elements, each further check takes as long as the loop.
    if type(x) is _ARRAY and x.ndim == 1 and x.dtype in _KEPT and x.size < SHARED and x.flags.carray:
        if out is None:
            result: NDArray[Any] = _EMPTY(x.size, x.dtype)
            loop(x, result, *parameters)
            return result
        # Two arrays that are no views have memory of their own.
        if out is x or (type(out) is _ARRAY and out.base is None and x.base is None and out.dtype is x.dtype
                        and out.shape == x.shape and out.flags.carray):
            loop(x, out, *parameters)
            fit: NDArray[Any] = out
            return fit
    return _each(function, loop, x, out, parameters, least)


def _each(function: str, loop: Callable[..., None], x: Any, out: Any, parameters: tuple[float, ...],
          least: int) -> NDArray[Any]:
    array = floating(function, "x", x)
    result = destination(function, out, array.shape, array.dtype, array, in_place=True)
    source, target = array.reshape(-1), result.reshape(-1)
    if source.size < 2 * least:
        loop(source, target, *parameters)
    else:
        shared(loop, [(source[part], target[part], *parameters) for part in slices(source.size, least, 1024)])
    return result


def written(function: str, values: Any, x: NDArray[Any], out: Any) -> NDArray[Any]:
    """Values of x's shape in x's dtype, in `out` if the caller gave one."""
    result = destination(function, out, x.shape, x.dtype, x, in_place=True)
    result[...] = values
    return result


def finite(function: str, name: str, value: Any) -> float:
    """A finite Python float: `real`, at once for what is one."""
    return value if type(value) is float and -np.inf < value < np.inf else real(function, name, value)


def axis_of(function: str, axis: Any, ndim: int) -> int:
    """An axis of an array of `ndim` axes, counted from the front."""
    number = integer(function, "axis", axis)
    if not -ndim <= number < ndim:
        raise ValueError(f"{function}: axis must lie from {-ndim} to {ndim - 1} for {ndim} axes, not {number}")
    return number % ndim
