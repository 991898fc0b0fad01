"""The ventral visual path as a stack of fixed convolution layers: what each area of the brain looks for, computed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.convolution import conv2d
from engine.elementary import cos, exp, sin
from engine.pooling import max_pool2d
from engine.rectifiers import relu

Array = NDArray[np.float64]
ORIENTATIONS = 4  # of edges, over half a turn
DIRECTIONS = 8  # in which an arc bulges, over a whole turn
QUARTER = np.pi / 4
RADIUS = 6.0  # of the arcs, px of the maps of V2
# Closed shapes: how far across and down the centres of their arcs stand from their own, px of the maps of V4.
FORMS = {"small": (1.0, 1.0), "tall": (2.0, 3.5), "wide": (3.5, 2.0), "large": (4.0, 4.0)}


class Stage(NamedTuple):
    """An area and the maps that it gives: (count, side, side), where 1 is about the brightest."""

    area: str
    maps: Array

    @property
    def seen(self) -> tuple[int, int]:
        """Number of maps and their side."""
        return len(self.maps), self.maps.shape[1]


class Answer(NamedTuple):
    """The closed shape that LOC sees most of: its form, its middle and its half axes as shares of the photograph."""

    form: str
    x: float
    y: float
    across: float
    down: float


def answer(stages: list[Stage]) -> Answer:
    """Where the strongest map of LOC is strongest."""
    maps = stages[-1].maps
    form, row, column = (int(i) for i in np.unravel_index(maps.argmax(), maps.shape))
    name, (wide, high) = list(FORMS.items())[form]
    side, fine, finer = maps.shape[1], stages[-2].maps.shape[1], stages[-3].maps.shape[1]
    return Answer(name, (column + 0.5) / side, (row + 0.5) / side, wide / fine + RADIUS / finer,
                  high / fine + RADIUS / finer)


def ventral_path(photo: Array) -> list[Stage]:
    """The stages from the retina to LOC for a square photograph in [0, 1], whose side 16 divides."""
    image = photo[None, None]
    retina = relu(same(image, centre_surround(1.2)))
    half = averaged(image)
    lgn = np.concatenate([relu(same(half, centre_surround(sigma))) for sigma in (1.2, 2.8)], axis=1)
    edges = relu(same(half, oriented_edges(1.6)))
    v1 = edges[:, :ORIENTATIONS] + edges[:, ORIENTATIONS:]  # an edge is one whichever of its sides is dark
    v1 = rivals(v1)
    pooled = max_pool2d(v1, 2)
    v2 = corners(pooled)
    v4 = max_pool2d(rivals(relu(same(pooled, arcs(RADIUS)))), 2)
    loc = max_pool2d(rivals(relu(same(v4, closed_shapes()))), 2)
    maps = {"retina": retina, "lgn": lgn, "v1": v1, "v2": v2, "v4": v4, "loc": loc}
    return [Stage(area, scaled(stage[0])) for area, stage in maps.items()]


def same(x: Array, weight: Array) -> Array:
    """Convolution that keeps the size; outside, the image goes on as it ends, so that its frame is no edge."""
    reach = weight.shape[2] // 2
    return conv2d(np.pad(x, ((0, 0), (0, 0), (reach, reach), (reach, reach)), mode="edge"), weight)


def averaged(x: Array) -> Array:
    """Means of 2 × 2 pixels."""
    return np.asarray(x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2).mean(axis=(3, 5)))


def averaged_around(maps: Array) -> Array:
    """Each pixel with its neighbours."""
    blur = np.zeros((len(maps), 1, 3, 3))
    blur[:] = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    return conv2d(maps[None], blur, padding=1, groups=len(maps))[0]


def scaled(maps: Array) -> Array:
    """All maps by one factor, so that a weak one looks weak; one pixel in 500 is brighter than 1."""
    top = np.sort(maps, axis=None)[int(0.998 * (maps.size - 1))]
    return np.asarray(maps / (top if top > 0 else 1.0))


def plane(reach: int) -> tuple[Array, Array]:
    """Columns and rows of a filter from its centre."""
    steps = np.arange(-reach, reach + 1, dtype=np.float64)
    return np.meshgrid(steps, steps)


def bell(x: Array, sigma: float) -> Array:
    """exp(−x²/2σ²)."""
    return exp(-(x * x) / (2 * sigma * sigma))


def centre_surround(sigma: float) -> Array:
    """Difference of Gaussians, light on dark and dark on light: (2, 1, R, R)."""
    x, y = plane(int(4 * sigma + 0.5))
    distance = np.sqrt(x * x + y * y)
    centre, surround = bell(distance, sigma), bell(distance, 2 * sigma)
    on = centre / centre.sum() - surround / surround.sum()
    return np.stack([on, -on])[:, None]


def oriented_edges(sigma: float) -> Array:
    """Derivatives of a Gaussian across each orientation, from dark to light and back: (2 · ORIENTATIONS, 1, R, R)."""
    x, y = plane(int(3 * sigma + 0.5))
    angles = np.arange(ORIENTATIONS) * QUARTER
    filters = []
    for cosine, sine in zip(cos(angles), sin(angles), strict=True):
        along, across = x * cosine + y * sine, y * cosine - x * sine
        edge = across * bell(across, sigma) * bell(along, 1.6 * sigma)
        filters.append(edge / np.abs(edge).sum())
    return np.stack([*filters, *(-edge for edge in filters)])[:, None]


def rivals(edges: Array) -> Array:
    """Each orientation less the mean of all: cells of one place inhibit each other."""
    return relu(edges - 0.8 * edges.mean(axis=1, keepdims=True))


def corners(edges: Array) -> Array:
    """Two orientations at once: the smaller of each pair of blurred maps."""
    near = averaged_around(averaged_around(edges[0]))
    pairs = [np.minimum(near[i], near[j]) for i in range(ORIENTATIONS) for j in range(i + 1, ORIENTATIONS)]
    return np.stack(pairs)[None]


def arcs(radius: float) -> Array:
    """Arcs of a circle that bulge in each direction, over the maps of edges: (DIRECTIONS, ORIENTATIONS, R, R).

    Around the circle the tangent turns: each piece of an arc asks for an edge of its own orientation, and an edge
    across it counts against.
    """
    x, y = plane(int(radius + 3))
    distance = np.sqrt(x * x + y * y) + 1e-9
    ring = bell(distance - radius, 1.5)
    filters = np.zeros((DIRECTIONS, ORIENTATIONS, *x.shape))
    for direction, (dx, dy) in enumerate(_turns(DIRECTIONS)):
        towards = np.maximum((x * dx + y * dy) / distance, 0)
        piece = ring * towards * towards * towards
        for orientation in range(ORIENTATIONS):
            ox, oy = _turns(2 * ORIENTATIONS)[orientation]
            along = (ox * -y + oy * x) / distance  # cosine between the edge and the tangent
            filters[direction, orientation] = piece * (2 * along * along - 1)
        filters[direction] /= np.abs(filters[direction]).sum()
    return filters


def closed_shapes() -> Array:
    """Arcs all around a centre, on ellipses of four forms: (4, DIRECTIONS, R, R)."""
    x, y = plane(9)
    filters = np.zeros((len(FORMS), DIRECTIONS, *x.shape))
    for form, (wide, high) in enumerate(FORMS.values()):
        for direction, (dx, dy) in enumerate(_turns(DIRECTIONS)):
            px, py = x - dx * wide, y - dy * high
            filters[form, direction] = bell(np.sqrt(px * px + py * py), 1.2)
        filters[form] /= filters[form].sum()
    return filters - filters.mean(axis=(2, 3), keepdims=True)


def _turns(count: int) -> list[tuple[float, float]]:
    angles = 2 * np.pi * np.arange(count) / count
    return list(zip(cos(angles).tolist(), sin(angles).tolist(), strict=True))
