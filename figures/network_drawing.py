"""The drawing of slide 15: beams from layer to layer, what each layer is, the dense layers, the sums below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from figures.answers import Rows
from figures.depth import Corner, Sheet, beam
from figures.language import Words
from figures.network_layout import FLAT, MIDDLE, Field
from figures.network_stages import Layers, Link, Stage
from figures.parts import area, arrow, corners, lit, picture, write
from figures.style import (
    BLUE_TEXT,
    GREEN_TEXT,
    INK,
    LARGE,
    MUTED,
    PURPLE,
    PURPLE_TEXT,
    SMALL,
    TEXT,
    activation_map,
)
from figures.typesetting import largest

WIDTH, HEIGHT = 1136, 556
HEADS, FEET, SUMS = (20, 43, 65), (458, 481), (522, 548)  # baselines
FLAT_TOP = 74  # y of the image seen from the front
STRIP, COLUMN = 16.0, 330.0  # px, width and height of numbers in a column
ROOMY = 4  # stages that whole words have room for
NOTE = 17  # px, sizes and counts
DOT = 10.0  # px: a lower cell is filled, since an outline would leave nothing inside

Sheets = list[list[Sheet]]


def draw_beams(axes: Axes, stages: Sequence[Stage], places: Sequence[Field], sheets: Sequence[Sheets],
               links: Sequence[Link]) -> None:
    """From the window that a number is computed from to that number, all the way through.

    A convolution looks at its window in every map before it, a pooling in one.
    """
    for stage, place, before, after, link in zip(stages, places[1:], sheets, sheets[1:], links, strict=False):
        target = after[place.chosen][0].window(link.row, link.column, 1, 1)
        near = [before[place.chosen]] if not stage.convolution else before
        for row in near:
            source = row[-1] if stage.convolution else row[0]
            for k, sheet in enumerate(row[:-1] if stage.convolution else []):
                # Between this sheet and the one before it, which may cover it.
                lit(axes, _window(sheet, link), PURPLE, 3, casing=2, z=10.05 + (len(row) - k) * 0.1)
            beam(axes, _window(source, link), target, PURPLE, z=20)
            lit(axes, _window(source, link), PURPLE, 3, casing=1, z=20.2)
        _mark(axes, target)


def _mark(axes: Axes, cell: Sequence[Corner]) -> None:
    """The number that a beam ends at."""
    if cell[3][1] - cell[0][1] < DOT:
        lit(axes, cell, PURPLE, 1, casing=2, z=21)
        area(axes, cell, PURPLE, z=21.2)
    else:
        lit(axes, cell, PURPLE, 3, casing=1.5, z=21)


def draw_image(axes: Axes, words: Words, image: NDArray[Any], name: str, synthetic: bool) -> None:
    """The image from the front, where it can be recognised, what it is and what it shows."""
    lines = (words.say("convolutional_network.image"), words.say("convolutional_network.image_size"))
    write(axes, 0, HEADS[0], lines[0], TEXT, BLUE_TEXT, "semibold", ha="left")
    write(axes, 0, HEADS[1], lines[1], NOTE, BLUE_TEXT, ha="left")
    picture(axes, image.transpose(1, 2, 0), 1, FLAT_TOP, FLAT)
    area(axes, corners(1, FLAT_TOP, FLAT), "none", MUTED, z=4)
    write(axes, 0, FEET[0], words.say("convolutional_network.label", name=name), TEXT, BLUE_TEXT, "semibold", ha="left")
    if synthetic:
        write(axes, 0, FEET[1], words.say("convolutional_network.synthetic"), NOTE, MUTED, ha="left")


def _window(sheet: Sheet, link: Link) -> list[Corner]:
    return sheet.window(link.top, link.left, link.side, link.side)


def name_layers(axes: Axes, words: Words, stages: Sequence[Stage], places: Sequence[Field]) -> None:
    """Above each gap what happens there, below each field what it holds."""
    tight = len(stages) > ROOMY
    for stage, before, after in zip(stages, places, places[1:], strict=False):
        # The image seen from the front is wider than its sheet.
        x, short = max((before.end + after.x) / 2, FLAT + 22), "_short" if tight else ""
        kind = f"{'convolution' if stage.convolution else 'pooling'}{short}"
        window = "window_relu" if stage.convolution else "window"
        name_operation(axes, x, words.say(f"convolutional_network.{kind}"),
                       words.say(f"convolutional_network.{window}", side=stage.window),
                       parameter_count(words, stage.parameters, short))
    for stage, place in zip(stages, places[1:], strict=True):
        count, rows, columns = stage.maps.shape
        _name_numbers(axes, place.centre, words.say("convolutional_network.maps", count=count),
                      words.say("common.by", rows=rows, columns=columns), SMALL if tight else TEXT)


def parameter_count(words: Words, count: int, short: str = "") -> str:
    """« 608 paramètres », in few letters with "_short"."""
    return words.say(f"convolutional_network.parameters{short}", count=count)


def name_operation(axes: Axes, x: float, *lines: str) -> None:
    """Up to three lines above a gap."""
    for k, (y, text) in enumerate(zip(HEADS, lines, strict=False)):
        write(axes, x, y, text, NOTE if k else TEXT, MUTED if k else PURPLE_TEXT, "regular" if k else "semibold")


def _name_numbers(axes: Axes, x: float, name: str, shape: str, size: float = TEXT) -> None:
    write(axes, x, FEET[0], name, size, INK, "semibold")
    write(axes, x, FEET[1], shape, min(size, NOTE), MUTED)


def draw_dense(axes: Axes, words: Words, layers: Layers, start: float, strips: Sequence[float], end: float,
               rows: Rows) -> None:
    """Numbers in columns, and between them the weights of a dense layer, which joins each to each."""
    top, bottom = MIDDLE - COLUMN / 2, MIDDLE + COLUMN / 2
    columns = [layers.flat] if layers.hidden is None else [layers.flat, layers.hidden]
    for x, numbers, count in zip(strips, columns, layers.sizes, strict=False):
        _column(axes, numbers, x, top, bottom - top)
        _name_numbers(axes, x + STRIP / 2, words.number(count), words.say("convolutional_network.numbers"))
    # The way from the maps to the column only lays them out: no weight is there.
    face = [(start, top + 24), (strips[0] - 1, top), (strips[0] - 1, bottom), (start, bottom - 24)]
    area(axes, face, MUTED, alpha=0.12, z=1)
    short = "_short" if len(layers.stages) > ROOMY or layers.hidden is not None else ""
    # In two lines, clear of the names of the steps before and after it.
    for head, text in zip(HEADS, words.say(f"convolutional_network.flatten{short}").split("\n"), strict=False):
        write(axes, (start + strips[0]) / 2 - 2, head, text, TEXT, PURPLE_TEXT, "semibold")
    for left, right in zip([x + STRIP for x in strips], [*strips[1:], end], strict=True):
        first, last = (rows.top, rows.bottom(layers.sizes[-1])) if right == end else (top, bottom)
        area(axes, [(left + 1, top), (right - 1, first), (right - 1, last), (left + 1, bottom)], PURPLE, alpha=0.12,
             z=1)  # fmt: skip
        arrow(axes, (left + 6, MIDDLE), (right - 4, MIDDLE), PURPLE)
        for y, key in ((MIDDLE - 14, "times_weights"), (MIDDLE + 26, "plus_biases")):
            text = words.say(f"convolutional_network.{key}")
            write(axes, (left + right) / 2, y, text, NOTE, PURPLE_TEXT, "semibold")


def _column(axes: Axes, numbers: NDArray[Any], x: float, top: float, height: float) -> None:
    """Numbers below each other; where they are more than the column has pixels, each shade is the mean of several."""
    bins = min(len(numbers), 80)
    edges = np.arange(bins + 1) * len(numbers) // bins
    shades = np.array([numbers[a:b].mean() for a, b in pairwise(edges)])
    picture(axes, activation_map()(shades[:, None] / (shades.max() or 1))[..., :3], x, top, STRIP, height)
    area(axes, corners(x, top, STRIP, height), "none", MUTED, z=4)


def draw_sums(axes: Axes, words: Words, facts: dict[str, Any], synthetic: bool) -> None:
    """How many parameters and how many right answers, and what to compare them with."""
    say = words.say
    total = parameter_count(words, facts["parameters"])
    key = "fewer" if facts["parameters"] < facts["linear_parameters"] else "linear"
    comparison = say(f"convolutional_network.{key}", **facts)
    unseen = say(f"convolutional_network.{'unseen_synthetic' if synthetic else 'unseen'}", **facts)
    write(axes, 0, SUMS[0], total, LARGE, PURPLE_TEXT, "semibold", ha="left")
    write(axes, 0, SUMS[1], comparison, NOTE, MUTED, ha="left")
    write(axes, 0.545 * WIDTH, SUMS[1], say("convolutional_network.scale"), NOTE, MUTED)
    accuracy = say("convolutional_network.accuracy", **facts)
    size = largest(axes, [accuracy], 560, (LARGE, 24), "semibold") or TEXT
    write(axes, WIDTH, SUMS[0], accuracy, size, GREEN_TEXT, "semibold", ha="right")
    write(axes, WIDTH, SUMS[1], unseen, NOTE, MUTED, ha="right")
