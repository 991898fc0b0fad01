"""What a caller gave, checked and put into the form that kernels take."""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Iterable
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from engine.allocation import blank
from engine.received import allocatable, array_of, is_bool, parts_of, shown

Floating = NDArray[np.float32] | NDArray[np.float64]

_KEPT = (np.dtype(np.float32), np.dtype(np.float64))

LONGEST = 2**31 - 1
"""No window, stride or padding is longer, so that no product of two of them overflows what kernels count with."""


def floating(function: str, name: str, value: Any, ndim: int | None = None, *, finite: bool = False) -> NDArray[Any]:
    """A C-contiguous array of native float32 or float64; integers and float16 become float32.

    Parameters
    ----------
    function, name : str
        The public function and its argument, for the message.
    value : array_like
        What the caller gave. It is never written to; the result may share its memory.
    ndim : int, optional
        The number of axes that the function expects.
    finite : bool
        Whether infinities and NaN are refused.
    """
    if ready(value):
        array: NDArray[Any] = value
    else:
        array = _converted(function, name, value)
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{function}: {name} must have {ndim} axes, not {array.ndim} {array.shape}")
    if finite and not np.isfinite(array).all():
        raise ValueError(f"{function}: {name} must be finite; it holds {array[~np.isfinite(array)].flat[0]}")
    return array


def ready(value: Any) -> TypeGuard[NDArray[Any]]:
    """Whether kernels can take `value` as it is."""
    return type(value) is np.ndarray and value.dtype in _KEPT and value.flags.carray


