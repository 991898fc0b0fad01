"""Convolutions prepared once for their shapes, then run on any arrays of these shapes without a check."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.sliding import Geometry, slider
from engine.threads import get_num_threads, shared
from engine.windows import SLACK, Phases, Windows, phases_of

Array = NDArray[Any]

TOGETHER = 192  # taps that are summed at a time: their weights and rows stay in the first-level cache
BAND = 1 << 19  # bytes of the copy that a band of rows sees: it stays in the second-level cache
SMALL_BAND = 1 << 14  # the same for a single filter, which sees each pixel once: it stays in the first-level cache
SHARED = 4_000_000  # multiplications from which a second thread is worth waking


class Plan(NamedTuple):
    """What a convolution of given shapes needs to know.

    Attributes
    ----------
    slide : function
        What fills an output.
    geometry : ndarray of engine.sliding.Geometry, (1,)
    taps : ndarray, (2 * taps,), int64
    images, rows : int
        Of the output.
    work : int
        Multiplications.
    no_bias : ndarray, (filters,)
        Zeros.
    phases : Phases or None
        How x must be dealt out before, with a stride.
    """

    slide: Callable[..., None]
    geometry: Array
    taps: NDArray[np.int64]
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
    source: NDArray[np.int64]  # where the weights of the taps stand, for the first filter of a group
    filter_step: int
    group_step: int


@lru_cache(maxsize=1024)
def forward_plan(images: int, channels: int, filters: int, groups: int, where: Windows, kind: np.dtype[Any]) -> Plan:
    """The plan of conv2d: x (images, channels, *where.plane), weight (filters, channels / groups, *where.size)."""
    seen, share, size = channels // groups, filters // groups, where.size[0] * where.size[1]
    sums = Sums(images, seen, share, groups, where.output, np.arange(seen * size), seen * size, share * seen * size)
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
    sums = Sums(images, share, seen, groups, where.plane, source.ravel(), r * s, share * seen * r * s)
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
    budget = (BAND if sums.filters > 1 else SMALL_BAND) // (sums.channels * max(pitch, 1) * kind.itemsize)
    band = rows if direct else max(1, min(rows, budget - beyond))
    lines = height if direct else band + beyond
    r, s = (np.arange(n)[::-1 if flipped else 1] * step for n, step in zip(size, dilation, strict=True))
    taps = np.arange(sums.channels)[:, None, None] * (lines * pitch) + r[:, None] * pitch + s
    # A long row ends with a vector that begins in its last window.
    copy = 0 if direct else sums.channels * lines * pitch + dilation[1] * (size[1] - 1) + SLACK
    return _plan(sums, taps.ravel(), kind, height=height, width=width, top=top, left=left, pitch=pitch, lines=lines,
                 band=band, direct=direct, flat=flat, copy=copy)


def plain_plan(sums: Sums, plane: int, pitch: int, taps: Array, kind: np.dtype[Any]) -> Plan:
    """The plan for x as it lies: `plane` elements a channel in rows of `pitch`, taps inside, SLACK at the end."""
    flat = sums.output[1] < 64 // kind.itemsize
    # The kernel knows no more of a plane than its size and its pitch.
    return _plan(sums, taps, kind, height=plane, width=1, top=0, left=0, pitch=pitch, lines=0, band=sums.output[0],
                 direct=True, flat=flat, copy=0)


def _plan(sums: Sums, taps: Array, kind: np.dtype[Any], **layout: int) -> Plan:
    geometry, (rows, columns) = np.zeros(1, Geometry), sums.output
    layout |= {"channels": sums.channels, "filters": sums.filters, "groups": sums.groups, "rows": rows,
               "columns": columns, "taps": taps.size, "together": TOGETHER, "filter_step": sums.filter_step,
               "group_step": sums.group_step, "plane": layout["height"] * layout["width"], "last": sums.images,
               "last_row": rows}
    for name, value in layout.items():
        geometry[name] = value
    filters = sums.groups * sums.filters
    return Plan(slider(kind), geometry, np.concatenate([taps, sums.source]).astype(np.int64), sums.images, rows,
                sums.images * filters * rows * columns * taps.size, np.zeros(filters, kind), None)


def convolve(plan: Plan, x: Array, weight: Array, bias: Array, out: Array) -> None:
    """Fill `out`. Arrays are C-contiguous, of the plan's shapes and dtype; x is dealt out if the plan has phases."""
    if plan.work < SHARED or get_num_threads() == 1:
        plan.slide(x, weight, bias, out, plan.taps, plan.geometry)
    else:
        shared(plan.slide, [(x, weight, bias, out, plan.taps, part) for part in _parts(plan)])


def _parts(plan: Plan) -> list[Array]:
    """The geometry of each thread's part: by images, or by rows where there are too few of them."""
    count, by_images = get_num_threads(), plan.images >= get_num_threads()
    size = plan.images if by_images else plan.rows
    cuts, parts = [size * k // count for k in range(count + 1)], []
    for start, stop in pairwise(cuts):
        if stop > start:
            part = plan.geometry.copy()
            part["first" if by_images else "first_row"] = start
            part["last" if by_images else "last_row"] = stop
            parts.append(part)
    return parts
