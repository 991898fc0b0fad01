"""Where an array meets the lines of the cache, for use inside kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from engine.vectors import BYTES, vector_of


def _before_line(typingctx: Any, array: Any) -> Any:
    """How many elements of a long array lie before the first whose address is a multiple of a vector's size."""
    size = vector_of("before_line", array).scalar.bitwidth // 8

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole, i64 = context.make_array(array)(context, builder, arguments[0]), ir.IntType(64)
        place = builder.ptrtoint(whole.data, i64)
        beyond = builder.and_(builder.neg(place), ir.Constant(i64, BYTES - 1))
        long = builder.icmp_signed(">", whole.nitems, ir.Constant(i64, 4096))
        return builder.select(long, builder.udiv(beyond, ir.Constant(i64, size)), ir.Constant(i64, 0))

    return types.int64(array), generate


_intrinsic: Any = intrinsic
before_line: Callable[[NDArray[Any]], int] = _intrinsic(_before_line)
