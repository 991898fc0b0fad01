"""Gradients of convolutions by weights and biases, prepared once for their shapes and run without a check."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import geometry as of
from engine.convolution_plan import SHARED, forward_plan
from engine.correlating import correlate_images, sum_planes
from engine.threads import shared
from engine.tiles import TILE_FILTERS, TILE_TAPS
from engine.windows import Phases, Windows

Array = NDArray[Any]

TOGETHER = 16  # images whose gradients are summed by one kernel; fixed, so that no thread count changes a bit


class WeightGradientPlan(NamedTuple):
    """What `correlate` needs to know: as `engine.convolution_plan.Plan`, with taps and planes in whole tiles."""

    geometry: Array
    taps: NDArray[np.int64]
    places: NDArray[np.int64]
    images: int
    work: int
    phases: Phases | None


@lru_cache(maxsize=1024)
def weight_gradient_plan(images: int, channels: int, filters: int, groups: int, where: Windows,
                         kind: np.dtype[Any]) -> WeightGradientPlan:
    """The plan of conv2d_weight_gradient for what conv2d was given."""
    forward = forward_plan(images, channels, filters, groups, where, kind)
    taps = forward.geometry[of.HEAD:of.HEAD + forward.geometry[of.TAPS]]
    planes = np.arange(filters // groups) * (where.output[0] * where.output[1])
    return WeightGradientPlan(forward.geometry, _whole(taps, TILE_TAPS), _whole(planes, TILE_FILTERS), images,
                              forward.work, forward.phases)


def _whole(values: NDArray[np.int64], multiple: int) -> NDArray[np.int64]:
    """The values, the last repeated until there is a multiple."""
    return np.append(values, np.repeat(values[-1], -values.size % multiple))


def correlate(plan: WeightGradientPlan, x: Array, grad: Array, out: Array) -> None:
    """Fill `out`, the gradient by the weights. x is dealt out if the plan has phases."""
    parts = _parts(plan.images)
    totals = [out if i == 0 else np.empty_like(out) for i in range(len(parts))]
    tasks = [(x, grad, plan.taps, plan.places, plan.geometry, total, *part)
             for total, part in zip(totals, parts, strict=True)]
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
