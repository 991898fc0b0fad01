"""Where the parts of slide 8 stand, and how they are drawn: image, pixels in a row, templates, scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from figures.answers import Rows
from figures.language import Words
from figures.parts import arrow, box, in_middle, line, picture, write
from figures.style import (
    BLUE,
    BLUE_TEXT,
    GREEN_TEXT,
    HEADING,
    HUGE,
    INK,
    LARGE,
    MUTED,
    ORANGE,
    PURPLE,
    PURPLE_TEXT,
    SMALL,
    TEXT,
)
from figures.typesetting import largest

WIDTH, HEIGHT = 1136, 412
HEAD = 20  # baseline of the first line
IMAGE = 150
MIDDLE, MIDDLE_END = 184, 672  # the pixels in a row and the templates
RIGHT = 704  # the answers
BAND_TOP, BAND = 34, 26
NOTE = 17  # px, what is said in passing
GAP = 9
CHANNELS = ("#C8453B", "#2F8F4E", "#3568C0")  # a picture's own red, green and blue, which are no roles


def template(weight: NDArray[Any], reach: float) -> NDArray[np.float64]:
    """A row of W as an image, (32, 32, 3): middle grey for 0, a channel at 0 or 1 for -reach or +reach."""
    return (0.5 + 0.5 * weight.astype(float).reshape(3, 32, 32).transpose(1, 2, 0) / reach).clip(0, 1)


def reach_of(weight: NDArray[Any]) -> float:
    """The weight from which on a colour is full: a few strong weights would leave all others grey."""
    return float(np.quantile(np.abs(weight), 0.99)) or 1.0


def draw_image(axes: Axes, words: Words, image: NDArray[Any], name: str, synthetic: bool) -> None:
    """The image and what it shows."""
    write(axes, IMAGE / 2, HEAD, words.say("linear_classifier.image"), TEXT, BLUE_TEXT, "semibold")
    picture(axes, image.transpose(1, 2, 0), 0, BAND_TOP, IMAGE)
    below = BAND_TOP + IMAGE
    write(axes, 0, below + 24, words.say("linear_classifier.label", name=name), TEXT, BLUE_TEXT, "semibold",
          ha="left")  # fmt: skip
    if synthetic:
        write(axes, 0, below + 47, words.say("linear_classifier.synthetic"), NOTE, MUTED, ha="left")


def draw_pixels(axes: Axes, words: Words, image: NDArray[Any], features: int) -> None:
    """The pixels in a row: red ones, green ones, blue ones, as many columns as the slide has room for."""
    room, columns = MIDDLE_END - MIDDLE, 128
    middle = BAND_TOP + BAND / 2
    arrow(axes, (IMAGE + 7, middle), (MIDDLE - 5, middle), BLUE)
    write(axes, MIDDLE, HEAD, words.say("linear_classifier.flat", features=features), TEXT, BLUE_TEXT, "semibold",
          ha="left")  # fmt: skip
    shades = image.reshape(3, columns, -1).mean(axis=2)
    width = (room - 4) / 3
    for channel, tone in enumerate(CHANNELS):
        colours = shades[channel][None, :, None] * np.array(to_rgb(tone))
        picture(axes, colours, MIDDLE + channel * (width + 2), BAND_TOP, width, BAND)


def draw_templates(axes: Axes, words: Words, weight: NDArray[Any], names: Sequence[str], label: int) -> None:
    """The rows of W as images, each with its class, and what their colours mean."""
    classes, features = weight.shape
    top = BAND_TOP + BAND + 32
    write(axes, MIDDLE, top, words.say("linear_classifier.weights", classes=classes, features=features), TEXT,
          PURPLE_TEXT, "semibold", ha="left")  # fmt: skip
    rows = 1 if classes <= 3 else 2
    columns = -(-classes // rows)
    step = (MIDDLE_END - MIDDLE + GAP) / columns
    side = min(step - GAP, 98 if rows == 2 else 200)
    pitch = side + 33
    reach = reach_of(weight)
    size = largest(axes, names, step - 4, (TEXT, 18, 17, 16), "semibold") or SMALL
    for k, name in enumerate(names):
        x = MIDDLE + k % columns * step + (step - GAP - side) / 2
        y = top + 12 + k // columns * pitch
        picture(axes, template(weight[k], reach), x, y, side)
        write(axes, x + side / 2, y + side + 20, name, size, GREEN_TEXT if k == label else INK,
              "bold" if k == label else "regular")  # fmt: skip
    legend = words.say("linear_classifier.colours")
    size = largest(axes, [legend], MIDDLE_END - MIDDLE, (HEADING, 21, 20)) or TEXT
    write(axes, MIDDLE, HEIGHT - 31, legend, size, ha="left")


def draw_scores(axes: Axes, words: Words, rows: Rows, scores: NDArray[Any], label: int, zero: float, room: float,
                number: float) -> None:
    """Bars from zero, to the right for positive scores and to the left for negative ones, and the numbers."""
    low, high = min(float(scores.min()), 0.0), max(float(scores.max()), 0.0)
    unit = room / ((high - low) or 1.0)
    origin = zero - low * unit
    for k, score in enumerate(scores.astype(float)):
        y = rows.middle(k)
        start = min(origin, origin + score * unit)
        box(axes, start, y - 9, abs(score) * unit, 18, BLUE if score > 0 else ORANGE, z=4)
        write(axes, number, in_middle(y, 18), words.number(score, 1), 18, INK, "bold" if k == label else "regular",
              ha="right")  # fmt: skip
    line(axes, [(origin, rows.top), (origin, rows.bottom(len(scores)))], MUTED, z=5)


def draw_parameters(axes: Axes, words: Words, classes: int, features: int, parameters: int) -> None:
    """The number that the slide is about, and the sum behind it."""
    write(axes, 0, HEIGHT - 68, words.number(parameters), HUGE, PURPLE, "bold", ha="left")
    write(axes, 0, HEIGHT - 36, words.say("linear_classifier.parameters"), TEXT, INK, "semibold", ha="left")
    write(axes, 0, HEIGHT - 10, words.say("linear_classifier.sum", classes=classes, features=features), TEXT, MUTED,
          ha="left")  # fmt: skip


def draw_accuracy(axes: Axes, words: Words, accuracy: float, chance: float, count: int, synthetic: bool) -> None:
    """How often the network is right on images that it has never seen."""
    write(axes, WIDTH, HEIGHT - 36, words.say("linear_classifier.accuracy", accuracy=accuracy), LARGE, GREEN_TEXT,
          "semibold", ha="right")  # fmt: skip
    key = "linear_classifier.unseen_synthetic" if synthetic else "linear_classifier.unseen"
    write(axes, WIDTH, HEIGHT - 10, words.say(key, count=count, chance=chance), NOTE, MUTED, ha="right")
