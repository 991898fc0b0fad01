"""The sums of dense layers, in explicit vectors: what `linear` and a step of training share."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from engine.compile import kernel
from engine.intrinsics import fma
from engine.vectors import lane_sum, lanes, load, splat, store

Array = NDArray[Any]


@kernel
def _finished(total: Any, x: Array, row: int, weight: Array, place: int, whole: int, inputs: int) -> Any:
    """The lanes added by halves, then the products that are left over."""
    result = lane_sum(total)
    for i in range(whole, inputs):
        result = fma(x[row + i], weight[place + i], result)
    return result


@kernel
def weigh(x: Array, weight: Array, bias: Array, out: Array, rows: int) -> None:
    """out[n, o] = bias[o] + the sum over i of x[n, i] * weight[o, i], flat arrays.

    The sum runs lane by lane over whole vectors; the lanes are added by halves, then what is left over, in order.
    """
    outputs, inputs, width = bias.size, weight.size // bias.size, lanes(x)
    whole, last, zero = inputs // width * width, bias.size - 1, splat(x.dtype.type(0))
    for first in range(0, outputs, 4):
        # Four outputs and two rows share what is read. Beyond the last they are computed again, to the same place.
        second, third, fourth = min(first + 1, last), min(first + 2, last), min(first + 3, last)
        pa, pb, pc, pd = first * inputs, second * inputs, third * inputs, fourth * inputs
        for n in range(0, rows, 2):
            m = min(n + 1, rows - 1)
            p, q = n * inputs, m * inputs
            a = b = c = d = e = f = g = h = zero
            for i in range(0, whole, width):
                u, v = load(x, p + i), load(x, q + i)
                wa, wb, wc, wd = load(weight, pa + i), load(weight, pb + i), load(weight, pc + i), load(weight, pd + i)
                a, b, c, d = fma(u, wa, a), fma(u, wb, b), fma(u, wc, c), fma(u, wd, d)
                e, f, g, h = fma(v, wa, e), fma(v, wb, f), fma(v, wc, g), fma(v, wd, h)
            out[n * outputs + first] = _finished(a, x, p, weight, pa, whole, inputs) + bias[first]
            out[n * outputs + second] = _finished(b, x, p, weight, pb, whole, inputs) + bias[second]
            out[n * outputs + third] = _finished(c, x, p, weight, pc, whole, inputs) + bias[third]
            out[n * outputs + fourth] = _finished(d, x, p, weight, pd, whole, inputs) + bias[fourth]
            out[m * outputs + first] = _finished(e, x, q, weight, pa, whole, inputs) + bias[first]
            out[m * outputs + second] = _finished(f, x, q, weight, pb, whole, inputs) + bias[second]
            out[m * outputs + third] = _finished(g, x, q, weight, pc, whole, inputs) + bias[third]
            out[m * outputs + fourth] = _finished(h, x, q, weight, pd, whole, inputs) + bias[fourth]


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
