"""What pooling asks of vectors and numbers, for use inside kernels: the larger of two, and every second element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core.errors import TypingError
from numba.extending import intrinsic

from engine.vectors import SCALARS, Vector


def _larger(typingctx: Any, first: Any, second: Any) -> Any:
    """The larger of two numbers, or of two vectors lane by lane, as torch chooses: the first of equals, the last NaN."""
    if first != second or (first not in SCALARS and not isinstance(first, Vector)):
        raise TypingError(f"larger: two float32, float64 or vectors of one type, not {first}, {second}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        a, b = arguments
        greater = builder.select(builder.fcmp_ordered(">", b, a), b, a)
        return builder.select(builder.fcmp_unordered("uno", b, b), b, greater)

    return first(first, second), generate


def _seat_of_larger(typingctx: Any, first: Any, second: Any, seat: Any, other: Any) -> Any:
    """`seat` in the lanes where `larger` is `first`, `other` where it is `second`: four vectors of one type."""
    if not isinstance(first, Vector) or any(given != first for given in (second, seat, other)):
        raise TypingError(f"seat_of_larger: four vectors of one type, not {first}, {second}, {seat}, {other}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        a, b, mine, theirs = arguments
        kept = builder.select(builder.fcmp_ordered(">", b, a), theirs, mine)
        return builder.select(builder.fcmp_unordered("uno", b, b), theirs, kept)

    return first(first, second, seat, other), generate


def _every_second(start: int) -> Callable[..., Any]:
    def typed(typingctx: Any, a: Any, b: Any) -> Any:
        if not isinstance(a, Vector) or a != b:
            raise TypingError(f"every second element: two vectors of one type, not {a}, {b}")

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            places = ir.Constant(ir.VectorType(ir.IntType(32), a.count), list(range(start, 2 * a.count, 2)))
            return builder.shuffle_vector(arguments[0], arguments[1], places)

        return a(a, b), generate

    return typed


# What kernels call, and a type checker sees: without the context in which numba types them. `even` and `odd` take two
# vectors that follow one another in memory.
_intrinsic: Any = intrinsic
larger: Callable[[Any, Any], Any] = _intrinsic(_larger)
seat_of_larger: Callable[[Any, Any, Any, Any], Any] = _intrinsic(_seat_of_larger)
even: Callable[[Any, Any], Any] = _intrinsic(_every_second(0))
odd: Callable[[Any, Any], Any] = _intrinsic(_every_second(1))
