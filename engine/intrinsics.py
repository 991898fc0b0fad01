"""The machine operations that Python has no name for: fused multiply-add, selection, the bits of a number.

Each is LLVM instructions on scalars, which LLVM widens when it vectorises the loop around them (explicit vectors are in
engine/vectors.py). `fma` rounds once
wherever it runs: where the CPU has no such instruction, LLVM calls the C library's, slower and equal to the bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from engine.vectors import Vector, fused

_LLVM = {
    types.float32: ir.FloatType(), types.float64: ir.DoubleType(), types.int32: ir.IntType(32),
    types.int64: ir.IntType(64),
}
_INTEGER_OF = {types.float32: types.int32, types.float64: types.int64}
_FLOAT_OF = {integer: real for real, integer in _INTEGER_OF.items()}


def _fma(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c rounded once; three float32, float64 (a Python literal is a float64) or vectors of one type."""
    if (a not in _INTEGER_OF and not isinstance(a, Vector)) or b != a or c != a:
        raise TypingError(f"fma: three float32, float64 or vectors of one type, not {a}, {b}, {c}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return fused(builder, arguments, a) if isinstance(a, Vector) else builder.fma(*arguments)

    return a(a, a, a), generate


def _select(typingctx: Any, condition: Any, yes: Any, no: Any) -> Any:
    """`yes if condition else no` of two numbers of one type, both of which are computed.

    Python's own is a branch, which numba and LLVM take longer to compile, and which LLVM may leave a branch: then the
    loop around it is not vectorised.
    """
    if condition != types.boolean or yes != no or yes not in _LLVM:
        raise TypingError(f"select: a bool and two numbers of one type, not {condition}, {yes}, {no}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.select(*arguments)

    return yes(condition, yes, no), generate


def _horner(typingctx: Any, x: Any, coefficients: Any) -> Any:
    """c[0] + c[1] x + c[2] x**2 + …, by one `fma` a term; `coefficients` is a tuple of as many float64 as wanted.

    It is written out as straight code: LLVM leaves a loop over a long tuple a loop (22 terms: 30 times slower).
    """
    if x != types.float64 or not isinstance(coefficients, types.UniTuple) or coefficients.dtype != types.float64:
        raise TypingError(f"horner: a float64 and a tuple of float64, not {x}, {coefficients}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        point, table = arguments
        total = builder.extract_value(table, coefficients.count - 1)
        for power in reversed(range(coefficients.count - 1)):
            total = builder.fma(total, point, builder.extract_value(table, power))
        return total

    return x(x, coefficients), generate


def _bits_of(typingctx: Any, x: Any) -> Any:
    """The bits of a float64 as an int64, or of a float32 as an int32."""
    return _reinterpreted("bits_of", x, _INTEGER_OF)


def _from_bits(typingctx: Any, bits: Any) -> Any:
    """The float64 that has the bits of an int64, or the float32 that has those of an int32."""
    return _reinterpreted("from_bits", bits, _FLOAT_OF)


def _reinterpreted(name: str, given: Any, result_of: dict[Any, Any]) -> Any:
    if given not in result_of:
        raise TypingError(f"{name}: one of {', '.join(map(str, result_of))}, not {given}")
    result = result_of[given]

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], _LLVM[result])

    return result(given), generate


# What kernels call, and a type checker sees: without the context in which numba types them.
_intrinsic: Any = intrinsic
fma: Callable[[float, float, float], float] = _intrinsic(_fma)
select: Callable[[Any, float, float], float] = _intrinsic(_select)
horner: Callable[[float, tuple[float, ...]], float] = _intrinsic(_horner)
bits_of: Callable[[float], Any] = _intrinsic(_bits_of)
from_bits: Callable[[Any], float] = _intrinsic(_from_bits)
