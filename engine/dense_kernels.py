"""The sums of dense layers, in explicit vectors: what `linear` and a step of training share."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from engine.compile import kernel
from engine.intrinsics import fma
from engine.vectors import lane_sum, lanes, load, splat, store

Array = NDArray[Any]


@kernel
def weigh(x: Array, weight: Array, bias: Array, out: Array, rows: int) -> None:
    """out[n, o] = bias[o] + the sum over i of x[n, i] * weight[o, i], flat arrays.

    The sum runs lane by lane over whole vectors; the lanes are added by halves, then what is left over, in order.
    """
    outputs, inputs, width = bias.size, weight.size // bias.size, lanes(x)
    whole, last = inputs // width * width, bias.size - 1
    for n in range(rows):
        row = n * inputs
        for first in range(0, outputs, 4):
            # Four outputs share what is read of x. Beyond the last they are computed again, and written to its place.
            second, third, fourth = min(first + 1, last), min(first + 2, last), min(first + 3, last)
            a = b = c = d = splat(x.dtype.type(0))
            for i in range(0, whole, width):
                v = load(x, row + i)
                a, b = fma(v, load(weight, first * inputs + i), a), fma(v, load(weight, second * inputs + i), b)
                c, d = fma(v, load(weight, third * inputs + i), c), fma(v, load(weight, fourth * inputs + i), d)
            sa, sb, sc, sd = lane_sum(a), lane_sum(b), lane_sum(c), lane_sum(d)
            for i in range(whole, inputs):
                value = x[row + i]
                sa, sb = fma(value, weight[first * inputs + i], sa), fma(value, weight[second * inputs + i], sb)
                sc, sd = fma(value, weight[third * inputs + i], sc), fma(value, weight[fourth * inputs + i], sd)
            out[n * outputs + first], out[n * outputs + second] = sa + bias[first], sb + bias[second]
            out[n * outputs + third], out[n * outputs + fourth] = sc + bias[third], sd + bias[fourth]


@kernel
def mix(share: Array, row_step: int, term_step: int, x: Array, out: Array, rows: int, terms: int) -> None:
    """out[m, j] = the sum over k, ascending, of share[m * row_step + k * term_step] * x[k, j], flat arrays.

    One rounding a term: a chain of fused multiply-adds from zero.
    """
    columns, width, last, zero = out.size // rows, lanes(x), rows - 1, x.dtype.type(0)
    whole = columns // width * width
    for first in range(0, rows, 4):
        # Four rows share what is read of x. Beyond the last they are computed again, and written to its place.
        second, third, fourth = min(first + 1, last), min(first + 2, last), min(first + 3, last)
        pa, pb, pc, pd = first * row_step, second * row_step, third * row_step, fourth * row_step
        for j in range(0, whole, 2 * width):
            # The same for a second vector beyond the last.
            right = min(j + width, whole - width)
            a = b = c = d = e = f = g = h = splat(zero)
            for k in range(terms):
                u, v, t = load(x, k * columns + j), load(x, k * columns + right), k * term_step
                wa, wb, wc, wd = splat(share[pa + t]), splat(share[pb + t]), splat(share[pc + t]), splat(share[pd + t])
                a, b, c, d = fma(wa, u, a), fma(wb, u, b), fma(wc, u, c), fma(wd, u, d)
                e, f, g, h = fma(wa, v, e), fma(wb, v, f), fma(wc, v, g), fma(wd, v, h)
            store(out, first * columns + j, a)
            store(out, second * columns + j, b)
            store(out, third * columns + j, c)
            store(out, fourth * columns + j, d)
            store(out, first * columns + right, e)
            store(out, second * columns + right, f)
            store(out, third * columns + right, g)
            store(out, fourth * columns + right, h)
        for m in range(first, fourth + 1):
            for j in range(whole, columns):
                total = zero
                for k in range(terms):
                    total = fma(share[m * row_step + k * term_step], x[k * columns + j], total)
                out[m * columns + j] = total


@kernel
def column_sums(x: Array, out: Array) -> None:
    """out[j] = the sum over rows, in order, of x[n, j], flat arrays."""
    for j in range(out.size):
        out[j] = 0
    for row in range(0, x.size, out.size):
        line = x[row:row + out.size]
        for j in range(out.size):
            out[j] += line[j]
