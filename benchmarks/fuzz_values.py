"""What a public function should not choke on: values of every kind, and arrays as callers really have them."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

# No sizes from 2**24 to 2**46: an array of such a size is honestly asked for, and no machine of ours has room for it.
HUGE = (2**47, 2**50, 2**53 + 1, 2**61, 2**62, 2**63 - 1, 2**63, 2**64 - 1, 2**64,
        -2**63, -2**63 - 1, 10**400, -10**400)


class Raising:
    """Something that fails whatever is asked of it."""

    def __array__(self, *_: object, **__: object) -> Any:
        raise RuntimeError("no array")

    def __float__(self) -> float:
        raise RuntimeError("no float")

    def __index__(self) -> int:
        raise RuntimeError("no index")

    def __iter__(self) -> Any:
        raise RuntimeError("no iterator")

    def __repr__(self) -> str:
        return "Raising()"


def scalar(random: Random) -> Any:
    """A single value, mostly one that nothing asks for."""
    return random.choice((
        lambda: random.choice(HUGE),
        lambda: random.choice((-1, 0, 1, 2, 3, 5, 7)),
        lambda: random.choice((float("nan"), float("inf"), -float("inf"), -0.0, 0.5, -1.5, 2.0, 1e308, 1e-320,
                               1e39)),
        lambda: random.choice((None, True, False, "", "same", "valid", "tanh", "3", b"x", ..., NotImplemented,
                               object)),
        lambda: random.choice((1j, Decimal("1.5"), Fraction(1, 3), datetime.date(2020, 1, 1), Raising(), len, {},
                               set())),
        lambda: random.choice((np.float32(2), np.float64("nan"), np.int8(-3), np.uint64(2**64 - 1), np.bool_(True),
                               np.longdouble(1), np.float16(3), np.complex64(1j), np.str_("1"),
                               np.datetime64("2020"))),
    ))()


def sequence(random: Random) -> Any:
    """A list, tuple or iterator of up to five such values, or one that is ragged or too deep."""
    kind = random.choice((tuple, list, iter, lambda values: (tuple(values),) * 2, lambda values: [values, [values]]))
    count = random.randint(0, 5)
    return kind([scalar(random) if random.random() < 0.4 else random.randint(-1, 4) for _ in range(count)])


DTYPES = ("f4", "f8", "f2", ">f4", ">f8", "g", "?", "i1", "u1", "i4", ">i8", "i8", "u8", "c8", "O", "U3", "S2", "M8[s]",
          "m8[s]", [("a", "f4"), ("b", "i4")], "V4")


def array(random: Random) -> Any:
    """An array of up to five axes of up to six elements, of any dtype, empty ones among them."""
    shape = tuple(random.choice((0, 1, 1, 2, 3, 4, 6)) for _ in range(random.randint(0, 5)))
    made = np.zeros(shape, random.choice(DTYPES))
    if made.dtype.kind in "fiu":
        count = int(made.size)
        with np.errstate(all="ignore"):
            made.reshape(-1)[:] = np.array([random.randint(-3, 9) for _ in range(count)], np.int64).astype(made.dtype)
    return disturbed(made, random) if random.random() < 0.5 else made


def disturbed(given: np.ndarray, random: Random) -> Any:
    """The same array as another caller would hold it, or with something wrong in it."""
    return random.choice(CHANGES)(np.asarray(given), random)


def _fill(given: np.ndarray, random: Random) -> Any:
    changed = np.array(given)
    if changed.size and changed.dtype.kind == "f":
        changed.reshape(-1)[random.randrange(changed.size)] = random.choice((np.nan, np.inf, -np.inf, -0.0, 6e4))
    elif changed.size and changed.dtype.kind in "iu":
        bounds = np.iinfo(changed.dtype)
        changed.reshape(-1)[random.randrange(changed.size)] = random.choice((int(bounds.min), int(bounds.max)))
    return changed


def _sliced(given: np.ndarray, random: Random) -> Any:
    parts = (slice(None), slice(None, None, -1), slice(None, None, 2), slice(1, None), slice(0))
    return given[tuple(random.choice(parts) for _ in range(given.ndim))]


def _repeated(given: np.ndarray, random: Random) -> Any:
    if not given.ndim or not given.shape[0]:
        return given
    return np.broadcast_to(given[:1], given.shape)


def _unaligned(given: np.ndarray, random: Random) -> Any:
    if given.dtype.hasobject or not given.nbytes:
        return given
    raw = np.zeros(given.nbytes + 1, np.uint8)[1:].view(given.dtype)
    raw[:] = given.reshape(-1)
    return raw.reshape(given.shape)


def _frozen(given: np.ndarray, random: Random) -> Any:
    given = given.copy()
    given.setflags(write=False)
    return given


def _cast(given: np.ndarray, random: Random) -> Any:
    dtype = np.dtype(random.choice(DTYPES))
    # numpy 2.4 writes beyond its memory when it turns some of the others into each other, and would crash by itself.
    if given.dtype.kind not in "biuf" or dtype.kind not in "biufc":
        return np.zeros(given.shape, dtype)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return given.astype(dtype)


def _listed(given: np.ndarray, random: Random) -> Any:
    return given.tolist()


CHANGES: tuple[Callable[[Any, Random], Any], ...] = (
    _fill, _sliced, _repeated, _unaligned, _frozen, _cast, _cast, _listed,
    lambda given, random: np.asfortranarray(given),
    lambda given, random: given[..., None],
    lambda given, random: given.T,
    lambda given, random: given.reshape(-1),
    lambda given, random: given[:0] if given.ndim else given,
    lambda given, random: given[0] if given.ndim and given.shape[0] else given,
    lambda given, random: np.ma.masked_array(given, np.ones(given.shape, bool)),
    lambda given, random: given.view(np.matrix) if given.ndim == 2 else given,
    lambda given, random: given.astype(object),
)


def anything(random: Random) -> Any:
    """A value of any kind."""
    return random.choice((scalar, scalar, sequence, array))(random)
