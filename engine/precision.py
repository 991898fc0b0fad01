"""Formulas that are written once and computed in float32 for float32 numbers, in float64 for float64 ones.

A Python literal is a float64 in a kernel, and one of them lifts all arithmetic that it touches to float64, in which a
vector holds half as many numbers. So a formula takes each constant in the type of its argument:

    _LN2 = constant(single=0.693359375, double=0.6931471805599453)
    _SERIES = polynomial(single=(0.5, 0.1667), double=(0.5, 0.16666666666666666))

    @formula
    def something(x):
        return like(x, 2.0) * fma(x, _SERIES(x), _LN2(x))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic, overload

from engine.compile import OPTIONS, Function
from engine.vectors import Vector

LLVM = {types.float32: ir.FloatType(), types.float64: ir.DoubleType()}
# LLVM copies a function into its caller's loop only up to a size that some exceed; a loop around a call is not
# vectorised.
_OPTIONS = OPTIONS | {"forceinline": True}
_intrinsic: Any = intrinsic
_overload: Any = overload
Formula = TypeVar("Formula", bound=Callable[[float], Any])
Number = Callable[[float], float]
"""A function of one float32 or float64, whose type its result has."""


def formula(function: Function) -> Function:
    """Compile a function of numbers for use inside kernels: it becomes a part of each kernel that calls it."""
    compiled: Function = numba.njit(**_OPTIONS)(function)
    return compiled


def by_type(*, single: Formula, double: Formula) -> Formula:
    """A function of one number for use inside kernels: `single` of a float32, `double` of a float64."""

    def chosen(x: float) -> Any:
        raise TypeError("only kernels can call this")

    # numba wants the very signature of the functions that it returns.
    def choose(x: float) -> Any:
        table: Any = {types.float32: single, types.float64: double}
        return table.get(x)

    _overload(chosen, jit_options=_OPTIONS)(choose)
    return cast(Formula, chosen)


def floating_type(function: str, x: Any) -> Any:
    """The LLVM type of a float32 or float64; anything else is an error of the kernel."""
    if x not in LLVM:
        raise TypingError(f"{function}: a float32 or float64, not {x}")
    return LLVM[x]


def constant(value: float | None = None, *, single: float | None = None, double: float | None = None) -> Number:
    """A constant as a function of the number whose type it takes: one value rounded to the type, or one for each."""
    chosen = {types.float32: value if single is None else single, types.float64: value if double is None else double}

    def typed(typingctx: Any, x: Any) -> Any:
        kind = floating_type("constant", x)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return ir.Constant(kind, chosen[x])

        return x(x), generate

    function: Number = _intrinsic(typed)
    return function


def polynomial(*, single: Sequence[float], double: Sequence[float] = ()) -> Number:
    """c[0] + c[1] x + c[2] x**2 + … as a function of x, by one `fma` a term, with the coefficients of x's type.

    It is written out as straight code: LLVM leaves a loop over a long table a loop (22 terms: 30 times slower).
    """
    tables = {types.float32: tuple(single), types.float64: tuple(double)}

    def typed(typingctx: Any, x: Any) -> Any:
        kind = floating_type("polynomial", x)
        if not tables[x]:
            raise TypingError(f"polynomial: no coefficients of {x}")

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            *others, total = (ir.Constant(kind, coefficient) for coefficient in tables[x])
            for coefficient in reversed(others):
                total = builder.fma(total, arguments[0], coefficient)
            return total

        return x(x), generate

    function: Number = _intrinsic(typed)
    return function


def _like(typingctx: Any, x: Any, value: Any) -> Any:
    """`value`, a float64, rounded to the type of x."""
    kind = floating_type("like", x)
    if value != types.float64:
        raise TypingError(f"like: a value of float64, not {value}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return arguments[1] if x == types.float64 else builder.fptrunc(arguments[1], kind)

    return x(x, value), generate


def _where_not_positive(typingctx: Any, gate: Any, yes: Any, no: Any) -> Any:
    """Of three vectors: `yes` in the lanes where `gate` is 0 or below, `no` in the others, NaN among them."""
    if not isinstance(gate, Vector) or yes != gate or no != gate:
        raise TypingError(f"where_not_positive: three vectors of one type, not {gate}, {yes}, {no}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zero = ir.Constant(gate.llvm, [0.0] * gate.count)
        return builder.select(builder.fcmp_ordered("<=", arguments[0], zero), *arguments[1:])

    return gate(gate, yes, no), generate


# What kernels call, and a type checker sees: without the context in which numba types them.
like: Callable[[float, float], float] = _intrinsic(_like)
where_not_positive: Callable[[Any, Any, Any], Any] = _intrinsic(_where_not_positive)
