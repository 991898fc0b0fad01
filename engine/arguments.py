"""What a caller gave, checked and put into the form that kernels take."""

from __future__ import annotations

import difflib
import operator
from collections.abc import Iterable
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

Floating = NDArray[np.float32] | NDArray[np.float64]

_KEPT = (np.dtype(np.float32), np.dtype(np.float64))


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
    try:
        array = np.asarray(value)
    except (ValueError, TypeError) as fault:
        raise type(fault)(f"{function}: {name} must be an array of real numbers: {fault}") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{function}: {name} must hold real numbers, not {array.dtype}")
    wide = array.dtype.kind == "f" and array.dtype.itemsize >= 8
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
        return np.empty(shape, dtype)
    if type(out) is not np.ndarray:
        raise TypeError(f"{function}: out must be a numpy array, not {type(out).__name__}")
    if out.shape != shape or out.dtype != dtype or not out.dtype.isnative:
        raise ValueError(f"{function}: out must be {np.dtype(dtype)} {shape}, not {out.dtype} {out.shape}")
    if not out.flags.carray:
        raise ValueError(f"{function}: out must be C-contiguous, aligned and writeable")
    for array in inputs:
        same = in_place and array.size == out.size and array.ctypes.data == out.ctypes.data
        if not same and np.may_share_memory(array, out):
            raise ValueError(f"{function}: out must not share memory with an input")
    return out


def integer(function: str, name: str, value: Any, minimum: int | None = None) -> int:
    """A Python int, at least `minimum`."""
    try:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{function}: {name} must be an integer, not {value!r}") from None
    if minimum is not None and number < minimum:
        raise ValueError(f"{function}: {name} must be at least {minimum}, not {number}")
    return number


def pair(function: str, name: str, value: Any, minimum: int) -> tuple[int, int]:
    """(rows, columns) from an int or a pair of ints."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        number = integer(function, name, value, minimum)
        return number, number
    values = tuple(value)
    if len(values) != 2:
        raise ValueError(f"{function}: {name} must be an int or a pair of ints, not {value!r}")
    return integer(function, name, values[0], minimum), integer(function, name, values[1], minimum)


def real(function: str, name: str, value: Any, low: float | None = None, high: float | None = None,
         *, open_high: bool = False) -> float:
    """A finite Python float in [low, high], or [low, high) with `open_high`."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{function}: {name} must be a number, not {value!r}") from None
    above = high is not None and (number >= high if open_high else number > high)
    if not np.isfinite(number) or (low is not None and number < low) or above:
        bounds = f"in [{low}, {high}{')' if open_high else ']'}" if high is not None else f"at least {low}"
        raise ValueError(f"{function}: {name} must be {'finite' if low is None else bounds}, not {value!r}")
    return number


def seeded(function: str, seed: Any) -> int:
    """A seed of the counter-based generator: an integer from 0 to 2**64 - 1."""
    number = integer(function, "seed", seed, 0)
    if number >= 2**64:
        raise ValueError(f"{function}: seed must be below 2**64, not {number}")
    return number


def choice(function: str, name: str, value: Any, options: Iterable[str]) -> str:
    """One of `options`; a misspelling is told the nearest."""
    options = list(options)
    if value in options:
        return str(value)
    near = difflib.get_close_matches(str(value), options, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(options)}"
    raise ValueError(f"{function}: no {name} {value!r}; {hint}")
