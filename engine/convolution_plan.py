"""Convolutions prepared once for their shapes, then run on any arrays of these shapes without a check."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import geometry as of
from engine.layouts import Layout, Sums
from engine.schedule import schedule
from engine.sliding import sliding
from engine.threads import get_num_threads, shared
from engine.windows import SLACK, Phases, Windows, phases_of

Array = NDArray[Any]

SQUARES = (3, 3), (5, 5)  # windows that have a tile for one filter over neighbouring rows
COPIED = 1 << 19  # bytes of the copy that a band of rows sees: it stays in the second-level cache
COPIED_FOR_ONE = 1 << 14  # the same for a single filter, which sees each pixel once: it stays in the first-level cache
SHARED = 4_000_000  # multiplications from which a second thread is worth waking


class Plan(NamedTuple):
    """What a convolution of given shapes needs to know.

    Attributes
    ----------
    slide : function
        `slide_images` of engine/sliding.py for arrays of the plan's dtype.
    geometry : ndarray, int64
        What engine/geometry.py names.
    images, bands : int
        Of the output: what threads may share.
    work : int
        Multiplications.
    no_bias : ndarray, (filters,)
        Zeros.
    phases : Phases or None
        How x must be dealt out before, with a stride.
    """

    slide: Callable[..., bool]
    geometry: NDArray[np.int64]
    images: int
    bands: int
    work: int
    no_bias: Array
    phases: Phases | None


@lru_cache(maxsize=1024)
def forward_plan(images: int, channels: int, filters: int, groups: int, where: Windows, kind: np.dtype[Any]) -> Plan:
    """The plan of conv2d: x (images, channels, *where.plane), weight (filters, channels / groups, *where.size)."""
    sums, layout, phases = forward_layout(images, channels, filters, groups, where, kind.itemsize)
    return _plan(sums, layout, kind)._replace(phases=phases)


def forward_layout(images: int, channels: int, filters: int, groups: int, where: Windows,
                   itemsize: int) -> tuple[Sums, Layout, Phases | None]:
    """What conv2d sums, how it is laid out, and how x must be dealt out before."""
    seen, share, window = channels // groups, filters // groups, where.size[0] * where.size[1]
    taps = seen * window
    sums = Sums(images, seen, share, groups, where.output, window, np.arange(taps, dtype=np.int64), taps, share * taps)
    if where.stride == (1, 1):
        return sums, padded_layout(sums, where.plane, where.padding, where.size, where.dilation, itemsize), None
    phases = phases_of(where, seen)
    return sums, plain_layout(sums, phases.size, phases.columns, phases.taps, itemsize), phases


@lru_cache(maxsize=1024)
def input_gradient_plan(images: int, channels: int, filters: int, groups: int, where: Windows,
                        kind: np.dtype[Any]) -> Plan:
    """The plan of conv2d_input_gradient with stride 1: a convolution of the gradient with the filters turned round."""
    seen, share, (r, s) = channels // groups, filters // groups, where.size
    beyond = [step * (size - 1) for step, size in zip(where.dilation, where.size, strict=True)]
    padding = tuple((beyond[axis] - before, beyond[axis] - after) for axis, (before, after) in enumerate(where.padding))
    source = np.arange(share)[:, None] * (seen * r * s) + np.arange(r * s)
    sums = Sums(images, share, seen, groups, where.plane, r * s, source.ravel(), r * s, share * seen * r * s)
    layout = padded_layout(sums, where.output, padding, where.size, where.dilation, kind.itemsize, flipped=True)
    return _plan(sums, layout, kind)


def padded_layout(sums: Sums, plane: tuple[int, int], padding: Any, size: tuple[int, int], dilation: tuple[int, int],
                  itemsize: int, *, flipped: bool = False) -> Layout:
    """How planes with zeros around them are best laid before windows; their taps run backwards if `flipped`."""
    lanes, (height, width), (rows, columns) = 64 // itemsize, plane, sums.output
    (top, bottom), (left, right) = padding
    pitch, beyond = width + left + right, dilation[0] * (size[0] - 1)
    # What is computed for nothing: the ends of the lines of one long row, which must be cut out of it, or what the last
    # strip of full vectors has in common with the one before.
    spared = (-(-columns // lanes) - pitch / lanes) * sums.source.size
    flat = columns < lanes or spared > 12.0 + 2.0 * columns / lanes
    direct = not flat and top == bottom == left == right == 0
    budget, least = (COPIED, 1) if sums.filters > 1 else (COPIED_FOR_ONE, 8)
    # Bands are what threads share where there are few images.
    most = max(32, -(-rows // 8)) if direct else budget // (sums.channels * max(pitch, 1) * itemsize) - beyond
    band = min(rows, max(least, most // least * least))
    lines = height if direct else band + beyond
    r, s = (np.arange(n)[::-1 if flipped else 1] * step for n, step in zip(size, dilation, strict=True))
    taps = np.arange(sums.channels)[:, None, None] * (lines * pitch) + r[:, None] * pitch + s
    square = size[0] if size in SQUARES and dilation == (1, 1) and not flat and not flipped else 0
    # A long row ends with a vector that begins in its last window.
    return Layout(taps.ravel(), height, width, height * width, top, left, pitch, lines, band, direct, flat, square,
                  0 if direct else dilation[1] * (size[1] - 1) + SLACK)


def plain_plan(sums: Sums, plane: int, pitch: int, taps: Array, kind: np.dtype[Any]) -> Plan:
    """The plan for x as it lies: `plane` elements a channel in rows of `pitch`, taps inside, and `roomy`."""
    return _plan(sums, plain_layout(sums, plane, pitch, taps, kind.itemsize), kind)


def plain_layout(sums: Sums, plane: int, pitch: int, taps: Array, itemsize: int) -> Layout:
    """How rows that are read as they lie come before windows."""
    rows, columns = sums.output
    return Layout(taps, 0, 0, plane, 0, 0, pitch, 0, rows, True, columns < 64 // itemsize, 0, pitch + SLACK)


def _plan(sums: Sums, layout: Layout, kind: np.dtype[Any]) -> Plan:
    filters, (rows, columns) = sums.groups * sums.filters, sums.output
    work = sums.images * filters * rows * columns * layout.taps.size
    return Plan(sliding(kind), schedule(sums, layout, 64 // kind.itemsize), sums.images, -(-rows // layout.band), work,
                np.zeros(filters, kind), None)


def with_shapes(geometry: NDArray[np.int64], x: Array, weight: Array) -> NDArray[np.int64]:
    """The same for `x` and `weight` of these very shapes, and no others of their sizes."""
    exact = geometry.copy()
    exact[of.SHAPES:of.HEAD] = *x.shape, *weight.shape
    return exact


def convolve(x: Array, weight: Array, bias: Array, out: Array, plan: Plan) -> bool:
    """Fill `out`; False, and nothing written, where the arrays do not fit the plan or overlap.

    All arrays are C-contiguous and of the plan's dtype; x is dealt out if the plan has phases. A TypeError tells that
    one is not, or has other axes.
    """
    if plan.work < SHARED or get_num_threads() == 1:
        return plan.slide(x, weight, bias, out, plan.geometry)
    return all(shared(plan.slide, [(x, weight, bias, out, part) for part in _parts(plan)]))


def _parts(plan: Plan) -> list[Array]:
    """The geometry of each thread's part: by images, or by bands of rows where there are too few of them."""
    count, by_images = get_num_threads(), plan.images >= get_num_threads()
    size = plan.images if by_images else plan.bands
    each = 1 if by_images else plan.geometry[of.LAST_STEP] // plan.bands
    cuts, parts = [size * k // count for k in range(count + 1)], []
    for start, stop in pairwise(cuts):
        if stop > start:
            part = plan.geometry.copy()
            part[of.FIRST if by_images else of.FIRST_STEP] = start * each
            part[of.LAST if by_images else of.LAST_STEP] = stop * each
            parts.append(part)
    return parts
