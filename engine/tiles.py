"""The inner loops of convolution: blocks of vectors that stay in registers while taps or rows go by.

A tile is a function of LLVM instructions, one a shape and a dtype, that kernels call: LLVM compiles it once however
often it is used. What a tile's shape decides is speed alone. Each of its sums is a chain of fused multiply-adds of its
own, in the order of the taps or rows, whatever its neighbours do: so CPUs with more registers are given larger tiles.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any, NamedTuple

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.core import config
from numba.extending import intrinsic

from engine.emission import I64, Loop, at, call_once, phi, times, vector_at
from engine.vectors import Vector, address, fused, spread, vector_of, write


def wide_registers() -> bool:
    """Whether the CPU that is compiled for has the 32 registers of AVX-512; others keep a quarter of that."""
    if getattr(config, "CPU_NAME", None) is not None:
        return False
    return bool(llvmlite.binding.get_host_cpu_features().get("avx512f", False))


# Filters that are summed together: as many as the registers hold, then 4, then 1; and each beside how many vectors.
BLOCK = 8 if wide_registers() else 4
_SHAPES = ({8: (3, 1), 4: (2, 1)} if BLOCK == 8 else {4: (1,)}) | {1: (8, 3, 1)}
# -3 and -5 are one filter of as many rows and columns for two places in each of ROWS neighbouring rows. Their places
# less WIDE are for the rows and places that WIDE_TILES tells, over and over along these rows: those of a wide image
# often begin at the same place of the first-level cache, which keeps only 8 of them, and memory is read best in order.
ROWS = 4 if BLOCK == 8 else 2
WIDE, WIDE_TILES = 16, {3: (2, BLOCK // 2), 5: (ROWS, 2)}
_SQUARES = {-side: (ROWS, 2) for side in WIDE_TILES} | {-side - WIDE: tile for side, tile in WIDE_TILES.items()}
Grid = list[tuple[int, int]]  # the filter and the vector of each total


def _slide_filters(typingctx: Any, block: Any, vectors: Any, out: Any, place: Any, plane_step: Any, vector_step: Any,
                   x: Any, start: Any, x_step: Any, taps: Any, tap: Any, count: Any, weight: Any, first: Any, bias: Any,
                   b: Any) -> Any:
    """Slide `block` filters, of which _SHAPES has a tile, over `vectors` vectors of positions::

        out[place + f plane_step + v vector_step + lane] =
            init + sum over k < count of weight[first + k block + f] x[start + v x_step + taps[tap + k] + lane]

    where init is bias[b + f], or for b < 0 what stood in `out`. Arrays are contiguous, indices count flat elements.

    Squares of taps, a negative `block`, are one filter; f is the same filter f `plane_step` further, in x as well. Of
    tall ones `vectors` is a multiple of ROWS; wide ones have two rows or ROWS, and `vectors` is how many f there are.
    """
    kind, n = vector_of("slide_filters", x), types.intp

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given, scalar = signature.args, kind.llvm.element
        pointed = ((2, 3, scalar), (6, 7, scalar), (9, 10, I64), (12, 13, scalar), (14, 15, scalar))
        pointers = [address(context, builder, given[a], arguments[a], arguments[i], kept) for a, i, kept in pointed]
        actual = [*arguments[:2], *pointers, *(arguments[i] for i in (4, 5, 8, 11, 15))]
        name = f"slide_filters_{scalar.intrinsic_name}"
        call_once(builder, name, actual, lambda function: _choose_tile(function, kind))
        return context.get_dummy_value()

    return types.void(n, n, out, n, n, n, x, n, n, taps, n, n, weight, n, bias, n), generate


def _choose_tile(function: Any, kind: Vector) -> None:
    block, vectors, out, x, taps, weight, bias, plane_step, vector_step, x_step, count, b = function.args
    builder, element = ir.IRBuilder(function.append_basic_block("entry")), kind.llvm.element.intrinsic_name
    shared = (taps, weight, bias, plane_step, vector_step, x_step, count, b)
    for filters in (*_SHAPES, *_SQUARES):
        with builder.if_then(builder.icmp_signed("==", block, I64(filters))):
            high, broad = _SQUARES.get(filters, (0, 0))
            steps = (plane_step, plane_step) if filters < -WIDE else (vector_step, x_step)
            v: Any = I64(0)
            for width in _SHAPES.get(filters, (broad if filters < -WIDE else high,)):
                tile = _Tile(-filters % WIDE, broad, high) if high else _Tile(0, filters, width)
                with Loop(builder, v, builder.sub(vectors, I64(width - 1)), width) as loop:
                    places = [at(builder, pointer, builder.mul(step, loop.k))
                              for pointer, step in zip((out, x), steps, strict=True)]
                    call_once(builder, f"filter_tile_{'_'.join(map(str, tile))}_{element}", [*places, *shared],
                              lambda function, tile=tile: _slide(function, kind, tile))  # type: ignore[misc]
                v = loop.k
    builder.ret_void()


class _Tile(NamedTuple):
    """What one function sums."""

    square: int   # the side of the squares of taps, or 0 for any
    filters: int  # or places of the one filter that squares have
    vectors: int  # of each


def _slide(function: Any, kind: Vector, tile: _Tile) -> None:
    """Write a tile: what the totals are at first, the sums, and where the totals go."""
    out, x, taps, weight, bias, plane_step, vector_step, x_step, count, b = function.args
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    grid = [(f, v) for f in range(tile.filters) for v in range(tile.vectors)]
    places = [at(builder, at(builder, out, times(builder, plane_step, f)), times(builder, vector_step, v))
              for f, v in grid]
    with builder.if_else(builder.icmp_signed("<", b, I64(0))) as (then, otherwise):
        with then:
            stood, continued = [vector_at(builder, place, kind) for place in places], builder.block
        with otherwise:
            fresh = [spread(builder, builder.load(at(builder, bias, I64(0 if tile.square else f))), kind)
                     for f, _ in grid]
            started = builder.block
    first = [phi(builder, kind.llvm, (old, continued), (new, started)) for old, new in zip(stood, fresh, strict=True)]
    if tile.square:
        totals = _square(builder, kind, grid, first, x, taps, weight, x_step, count, tile.square, plane_step)
    else:
        totals = _any_taps(builder, kind, grid, first, x, taps, weight, x_step, count)
    for place, total in zip(places, totals, strict=True):
        write(builder, total, builder.bitcast(place, kind.llvm.as_pointer()), kind)
    builder.ret_void()


def _any_taps(builder: Any, kind: Vector, grid: Grid, first: list[Any], x: Any, taps: Any, weight: Any, x_step: Any,
              count: Any) -> list[Any]:
    """Add tap after tap, wherever they lie."""
    filters, vectors = grid[-1][0] + 1, grid[-1][1] + 1
    with Loop(builder, I64(0), count, 1, first) as loop:
        corner = at(builder, x, builder.load(at(builder, taps, loop.k)))
        seen = [vector_at(builder, at(builder, corner, times(builder, x_step, v)), kind) for v in range(vectors)]
        row = at(builder, weight, times(builder, loop.k, filters))
        factors = [spread(builder, builder.load(at(builder, row, I64(f))), kind) for f in range(filters)]
        loop.following += [fused(builder, (factors[f], seen[v], total), kind)
                           for (f, v), total in zip(grid, loop.carried, strict=True)]
    return loop.carried


def _square(builder: Any, kind: Vector, grid: Grid, first: list[Any], x: Any, taps: Any, weight: Any, x_step: Any,
            count: Any, side: int, apart: Any) -> list[Any]:
    """Add square after square of side * side taps for neighbouring rows, of which each pixel is read once.

    A row's taps still come in order: those of a pixel's row after those of the row above.
    """
    with Loop(builder, I64(0), count, side * side, first) as loop:
        corner, square, totals = (at(builder, x, builder.load(at(builder, taps, loop.k))), at(builder, weight, loop.k),
                                  list(loop.carried))
        factors = [spread(builder, builder.load(at(builder, square, I64(t))), kind) for t in range(side * side)]
        for row, column, f in product(range(grid[-1][1] + side), range(side), range(grid[-1][0] + 1)):
            place = at(builder, at(builder, corner, times(builder, x_step, row)), times(builder, apart, f))
            seen = vector_at(builder, at(builder, place, I64(column)), kind)
            for total, (other, v) in enumerate(grid):
                if f == other and 0 <= row - v < side:
                    totals[total] = fused(builder, (factors[(row - v) * side + column], seen, totals[total]), kind)
        loop.following += totals
    return loop.carried


_intrinsic: Any = intrinsic
slide_filters: Callable[..., None] = _intrinsic(_slide_filters)
