"""+ - * / < abs and the like of the vectors of engine/vectors.py, so that one formula serves numbers and vectors.

A comparison gives a mask, of which `select` takes lane by lane; its other side may be a number of the program.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

from engine.emission import mask_of, phi, put_some_lanes, some_lanes
from engine.vectors import VECTORS, Vector, added_by_halves, address, read, spread, vector_of, write


class Mask(types.Type):
    """The numba type of one truth value for each lane of a vector."""

    def __init__(self, count: int) -> None:
        self.count, self.llvm = count, ir.VectorType(ir.IntType(1), count)
        super().__init__(name=f"Mask({count})")


@register_model(Mask)
class _MaskModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Mask) -> None:
        super().__init__(manager, kind, kind.llvm)  # type: ignore[no-untyped-call]


MASKS = {kind: Mask(kind.count) for kind in VECTORS.values()}
_infer: Any = infer_global
_lower: Any = lower_builtin
_signature: Any = signature


def _operation(python: Any, instruction: str, operands: int) -> None:
    """Let a Python operator of vectors of one type be an LLVM instruction."""

    @_infer(python)
    class _Typed(AbstractTemplate):
        def generic(self, given: Any, keywords: Any) -> Any:
            if len(given) == operands and isinstance(given[0], Vector) and all(kind == given[0] for kind in given):
                return _signature(given[0], *given)
            return None

    @_lower(python, *[Vector] * operands)
    def _generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return getattr(builder, instruction)(*arguments)


for _python, _instruction, _operands in (
        (operator.add, "fadd", 2), (operator.sub, "fsub", 2), (operator.mul, "fmul", 2), (operator.truediv, "fdiv", 2),
        (operator.neg, "fneg", 1)):
    _operation(_python, _instruction, _operands)


@_infer(abs)
class _Absolute(AbstractTemplate):
    def generic(self, given: Any, keywords: Any) -> Any:
        return _signature(given[0], *given) if isinstance(given[0], Vector) else None


@_lower(abs, Vector)
def _absolute(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    kind = signature.return_type.llvm
    suffix = f"v{signature.return_type.count}{kind.element.intrinsic_name}"
    function = builder.module.declare_intrinsic(f"llvm.fabs.{suffix}", (), ir.FunctionType(kind, [kind]))
    return builder.call(function, arguments)


def _comparison(python: Any, sign: str) -> None:
    @_infer(python)
    class _Typed(AbstractTemplate):
        def generic(self, given: Any, keywords: Any) -> Any:
            left, right = given
            if isinstance(left, Vector) and (right == left or right == types.float64):
                return _signature(MASKS[left], left, right)
            return None

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector, (left, right) = signature.args[0], arguments
        if signature.args[1] == types.float64:
            right = spread(builder, rounded(builder, right, vector.scalar), vector)
        return builder.fcmp_ordered(sign, left, right)

    for right in (Vector, types.Float):
        _lower(python, Vector, right)(generate)


for _python, _sign in ((operator.gt, ">"), (operator.ge, ">="), (operator.lt, "<"), (operator.le, "<="),
                       (operator.eq, "==")):
    _comparison(_python, _sign)


def rounded(builder: Any, value: Any, scalar: Any) -> Any:
    """A float64 in the type `scalar`."""
    return value if scalar == types.float64 else builder.fptrunc(value, ir.FloatType())


def _select(typingctx: Any, condition: Any, yes: Any, no: Any) -> Any:
    """`yes` where the condition holds, else `no`: of two numbers, or lane by lane of two vectors."""
    fitting = MASKS[yes] if isinstance(yes, Vector) else types.boolean
    if condition != fitting or yes != no:
        raise TypingError(f"select: a condition and two numbers or vectors of one type, not {condition}, {yes}, {no}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.select(*arguments)

    return yes(condition, yes, no), generate


def _reaches(builder: Any, kind: Vector, index: Any, size: Any) -> tuple[Any, Any]:
    """How many elements of an array are left, and whether they fill a vector."""
    left = builder.sub(size, index)
    return left, builder.icmp_signed(">=", left, ir.Constant(left.type, kind.count))


def _load_inside(typingctx: Any, array: Any, index: Any) -> Any:
    """The vector that begins at flat element `index`; lanes beyond the array's end are 0, and its memory untouched."""
    kind = vector_of("load_inside", array)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        size = context.make_array(array)(context, builder, arguments[0]).nitems
        pointer = address(context, builder, array, arguments[0], arguments[1], kind.llvm)
        left, whole = _reaches(builder, kind, arguments[1], size)
        # A branch, since a mask for each vector costs a fifth of the time of a short formula.
        with builder.if_else(whole, likely=True) as (then, otherwise):
            with then:
                full, full_block = read(builder, pointer, kind), builder.block
            with otherwise:
                part = some_lanes(builder, pointer, mask_of(builder, left, kind), kind)
                part_block = builder.block
        return phi(builder, kind.llvm, (full, full_block), (part, part_block))

    return kind(array, types.intp), generate


def _store_inside(typingctx: Any, array: Any, index: Any, value: Any) -> Any:
    """Write a vector to the elements that begin at flat element `index`, as far as the array reaches."""
    kind = vector_of("store_inside", array)
    if value != kind:
        raise TypingError(f"store_inside: {kind} into {array}, not {value}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        size = context.make_array(array)(context, builder, arguments[0]).nitems
        pointer = address(context, builder, array, arguments[0], arguments[1], kind.llvm)
        left, whole = _reaches(builder, kind, arguments[1], size)
        with builder.if_else(whole, likely=True) as (then, otherwise):
            with then:
                write(builder, arguments[2], pointer, kind)
            with otherwise:
                put_some_lanes(builder, arguments[2], pointer, mask_of(builder, left, kind), kind)
        return context.get_dummy_value()

    return types.void(array, types.intp, kind), generate


def _wide_sum(typingctx: Any, x: Any) -> Any:
    """The sum of a vector's lanes in float64, by halves as `lane_sum`."""
    if not isinstance(x, Vector):
        raise TypingError(f"wide_sum: a vector, not {x}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        total = arguments[0]
        if x.scalar == types.float32:
            total = builder.fpext(total, ir.VectorType(ir.DoubleType(), x.count))
        return added_by_halves(builder, total, x.count)

    return types.float64(x), generate


# What kernels call, and a type checker sees: without the context in which numba types them.
_typed: Any = intrinsic
select: Callable[[Any, float, float], float] = _typed(_select)
load_inside: Callable[[Any, int], Any] = _typed(_load_inside)
store_inside: Callable[[Any, int, Any], None] = _typed(_store_inside)
wide_sum: Callable[[Any], float] = _typed(_wide_sum)