def _converted(function: str, name: str, value: Any) -> NDArray[Any]:
    array = array_of(function, name, value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{function}: {name} must hold real numbers, not {array.dtype}")
    # That integers lose digits is documented; those of a long double are there because somebody wanted them.
    if array.dtype.itemsize > 8:
        raise TypeError(f"{function}: {name} must hold numbers of at most 64 bits, not {array.dtype}")
    wide = array.dtype.kind == "f" and array.dtype.itemsize == 8
    # A view of few numbers that claims to be large, such as np.broadcast_to gives, becomes as large as it claims.
    allocatable(function, array.shape, np.float64 if wide else np.float32)
    # Numba would compile a kernel anew for arrays that are read-only or not aligned: those are copied.
    return np.require(array, np.float64 if wide else np.float32, ("C", "A", "W"))


def destination(function: str, out: Any, shape: tuple[int, ...], dtype: Any, *inputs: NDArray[Any],
                in_place: bool = False) -> NDArray[Any]:
    """The array that a result is written into: a new one, or the caller's `out` after the check that it fits.

    Parameters
    ----------
    function : str
    out : ndarray or None
        What the caller gave as `out`.
    shape : tuple of int
    dtype : dtype
    *inputs : ndarray
        What is read while the result is written: `out` may share no memory with them.
    in_place : bool
        Whether `out` may be the very memory of an input, for results of which each element needs only its own.
    """
    if out is None:
        return blank(allocatable(function, shape, dtype), dtype)
    if type(out) is not np.ndarray:
        raise TypeError(f"{function}: out must be a numpy array, not {type(out).__name__}")
    if out.shape != shape or out.dtype != dtype or not out.dtype.isnative:
        raise ValueError(f"{function}: out must be {np.dtype(dtype)} {shape}, not {out.dtype} {out.shape}")
    if not out.flags.carray:
        raise ValueError(f"{function}: out must be C-contiguous, aligned and writeable")
    for array in inputs:
        if array is out if out.base is None and array.base is None else np.may_share_memory(array, out):
            same = in_place and array.size == out.size and array.ctypes.data == out.ctypes.data
            if not same:
                raise ValueError(f"{function}: out must not share memory with an input")
    return out


def integer(function: str, name: str, value: Any, minimum: int | None = None, maximum: int | None = None) -> int:
    """A Python int from `minimum` to `maximum`, in any case one of at most 64 bits: nothing counts further."""
    if type(value) is int:
        number = value
    else:
        try:
            # Python's and numpy's truth values would count as 0 and 1, and a masked number as what its mask hides.
            if is_bool(value) or isinstance(value, np.ma.MaskedArray):
                raise TypeError
            number = operator.index(value)
        except Exception:
            raise TypeError(f"{function}: {name} must be an integer, not {shown(value)}") from None
    if minimum is not None and number < minimum:
        raise ValueError(f"{function}: {name} must be at least {minimum}, not {shown(number)}")
    if maximum is not None and number > maximum:
        raise ValueError(f"{function}: {name} must be at most {maximum}, not {shown(number)}")
    if number.bit_length() > 64:
        bound = "above -2**64" if number < 0 else "below 2**64"
        raise ValueError(f"{function}: {name} must be {bound}, not {shown(number)}")
    return number


def pair(function: str, name: str, value: Any, minimum: int) -> tuple[int, int]:
    """(rows, columns) from an int or a pair of ints, neither above LONGEST."""
    values = parts_of(function, name, value)
    if values is None:
        number = integer(function, name, value, minimum, LONGEST)
        return number, number
    if len(values) != 2:
        raise ValueError(f"{function}: {name} must be an int or a pair of ints, not {shown(value)}")
    return integer(function, name, values[0], minimum, LONGEST), integer(function, name, values[1], minimum, LONGEST)


def real(function: str, name: str, value: Any, low: float | None = None, high: float | None = None,
         *, open_high: bool = False) -> float:
    """A finite Python float in [low, high], or [low, high) with `open_high`."""
    number = value if type(value) is float else _float_of(function, name, value)
    above = high is not None and (number >= high if open_high else number > high)
    if not math.isfinite(number) or (low is not None and number < low) or above:
        bounds = f"in [{low}, {high}{')' if open_high else ']'}" if high is not None else f"at least {low}"
        raise ValueError(f"{function}: {name} must be {'finite' if low is None else bounds}, not {shown(value)}")
    return number


def _float_of(function: str, name: str, value: Any) -> float:
    kind: str = getattr(getattr(value, "dtype", None), "kind", "f")
    try:
        # Strings that spell a number are no numbers, and float() would take the first part of a complex one.
        if is_bool(value) or kind not in "iuf" or np.ndim(value) or isinstance(value, np.ma.MaskedArray) \
                or not (hasattr(value, "__float__") or hasattr(value, "__index__")):
            raise TypeError
        return float(value)
    except OverflowError:
        raise ValueError(f"{function}: {name} must be finite as a float, not {shown(value)}") from None
    except Exception:
        raise TypeError(f"{function}: {name} must be a number, not {shown(value)}") from None


def flag(function: str, name: str, value: Any) -> bool:
    """True or False, and nothing that merely counts as one of them."""
    if value is True or value is False:
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    raise TypeError(f"{function}: {name} must be True or False, not {shown(value)}")


def seeded(function: str, seed: Any, name: str = "seed") -> int:
    """A seed, or a stream, of the counter-based generator: an integer from 0 to 2**64 - 1."""
    return integer(function, name, seed, 0)


def choice(function: str, name: str, value: Any, options: Iterable[str]) -> str:
    """One of `options`; a misspelling is told the nearest."""
    options = list(options)
    if isinstance(value, str) and value in options:
        return str(value)
    near = difflib.get_close_matches(value, options, 1) if isinstance(value, str) else []
    hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(options)}"
    raise ValueError(f"{function}: no {name} {shown(value)}; {hint}")


def sizes_of(function: str, name: str, value: Any, dtype: Any = np.float64) -> tuple[int, ...]:
    """A shape from an int or a sequence of them, of which an array can be allocated."""
    parts = parts_of(function, name, value)
    sizes = (value,) if parts is None else parts
    return allocatable(function, [integer(function, name, size, 0) for size in sizes], dtype)


def float_type(function: str, dtype: Any) -> np.dtype[Any]:
    """float32 or float64, from what numpy takes for either."""
    try:
        # numpy would take None for float64.
        kind = np.dtype(dtype) if isinstance(dtype, (str, type, np.dtype)) else None
    except Exception:
        kind = None
    if kind is None or kind not in _KEPT:
        raise TypeError(f"{function}: dtype must be float64 or float32, not {shown(dtype) if kind is None else kind}")
    return kind
