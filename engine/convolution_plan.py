"""Convolutions prepared once for their shapes, then run on any arrays of these shapes without a check."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import geometry as of
from engine.sliding import prepare, slide_images
from engine.threads import get_num_threads, shared
from engine.windows import SLACK, Phases, Windows, phases_of

Array = NDArray[Any]

MOST_TAPS = 192  # that are summed at a time, if a window has no more: weights and rows stay in the first-level cache
SQUARES = (3, 3), (5, 5)  # windows that have a tile for one filter over neighbouring rows
COPIED = 1 << 19  # bytes of the copy that a band of rows sees: it stays in the second-level cache
COPIED_FOR_ONE = 1 << 15  # the same for a single filter, which sees each pixel once: it stays in the first-level cache
SHARED = 4_000_000  # multiplications from which a second thread is worth waking


class Plan(NamedTuple):
    """What a convolution of given shapes needs to know.

    Attributes
    ----------
    geometry : ndarray, int64
        What engine/geometry.py names.
    images, rows : int
        Of the output.
    work : int
        Multiplications.
    no_bias : ndarray, (filters,)
        Zeros.
    phases : Phases or None
        How x must be dealt out before, with a stride.
    """

    geometry: NDArray[np.int64]
    images: int
    rows: int
    work: int
    no_bias: Array
    phases: Phases | None


class Sums(NamedTuple):
    """Which sums a plan is for: of each output, over some taps of a window, with weights picked from an array."""

    images: int
    channels: int
    filters: int
    groups: int
    output: tuple[int, int]
    window: int                # taps of one channel
    source: NDArray[np.int64]  # where the weights of the taps stand, for the first filter of a group
    filter_step: int
    group_step: int


@lru_cache(maxsize=1024)
def forward_plan(images: int, channels: int, filters: int, groups: int, where: Windows, kind: np.dtype[Any]) -> Plan:
    """The plan of conv2d: x (images, channels, *where.plane), weight (filters, channels / groups, *where.size)."""
    seen, share, window = channels // groups, filters // groups, where.size[0] * where.size[1]
    taps = seen * window
    sums = Sums(images, seen, share, groups, where.output, window, np.arange(taps), taps, share * taps)
    if where.stride == (1, 1):
        return padded_plan(sums, where.plane, where.padding, where.size, where.dilation, kind, flipped=False)
    phases = phases_of(where, seen)
    plan = plain_plan(sums, phases.size, phases.columns, phases.taps, kind)
    return plan._replace(phases=phases)


@lru_cache(maxsize=1024)
def input_gradient_plan(images: int, channels: int, filters: int, groups: int, where: Windows,
                        kind: np.dtype[Any]) -> Plan:
    """The plan of conv2d_input_gradient with stride 1: a convolution of the gradient with the filters turned round."""
    seen, share, (r, s) = channels // groups, filters // groups, where.size
    beyond = [step * (size - 1) for step, size in zip(where.dilation, where.size, strict=True)]
    padding = tuple((beyond[axis] - before, beyond[axis] - after) for axis, (before, after) in enumerate(where.padding))
    source = np.arange(share)[:, None] * (seen * r * s) + np.arange(r * s)
    sums = Sums(images, share, seen, groups, where.plane, r * s, source.ravel(), r * s, share * seen * r * s)
    return padded_plan(sums, where.output, padding, where.size, where.dilation, kind, flipped=True)


def padded_plan(sums: Sums, plane: tuple[int, int], padding: Any, size: tuple[int, int], dilation: tuple[int, int],
                kind: np.dtype[Any], *, flipped: bool) -> Plan:
    """The plan for windows of `size` on planes with zeros around them; their taps run backwards if `flipped`."""
    lanes, (height, width), (rows, columns) = 64 // kind.itemsize, plane, sums.output
    (top, bottom), (left, right) = padding
    pitch, beyond = width + left + right, dilation[0] * (size[0] - 1)
    # What is computed for nothing: the ends of the lines of one long row, which must be cut out of it, or what the last
    # strip of full vectors has in common with the one before.
    spared = (-(-columns // lanes) - pitch / lanes) * sums.source.size
    flat = columns < lanes or spared > 12.0 + 2.0 * columns / lanes
    direct = not flat and top == bottom == left == right == 0
    budget = (COPIED if sums.filters > 1 else COPIED_FOR_ONE) // (sums.channels * max(pitch, 1) * kind.itemsize)
    band = rows if direct else max(1, min(rows, budget - beyond))
    lines = height if direct else band + beyond
    r, s = (np.arange(n)[::-1 if flipped else 1] * step for n, step in zip(size, dilation, strict=True))
    taps = np.arange(sums.channels)[:, None, None] * (lines * pitch) + r[:, None] * pitch + s
    # A long row ends with a vector that begins in its last window.
    copy = 0 if direct else sums.channels * lines * pitch + dilation[1] * (size[1] - 1) + SLACK
    square = size[0] if size in SQUARES and dilation == (1, 1) and not flat and not flipped else 0
    return _plan(sums, taps.ravel(), kind, {
        of.HEIGHT: height, of.WIDTH: width, of.TOP: top, of.LEFT: left, of.PITCH: pitch, of.LINES: lines, of.BAND: band,
        of.COPY: copy, of.DIRECT: direct, of.FLAT: flat, of.SQUARE: square, of.INPUTS: 0})


def plain_plan(sums: Sums, plane: int, pitch: int, taps: Array, kind: np.dtype[Any]) -> Plan:
    """The plan for x as it lies: `plane` elements a channel in rows of `pitch`, taps inside, SLACK at the end."""
    flat = sums.output[1] < 64 // kind.itemsize
    # The kernel knows no more of a plane than its size and its pitch.
    return _plan(sums, taps, kind, {
        of.HEIGHT: plane, of.WIDTH: 1, of.TOP: 0, of.LEFT: 0, of.PITCH: pitch, of.LINES: 0, of.BAND: sums.output[0],
        of.COPY: 0, of.DIRECT: True, of.FLAT: flat, of.SQUARE: 0,
        of.INPUTS: pitch + SLACK})


def _plan(sums: Sums, taps: Array, kind: np.dtype[Any], layout: dict[int, int]) -> Plan:
    rows, columns = sums.output
    filters, plane = sums.groups * sums.filters, layout[of.HEIGHT] * layout[of.WIDTH]
    inputs = sums.images * sums.groups * sums.channels * plane + layout[of.INPUTS]
    layout |= {
        of.CHANNELS: sums.channels, of.FILTERS: sums.filters, of.GROUPS: sums.groups, of.ROWS: rows,
        of.COLUMNS: columns, of.PLANE: plane, of.TAPS: taps.size,
        of.TOGETHER: max(1, MOST_TAPS // sums.window) * sums.window,
        of.FILTER_STEP: sums.filter_step, of.GROUP_STEP: sums.group_step, of.INPUTS: inputs,
        of.OUTPUTS: sums.images * filters * rows * columns, of.FIRST: 0, of.LAST: sums.images, of.FIRST_ROW: 0,
        of.LAST_ROW: rows}
    head = np.array([layout[place] for place in range(of.HEAD)], np.int64)
    prepare(kind)
    return Plan(np.concatenate([head, taps, sums.source]).astype(np.int64), sums.images, rows,
                layout[of.OUTPUTS] * taps.size, np.zeros(filters, kind), None)


def convolve(x: Array, weight: Array, bias: Array, out: Array, plan: Plan) -> bool:
    """Fill `out`; False, and nothing written, where the arrays do not fit the plan or overlap.

    All arrays are C-contiguous and of the plan's dtype; x is dealt out if the plan has phases. A TypeError tells that
    one is not, or has other axes.
    """
    if plan.work < SHARED or get_num_threads() == 1:
        return slide_images(x, weight, bias, out, plan.geometry)
    return all(shared(slide_images, [(x, weight, bias, out, part) for part in _parts(plan)]))


def _parts(plan: Plan) -> list[Array]:
    """The geometry of each thread's part: by images, or by rows where there are too few of them."""
    count, by_images = get_num_threads(), plan.images >= get_num_threads()
    size = plan.images if by_images else plan.rows
    cuts, parts = [size * k // count for k in range(count + 1)], []
    for start, stop in pairwise(cuts):
        if stop > start:
            part = plan.geometry.copy()
            part[of.FIRST if by_images else of.FIRST_ROW], part[of.LAST if by_images else of.LAST_ROW] = start, stop
            parts.append(part)
    return parts
