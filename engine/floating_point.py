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

from engine.precision import constant, filled, scalar_of
from engine.vectors import SCALARS, Vector


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


def _bits(x: Any, layout: _Layout) -> Any:
    """The LLVM type of the bits of a number, or of a vector's lanes."""
    return ir.VectorType(layout.integer, x.count) if isinstance(x, Vector) else layout.integer


def _power_of_two(typingctx: Any, x: Any, raised: Any) -> Any:
    """2**(k + raised) for a k that stands in the low bits of x = k + ROUNDER, within the exponents of normal numbers.

    `raised` is an integer that is written in the program.
    """
    layout = _LAYOUTS[scalar_of("power_of_two", x)]
    if not isinstance(raised, types.IntegerLiteral):
        return None
    zero = layout.one + (raised.literal_value << layout.mantissa)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = builder.bitcast(arguments[0], _bits(x, layout))
        shifted = builder.shl(bits, filled(x, layout.mantissa, layout.integer))
        return builder.bitcast(builder.add(shifted, filled(x, zero, layout.integer)), arguments[0].type)

    return x(x, raised), generate


def _raised_by(typingctx: Any, x: Any, rounded: Any) -> Any:
    """x * 2**k for a k that stands in the low bits of `rounded` = k + ROUNDER, by adding k to the exponent of x.

    Where the exponent falls to zero it is right for x = 1 alone, of which 0 is left; below that it is nonsense.
    """
    layout = _LAYOUTS[scalar_of("raised_by", x)]
    if rounded != x:
        return None

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number, power = (builder.bitcast(argument, _bits(x, layout)) for argument in arguments)
        shifted = builder.shl(power, filled(x, layout.mantissa, layout.integer))
        return builder.bitcast(builder.add(number, shifted), arguments[0].type)

    return x(x, rounded), generate


def _split(typingctx: Any, x: Any) -> Any:
    """(k, m) with x = m 2**k and m in [√½, √2), for a normal x > 0."""
    scalar = scalar_of("split", x)
    layout = _LAYOUTS[scalar]
    pair: Any = types.UniTuple
    result = pair(x, 2)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def whole(number: int) -> Any:
            return filled(x, number, layout.integer)

        kind, integers = arguments[0].type, _bits(x, layout)
        bits = builder.bitcast(arguments[0], integers)
        k = builder.ashr(builder.sub(bits, whole(layout.root)), whole(layout.mantissa))
        mantissa = builder.bitcast(builder.sub(bits, builder.shl(k, whole(layout.mantissa))), kind)
        rounder = filled(x, layout.rounder, SCALARS[scalar])
        raised = builder.bitcast(builder.add(k, builder.bitcast(rounder, integers)), kind)
        return context.make_tuple(builder, result, (builder.fsub(raised, rounder), mantissa))

    return result(x), generate


def _copysign(typingctx: Any, x: Any, sign: Any) -> Any:
    """|x| with the sign of `sign`, of the same type."""
    scalar = scalar_of("copysign", x)
    if sign != x:
        return None

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = arguments[0].type
        name = f"v{x.count}{SCALARS[scalar].intrinsic_name}" if isinstance(x, Vector) else kind.intrinsic_name
        function = builder.module.declare_intrinsic(f"llvm.copysign.{name}", (), ir.FunctionType(kind, [kind, kind]))
        return builder.call(function, arguments)

    return x(x, sign), generate


# What kernels call, and a type checker sees: without the context in which numba types them.
_intrinsic: Any = intrinsic
power_of_two: Callable[[float, int], float] = _intrinsic(prefer_literal=True)(_power_of_two)
raised_by: Callable[[float, float], float] = _intrinsic(_raised_by)
split: Callable[[float], tuple[float, float]] = _intrinsic(_split)
copysign: Callable[[float, float], float] = _intrinsic(_copysign)
