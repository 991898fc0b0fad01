"""Gradients of convolutions by weights and biases, prepared once for their shapes and run without a check."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import geometry as of
from engine.convolution_plan import SHARED, forward_layout
from engine.correlating import correlate_images, sum_planes
from engine.layouts import Layout, Sums
from engine.rows import TILE_FILTERS, TILE_TAPS
from engine.schedule import Tables, assembled, band_rows, copied
from engine.threads import shared
from engine.windows import Phases, Windows

Array = NDArray[Any]

TOGETHER = 16  # images whose gradients are summed by one kernel; fixed, so that no thread count changes a bit


class WeightGradientPlan(NamedTuple):
    """What `correlate` needs to know: as `engine.convolution_plan.Plan`."""

    geometry: NDArray[np.int64]
    images: int
    work: int
    phases: Phases | None


@lru_cache(maxsize=1024)
def weight_gradient_plan(images: int, channels: int, filters: int, groups: int, where: Windows,
                         kind: np.dtype[Any]) -> WeightGradientPlan:
    """The plan of conv2d_weight_gradient for what conv2d was given."""
    sums, layout, phases = forward_layout(images, channels, filters, groups, where, kind.itemsize)
    # A patch is a strip of columns, whatever is best for the sums of the convolution.
    layout = layout._replace(flat=False)
    work = images * filters * where.output[0] * where.output[1] * layout.taps.size
    return WeightGradientPlan(_schedule(sums, layout, 64 // kind.itemsize), images, work, phases)


def _schedule(sums: Sums, layout: Layout, lanes: int) -> NDArray[np.int64]:
    """The plan of `engine.correlating.correlate_images`."""
    (rows, columns), taps = sums.output, _whole(layout.taps, TILE_TAPS)
    planes = _whole(np.arange(sums.filters) * (rows * columns), TILE_FILTERS)
    down, across = planes.size // TILE_FILTERS, taps.size // TILE_TAPS
    place, f, t = np.arange(down * across), np.arange(sums.filters)[:, None], np.arange(layout.taps.size)
    sizes = TILE_FILTERS * TILE_TAPS * lanes
    standing = (f // TILE_FILTERS * across + t // TILE_TAPS) * sizes
    standing += (f % TILE_FILTERS * TILE_TAPS + t % TILE_TAPS) * lanes
    copy = down * across * sizes
    j = np.arange(0, columns, lanes)
    filter_table = of.HEAD + taps.size + standing.size
    patches = np.stack(np.broadcast_arrays(
        place[:, None] * sizes, j, filter_table + place[:, None] // across * TILE_FILTERS,
        j + (0 if layout.direct else copy), of.HEAD + place[:, None] % across * TILE_TAPS,
        np.minimum(lanes, columns - j)), -1)
    steps, copies, runs, none = Tables(of.STEP), Tables(of.COPIED), Tables(of.PATCH), Tables(of.CUT)
    runs.add(patches)
    for row in range(0, rows, layout.band):
        count = min(layout.band, rows - row)
        steps.add([[*copies.add(band_rows(sums, layout, row, copy)), 0, runs.size, count, 0, row * columns,
                    row * layout.pitch]])
    head = dict.fromkeys(range(of.HEAD), 0) | {
        of.GROUPS: sums.groups, of.SEEN: sums.channels * layout.plane, of.MADE: sums.filters * rows * columns,
        of.COLUMNS: columns, of.X_STEP: layout.pitch, of.WEIGHTS: standing.size, of.WORK: copy + copied(sums, layout),
        of.COPY: copy, of.DIRECT: layout.direct}
    return assembled(head, taps, np.concatenate([standing.ravel(), planes]), steps, copies, runs, none)


def _whole(values: NDArray[np.int64], multiple: int) -> NDArray[np.int64]:
    """The values, the last repeated until there is a multiple."""
    return np.append(values, np.repeat(values[-1], -values.size % multiple))


def correlate(plan: WeightGradientPlan, x: Array, grad: Array, out: Array) -> None:
    """Fill `out`, the gradient by the weights. x is dealt out if the plan has phases."""
    parts = _parts(plan.images)
    totals = [out if i == 0 else np.empty_like(out) for i in range(len(parts))]
    tasks = [(x, grad, total, plan.geometry, *part) for total, part in zip(totals, parts, strict=True)]
    _run(correlate_images, tasks, plan.work)
    for total in totals[1:]:
        out += total


def bias_gradient(grad: Array) -> Array:
    """The sum of each channel's gradient over images, rows and columns, images sixteen by sixteen."""
    images, filters, rows, columns = grad.shape
    parts = _parts(images)
    totals = [np.zeros(filters, grad.dtype) for _ in parts]
    tasks = [(grad, rows * columns, *part, total) for total, part in zip(totals, parts, strict=True)]
    _run(sum_planes, tasks, grad.size)
    for total in totals[1:]:
        totals[0] += total
    return totals[0]


def _parts(images: int) -> list[tuple[int, int]]:
    return [(first, min(first + TOGETHER, images)) for first in range(0, max(images, 1), TOGETHER)]


def _run(work: Any, tasks: list[tuple[Any, ...]], size: int) -> None:
    if size < SHARED:
        for task in tasks:
            work(*task)
    else:
        shared(work, tasks)
