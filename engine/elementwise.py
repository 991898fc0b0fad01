"""The gate of every function that gives each element of an array its value, whatever the array's shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from engine.allocation import LINE
from engine.arguments import destination, floating, integer, real
from engine.compile import FLOAT64, array_kind, compiled, specialise
from engine.streaming import FAR, settled, streamed
from engine.threads import get_num_threads, shared, slices

SHARED = 3 * 2**17
"""The least number of elements that pays for handing a thread its slice."""
SIMPLE = 2**22
"""The same where an element costs no more than its way from memory and back."""
NEAR = FAR // 16
"""The number of elements below which no result goes past the caches."""
_MAY_SHARE = np.may_share_memory
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
    if source.nbytes + target.nbytes >= FAR and source.ctypes.data != target.ctypes.data:
        _past_the_caches(loop, source, target, parameters, least)
    elif source.size < 2 * least:
        loop(source, target, *parameters)
    else:
        shared(loop, [(source[part], target[part], *parameters) for part in slices(source.size, least, 1024)])
    return result


def _past_the_caches(loop: Callable[..., None], source: NDArray[Any], target: NDArray[Any],
                     parameters: tuple[float, ...], least: int) -> None:  # fmt: skip
    """Fill a target that no cache holds. What lies before its first whole line and behind the last is filled as usual.

    Not where it is the source: a line that was read need not be fetched to be written.
    """
    count = LINE // target.itemsize
    first = -target.ctypes.data % LINE // target.itemsize
    last = target.size - (target.size - first) % count
    for ends in (slice(0, first), slice(last, target.size)):
        if ends.start < ends.stop:
            loop(source[ends], target[ends], *parameters)
    past = streamed(loop)
    _specialised(past, target.dtype, len(parameters))

    def work(part: slice) -> None:
        past(source[first:last][part], target[first:last][part], *parameters)
        settled()

    shared(work, [(part,) for part in slices(last - first, least, 1024)])


@cache
def _specialised(loop: Callable[..., None], dtype: np.dtype[Any], parameters: int) -> None:
    specialise(loop, *_kinds(dtype, parameters))


@cache
def _kinds(dtype: np.dtype[Any], parameters: int) -> tuple[Any, ...]:
    row = array_kind(dtype, 1)
    return (row, row, *[FLOAT64] * parameters)


Function = TypeVar("Function", bound=Callable[..., NDArray[Any]])


def at_once(find: Callable[[], Callable[..., None]], *parameters: float,
            least: int = SHARED) -> Callable[[Function], Function]:
    """Let a function of one array go to its kernel's machine code at once where that takes the array as it is.

    Of a thousand elements, each question that Python asks takes as long as the loop, and so does numba's search for
    the code that fits the arguments. Without it nobody looks at what they are but the gate below: it lets through only
    arrays of one axis, of one dtype of this machine's byte order, contiguous, aligned and writeable, of one length.

    Parameters
    ----------
    find : function
        Gives the kernel that the function calls for the options that are its defaults.
    *parameters : float
        These defaults, as the kernel has them.
    least : int
        As in `each`, to which arrays go that are to be shared among threads.
    """
    largest = min(2 * least, NEAR)

    def decorate(function: Function) -> Function:
        single: Any = None  # until the first call of the dtype, which specialises the kernel
        double: Any = None

        @wraps(function)
        def call(x: Any, *, out: Any = None, **options: Any) -> Any:
            nonlocal single, double
            if type(x) is _ARRAY and x.ndim == 1 and x.flags.carray and not options:
                kind, size = x.dtype, x.size  # swapped bytes have another dtype
                enter = single if kind is _SINGLE else double if kind is _DOUBLE else None
                if enter is None:
                    if kind is _SINGLE:
                        single = compiled(find(), *_kinds(kind, len(parameters)))
                    elif kind is _DOUBLE:
                        double = compiled(find(), *_kinds(kind, len(parameters)))
                    return function(x, out=out)
                # Two arrays that are no views have memory of their own; of others, numpy compares where they end.
                if (size < largest or (size < NEAR and get_num_threads() == 1)) and (out is None or out is x or (
                        type(out) is _ARRAY and out.dtype is kind and out.ndim == 1 and out.size == size
                        and out.flags.carray and ((out.base is None and x.base is None) or not _MAY_SHARE(x, out)))):
                    if out is None:
                        out = _EMPTY(size, kind)
                    if parameters:
                        enter(x, out, *parameters)
                    else:
                        enter(x, out)
                    return out
            return function(x, out=out, **options)

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
