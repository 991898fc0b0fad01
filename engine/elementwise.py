"""The gate of every function that gives each element of an array its value, whatever the array's shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import destination, floating, integer, real
from engine.threads import shared, slices

SHARED = 2**17
"""The least number of elements that pays for handing a thread its slice."""
SIMPLE = 2**20
"""The same where an element costs no more than its way from memory and back."""
_BLOCK = 2**15  # elements that stay in a processor's own cache until they are written back


def each(function: str, loop: Callable[..., None], x: Any, *parameters: float, out: Any = None,
         least: int = SHARED, one_array: bool = False) -> NDArray[Any]:
    """An array of x's shape and dtype, filled by `loop(x, result, *parameters)` on flat contiguous arrays.

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
    out : ndarray, optional
        Where the result is written; x itself is allowed.
    least : int
        How many elements a thread must have to do for large arrays to be shared among threads.
    one_array : bool
        Whether the loop is as fast where it writes into the array that it reads.
    """
    array = floating(function, "x", x)
    if out is None:
        result = np.empty(array.shape, array.dtype)
    else:
        result = _checked(function, out, array)
        # LLVM's vectorised loop is for arrays that do not overlap; beside it stands a slow one for those that do.
        if not one_array and (result is array or np.may_share_memory(result, array)):
            loop = _in_place(loop)
    source, target = (array, result) if array.ndim == 1 else (array.reshape(-1), result.reshape(-1))
    if source.size < 2 * least:
        loop(source, target, *parameters)
    else:
        shared(loop, [(source[part], target[part], *parameters) for part in slices(source.size, least, 1024)])
    return result


def _checked(function: str, out: Any, array: NDArray[Any]) -> NDArray[Any]:
    """`destination`, in a third of the time for what is usual."""
    usual = type(out) is np.ndarray and out.dtype is array.dtype and out.shape == array.shape and out.flags.carray
    if usual and (out is array or not np.may_share_memory(out, array)):
        fit: NDArray[Any] = out
        return fit
    return destination(function, out, array.shape, array.dtype, array, in_place=True)


def _in_place(loop: Callable[..., None]) -> Callable[..., None]:
    def through_a_block(source: NDArray[Any], target: NDArray[Any], *parameters: float) -> None:
        block = np.empty(min(_BLOCK, source.size), source.dtype)
        for start in range(0, source.size, _BLOCK):
            part = target[start:start + _BLOCK]
            results = block[:part.size]
            loop(source[start:start + _BLOCK], results, *parameters)
            part[:] = results

    return through_a_block


def finite(function: str, name: str, value: Any) -> float:
    """A finite Python float: `real`, at once for what is one."""
    return value if type(value) is float and -np.inf < value < np.inf else real(function, name, value)


def axis_of(function: str, axis: Any, ndim: int) -> int:
    """An axis of an array of `ndim` axes, counted from the front."""
    number = integer(function, "axis", axis)
    if not -ndim <= number < ndim:
        raise ValueError(f"{function}: axis must lie from {-ndim} to {ndim - 1} for {ndim} axes, not {number}")
    return number % ndim
