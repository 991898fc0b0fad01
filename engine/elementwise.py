"""The gate of every function that gives each element of an array its value, whatever the array's shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from engine.arguments import destination, floating, integer, real
from engine.compile import FLOAT64, array_kind, specialise
from engine.threads import shared, slices

SHARED = 3 * 2**17
"""The least number of elements that pays for handing a thread its slice."""
SIMPLE = 2**22
"""The same where an element costs no more than its way from memory and back."""
_ARRAY, _EMPTY, _SINGLE, _DOUBLE = np.ndarray, np.empty, np.dtype(np.float32), np.dtype(np.float64)


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
    array = floating(function, "x", x)
    result = destination(function, out, array.shape, array.dtype, array, in_place=True)
    source, target = array.reshape(-1), result.reshape(-1)
    _specialised(loop, array.dtype, len(parameters))
    if source.size < 2 * least:
        loop(source, target, *parameters)
    else:
        shared(loop, [(source[part], target[part], *parameters) for part in slices(source.size, least, 1024)])
    return result


@cache
def _specialised(loop: Callable[..., None], dtype: np.dtype[Any], parameters: int) -> None:
    row = array_kind(dtype, 1)
    specialise(loop, row, row, *[FLOAT64] * parameters)


Function = TypeVar("Function", bound=Callable[..., NDArray[Any]])


def at_once(find: Callable[[], Callable[..., None]], *parameters: float) -> Callable[[Function], Function]:
    """Let a function of one array go to its kernel at once where the kernel takes the array as it is.

    Of a thousand elements, each question that Python asks takes as long as the loop. The kernel itself refuses what it
    was not specialised for: other types, more axes, rows that are not contiguous, aligned or writeable.

    Parameters
    ----------
    find : function
        Gives the kernel that the function calls for the options that are its defaults.
    *parameters : float
        These defaults, as the kernel has them.
    """
    def decorate(function: Function) -> Function:
        loop: Any = None  # until the first call, which specialises it

        @wraps(function)
        def call(x: Any, *, out: Any = None, **options: Any) -> Any:
            nonlocal loop
            # Of more axes the kernel would say no as well, but by an exception that takes forty times as long.
            if type(x) is _ARRAY and x.ndim == 1 and not options and x.size < SHARED:
                kind = x.dtype  # numba takes swapped bytes for what they are not
                if kind is _SINGLE or kind is _DOUBLE:
                    try:
                        # Two arrays that are no views have memory of their own.
                        if out is None or out is x or (out.base is None and x.base is None and out.dtype is kind
                                                       and out.size == x.size):
                            result = _EMPTY(x.size, kind) if out is None else out
                            loop(x, result, *parameters)
                            return result
                    except Exception:
                        pass  # what is wrong is found again below, and told in words
            result = function(x, out=out, **options)
            loop = find()
            return result

        return cast(Function, call)

    return decorate


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
