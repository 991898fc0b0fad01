"""Flat shapes by signed distance: how far a point lies from the edge, negative inside.

A drawing is a table, one shape a row: its kind, then up to six numbers. A union is the smaller
of two distances, a hole the larger of one and the other's opposite, and the share of a pixel that is covered is 1/2
minus the distance in pixels, kept in [0, 1]: smooth edges for one square root, which IEEE rounds the same everywhere.

References
----------
Quilez, 2D distance functions: the distances to segment, arc and triangle.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
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


def _length(x: Array, y: Array) -> Array:
    length: Array = np.sqrt(x * x + y * y)
    return length


def _to_segment(x: Array, y: Array, ax: float, ay: float, bx: float, by: float) -> Array:
    px, py, dx, dy = x - ax, y - ay, bx - ax, by - ay
    along = np.minimum(np.maximum((px * dx + py * dy) / (dx * dx + dy * dy), 0.0), 1.0)
    return _length(px - along * dx, py - along * dy)


def _to_arc(x: Array, y: Array, bend: float, ux: float, uy: float) -> Array:
    # Both ends lie at 135 degrees from the middle; the arc is its own mirror image, so that one end is enough.
    along, across = x * ux + y * uy, np.abs(y * ux - x * uy)
    end = bend * SQRT_HALF
    return np.where(-along > across, _length(along + end, across - end), np.abs(_length(x, y) - bend))


def _to_triangle(x: Array, y: Array, ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> Array:
    edge = np.minimum(np.minimum(_to_segment(x, y, ax, ay, bx, by), _to_segment(x, y, bx, by, cx, cy)),
                      _to_segment(x, y, cx, cy, ax, ay))
    left = (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0.0
    middle = (cx - bx) * (y - by) - (cy - by) * (x - bx) > 0.0
    right = (ax - cx) * (y - cy) - (ay - cy) * (x - cx) > 0.0
    return np.where((left == middle) & (middle == right), -edge, edge)


def signed_distance(x: ArrayLike, y: ArrayLike, shapes: NDArray[np.float64], first: int, last: int) -> Array:
    """Distance from the points (x, y) to the union of rows first to last - 1 of a table; positive outside.

    It is NumPy's arithmetic on arrays, for a kernel would take longer to compile than the pictograms of a deck to draw.

    Parameters
    ----------
    x, y : array_like of one shape, float64
    shapes : ndarray, (shapes, WIDTH)
    first, last : int
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    nearest: Array = np.full(x.shape, np.inf)
    for kind, a, b, c, d, e, f in shapes[first:last].tolist():
        if kind == DISC:
            nearest = np.minimum(nearest, _length(x - a, y - b) - c)
        elif kind == HOLE:
            nearest = np.maximum(nearest, c - _length(x - a, y - b))
        elif kind == STROKE:
            nearest = np.minimum(nearest, _to_segment(x, y, a, b, c, d) - e)
        elif kind == ARC:
            nearest = np.minimum(nearest, _to_arc(x - a, y - b, c, d, e) - f)
        else:
            nearest = np.minimum(nearest, _to_triangle(x, y, a, b, c, d, e, f))
    return nearest
