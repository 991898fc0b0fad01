"""Neighbouring lanes of vectors, taken apart and put together, and a choice between two vectors, for use in kernels.

They complete engine/vectors.py for windows that are two wide: `evens` and `odds` of two vectors are the left and the
right columns of as many windows as there are lanes, `first_pairs` and `last_pairs` put such columns side by side again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core.errors import TypingError
from numba.extending import intrinsic

from engine.vectors import Vector


def _checked(name: str, *given: Any) -> None:
    if not isinstance(given[0], Vector) or any(other != given[0] for other in given):
        raise TypingError(f"{name}: vectors of one type, not {', '.join(map(str, given))}")


def _shuffled(name: str, order: Callable[[int], list[int]]) -> Any:
    """An intrinsic that picks lanes of two vectors; those of the second are counted on from those of the first."""

    def typed(typingctx: Any, a: Any, b: Any) -> Any:
        _checked(name, a, b)
        picked = ir.Constant(ir.VectorType(ir.IntType(32), a.count), order(a.count))

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.shuffle_vector(*arguments, picked)

        return a(a, b), generate

    return intrinsic(typed)


def _where_less(typingctx: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """`yes` in the lanes where a is below b, `no` in the others (NaN is not below)."""
    _checked("where_less", a, b, yes, no)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", arguments[0], arguments[1]), arguments[2], arguments[3])

    return a(a, b, yes, no), generate


_intrinsic: Any = intrinsic
evens: Callable[[Any, Any], Any] = _shuffled("evens", lambda count: list(range(0, 2 * count, 2)))
odds: Callable[[Any, Any], Any] = _shuffled("odds", lambda count: list(range(1, 2 * count, 2)))
first_pairs: Callable[[Any, Any], Any] = _shuffled(
    "first_pairs", lambda count: [lane + side * count for lane in range(count // 2) for side in (0, 1)])
last_pairs: Callable[[Any, Any], Any] = _shuffled(
    "last_pairs", lambda count: [lane + side * count for lane in range(count // 2, count) for side in (0, 1)])
where_less: Callable[[Any, Any, Any, Any], Any] = _intrinsic(_where_less)
