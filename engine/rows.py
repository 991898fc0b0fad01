"""The inner loops of convolution that go along one row: copying it between its margins, correlating it with another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from engine.emission import I64, Loop, at, call_once, mask_of, put_some_lanes, some_lanes, vector_at
from engine.tiles import BLOCK
from engine.vectors import Vector, address, fused, vector_of, write


def _copy_row(typingctx: Any, target: Any, place: Any, source: Any, start: Any, count: Any) -> Any:
    """target[place + k] = source[start + k] for k < count, or 0 for a negative start; no other memory is touched."""
    kind, n = vector_of("copy_row", source), types.intp

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointers = [address(context, builder, signature.args[i], arguments[i], arguments[i + 1], kind.llvm.element)
                    for i in (0, 2)]
        name = f"copy_row_{kind.llvm.element.intrinsic_name}"
        call_once(builder, name, [*pointers, arguments[3], arguments[4]], lambda function: _copy(function, kind))
        return context.get_dummy_value()

    return types.void(target, n, source, n, n), generate


# Filters and taps whose gradients are summed together: each is a vector that stays in a register.
TILE_FILTERS, TILE_TAPS = (4, 6) if BLOCK == 8 else (2, 3)


def _correlate_rows(typingctx: Any, total: Any, place: Any, grad: Any, g: Any, filters: Any, f: Any, grad_step: Any,
                    x: Any, start: Any, taps: Any, t: Any, x_step: Any, rows: Any, used: Any) -> Any:
    """Correlate TILE_FILTERS gradient planes with what TILE_TAPS taps saw, row by row, a vector from each::

        total[place + (o TILE_TAPS + k) lanes + lane] +=
            sum over y < rows of grad[g + filters[f + o] + y grad_step + lane] x[start + taps[t + k] + y x_step + lane]

    for lane < used. What stands beyond takes no part: it may be infinite.
    """
    kind, n = vector_of("correlate_rows", x), types.intp

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given, scalar = signature.args, kind.llvm.element
        pointed = ((0, 1, scalar), (2, 3, scalar), (4, 5, I64), (7, 8, scalar), (9, 10, I64))
        pointers = [address(context, builder, given[a], arguments[a], arguments[i], kept) for a, i, kept in pointed]
        actual = [*pointers, *(arguments[i] for i in (6, 11, 12, 13))]
        name = f"correlate_rows_{scalar.intrinsic_name}"
        call_once(builder, name, actual, lambda function: _correlate(function, kind))
        return context.get_dummy_value()

    return types.void(total, n, grad, n, filters, n, n, x, n, taps, n, n, n, n), generate


def _copy(function: Any, kind: Vector) -> None:
    target, source, start, count = function.args
    builder, width = ir.IRBuilder(function.append_basic_block("entry")), kind.count
    there = builder.icmp_signed(">=", start, I64(0))
    whole = builder.select(there, builder.sub(count, I64(width - 1)), I64(0))
    with Loop(builder, I64(0), whole, width) as loop:
        value = vector_at(builder, at(builder, source, loop.k), kind)
        write(builder, value, builder.bitcast(at(builder, target, loop.k), kind.llvm.as_pointer()), kind)
    with Loop(builder, loop.k, count, width) as rest:
        left = builder.sub(count, rest.k)
        # From nowhere no lane is read.
        seen = mask_of(builder, builder.select(there, left, I64(0)), kind)
        value = some_lanes(builder, at(builder, source, rest.k), seen, kind)
        put_some_lanes(builder, value, at(builder, target, rest.k), mask_of(builder, left, kind), kind)
    builder.ret_void()


def _correlate(function: Any, kind: Vector) -> None:
    total, grad, filters, x, taps, grad_step, x_step, rows, used = function.args
    builder, grid = ir.IRBuilder(function.append_basic_block("entry")), [(o, k) for o in range(TILE_FILTERS)
                                                                         for k in range(TILE_TAPS)]
    mask = mask_of(builder, used, kind)
    places = [at(builder, total, I64(i * kind.count)) for i in range(len(grid))]
    planes = [at(builder, grad, builder.load(at(builder, filters, I64(o)))) for o in range(TILE_FILTERS)]
    corners = [at(builder, x, builder.load(at(builder, taps, I64(k)))) for k in range(TILE_TAPS)]
    with Loop(builder, I64(0), rows, 1, [vector_at(builder, place, kind) for place in places]) as loop:
        down, across = builder.mul(loop.k, grad_step), builder.mul(loop.k, x_step)
        slopes = [some_lanes(builder, at(builder, plane, down), mask, kind) for plane in planes]
        seen = [some_lanes(builder, at(builder, corner, across), mask, kind) for corner in corners]
        loop.following += [fused(builder, (slopes[o], seen[k], loop.carried[i]), kind) for i, (o, k) in enumerate(grid)]
    for place, value in zip(places, loop.carried, strict=True):
        write(builder, value, builder.bitcast(place, kind.llvm.as_pointer()), kind)
    builder.ret_void()


_intrinsic: Any = intrinsic
correlate_rows: Callable[..., None] = _intrinsic(_correlate_rows)
copy_row: Callable[..., None] = _intrinsic(_copy_row)
