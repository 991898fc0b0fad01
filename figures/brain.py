"""A brain seen from its left side, as a schematic drawing: outline, grooves, visual areas and the path between them."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse
from numpy.typing import NDArray

from engine.elementary import cos, sin
from figures.parts import Point, area, arrow, curve, disc, smooth, write
from figures.style import BLUE, ORANGE, PAPER, POINTS, SHADE, SMALL, TINT, colour, mix, readable_on

Points = list[tuple[float, float]]

# In units of which the brain is about 100 wide, x to the back and y downwards.
CEREBRUM: Points = [
    (10, 52), (5.5, 44), (4.5, 34), (8, 23), (15.5, 14.5), (25, 8.5), (36, 4.5), (48, 3), (60, 3.8), (71, 7),
    (81, 12.5), (89, 20), (94.5, 29.5), (96.5, 40), (94.5, 49), (89, 54.5), (81, 57), (72, 61), (62, 64.5), (51, 67), (40, 67),
    (31, 64), (26.5, 58.5), (24.5, 53.5), (17, 53.5),
]  # fmt: skip
DEEP: list[Points] = [  # the grooves that part the lobes: of Sylvius, of Rolando
    [(25, 54), (33, 51), (42, 47.5), (51, 45), (59.5, 41), (65, 35.5)],
    [(52, 4), (50.5, 11), (53, 17.5), (50, 24), (51.3, 31), (48, 39)],
]
SHALLOW: list[Points] = [
    [(41, 6), (39, 13), (41.5, 20), (38.5, 27), (40, 34), (37, 41)],
    [(63, 5.5), (61, 12), (63.5, 18), (60, 24.5), (61, 30)],
    [(33, 11), (27, 13), (22, 18), (16, 20), (11.5, 26)],
    [(34, 29), (28, 27), (22.5, 30.5), (16, 30), (10, 37)],
    [(33, 44.5), (27.5, 40), (22, 42), (17, 40.5), (12, 45)],
    [(30, 59.5), (36, 57), (42, 55.5)],
    [(69, 32), (70, 25.5), (75, 21.5), (82, 20.5)],
    [(73, 9.5), (73.5, 14), (77, 16.5)],
    [(88.5, 24), (86, 28), (89, 31.5)],
    [(24, 11.5), (25.5, 15)],
    [(36, 64), (42, 62)],
]
AREAS: dict[str, Points] = {
    "v1": [(89.5, 34), (95, 37.5), (95, 46.5), (90.5, 52.5), (86, 53), (86.5, 45), (86, 37.5)],
    "v2": [(78.5, 29), (85, 33), (85, 44), (84.8, 54), (77.5, 56.4), (76.3, 46), (75, 36)],
    "v4": [(67.5, 37), (73.8, 36.3), (75.2, 47), (76.3, 57), (69, 59.6), (63.6, 57.4), (62.8, 45)],
    "loc": [(57.5, 45.2), (61.5, 46.2), (62.3, 57), (65.5, 60.5), (56.5, 63.4), (47.5, 63.2), (45, 56.5), (50, 49)],
}
LABELS: dict[str, tuple[float, float]] = {
    "lgn": (40.3, 41.5), "v1": (90.8, 43.4), "v2": (80.4, 43.4), "v4": (69.5, 46), "loc": (54.6, 53.4),
}  # fmt: skip
STEPS = [((90.3, 48.8), (82.2, 50.2)), ((79.4, 50.6), (71.4, 53)), ((68.6, 53.6), (58.4, 58.2))]
LGN, EYE = (45.5, 44), (8.5, 62)
NERVE: Points = [(13.5, 61), (25, 57.3), (36, 51.5), LGN]
RADIATION: Points = [LGN, (52, 33), (63, 24.5), (75, 21), (85, 23.5), (90.5, 29.5), (91.4, 36.8)]
STEM: Points = [(55, 60), (58.5, 66), (59.3, 71.5), (69.5, 71.5), (70.5, 66), (73, 60)]


class Brain(NamedTuple):
    """Where a brain stands on the slide: the corner of its units, and the px of one."""

    x: float
    y: float
    unit: float

    def at(self, points: Points | Point) -> NDArray[np.float64]:
        """Units to slide pixels."""
        return np.asarray(points, float) * self.unit + (self.x, self.y)


def draw_brain(axes: Axes, brain: Brain, names: dict[str, str]) -> None:
    """The brain with its named areas, the eye, and the path that an image takes."""
    _body(axes, brain)
    shades = {"v1": 0.1, "v2": 0.3, "v4": 0.5, "loc": 0.68}
    for name, outline in AREAS.items():
        curve(axes, brain.at(outline), PAPER, 2, mix(BLUE, PAPER, shades[name]), closed=True, z=3)
    _path(axes, brain)
    for name, place in LABELS.items():
        x, y = brain.at(place)
        fill = SHADE if name == "lgn" else readable_on(mix(BLUE, PAPER, shades[name]))
        write(axes, float(x), float(y), names[name], SMALL + 2, fill, "bold", halo=2 if name == "lgn" else 0)
    x, y = brain.at(EYE)
    write(axes, float(x) + 4, float(y) + 42, names["retina"], SMALL + 2, SHADE, "bold")


def eye(brain: Brain) -> tuple[float, float]:
    """The pupil."""
    x, y = brain.at(EYE)
    return float(x) - 18, float(y)


def _body(axes: Axes, brain: Brain) -> None:
    pale, groove = mix(TINT, BLUE, 0.16), mix(BLUE, PAPER, 0.35)
    curve(axes, brain.at(STEM), SHADE, 1.6, pale, closed=True, z=2)
    _cerebellum(axes, brain, pale, groove)
    area(axes, brain.at(scalloped(CEREBRUM)), TINT, SHADE, 2, z=2.5)
    for points in SHALLOW:
        curve(axes, brain.at(points), groove, 1.6, z=2.6)
    for points in DEEP:
        curve(axes, brain.at(points), SHADE, 1.8, z=2.6)


def _cerebellum(axes: Axes, brain: Brain, fill: str, groove: str) -> None:
    x, y = brain.at((81, 63.5))
    shape = Ellipse((float(x), float(y)), 26 * brain.unit, 15 * brain.unit, angle=-14, facecolor=fill,
                    edgecolor=colour(SHADE), lw=1.6 * POINTS, zorder=2.2)
    axes.add_patch(shape)
    for i in range(-3, 4):
        t = np.linspace(-1, 1, 9)
        u, v = 13 * t, i * 2.1 * (1 - 0.45 * t * t)
        folium = np.column_stack([81 + 0.97 * u + 0.24 * v, 63.5 - 0.24 * u + 0.97 * v])
        curve(axes, brain.at(list(map(tuple, folium))), groove, 1.2, z=2.3).set_clip_path(shape)


def _path(axes: Axes, brain: Brain) -> None:
    for points in (NERVE, RADIATION):
        curve(axes, brain.at(points), TINT, 9, z=3.5)  # a casing parts the path from the grooves
        curve(axes, brain.at(points), ORANGE, 3.5, z=3.6)
    above, end = brain.at(RADIATION[-2:])
    arrow(axes, above, end + np.array([0.5, 6]), ORANGE, 0.1, head=15, z=3.7)
    for start, end in STEPS:
        arrow(axes, brain.at(start), brain.at(end), ORANGE, 3.5, head=13, z=4)
    x, y = (float(v) for v in brain.at(LGN))
    disc(axes, x, y, 9, ORANGE, PAPER, 2, z=4.2)
    x, y = (float(v) for v in brain.at(EYE))
    disc(axes, x, y, 20, PAPER, SHADE, 2, z=4)
    axes.add_patch(Ellipse((x - 15, y), 9, 18, facecolor=colour(SHADE), zorder=4.1))


def scalloped(points: Points, bumps: int = 29, depth: float = 1.3) -> Points:
    """The closed outline with gyri: it swells outwards between two notches."""
    line = smooth(points, closed=True).to_polygons(closed_only=True)[0]
    fine = np.vstack([np.linspace(a, b, 2, endpoint=False) for a, b in pairwise(line)])
    following = np.roll(fine, -1, axis=0) - np.roll(fine, 1, axis=0)
    normal = np.column_stack([following[:, 1], -following[:, 0]]) / np.sqrt((following**2).sum(axis=1))[:, None]
    steps = np.sqrt(((np.roll(fine, -1, axis=0) - fine) ** 2).sum(axis=1))
    way = np.cumsum(steps) / steps.sum()
    uneven = bumps * way + 0.2 * sin(2 * np.pi * 3 * way) + 0.12 * cos(2 * np.pi * 8 * way)
    swell = np.abs(sin(np.pi * uneven))
    swollen = fine + depth * (np.sqrt(swell) - 0.6)[:, None] * normal
    return [(float(x), float(y)) for x, y in swollen]
