"""The right end of slide 2: the closed form that answers most, on the photograph and on a pictogram."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse
from numpy.typing import NDArray

from engine.convolution import conv2d
from engine.pictogram_catalogue import CLASSES
from engine.pictograms import weather_pictograms
from figures.language import Words
from figures.parts import in_middle, picture, pill, write
from figures.photograph import photograph
from figures.style import BLUE_TEXT, GREEN, GREEN_TEXT, INK, PAPER, POINTS, SMALL, TEXT, colour
from figures.ventral import PIXELS, Outline, look_at

Array = NDArray[np.float64]
CANDIDATES, SEED = 20, 2  # pictograms among which to choose, two of each class
GREYS = 40  # of a photograph: few enough for a small file
TOP, SIDE = 356, 104  # of the photograph with its answer, px
ANSWERED = TOP + SIDE / 2  # the height of its middle
ANOTHER, SMALLER = 484, 62  # of the other image: the baseline of its caption, its side


class Other(NamedTuple):
    """Another image for the same layers: the name of its class, (160, 160) in [0, 1], and what LOC finds there."""

    name: str
    image: Array
    outline: Outline


@functools.cache
def clearest_pictogram() -> Other:
    """Of a few weather pictograms without grain, the one whose outline answers most."""
    images, labels = weather_pictograms(CANDIDATES, seed=SEED, noise=0.0)
    grey = [enlarged(photograph(np.moveaxis(image, 0, -1), size=image.shape[-1])) for image in images]
    found = [look_at(image).outline for image in grey]
    best = max(range(CANDIDATES), key=lambda i: found[i].strength)
    return Other(CLASSES[labels[best]], grey[best], found[best])


def enlarged(small: Array) -> Array:
    """A grey image, (32, 32), at the size of the photograph."""
    times = PIXELS // small.shape[-1]
    # Squares and their mean over one square: linear interpolation.
    large = np.pad(np.repeat(np.repeat(small, times, 0), times, 1), times // 2, mode="edge")
    mean = np.full((1, 1, times, times), 1 / (times * times), np.float32)
    smooth = conv2d(large[None, None].astype(np.float32), mean)[0, 0].astype(np.float64)
    return np.asarray(np.clip(smooth, 0.0, 1.0))


def draw_answer(axes: Axes, words: Words, x: float, width: float, photo: tuple[Array, Outline],
                other: tuple[Array, Outline]) -> None:
    """The outline that answers most in each image, and the name of its form: the layers know no other answer."""
    heading(axes, words, x + width / 2, "answer", words.say("visual_hierarchy.seeks.answer"), GREEN_TEXT)
    # In the colour of an input: the layers saw it alone, not as a part of the photograph.
    write(axes, x, ANOTHER, words.say("visual_hierarchy.another"), TEXT, BLUE_TEXT, "semibold", ha="left")
    for (image, outline), y, side in ((photo, TOP, SIDE), (other, ANOTHER + 9, SMALLER)):
        _outlined(axes, image, outline, x, y, side)
        name = words.say(f"visual_hierarchy.form.{form(outline)}")
        write(axes, x + side + 8, in_middle(y + side / 2, TEXT), name, TEXT, GREEN_TEXT, "semibold", ha="left")


def form(outline: Outline) -> str:
    """The key of its name among the words."""
    return "round" if outline.across == outline.down else "oval"


def _outlined(axes: Axes, image: Array, outline: Outline, x: float, y: float, side: float) -> None:
    picture(axes, coarse(photograph(image, size=round(side)), GREYS), x, y, side)
    for fill, width, z in ((PAPER, 7, 4.0), (GREEN, 3, 4.1)):
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
