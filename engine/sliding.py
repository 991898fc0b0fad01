"""The kernel behind every convolution: filters slide over a batch, tile by tile, as a plan tells.

What a tile sees is copied with zeros around it, in bands of rows that stay in a fast cache; where there are no zeros to
add, the images themselves are read. Maps much narrower than their vectors are summed as one long row, with the ends of
its lines, and cut out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import geometry as of
from engine.compile import kernel
from engine.handed import entry, handed_kind
from engine.memory import STACK, flat, on_stack, overlap
from engine.rows import copy_row
from engine.tiles import slide_filters

Array = NDArray[Any]


@kernel
def slide_images(images: Array, weight: Array, bias: Array, outputs: Array, g: Array) -> bool:
    """Fill the images of `outputs`, in the steps that the plan names; False, and nothing written, if it does not fit.

    Parameters
    ----------
    images, weight, bias, outputs : ndarray, C-contiguous, of one float dtype; the outputs apart from the others
    g : ndarray, int64
        The plan: what engine/geometry.py names.
    """
    shape = outputs.shape
    if (images.size != g[of.INPUTS] or outputs.size != g[of.OUTPUTS] or bias.size != g[of.GROUPS] * g[of.MAPS]
            or shape[1] != bias.size or shape[2] != g[of.ROWS] or shape[3] != g[of.COLUMNS]
            or overlap(images, outputs) or overlap(weight, outputs) or overlap(bias, outputs)):
        return False
    if g[of.SHAPES] >= 0:
        for axis in range(4):
            if images.shape[axis] != g[of.SHAPES + axis] or weight.shape[axis] != g[of.SHAPES + 4 + axis]:
                return False
    x, out, weights, work = flat(images), flat(outputs), flat(weight), on_stack(images)
    if g[of.WORK] > STACK:
        work = np.empty(g[of.WORK], x.dtype)
    for i in range(g[of.COPY], g[of.WORK]):
        work[i] = 0
    made = work if g[of.FLAT] else out
    for group in range(g[of.GROUPS]):
        for i in range(g[of.WEIGHTS]):
            work[i] = weights[group * g[of.GROUP_STEP] + g[g[of.WEIGHTS_AT] + i]]
        for image in range(g[of.FIRST], g[of.LAST]):
            corner, target = (image * g[of.GROUPS] + group) * g[of.SEEN], (image * g[of.GROUPS] + group) * g[of.MADE]
            for s in range(g[of.STEPS_AT] + g[of.FIRST_STEP] * of.STEP, g[of.STEPS_AT] + g[of.LAST_STEP] * of.STEP,
                           of.STEP):
                for c in range(g[s], g[s + 1], of.COPIED):
                    copy_row(work, g[c + 1], x, corner + g[c] if g[c] >= 0 else -1, g[c + 2])
                place, start = 0 if g[of.FLAT] else target + g[s + 6], corner + g[s + 7]
                for r in range(g[s + 2], g[s + 3], of.RUN):
                    b = group * g[of.MAPS] + g[r + 7] if g[r + 7] >= 0 else -1
                    if g[r + 9]:
                        slide_filters(g[r], g[r + 1], made, place + g[r + 2], g[r + 8], g[of.VECTOR_STEP], x,
                                      start + g[r + 3], g[r + 10], g, g[r + 4], g[r + 5], work, g[r + 6], bias, b)
                    else:
                        slide_filters(g[r], g[r + 1], made, place + g[r + 2], g[r + 8], g[of.VECTOR_STEP], work,
                                      g[r + 3], g[r + 10], g, g[r + 4], g[r + 5], work, g[r + 6], bias, b)
                for c in range(g[s + 4], g[s + 5], of.CUT):
                    copy_row(out, target + g[s + 6] + g[c + 1], work, g[c], g[c + 2])
    return True


@cache
def sliding(kind: np.dtype[Any]) -> Callable[[Array, Array, Array, Array, Array], bool]:
    """`slide_images` for images, weights and outputs of four axes; a TypeError tells that an array is anything else."""
    four, one = handed_kind(kind, 4), handed_kind(kind, 1)
    return entry(slide_images, four, four, one, four, handed_kind(np.int64, 1))
