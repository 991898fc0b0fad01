"""What the points of one segment of a broken line weigh, and a step of the elimination, for use inside kernels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.precision import formula
from engine.straight import straight

Array = NDArray[np.float64]
Moments = tuple[float, float, float, float, float]

THIN = 1e-6  # part of all points, times 1 / width**2: segments with less are summed point by point, as differences fail


@straight
def _from_sums(near: float, far: float, points: float, sx: float, sxx: float, sy: float, sxy: float) -> Moments:
    scale = 1.0 / (far - near)
    square = scale * scale
    return ((sxx - 2.0 * far * sx + far * far * points) * square,
            ((near + far) * sx - sxx - near * far * points) * square,
            (sxx - 2.0 * near * sx + near * near * points) * square,
            (far * sy - sxy) * scale, (sxy - near * sy) * scale)


@straight
def _with_point(a: float, b: float, c: float, d: float, e: float, p: float, y: float) -> Moments:
    q = 1.0 - p
    return a + q * q, b + p * q, c + p * p, d + q * y, e + p * y


@formula
def segment(x: Array, y: Array, sums: Array, near: float, far: float, start: int, stop: int) -> Moments:
    """With p from 0 to 1 along a segment: the sums of (1-p)**2, p (1-p), p**2, (1-p) y and p y."""
    scale, points = 1.0 / (far - near), float(stop - start)
    if points > THIN * x.size * scale * scale:
        i, j = 5 * start, 5 * stop
        return _from_sums(near, far, points, sums[j] - sums[i], sums[j + 1] - sums[i + 1], sums[j + 2] - sums[i + 2],
                          sums[j + 3] - sums[i + 3])
    a, b, c, d, e = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(start, stop):
        a, b, c, d, e = _with_point(a, b, c, d, e, (x[i] - near) * scale, y[i])
    return a, b, c, d, e


@straight
def eliminated(weight: float, height: float, pull: float, both: float, right: float, lift: float,
                turn: float) -> tuple[float, float, float, float, float, float, float]:
    """1 / weight; what the node takes from the loss and gives to the equation; and the next node's first three."""
    inverse = 1.0 / weight
    ratio = both * inverse
    return (inverse, height * height * inverse, height * pull * inverse, pull * pull * inverse,
            right - ratio * both, lift - ratio * height, turn - ratio * pull)
