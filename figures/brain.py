"""A schematic brain seen from its left side, with the areas of the ventral path.

Shapes are in units of their own, 100 wide, y downwards; `Brain` carries them to slide pixels.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, PathPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from figures.parts import curve, disc
from figures.style import BLUE, INK, LIGHT, PAPER, POINTS, SHADE, TINT, colour, mix

Array = NDArray[np.float64]
Points = list[tuple[float, float]]
OUTLINE = 1.6

# The notches between the folds of the rim, from below the forehead over the top to the back and along the temple.
NOTCHES: Points = [
    (19, 53), (11.5, 48.5), (6.6, 41.5), (4.8, 33), (7, 24.5), (11.5, 17.5), (18, 12), (25.5, 8), (34, 5), (42.5, 3.4),
    (51, 2.6), (59.5, 3.4), (67.5, 5.6), (75, 9), (82, 14), (88, 20.5), (92.4, 28.5), (94.8, 37), (94.4, 45.5),
    (89.5, 52.5), (81, 56.5), (72, 59.6), (62.5, 63.2), (52.5, 65.6), (42.5, 65.2), (33.5, 61.5), (28.2, 55.5),
    (24.5, 53.2),
]  # fmt: skip
GROOVES: list[Points] = [
    [(28.2, 55.5), (34, 51.2), (42, 47.6), (51, 45), (59, 41), (64, 35.5), (64.5, 31)],  # lateral (Sylvius)
    [(54, 2.8), (52.5, 9), (54.5, 15), (51, 21.5), (52.3, 28), (48.5, 34.5), (48, 40)],  # central (Rolando)
]
FOLDS: list[Points] = [
    [(44.5, 5), (43.5, 11), (45.5, 17), (42, 23.5), (43, 30), (40, 36.5)],  # before the central groove
    [(64, 5.5), (61.5, 11), (63, 17), (59.5, 23), (60.2, 29)],  # behind it
    [(38, 13), (32, 12.5), (27, 16), (20.5, 17), (16, 22)],
    [(38, 25), (32.5, 23.5), (27, 27), (20, 26.2), (14, 31.5)],
    [(36.5, 37), (31, 35), (26.5, 38.2), (20.5, 37.5), (13, 42)],
    [(33, 45.5), (28.5, 44), (24, 47), (20, 46.6)],
    [(70, 7.8), (70.6, 14), (75.5, 17.5), (76, 22.5)],
    [(85, 18.6), (82.5, 22), (84, 25)],
    [(31, 58.6), (37, 57), (43, 55.4), (49, 54)],
    [(37, 63), (43, 61.6), (50, 60.8)],
]
# From the back forward, each one bordering on the next.
AREAS: dict[str, Points] = {
    "v1": [(86.4, 30), (91.2, 30.4), (93.4, 37), (93, 45), (88.6, 51), (84.6, 52.6), (83.6, 42)],
    "v2": [(77.2, 27.2), (85, 29), (82.2, 41.5), (83.2, 53.2), (78.4, 55), (74, 42.6), (73.6, 33)],
    "v4": [(72, 33.6), (72.7, 43), (77, 55.6), (69.4, 58), (63.6, 52), (64.6, 41.2)],
    "loc": [(62.8, 43.8), (62.2, 52.4), (67.6, 58.9), (60.6, 61.6), (53.4, 60.4), (51.4, 53.2), (55.6, 47)],
}
STATIONS: dict[str, tuple[float, float]] = {
    "retina": (14.4, 61.2), "lgn": (46, 50.2), "v1": (88.6, 40.4), "v2": (78.2, 40.4), "v4": (68.4, 46),
    "loc": (58, 52)}  # fmt: skip
NERVE: Points = [(23, 59.6), (34, 55)]  # between the eye and the LGN
RADIATION: Points = [(49.4, 41), (57, 31), (67, 24.6), (78, 22.8), (86, 26.6)]  # between the LGN and V1
CEREBELLUM = ((79.5, 62.4), 25, 13, -14.0)  # centre, width, height, degrees
STEM: Points = [(56, 60), (59.6, 64.6), (61.4, 68.6), (62.4, 71.2), (65.4, 72.6), (68.4, 71.2), (69.8, 68), (72, 64),
                (74, 58)]  # fmt: skip


class Brain(NamedTuple):
    """Where the drawing stands: its unit's upper left corner, and px to a unit."""

    x: float
    y: float
    unit: float

    def at(self, points: ArrayLike) -> Array:
        """Units to slide pixels, (..., 2)."""
        return np.asarray(points, float) * self.unit + (self.x, self.y)

    def station(self, name: str) -> Array:
        """Where the path stops in an area, px."""
        return self.at(STATIONS[name])

    def ways(self) -> list[Array]:
        """The two long ways of the signal: from the eye to the LGN, and from there to V1, px."""
        retina, lgn, v1 = (STATIONS[name] for name in ("retina", "lgn", "v1"))
        return [self.at([retina, *NERVE, lgn]), self.at([lgn, *RADIATION, v1])]


