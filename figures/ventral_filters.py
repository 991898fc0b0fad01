"""Filters that nobody trained: what each area of the visual path is known to look for, written down as weights."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.elementary import cos, exp, sin

Array = NDArray[np.float64]
ORIENTATIONS = 4  # of edges: 0°, 45°, 90°, 135°
DIRECTIONS = 8  # in which an arc can bulge
RADIUS, INSIDE = 4.5, 0.675  # of an arc, and how far inside it the middle of its filter lies, in pixels of V4
RIGHT_ANGLES = ((0, 2), (1, 3))  # orientations that meet in a corner


def gaussian(sigma: float, radius: int) -> Array:
    """A bell whose weights sum to 1, (2 radius + 1)²."""
    u, v = _places(radius)
    bell = exp(-(u * u + v * v) / (2 * sigma * sigma))
    return np.asarray(bell / bell.sum())


def centre_surround() -> Array:
    """ON and OFF cells, (2, 1, R, R): the centre minus its surround, and the opposite (difference of Gaussians)."""
    difference = gaussian(1.2, 7) - gaussian(2.4, 7)
    return np.stack([difference, -difference])[:, None]


def two_scales() -> Array:
    """(4, 2, R, R): ON and OFF through a fine and through a wide bell, each inhibited by its opposite."""
    fine, wide = gaussian(0.7, 6), gaussian(2.5, 6)
    return np.stack([np.stack([sign * bell, -sign * bell]) for bell in (fine, wide) for sign in (1, -1)])


def edges() -> Array:
    """(8, 4, R, R): for each orientation a sine and a cosine grating under a bell, over ON minus OFF (Gabor, 1946)."""
    filters = [np.stack([k, -k, 0.6 * k, -0.6 * k]) for i in range(ORIENTATIONS) for k in _gabor(_angle(i))]
    return np.stack(filters)


def _gabor(angle: float, sigma: float = 1.2, wavelength: float = 4.5) -> Iterator[Array]:
    along, across = _turned(angle, 4)
    bell = exp(-(along * along / (8 * sigma * sigma) + across * across / (2 * sigma * sigma)))
    turn = across * (2 * np.pi / wavelength)
    for wave in (sin(turn) * bell, cos(turn) * bell):
        wave = wave - bell * (wave.sum() / bell.sum())  # so that an even grey gives nothing
        yield wave / np.abs(wave).sum()


def rivalry() -> Array:
    """(4, 4, 1, 1): each orientation minus a share of the others, so that a dot is not four edges."""
    weight = np.full((ORIENTATIONS, ORIENTATIONS), -0.7 / (ORIENTATIONS - 1))
    np.fill_diagonal(weight, 1.0)
    return weight[:, :, None, None]


def contours() -> Array:
    """(4, 4, R, R): edges that continue one another, minus those beside them (an association field)."""
    weight = np.zeros((ORIENTATIONS, ORIENTATIONS, 11, 11))
    for i in range(ORIENTATIONS):
        along, across = _turned(_angle(i), 5)
        line, flanks = (exp(-along * along / 6.5 - across * across / (2 * s * s)) for s in (0.7, 2.0))
        weight[i, i] = line / line.sum() - 0.6 * flanks / flanks.sum()
    return weight


def arcs() -> Array:
    """(8, 6, R, R): contours that follow an arc of a circle, with neither another direction nor a corner on it."""
    u, v = _places(6)
    weight = np.empty((DIRECTIONS, ORIENTATIONS + len(RIGHT_ANGLES), *u.shape))
    for k in range(DIRECTIONS):
        right, down = _facing(k)
        x, y = u + (RADIUS - INSIDE) * right, v + (RADIUS - INSIDE) * down  # from the centre of the circle
        distance = np.sqrt(x * x + y * y) + 1e-9
        near = exp(-(distance - RADIUS) * (distance - RADIUS) / 0.98)
        near = near * np.maximum((x * right + y * down) / distance - 0.45, 0)
        tangent = [(x * sin(_angle(i)) - y * cos(_angle(i))) / distance for i in range(ORIENTATIONS)]
        match = [t * t for t in tangent]
        match += [np.minimum(match[i], match[j]) for i, j in RIGHT_ANGLES]
        weight[k] = [near * (m * m - 0.3) for m in match]
        weight[k] /= np.abs(weight[k]).sum()
    return weight


def outline(across: float, down: float) -> Array:
    """(8, 1, R, R): where each arc stands on an ellipse with these half axes; one filter for each map of arcs."""
    u, v = _places(6)
    weight = []
    for k in range(DIRECTIONS):
        right, below = _facing(k)
        reach = np.sqrt(across * across * right * right + down * down * below * below)
        x, y = u - across * across * right / reach, v - down * down * below / reach
        bell = exp(-(x * x + y * y) / 1.62)
        weight.append(bell / bell.sum())
    return np.stack(weight)[:, None]


def _places(radius: int) -> tuple[Array, Array]:
    """Columns and rows from the middle of a filter."""
    v, u = np.mgrid[-radius : radius + 1, -radius : radius + 1].astype(np.float64)
    return u, v


def _turned(angle: float, radius: int) -> tuple[Array, Array]:
    """Distances along and across a line at `angle` through the middle."""
    u, v = _places(radius)
    return u * cos(angle) + v * sin(angle), v * cos(angle) - u * sin(angle)


def _angle(orientation: int) -> float:
    return np.pi * orientation / ORIENTATIONS


def _facing(direction: int) -> tuple[float, float]:
    turn = 2 * np.pi * direction / DIRECTIONS
    return float(cos(turn)), float(sin(turn))
