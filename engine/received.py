"""What a caller gave, before the rules of any one argument: taken apart, and refused where that is not possible."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

ADDRESSES = 2**47
"""Bytes that a process on x86-64 or arm64 can address: no machine has room for more."""
MOST_AXES = 64  # numpy's own limit


def shown(value: Any) -> str:
    """What a message says of a value: its `repr` on one line, cut short where it is long."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # Python refuses to write integers of more than 4300 digits; other classes have other reasons.
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= 100 else f"{text[:80]}…"


def array_of(function: str, name: str, value: Any) -> NDArray[Any]:
    """The value as a numpy array of whatever dtype; it may share the value's memory."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{function}: {name} must not be a masked array, whose mask would be lost; fill it first")
    try:
        return np.asarray(value)
    except MemoryError:
        raise
    # Foreign classes raise what they like: torch a RuntimeError for a tensor that keeps track of gradients.
    except Exception as fault:
        kind = type(fault) if type(fault) in (ValueError, TypeError) else TypeError
        raise kind(f"{function}: {name} must be an array of real numbers: {fault}") from None


def parts_of(function: str, name: str, value: Any) -> tuple[Any, ...] | None:
    """The parts of a sequence, None where the value has none or no order; more parts than any shape has are cut off."""
    if type(value) is tuple:
        return value[:MOST_AXES + 1]
    if type(value) is int or isinstance(value, (str, bytes, Set, Mapping)) or not isinstance(value, Iterable):
        return None
    if getattr(value, "ndim", None) == 0 or isinstance(value, np.ma.MaskedArray):
        return None
    try:
        return tuple(islice(value, MOST_AXES + 1))
    except Exception as fault:
        raise TypeError(f"{function}: {name} cannot be read: {fault}") from None


def is_bool(value: Any) -> bool:
    """Whether a value is True or False, as Python, numpy or torch have it."""
    return isinstance(value, bool) or str(getattr(value, "dtype", "")).endswith("bool")


def allocatable(function: str, shape: Sequence[int], dtype: DTypeLike = np.float64) -> tuple[int, ...]:
    """The shape, after the check that an array of it can exist: to be asked before anything is allocated.

    Parameters
    ----------
    function : str
    shape : sequence of int, none negative
    dtype : dtype
    """
    sizes = tuple(shape)
    if len(sizes) > MOST_AXES:
        raise ValueError(f"{function}: an array has at most {MOST_AXES} axes, not {len(sizes)}")
    # As numpy counts: sizes of 0 save nobody from the product of the others.
    size = np.dtype(dtype).itemsize * math.prod(size for size in sizes if size)
    if size > ADDRESSES:
        raise ValueError(f"{function}: an array of shape {shown(sizes)} would take {size} bytes; "
                         f"a machine can address {ADDRESSES}")
    return sizes