def draw_brain(axes: Axes, brain: Brain) -> None:
    """The brain without its path: stem, cerebellum, hemisphere, grooves, areas, eye."""
    pale, faint = mix(TINT, BLUE, 0.16), mix(TINT, BLUE, 0.5)
    curve(axes, brain.at(STEM), SHADE, OUTLINE, pale, z=0.5)
    _cerebellum(axes, brain, pale, faint)
    axes.add_patch(PathPatch(bulging(brain.at(NOTCHES)), facecolor=colour(TINT), edgecolor=colour(SHADE),
                             lw=OUTLINE * POINTS, joinstyle="round", zorder=1))
    for fold in FOLDS:
        curve(axes, brain.at(fold), faint, 1.4, z=1.1)
    for groove in GROOVES:
        curve(axes, brain.at(groove), SHADE, OUTLINE, z=1.2)
    for name, outline in AREAS.items():
        patch = curve(axes, brain.at(outline), PAPER, 1.5, area_colour(name), closed=True, z=1.5)
        patch.set_gid(f"area: {name}")
    _eye(axes, brain)


def area_colour(name: str) -> str:
    """The deeper an area lies along the path, the paler."""
    return mix(BLUE, TINT, 0.22 * list(AREAS).index(name))


def bulging(notches: Array, swell: float = 0.26) -> Path:
    """A closed path that swells outward between two notches, as folds do; points run clockwise on the screen."""
    vertices, codes = [notches[0]], [Path.MOVETO]
    for a, b in itertools.pairwise([*notches, notches[0]]):
        outward = np.array([b[1] - a[1], a[0] - b[0]])
        vertices += [a + 0.12 * (b - a) + swell * outward, b - 0.12 * (b - a) + swell * outward, b]
        codes += [Path.CURVE4] * 3
    return Path(np.array(vertices), codes)


def _cerebellum(axes: Axes, brain: Brain, pale: str, faint: str) -> None:
    (x, y), width, height, degrees = CEREBELLUM
    centre = brain.at((x, y))
    patch = Ellipse((centre[0], centre[1]), width * brain.unit, height * brain.unit, angle=degrees,
                    facecolor=pale, edgecolor=colour(SHADE), lw=OUTLINE * POINTS, zorder=0.7)
    axes.add_patch(patch)
    across = np.linspace(-1, 1, 9)
    tilt = -0.25  # the slope of the ellipse's long axis
    for i in range(-3, 4):
        bow = 2.0 * i * (1 - 0.62 * across * across)
        leaf = np.stack([x + 12.4 * across, y + tilt * 12.4 * across + bow], axis=1)
        curve(axes, brain.at(leaf), faint, LIGHT, z=0.8).set_clip_path(patch)


def _eye(axes: Axes, brain: Brain) -> None:
    x, y = brain.station("retina")
    radius = 4.1 * brain.unit
    disc(axes, x - radius, y, radius, PAPER, SHADE, OUTLINE, z=1.6)
    pupil = Ellipse((x - 1.82 * radius, y), 0.42 * radius, 0.95 * radius, facecolor=colour(INK), zorder=1.7)
    axes.add_patch(pupil)
    # The retina lines the back of the eye: a third of the circle.
    half = [(1, 0), (0.94, 0.342), (0.766, 0.643), (0.5, 0.866)]
    arc = np.array([(u, -v) for u, v in half[:0:-1]] + half)
    curve(axes, 0.86 * radius * arc + (x - radius, y), BLUE, 4, z=1.8)


def eye(brain: Brain) -> tuple[float, float]:
    """The front of the eye, where light enters, px."""
    x, y = brain.station("retina")
    return float(x - 8.2 * brain.unit), float(y)

