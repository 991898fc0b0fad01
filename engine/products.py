"""Sums of products: the one inner loop that convolutions, dense layers and their gradients share.

Every output is a chain of fused multiply-adds in an order that the program states, so that its bits depend on nothing
else: not on the other images of a batch, not on the width of the CPU's vectors, not on how the work is cut into strips.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.intrinsics import fma

Array = NDArray[Any]

# Elements of one output row that are summed together: they stay in the first-level cache with what is added to them.
STRIP = 1024


@kernel
def add_products(total: Array, x: Array, start: int, taps: Array, weight: Array, first: int) -> None:
    """total[i] += sum over k of weight[first + k] * x[start + taps[k] + i], k ascending, one rounding a term."""
    n, count, k = total.size, taps.size, 0
    # Four terms for each load and store of the total; the order of the sum is that of one by one.
    while k + 4 <= count:
        a, b, c, d = start + taps[k], start + taps[k + 1], start + taps[k + 2], start + taps[k + 3]
        xa, xb, xc, xd = x[a:a + n], x[b:b + n], x[c:c + n], x[d:d + n]
        wa, wb, wc, wd = weight[first + k], weight[first + k + 1], weight[first + k + 2], weight[first + k + 3]
        for i in range(n):
            total[i] = fma(wd, xd[i], fma(wc, xc[i], fma(wb, xb[i], fma(wa, xa[i], total[i]))))
        k += 4
    while k < count:
        a, wa = start + taps[k], weight[first + k]
        xa = x[a:a + n]
        for i in range(n):
            total[i] = fma(wa, xa[i], total[i])
        k += 1


@kernel
def slide(x: Array, image_step: int, group_step: int, taps: Array, weight: Array, bias: Array, out: Array, groups: int,
          height: int, width: int, pitch: int, rows: int) -> None:
    """out[image, o, i, j] = bias[o] + the sum over taps k of weight[o, k] * x[image, group, taps[k] + i * pitch + j].

    Rows of x are `pitch` long and those of `out` `width`; `rows` of them are summed at a time, with their unused ends.
    """
    outputs, position, positions = bias.size, 0, height * width
    scratch = np.empty((rows - 1) * pitch + width, x.dtype)
    for image in range(out.size // (outputs * positions)):
        for row in range(0, height, rows):
            count = min(rows, height - row)
            total = scratch[:(count - 1) * pitch + width]
            for o in range(outputs):
                for i in range(total.size):
                    total[i] = bias[o]
                start = image * image_step + o // (outputs // groups) * group_step + row * pitch
                add_products(total, x, start, taps, weight, o * taps.size)
                position = (image * outputs + o) * positions + row * width
                for y in range(count):
                    source, target = total[y * pitch:y * pitch + width], out[position:position + width]
                    for i in range(width):
                        target[i] = source[i]
                    position += width


def rows_at_once(pitch: int, height: int) -> int:
    """How many rows of a plane are summed together."""
    return max(1, min(height, STRIP // pitch))


def product(a: Array, b: Array, start: Array | None = None) -> Array:
    """start[m] + the sum over k, ascending, of a[m, k] * b[k, j]: (M, K) times (K, J), C-contiguous, of one dtype."""
    (m, inner), j = a.shape, b.shape[1]
    out = np.empty((m, j), a.dtype)
    if out.size:
        bias = np.zeros(m, a.dtype) if start is None else start
        lines = np.arange(inner, dtype=np.int64) * j
        slide(b.reshape(-1), 0, 0, lines, a.reshape(-1), bias, out.reshape(-1), 1, 1, j, j, 1)
    return out
