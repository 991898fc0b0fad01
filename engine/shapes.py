"""Flat shapes by signed distance: how far a point lies from the edge, negative inside.

A drawing is a table, one shape a row, which a kernel reads: its kind, then up to six numbers. A union is the smaller
of two distances, a hole the larger of one and the other's opposite, and the share of a pixel that is covered is 1/2
minus the distance in pixels, kept in [0, 1]: smooth edges for one square root, which IEEE rounds the same everywhere.

References
----------
Quilez, 2D distance functions: the distances to segment, arc and triangle.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel

Shape = tuple[float, ...]
WIDTH = 7
DISC, HOLE, STROKE, ARC, TRIANGLE = 0.0, 1.0, 2.0, 3.0, 4.0
SQRT_HALF = float(np.sqrt(0.5))


def disc(cx: float, cy: float, radius: float) -> Shape:
    """A disc."""
    return DISC, cx, cy, radius


def hole(cx: float, cy: float, radius: float) -> Shape:
    """A disc cut out of the shapes before it in the same drawing."""
    return HOLE, cx, cy, radius


def stroke(ax: float, ay: float, bx: float, by: float, radius: float) -> Shape:
    """A segment from a to b with round ends, `radius` being half its width."""
    return STROKE, ax, ay, bx, by, radius


def arc(cx: float, cy: float, bend: float, ux: float, uy: float, radius: float) -> Shape:
    """Three quarters of a circle of radius `bend` with round ends; (ux, uy) is the unit vector to its middle."""
    return ARC, cx, cy, bend, ux, uy, radius


def triangle(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> Shape:
    """A triangle, its corners in either order."""
    return TRIANGLE, ax, ay, bx, by, cx, cy


def table(shapes: Sequence[Shape]) -> NDArray[np.float64]:
    """The shapes as rows of one array, (shapes, WIDTH), padded with zeros."""
    rows = np.zeros((len(shapes), WIDTH))
    for row, shape in zip(rows, shapes, strict=True):
        row[:len(shape)] = shape
    return rows


@kernel
def _length(x: float, y: float) -> float:
    return np.sqrt(x * x + y * y)  # type: ignore[no-any-return]


@kernel
def _to_segment(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> float:
    px, py, dx, dy = x - ax, y - ay, bx - ax, by - ay
    along = min(max((px * dx + py * dy) / (dx * dx + dy * dy), 0.0), 1.0)
    return _length(px - along * dx, py - along * dy)


@kernel
def _to_arc(x: float, y: float, bend: float, ux: float, uy: float) -> float:
    # Both ends lie at 135 degrees from the middle; the arc is its own mirror image, so that one end is enough.
    along, across, far = x * ux + y * uy, abs(y * ux - x * uy), _length(x, y)
    end = bend * SQRT_HALF
    if -along > across:
        return _length(along + end, across - end)
    return abs(far - bend)


@kernel
def _to_triangle(x: float, y: float, ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> float:
    edge = min(_to_segment(x, y, ax, ay, bx, by), _to_segment(x, y, bx, by, cx, cy), _to_segment(x, y, cx, cy, ax, ay))
    left = (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0.0
    middle = (cx - bx) * (y - by) - (cy - by) * (x - bx) > 0.0
    right = (ax - cx) * (y - cy) - (ay - cy) * (x - cx) > 0.0
    return -edge if left == middle and middle == right else edge


@kernel
def signed_distance(x: float, y: float, shapes: NDArray[np.float64], first: int, last: int) -> float:
    """Distance from (x, y) to the union of rows first to last - 1 of a table; positive outside."""
    nearest = np.inf
    for i in range(first, last):
        kind, a, b, c, d, e, f = (shapes[i, 0], shapes[i, 1], shapes[i, 2], shapes[i, 3], shapes[i, 4], shapes[i, 5],
                                  shapes[i, 6])
        if kind == DISC:
            nearest = min(nearest, _length(x - a, y - b) - c)
        elif kind == HOLE:
            nearest = max(nearest, c - _length(x - a, y - b))
        elif kind == STROKE:
            nearest = min(nearest, _to_segment(x, y, a, b, c, d) - e)
        elif kind == ARC:
            nearest = min(nearest, _to_arc(x - a, y - b, c, d, e) - f)
        else:
            nearest = min(nearest, _to_triangle(x, y, a, b, c, d, e, f))
    return nearest
