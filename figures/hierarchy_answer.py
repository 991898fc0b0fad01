"""The right end of slide 2: the outline that answers most, on the photograph and on two other images."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse
from numpy.typing import NDArray

from engine.convolution import conv2d
from engine.pictogram_catalogue import CLASSES
from engine.pictograms import weather_pictograms
from figures.language import Words
from figures.parts import picture, pill, write
from figures.photograph import photograph
from figures.style import GREEN, GREEN_TEXT, INK, PAPER, POINTS, SMALL, colour
from figures.ventral import PIXELS, Outline

Array = NDArray[np.float64]
OTHERS, OTHERS_SEED = ("snow", "sunny_spell"), 5
GREYS = 40  # of a photograph: few enough for a small file
TOP, GAP, FOOT = 358, 6, 550  # of the images, between them, baseline under them


def pictogram(name: str) -> Array:
    """The first pictogram of a class, without grain, grey and enlarged to the size of the photograph."""
    images, labels = weather_pictograms(len(CLASSES), seed=OTHERS_SEED, noise=0.0)
    small = images[int((labels == CLASSES.index(name)).argmax())]
    grey = photograph(np.moveaxis(small, 0, -1), size=small.shape[-1])
    times = PIXELS // small.shape[-1]
    # Squares and their mean over one square: linear interpolation.
    large = np.pad(np.repeat(np.repeat(grey, times, 0), times, 1), times // 2, mode="edge")
    smooth = conv2d(large[None, None], np.full((1, 1, times, times), 1 / (times * times)))[0, 0]
    return np.asarray(np.clip(smooth, 0.0, 1.0))


def draw_answer(axes: Axes, words: Words, x: float, width: float, main: tuple[Array, Outline],
                others: Mapping[str, tuple[Array, Outline]]) -> None:
    """The outline that answers most, on the photograph and on other images."""
    small, side = (width - GAP) / len(others), width - 14
    found = words.say("visual_hierarchy.seeks.answer", form=words.say(f"visual_hierarchy.form.{form(main[1])}"))
    heading(axes, words, x + width / 2, "answer", found, GREEN_TEXT)
    _outlined(axes, *main, x + 7, TOP, side)
    for i, other in enumerate(others.values()):
        left = x + i * (small + GAP)
        _outlined(axes, *other, left, TOP + side + GAP, small)
        write(axes, left + small / 2, FOOT, words.say(f"visual_hierarchy.form.{form(other[1])}"), SMALL, INK)


def form(outline: Outline) -> str:
    """The key of its name among the words."""
    return "round" if outline.across == outline.down else "oval"


def _outlined(axes: Axes, image: Array, outline: Outline, x: float, y: float, side: float) -> None:
    picture(axes, coarse(photograph(image, size=round(side)), GREYS), x, y, side)
    for fill, width, z in ((PAPER, 5.5, 4.0), (GREEN, 2.8, 4.1)):
        axes.add_patch(Ellipse((x + outline.x * side, y + outline.y * side), 2 * outline.across * side,
                               2 * outline.down * side, facecolor="none", edgecolor=colour(fill),
                               lw=width * POINTS, zorder=z))


def heading(axes: Axes, words: Words, x: float, name: str, seeks: str, fill: str) -> None:
    """The name of a stage, and what it looks for."""
    pill(axes, x, 314, words.say(f"visual_hierarchy.areas.{name}"), fill)
    write(axes, x, 345, seeks, SMALL, INK)


def coarse(values: Array, steps: int) -> Array:
    """Values in [0, 1] in so many steps."""
    return np.asarray(np.round(values * steps) / steps)
