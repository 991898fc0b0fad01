"""Arrays handed to kernels at once: looked at and taken over in a few nanoseconds, where numba needs a hundred each.

Numba looks up the types of all arguments, and wraps each array in a counted reference of its own, before a kernel runs.
A small image is convolved in less time. A kernel that is compiled for arrays of `handed_kind` and called by its `entry`
skips both: its first instructions read numpy's structures, refuse with a TypeError whatever is not exactly an aligned,
writeable, C-contiguous ndarray of the expected dtype and number of axes, and otherwise take the memory as it is. The
caller's own reference keeps it alive for as long as the call lasts.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache, reduce
from typing import Any

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel.models import ArrayModel
from numba.extending import NativeValue, register_model, unbox

from engine.compile import array_kind, compiled, specialise
from engine.memory import populate

HEADER = object.__basicsize__
# Where numpy's structure of an array, the same in all its versions, holds what is asked here: behind the header, whose
# end is the type, follow data, axes, shape, strides, base, dtype, flags.
TYPE, DATA, NDIM, SHAPE, STRIDES, DTYPE, FLAGS = (HEADER + offset for offset in (-8, 0, 8, 16, 24, 40, 48))
KIND = HEADER + 8  # of the structure of a dtype: kind, letter, order of bytes, something else, number
TOLD = 0xFFFF_FFFF_00FF_FFFF
DTYPES = tuple(np.dtype(name) for name in ("float32", "float64", "int64"))
CARRAY = 0x0001 | 0x0100 | 0x0400  # C-contiguous, aligned, writeable
BYTES, I32, I64 = ir.IntType(8).as_pointer(), ir.IntType(32), ir.IntType(64)

_boolean: Any = cgutils.alloca_once_value
_native: Any = NativeValue
_add_symbol: Any = llvmlite.binding.add_symbol
_unboxes: Any = unbox
_models: Any = register_model


class Handed(types.Array):  # type: ignore[misc, unused-ignore]
    """The numba type of an array that is handed over so; inside a kernel it is one as any other."""


_models(Handed)(ArrayModel)


# Code that is read from the disk is told by name what stands elsewhere in each process.
_NDARRAY = "engine_handed_ndarray"
_add_symbol(_NDARRAY, id(np.ndarray))


def _told(dtype: np.dtype[Any]) -> int:
    """What stands in numpy's structure of a native dtype."""
    return ord(dtype.kind) | ord(dtype.char) << 8 | ord("=") << 16 | dtype.num << 32


def _as_expected() -> bool:
    """Whether this Python and this numpy lay arrays out as stated above."""
    sample = np.zeros((3, 5, 7), np.float32)
    numbers = (ctypes.c_int64 * ((FLAGS + 8) // 8)).from_address(id(sample))
    shape = (ctypes.c_int64 * 3).from_address(numbers[SHAPE // 8])
    return (ctypes.sizeof(ctypes.c_void_p) == 8 and numbers[TYPE // 8] == id(np.ndarray)
            and numbers[DATA // 8] == sample.ctypes.data and numbers[NDIM // 8] & 0xFFFFFFFF == 3
            and tuple(shape) == sample.shape and numbers[DTYPE // 8] == id(sample.dtype)
            and numbers[FLAGS // 8] & CARRAY == CARRAY
            and all(ctypes.c_int64.from_address(id(dtype) + KIND).value & TOLD == _told(dtype) for dtype in DTYPES))


AS_EXPECTED = _as_expected()


@cache
def handed_kind(dtype: Any, ndim: int) -> Any:
    """The numba type of such an array, for `entry`."""
    ordinary = array_kind(dtype, ndim)
    return Handed(ordinary.dtype, ndim, "C") if AS_EXPECTED else ordinary


def entry(function: Callable[..., Any], *kinds: Any) -> Callable[..., Any]:
    """A kernel compiled for arguments of these types, and nothing but the kernel: to be called with exactly these.

    Only `handed_kind` looks at what it is given; all arguments must be of it.
    """
    if AS_EXPECTED:
        return compiled(function, *kinds)
    specialise(function, *kinds)
    return function


@_unboxes(Handed)
def _take_over(kind: Any, given: Any, c: Any) -> Any:
    builder, array = c.builder, c.context.make_array(kind)(c.context, c.builder)
    taken, refused = array._getpointer(), _boolean(builder, cgutils.true_bit)
    builder.store(ir.Constant(taken.type.pointee, None), taken)

    def at(offset: int, target: Any, structure: Any = None) -> Any:
        place = builder.gep(structure or given, [I64(offset)])
        return builder.load(builder.bitcast(place, target.as_pointer()))

    given, expected = builder.bitcast(given, BYTES), _told(np.dtype(str(kind.dtype)))
    # Nothing is known of what lies behind the header of anything else.
    with builder.if_then(builder.icmp_unsigned("==", at(TYPE, BYTES), _ndarray(builder)), likely=True):
        told = builder.and_(at(KIND, I64, at(DTYPE, BYTES)), I64(TOLD))
        fitting = [builder.icmp_unsigned("==", told, I64(expected)),
                   builder.icmp_unsigned("==", at(NDIM, I32), I32(kind.ndim)),
                   builder.icmp_unsigned("==", builder.and_(at(FLAGS, I32), I32(CARRAY)), I32(CARRAY))]
        with builder.if_then(reduce(builder.and_, fitting), likely=True):
            sizes, steps = (builder.load(at(place, ir.ArrayType(I64, kind.ndim).as_pointer())) for place in
                            (SHAPE, STRIDES))
            data = at(DATA, c.context.get_data_type(kind.dtype).as_pointer())
            populate(array, data=data, shape=sizes, strides=steps, itemsize=kind.dtype.bitwidth // 8, meminfo=None)
            builder.store(cgutils.false_bit, refused)
    error = builder.load(refused)
    with builder.if_then(error, likely=False):
        c.pyapi.err_set_string("PyExc_TypeError", f"not {kind.ndim} axes of {kind.dtype} in C order")
    return _native(builder.load(taken), is_error=error)


def _ndarray(builder: Any) -> Any:
    """The address of numpy's class."""
    if _NDARRAY not in builder.module.globals:
        ir.GlobalVariable(builder.module, ir.IntType(8), _NDARRAY)
    return builder.module.globals[_NDARRAY]
