"""Stores that go past the caches, for use inside kernels whose results are too large to be found there again.

An ordinary store first fetches the line of the cache that it changes. Where all of a line is written, and nobody reads
it before much else has been read, that is a third of all the traffic for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from engine.compile import kernel
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


_intrinsic: Any = intrinsic
stream: Callable[[Any, int, Any], None] = _intrinsic(_stream)
settle: Callable[[], None] = _intrinsic(_settle)


@kernel
def settled() -> None:
    """`settle`, for Python."""
    settle()


@cache
def streamed(loop: Callable[..., None]) -> Callable[..., None]:
    """A kernel that fills its second array as `loop` does, past the caches: whole vectors that begin lines of them."""
    plain = cast(Any, loop).py_func
    stores = dict.fromkeys(("store", "store_inside"), stream)
    function = FunctionType(plain.__code__, plain.__globals__ | stores, f"{plain.__name__}_streamed")
    # By this name its machine code is told from the other's on the disk.
    function.__qualname__, function.__module__ = function.__name__, plain.__module__
    return kernel(function)
