"""The emblem of the deck and the background of its titles: isobars of a random network with two inputs."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import ContourSet
from matplotlib.patches import FancyBboxPatch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engine.arguments import choice, integer, seeded
from engine.generator import normal
from engine.squashing import tanh
from figures import Picture, figure
from figures.language import Words
from figures.lean import weighted
from figures.parts import box, in_middle, line, write
from figures.style import (
    BLUE,
    PAPER,
    POINTS,
    SHADE,
    TINT,
    colour,
    mix,
    readable_on,
    slide_figure,
)

Array = NDArray[np.float64]
WIDTHS = (9, 9, 1)  # neurons in the layers of the network
GAIN, SPREAD = 1.6, 0.8  # of its weights and biases: enough to fold the plane into a few highs and lows
LEVELS = 13
FADE, FADES = (0.22, 0.9), 16  # where the isobars begin and are full, as shares of the width; their tints
GRID = 72  # samples a side: the smallest at which the contours look smooth at 200 px


class Centre(NamedTuple):
    """A high or low of the field: its place in the unit square."""

    high: bool
    x: float
    y: float


def field(seed: int, x: Array, y: Array) -> Array:
    """The network at every (x, y) of a grid, (rows, columns), scaled to [0, 1]."""
    across, down = np.meshgrid(x, y)
    values: NDArray[Any] = np.stack([across.ravel(), down.ravel()], axis=1)
    for layer, width in enumerate(WIDTHS):
        inputs = values.shape[1]
        weight = normal((width, inputs), seed=seed, stream=2 * layer) * (GAIN / np.sqrt(inputs))
        total = weighted(values, weight, SPREAD * normal(width, seed=seed, stream=2 * layer + 1))
        values = total if width == 1 else tanh(total)
    z = values.reshape(across.shape).astype(np.float64)
    return np.asarray((z - z.min()) / (z.max() - z.min()))


def centres(z: Array, margin: float = 0.17) -> list[Centre]:
    """The highs and lows well inside the field: the extreme of all that lies within `margin` of the side."""
    reach = round(margin * len(z))
    around = sliding_window_view(z, (2 * reach + 1, 2 * reach + 1))
    middle = z[reach:-reach, reach:-reach]
    found = []
    for high, extreme in ((True, around.max(axis=(2, 3))), (False, around.min(axis=(2, 3)))):
        for row, column in np.argwhere(middle == extreme):
            found.append(Centre(high, (column + reach + 0.5) / len(z), (row + reach + 0.5) / len(z)))
    return found


def with_weather(seed: int) -> int:
    """The first seed from `seed` on whose chart has a high and a low, well inside and well apart."""
    grid = np.linspace(-2.4, 2.4, GRID)
    for candidate in range(seed, seed + 500):
        found = centres(field(candidate, grid, grid))
        if [c.high for c in found] == [True, False]:
            high, low = found
            if (high.x - low.x) ** 2 + (high.y - low.y) ** 2 > 0.16:
                return candidate
    raise ValueError(f"emblem: no chart with one high and one low among the 500 seeds from {seed} on")


@figure
def emblem(words: Words, *, seed: int = 63, side: int = 240) -> Picture:
    """A small weather chart: contour lines of a random network that maps two inputs to one output.

    Parameters
    ----------
    seed : int
        The first seed tried; the chart drawn is the first with one high and one low.
    side : int
        Width and height, px.

    Facts
    -----
    seed : int
        Of the chart drawn.
    parameters : int
        Weights and biases of the network.
    levels : int
        Contour lines.
    high, low : lists of 2 float
        Where they lie, as shares of the side.

    Raises
    ------
    ValueError
        A negative seed, a side below 80 px (its letters would be below 16 px).

    Examples
    --------
    >>> import figures
    >>> figures.emblem(side=400).save("emblem.png")
    """
    seed, side = with_weather(seeded("emblem", seed)), integer("emblem", "side", side, 80)
    grid = np.linspace(-2.4, 2.4, GRID)
    z = field(seed, grid, grid)
    figure, axes = slide_figure(side, side)
    unit = side / 240
    fills = [mix(PAPER, TINT, 0.5), mix(TINT, BLUE, 0.08), mix(TINT, BLUE, 0.3), mix(TINT, BLUE, 0.6), colour(BLUE),
             mix(BLUE, SHADE, 0.6), colour(SHADE)]  # fmt: skip
    frame = FancyBboxPatch((3 * unit, 3 * unit), side - 6 * unit, side - 6 * unit, zorder=9, facecolor="none",
                           boxstyle=f"round,pad=0,rounding_size={34 * unit}", edgecolor=colour(SHADE),
                           lw=5 * unit * POINTS)
    axes.add_patch(frame)
    for layer in _chart(axes, z, side, fills, unit):
        layer.set_clip_path(frame)
    found = centres(z)
    for centre in found:
        size, fill = 40 * unit, PAPER if centre.high else SHADE
        write(axes, centre.x * side, in_middle(centre.y * side, size), words.say(f"emblem.{_kind(centre)}"), size,
              fill, "bold", z=10)
    high, low = found
    alt = words.say("emblem.alt", levels=LEVELS - 2, parameters=parameters())
    return Picture(figure, alt, {"seed": seed, "parameters": parameters(), "levels": LEVELS - 2,
                    "high": [float(high.x), float(high.y)], "low": [float(low.x), float(low.y)]})


def parameters() -> int:
    """Weights and biases of the network."""
    return sum(width * (inputs + 1) for inputs, width in zip((2, *WIDTHS), WIDTHS, strict=False))


def _kind(centre: Centre) -> str:
    return "high" if centre.high else "low"


def _chart(axes: Axes, z: Array, side: float, fills: list[str], unit: float) -> list[ContourSet]:
    """Flat bands between the levels, and the levels, every fourth one heavier."""
    grid = np.linspace(0, side, len(z))
    levels = np.linspace(0, 1, LEVELS)
    bands = [fills[min(int((a + b) / 2 * len(fills)), len(fills) - 1)] for a, b in pairwise(levels)]
    filled = axes.contourf(grid, grid, z, levels, colors=bands, zorder=2)
    inner = levels[1:-1]
    strokes = [colour(SHADE) if level < 0.6 else colour(PAPER) for level in inner]
    lines = axes.contour(grid, grid, z, inner, colors=strokes, zorder=3,
                         linewidths=[(3.2 if i % 4 == 0 else 1.6) * unit * POINTS for i in range(1, LEVELS - 1)])
    return [filled, lines]


@figure
def isobars(words: Words, *, seed: int = 63, width: int = 1280, height: int = 720,
            background: str = "paper") -> Picture:
    """The emblem's field over a whole slide, in thin lines that fade to the left, where the title stands.

    Parameters
    ----------
    seed : int
        As for `emblem`.
    width, height : int
        Size of the slide, px.
    background : {"paper", "shade"}
        What the lines stand on: a light title slide, or a dark section slide.

    Facts
    -----
    seed : int
    background : str

    Raises
    ------
    ValueError
        Another background, a size below 100 px.

    Examples
    --------
    >>> import figures
    >>> figures.isobars(background="shade").save("isobars.svg")
    """
    ground = {"paper": PAPER, "shade": SHADE}[choice("isobars", "background", background, ("paper", "shade"))]
    width, height = (integer("isobars", name, n, 100) for name, n in (("width", width), ("height", height)))
    seed = with_weather(seeded("isobars", seed))
    figure, axes = slide_figure(width, height)
    box(axes, 0, 0, width, height, ground, z=0)
    x, y = np.linspace(-0.1 * width, width, 150), np.linspace(0, height, 90)
    z = field(seed, np.linspace(-4, 2.6, 150), np.linspace(-2.2, 2.2, 90))
    ink = mix(BLUE, PAPER, 0.62) if ground == PAPER else mix(SHADE, readable_on(SHADE), 0.3)
    contours = axes.contour(x, y, z, np.linspace(0.02, 0.98, 25), linewidths=0)
    for polyline in chain.from_iterable(contours.allsegs):
        _fading(axes, polyline, width, ground, ink)
    contours.remove()
    return Picture(figure, words.say("isobars.alt"), {"seed": seed, "background": background})


def _fading(axes: Axes, points: Array, width: float, ground: str, ink: str) -> None:
    """A line in ever stronger flat tints from left to right: no transparency, which shows as bands on a projector."""
    middle = (points[1:, 0] + points[:-1, 0]) / 2
    strength = np.clip((middle / width - FADE[0]) / (FADE[1] - FADE[0]), 0, 1)
    steps = np.round(strength * FADES).astype(int)
    ends = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), len(steps)]
    for start, end in pairwise(ends):
        if steps[start]:
            shade = mix(ground, ink, steps[start] / FADES)
            line(axes, points[start : end + 1], shade, 1.5, z=1, solid_capstyle="butt")
