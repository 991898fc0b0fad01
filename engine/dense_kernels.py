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
    whole, zero = inputs // width * width, splat(x.dtype.type(0))
    for o in range(outputs):
        place = o * inputs
        for first in range(0, rows, 4):
            # Four rows share what is read of the weights. Beyond the last row they are that row again.
            pa = first * inputs
            pb = min(first + 1, rows - 1) * inputs
            pc = min(first + 2, rows - 1) * inputs
            pd = min(first + 3, rows - 1) * inputs
            a = zero
            b = zero
            c = zero
            d = zero
            for i in range(0, whole, width):
                w = load(weight, place + i)
                a = fma(load(x, pa + i), w, a)
                b = fma(load(x, pb + i), w, b)
                c = fma(load(x, pc + i), w, c)
                d = fma(load(x, pd + i), w, d)
            target = first * outputs + o
            for _ in range(min(4, rows - first)):
                total = lane_sum(a)
                for i in range(whole, inputs):
                    total = fma(x[pa + i], weight[place + i], total)
                out[target] = total + bias[o]
                a, b, c = b, c, d
                pa += inputs
                target += outputs


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
                u = load(x, k * columns + j)
                v = load(x, k * columns + right)
                w = splat(share[pa + k * term_step])
                a, e = fma(w, u, a), fma(w, v, e)
                w = splat(share[pb + k * term_step])
                b, f = fma(w, u, b), fma(w, v, f)
                w = splat(share[pc + k * term_step])
                c, g = fma(w, u, c), fma(w, v, g)
                w = splat(share[pd + k * term_step])
                d, h = fma(w, u, d), fma(w, v, h)
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
