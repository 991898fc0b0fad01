"""The sign, the power of two and the mantissa of a float32 or float64, for use inside kernels.

Each is a few integer instructions that LLVM vectorises on any CPU; conversions between int64 and float64 are not used,
which without AVX-512 are made one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from engine.precision import constant, floating_type


class _Layout(NamedTuple):
    """Where the parts of a number stand in its bits."""

    integer: ir.IntType
    mantissa: int
    """Its bits."""
    one: int
    """The bits of 1."""
    root: int
    """The bits of √½."""
    rounder: float


_LAYOUTS = {
    types.float32: _Layout(ir.IntType(32), 23, 0x3F800000, 0x3F3504F3, 1.5 * 2.0**23),
    types.float64: _Layout(ir.IntType(64), 52, 0x3FF0000000000000, 0x3FE6A09E667F3BCD, 1.5 * 2.0**52),
}

ROUNDER = constant(single=_LAYOUTS[types.float32].rounder, double=_LAYOUTS[types.float64].rounder)
"""Adding it rounds to an integer, which then stands in the low bits: an addition in place of a conversion."""


def _power_of_two(typingctx: Any, rounded: Any, raised: Any) -> Any:
    """2**(k + raised) for a k that stands in the low bits of k + ROUNDER, within the exponents of normal numbers.

    `raised` is an integer that is written in the program.
    """
    kind = floating_type("power_of_two", rounded)
    layout = _LAYOUTS[rounded]
    if not isinstance(raised, types.IntegerLiteral):
        return None
    zero = layout.one + (raised.literal_value << layout.mantissa)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = builder.bitcast(arguments[0], layout.integer)
        shifted = builder.shl(bits, ir.Constant(layout.integer, layout.mantissa))
        return builder.bitcast(builder.add(shifted, ir.Constant(layout.integer, zero)), kind)

    return rounded(rounded, raised), generate


def _split(typingctx: Any, x: Any) -> Any:
    """(k, m) with x = m 2**k and m in [√½, √2), for a normal x > 0."""
    kind = floating_type("split", x)
    layout = _LAYOUTS[x]
    pair: Any = types.UniTuple
    result = pair(x, 2)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def whole(number: int) -> Any:
            return ir.Constant(layout.integer, number)

        bits = builder.bitcast(arguments[0], layout.integer)
        k = builder.ashr(builder.sub(bits, whole(layout.root)), whole(layout.mantissa))
        mantissa = builder.bitcast(builder.sub(bits, builder.shl(k, whole(layout.mantissa))), kind)
        rounder = ir.Constant(kind, layout.rounder)
        raised = builder.bitcast(builder.add(k, builder.bitcast(rounder, layout.integer)), kind)
        return context.make_tuple(builder, result, (builder.fsub(raised, rounder), mantissa))

    return result(x), generate


def _copysign(typingctx: Any, x: Any, sign: Any) -> Any:
    """|x| with the sign of `sign`, of the same type."""
    kind = floating_type("copysign", x)
    if sign != x:
        return None

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function = builder.module.declare_intrinsic("llvm.copysign", [kind], ir.FunctionType(kind, [kind, kind]))
        return builder.call(function, arguments)

    return x(x, sign), generate


# What kernels call, and a type checker sees: without the context in which numba types them.
_intrinsic: Any = intrinsic
power_of_two: Callable[[float, int], float] = _intrinsic(prefer_literal=True)(_power_of_two)
split: Callable[[float], tuple[float, float]] = _intrinsic(_split)
copysign: Callable[[float, float], float] = _intrinsic(_copysign)
