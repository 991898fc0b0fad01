"""Quotients and square roots of the vectors of engine/vectors.py, rounded correctly as IEEE 754 asks of both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core.errors import TypingError
from numba.extending import intrinsic

from engine.vectors import Vector


def _divide(typingctx: Any, a: Any, b: Any) -> Any:
    """a / b, lane by lane."""
    if not isinstance(a, Vector) or b != a:
        raise TypingError(f"divide: two vectors of one type, not {a}, {b}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fdiv(*arguments)

    return a(a, b), generate


def _square_root(typingctx: Any, x: Any) -> Any:
    """The square root of each lane; NaN below zero."""
    if not isinstance(x, Vector):
        raise TypingError(f"square_root: a vector, not {x}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        name = f"llvm.sqrt.v{x.count}{x.llvm.element.intrinsic_name}"
        function = builder.module.declare_intrinsic(name, (), ir.FunctionType(x.llvm, [x.llvm]))
        return builder.call(function, arguments)

    return x(x), generate


# What kernels call, and a type checker sees: without the context in which numba types them.
_intrinsic: Any = intrinsic
divide: Callable[[Any, Any], Any] = _intrinsic(_divide)
square_root: Callable[[Any], Any] = _intrinsic(_square_root)
