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
from engine.vector_arithmetic import rounded
from engine.vectors import SCALARS, Vector, fused, spread

# LLVM copies a function into its caller's loop only up to a size that some exceed; a loop around a call is not
# vectorised. And only kernels call it: an entry for Python would take longer to compile than the formula.
_OPTIONS = OPTIONS | {"forceinline": True, "no_cpython_wrapper": True}
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
    """A function for use inside kernels: `single` of a float32 or a vector of such, `double` of float64."""

    def chosen(x: float) -> Any:
        raise TypeError("only kernels can call this")

    # numba wants the very signature of the functions that it returns.
    def choose(x: float) -> Any:
        return single if scalar_of("by_type", x) == types.float32 else double

    _overload(chosen, jit_options=_OPTIONS)(choose)
    return cast(Formula, chosen)


def scalar_of(function: str, x: Any) -> Any:
    """float32 or float64 for a number of that type or a vector of such; anything else is an error of the kernel."""
    if x not in SCALARS and not isinstance(x, Vector):
        raise TypingError(f"{function}: a float32, a float64 or a vector of one, not {x}")
    return x.scalar if isinstance(x, Vector) else x


def filled(x: Any, value: Any, plain: Any) -> Any:
    """The LLVM constant of a number's type, or of a vector's with `value` in every lane; `plain` is the number's."""
    return ir.Constant(ir.VectorType(plain, x.count), [value] * x.count) if isinstance(x, Vector) else (
        ir.Constant(plain, value))


def constant(value: float | None = None, *, single: float | None = None, double: float | None = None) -> Number:
    """A constant as a function of the number whose type it takes: one value rounded to the type, or one for each."""
    chosen = {types.float32: value if single is None else single, types.float64: value if double is None else double}

    def typed(typingctx: Any, x: Any) -> Any:
        scalar = scalar_of("constant", x)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return filled(x, chosen[scalar], SCALARS[scalar])

        return x(x), generate

    function: Number = _intrinsic(typed)
    return function


def polynomial(*, single: Sequence[float] = (), double: Sequence[float] = ()) -> Number:
    """c[0] + c[1] x + c[2] x**2 + … as a function of x, by one `fma` a term, with the coefficients of x's type.

    It is written out as straight code: LLVM leaves a loop over a long table a loop (22 terms: 30 times slower).
    """
    tables = {types.float32: tuple(single), types.float64: tuple(double)}

    def typed(typingctx: Any, x: Any) -> Any:
        scalar = scalar_of("polynomial", x)
        if not tables[scalar]:
            raise TypingError(f"polynomial: no coefficients of {scalar}")

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            *others, total = (filled(x, coefficient, SCALARS[scalar]) for coefficient in tables[scalar])
            for coefficient in reversed(others):
                terms = (total, arguments[0], coefficient)
                total = fused(builder, terms, x) if isinstance(x, Vector) else builder.fma(*terms)
            return total

        return x(x), generate

    function: Number = _intrinsic(typed)
    return function


def _like(typingctx: Any, x: Any, value: Any) -> Any:
    """`value`, a float64, rounded to the type of x; in every lane if x is a vector."""
    scalar = scalar_of("like", x)
    if value != types.float64:
        raise TypingError(f"like: a value of float64, not {value}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number = rounded(builder, arguments[1], scalar)
        return spread(builder, number, x) if isinstance(x, Vector) else number

    return x(x, value), generate


# What kernels call, and a type checker sees: without the context in which numba types them.
like: Callable[[float, float], float] = _intrinsic(_like)
