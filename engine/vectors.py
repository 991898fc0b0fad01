"""Vectors of 64 bytes, for use inside kernels: 16 float32 or 8 float64 that are computed with together.

The number of lanes is part of the program and not of the machine. LLVM splits a vector that is wider than the CPU's
registers, each lane is rounded as a number alone would be, and a sum over lanes is taken in the order that `lane_sum`
states: the same bits everywhere, where a loop that LLVM vectorises on its own may not reorder a sum at all.

    total = splat(x[0] - x[0])
    for i in range(0, x.size, lanes(x)):
        total = fma(load(x, i), load(y, i), total)
    product = lane_sum(total)

An index is not checked: a caller makes sure that all lanes of it lie in the array, which must be C-contiguous.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic, models, register_model

BYTES = 64
SCALARS = {types.float32: ir.FloatType(), types.float64: ir.DoubleType()}


class Vector(types.Type):
    """The numba type of as many numbers of one type as fill 64 bytes."""

    def __init__(self, scalar: Any) -> None:
        self.scalar, self.count = scalar, BYTES * 8 // scalar.bitwidth
        self.llvm = ir.VectorType(SCALARS[scalar], self.count)
        super().__init__(name=f"Vector({scalar} x {self.count})")


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Vector) -> None:
        super().__init__(manager, kind, kind.llvm)  # type: ignore[no-untyped-call]


VECTORS = {scalar: Vector(scalar) for scalar in SCALARS}


def vector_of(function: str, array: Any) -> Vector:
    """The vector type that fits a numba array type."""
    if not isinstance(array, types.Array) or array.layout != "C" or array.dtype not in VECTORS:
        raise TypingError(f"{function}: a C-contiguous array of float32 or float64, not {array}")
    return VECTORS[array.dtype]


def address(context: Any, builder: Any, kind: Any, array: Any, index: Any, target: Any) -> Any:
    """A pointer of LLVM type `target`* to an element of an array, counted as if it were flat."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), target.as_pointer())


def read(builder: Any, pointer: Any, kind: Vector) -> Any:
    """A vector from memory that is aligned as its elements are."""
    return builder.load(pointer, align=kind.scalar.bitwidth // 8)


def write(builder: Any, value: Any, pointer: Any, kind: Vector) -> None:
    """A vector to memory that is aligned as its elements are."""
    builder.store(value, pointer, align=kind.scalar.bitwidth // 8)


def spread(builder: Any, value: Any, kind: Vector) -> Any:
    """A vector whose lanes are all `value`."""
    undefined, i32 = ir.Constant(kind.llvm, ir.Undefined), ir.IntType(32)
    first = builder.insert_element(undefined, value, ir.Constant(i32, 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(ir.VectorType(i32, kind.count), [0] * kind.count))


def fused(builder: Any, terms: Any, kind: Vector) -> Any:
    """a * b + c of terms (a, b, c), rounded once, lane by lane."""
    function = builder.module.declare_intrinsic(f"llvm.fma.v{kind.count}{kind.llvm.element.intrinsic_name}", (),
                                                ir.FunctionType(kind.llvm, [kind.llvm] * 3))
    return builder.call(function, terms)


def added_by_halves(builder: Any, total: Any, count: int) -> Any:
    """The sum of `count` lanes: the upper half is added to the lower until one lane is left."""
    half, i32 = count // 2, ir.IntType(32)
    while half:
        undefined = ir.Constant(total.type, ir.Undefined)
        low, high = (ir.Constant(ir.VectorType(i32, half), list(range(start, start + half))) for start in (0, half))
        total = builder.fadd(builder.shuffle_vector(total, undefined, low),
                             builder.shuffle_vector(total, undefined, high))
        half //= 2
    return builder.extract_element(total, ir.Constant(i32, 0))


def _lanes(typingctx: Any, array: Any) -> Any:
    """How many elements of an array make a vector: 16 of float32, 8 of float64."""
    count = vector_of("lanes", array).count

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return ir.Constant(ir.IntType(64), count)

    return types.int64(array), generate


def _load(typingctx: Any, array: Any, index: Any) -> Any:
    """The vector that begins at flat element `index`."""
    kind = vector_of("load", array)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return read(builder, address(context, builder, array, arguments[0], arguments[1], kind.llvm), kind)

    return kind(array, types.intp), generate


def _store(typingctx: Any, array: Any, index: Any, value: Any) -> Any:
    """Write a vector to the elements that begin at flat element `index`."""
    kind = vector_of("store", array)
    if value != kind:
        raise TypingError(f"store: {kind} into {array}, not {value}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        write(builder, arguments[2], address(context, builder, array, arguments[0], arguments[1], kind.llvm), kind)
        return context.get_dummy_value()

    return types.void(array, types.intp, kind), generate


def _splat(typingctx: Any, x: Any) -> Any:
    """A vector whose lanes are all x, a float32 or float64."""
    if x not in VECTORS:
        raise TypingError(f"splat: a float32 or float64, not {x}")
    kind = VECTORS[x]

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return spread(builder, arguments[0], kind)

    return kind(x), generate


def _lane_sum(typingctx: Any, x: Any) -> Any:
    """The sum of the lanes, by halves: the upper half is added to the lower until one lane is left."""
    _same("lane_sum", x)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return added_by_halves(builder, arguments[0], x.count)

    return x.scalar(x), generate


def _same(function: str, *given: Any) -> None:
    if not isinstance(given[0], Vector) or any(other != given[0] for other in given):
        raise TypingError(f"{function}: vectors of one type, not {', '.join(map(str, given))}")


def _lane_by_lane(name: str, instruction: str) -> Any:
    def typed(typingctx: Any, a: Any, b: Any) -> Any:
        _same(name, a, b)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return getattr(builder, instruction)(*arguments)

        return a(a, b), generate

    return intrinsic(typed)


def _where_positive(typingctx: Any, gate: Any, value: Any) -> Any:
    """`value` in the lanes where `gate` is above zero, and zero in the others (NaN is not above)."""
    _same("where_positive", gate, value)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zero = ir.Constant(gate.llvm, [0.0] * gate.count)
        return builder.select(builder.fcmp_ordered(">", arguments[0], zero), arguments[1], zero)

    return gate(gate, value), generate


# What kernels call, and a type checker sees: without the context in which numba types them. `fma` of
# engine/intrinsics.py takes vectors as well.
_intrinsic: Any = intrinsic
lanes: Callable[[Any], int] = _intrinsic(_lanes)
load: Callable[[Any, int], Any] = _intrinsic(_load)
store: Callable[[Any, int, Any], None] = _intrinsic(_store)
splat: Callable[[Any], Any] = _intrinsic(_splat)
lane_sum: Callable[[Any], Any] = _intrinsic(_lane_sum)
add: Callable[[Any, Any], Any] = _lane_by_lane("add", "fadd")
subtract: Callable[[Any, Any], Any] = _lane_by_lane("subtract", "fsub")
multiply: Callable[[Any, Any], Any] = _lane_by_lane("multiply", "fmul")
where_positive: Callable[[Any, Any], Any] = _intrinsic(_where_positive)
