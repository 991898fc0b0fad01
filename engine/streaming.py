"""Stores that go past the caches, for use inside kernels whose results are too large to be found there again.

An ordinary store first fetches the line of the cache that it changes. Where all of a line is written, and nobody reads
it before much else has been read, that is a third of all the traffic for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from engine.vectors import BYTES, address, vector_of

FAR = 2**25
"""Bytes read and written, above which results go past the caches: more than most processors have for each core."""


def _stream(typingctx: Any, array: Any, index: Any, value: Any) -> Any:
    """Write a vector to the elements that begin at flat element `index`, which must begin a line of the cache."""
    kind = vector_of("stream", array)
    if value != kind:
        raise TypingError(f"stream: {kind} into {array}, not {value}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = address(context, builder, array, arguments[0], arguments[1], kind.llvm)
        store = builder.store(arguments[2], pointer, align=BYTES)
        store.set_metadata("nontemporal", builder.module.add_metadata([ir.IntType(32)(1)]))
        return context.get_dummy_value()

    return types.void(array, types.intp, kind), generate


def _settle(typingctx: Any) -> Any:
    """Have all that was streamed seen by other threads before what is written from here on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return types.void(), generate


def _far(typingctx: Any, x: Any, y: Any) -> Any:
    """Whether y, into which x is worked, is to be streamed: both are large, and not one."""
    vector_of("far", x), vector_of("far", y)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source, target = (context.make_array(kind)(context, builder, value)
                          for kind, value in zip(signature.args, arguments, strict=True))
        moved = builder.add(*(builder.mul(array.nitems, array.itemsize) for array in (source, target)))
        # What stands in the cache because it was read there need not be fetched to be written.
        apart = builder.icmp_unsigned("!=", *(builder.ptrtoint(array.data, moved.type) for array in (source, target)))
        return builder.and_(apart, builder.icmp_signed(">=", moved, moved.type(FAR)))

    return types.boolean(x, y), generate


_intrinsic: Any = intrinsic
stream: Callable[[Any, int, Any], None] = _intrinsic(_stream)
settle: Callable[[], None] = _intrinsic(_settle)
far: Callable[[Any, Any], bool] = _intrinsic(_far)
