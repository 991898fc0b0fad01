"""Pieces that functions of LLVM instructions are written with: calls, loops, vectors from and to memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

from engine.vectors import Vector, read

I64 = ir.IntType(64)


def call_once(builder: Any, name: str, arguments: list[Any], write_body: Callable[[Any], None]) -> None:
    """Call a function of this module, written on first use and never inlined."""
    if name not in builder.module.globals:
        function = ir.Function(builder.module, ir.FunctionType(ir.VoidType(), [a.type for a in arguments]), name)
        function.linkage = "linkonce_odr"
        function.attributes.add("noinline")
        function.attributes.add("nounwind")
        write_body(function)
    builder.call(builder.module.globals[name], arguments)


class Loop:
    """`for k in range(first, stop, step)` that carries values from turn to turn; `carried` is left as it stands."""

    def __init__(self, builder: Any, first: Any, stop: Any, step: int, values: Sequence[Any] = ()) -> None:
        self.builder, self.step, before = builder, step, builder.block
        self.head, self.body, self.after = (builder.append_basic_block(name) for name in ("head", "body", "after"))
        builder.branch(self.head)
        builder.position_at_end(self.head)
        self.k, *self.carried = [phi(builder, value.type, (value, before)) for value in (first, *values)]
        builder.cbranch(builder.icmp_signed("<", self.k, stop), self.body, self.after)
        self.following: list[Any] = []

    def __enter__(self) -> Loop:
        self.builder.position_at_end(self.body)
        return self

    def __exit__(self, *_: Any) -> None:
        following = [self.builder.add(self.k, I64(self.step)), *self.following]
        for carried, value in zip([self.k, *self.carried], following, strict=True):
            carried.add_incoming(value, self.builder.block)
        self.builder.branch(self.head)
        self.builder.position_at_end(self.after)


def at(builder: Any, pointer: Any, index: Any) -> Any:
    return builder.gep(pointer, [index])


def times(builder: Any, step: Any, count: int) -> Any:
    return builder.mul(step, I64(count))


def vector_at(builder: Any, pointer: Any, kind: Vector) -> Any:
    return read(builder, builder.bitcast(pointer, kind.llvm.as_pointer()), kind)


def mask_of(builder: Any, used: Any, kind: Vector) -> Any:
    """True in the lanes below `used`."""
    i32 = ir.IntType(32)
    lanes = ir.VectorType(i32, kind.count)
    undefined = ir.Constant(lanes, ir.Undefined)
    first = builder.insert_element(undefined, builder.trunc(used, i32), ir.Constant(i32, 0))
    every = builder.shuffle_vector(first, undefined, ir.Constant(lanes, [0] * kind.count))
    return builder.icmp_signed(">", every, ir.Constant(lanes, list(range(kind.count))))


def some_lanes(builder: Any, pointer: Any, mask: Any, kind: Vector) -> Any:
    """What stands at the lanes of the mask, and zero in the others, whose memory is not touched."""
    zero = ir.Constant(kind.llvm, [0.0] * kind.count)
    arguments = [builder.bitcast(pointer, kind.llvm.as_pointer()), _alignment(kind), mask, zero]
    return builder.call(_masked(builder, "load", kind.llvm, kind, arguments), arguments)


def put_some_lanes(builder: Any, value: Any, pointer: Any, mask: Any, kind: Vector) -> None:
    """Write the lanes of the mask; the memory of the others is not touched."""
    arguments = [value, builder.bitcast(pointer, kind.llvm.as_pointer()), _alignment(kind), mask]
    builder.call(_masked(builder, "store", ir.VoidType(), kind, arguments), arguments)


def _masked(builder: Any, name: str, result: Any, kind: Vector, arguments: list[Any]) -> Any:
    full = f"llvm.masked.{name}.v{kind.count}{kind.llvm.element.intrinsic_name}.p0"
    shape = ir.FunctionType(result, [argument.type for argument in arguments])
    return builder.module.declare_intrinsic(full, (), shape)


def _alignment(kind: Vector) -> Any:
    return ir.IntType(32)(kind.scalar.bitwidth // 8)


def phi(builder: Any, kind: Any, *incoming: tuple[Any, Any]) -> Any:
    phi = builder.phi(kind)
    for value, block in incoming:
        phi.add_incoming(value, block)
    return phi
