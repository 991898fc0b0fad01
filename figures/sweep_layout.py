"""Slide 11, the drawing: both layers whole, and between them, enlarged, the two places of the filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from figures.language import Words
from figures.parts import area, box, corners, disc, in_middle, line, lit, picture, write
from figures.style import (
    BLUE,
    GREEN,
    HAIRLINE,
    HEAVY,
    INK,
    LIGHT,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    PURPLE_TEXT,
    SMALL,
    TEXT,
    colour,
    diverging,
    mix,
    readable_on,
)

if TYPE_CHECKING:
    from figures.sweep import Sweep

TOP, INPUT, STEP = 30, 274, 152  # first line of pixels; side of the input; from one enlargement to the other
ENLARGED, LARGEST_PITCH, FAN = 116, 30, 150
RADIUS, SMALL_RADIUS, APART, STRIP = 28, 12, 66, 3  # of the enlarged hidden neurons, how far apart, how many


class Plan(NamedTuple):
    """Where things stand, px: the cell of both layers, the pitch of the enlarged neurons, left ends."""

    cell: float
    pitch: float
    patch: tuple[int, int]
    enlarged: float
    strip: float
    hidden: float


def plan(sweep: Sweep, width: float) -> Plan:
    """Both layers at one scale, the enlargements in the middle of what is left between them."""
    (rows, columns), (high, wide) = sweep.image.shape, sweep.kernel.shape
    row, column = sweep.at
    # The words below the hidden layer, whose middle is at the height of the input's, end where the input does.
    cell = min(INPUT / max(rows, columns), (INPUT - 2 * SMALL) / ((rows + sweep.hidden.shape[0]) / 2))
    patch = min(high + 1, rows - row), min(wide + 2, columns - column)
    pitch = min(LARGEST_PITCH, ENLARGED / patch[0], 1.25 * ENLARGED / patch[1])
    hidden = width - sweep.hidden.shape[1] * cell - 1
    used = patch[1] * pitch + FAN + (STRIP - 1) * APART + 2 * RADIUS
    left = cell * columns + (hidden - cell * columns - used) / 2
    return Plan(cell, pitch, patch, left, left + patch[1] * pitch + FAN + RADIUS, hidden)


def draw_maps(axes: Axes, words: Words, sweep: Sweep, where: Plan) -> None:
    """The input and the whole hidden layer, with the corner that is enlarged."""
    (rows, columns), (out_rows, out_columns) = sweep.image.shape, sweep.hidden.shape
    cell, (row, column) = where.cell, sweep.at
    picture(axes, sweep.image, 1, TOP, columns * cell, rows * cell)
    reach = max(float(np.abs(sweep.hidden).max()), 1e-300)
    down = TOP + (rows - out_rows) * cell / 2
    picture(axes, sweep.hidden, where.hidden, down, out_columns * cell, out_rows * cell, cmap=diverging(), vmin=-reach,
            vmax=reach)  # fmt: skip
    box(axes, where.hidden, down, out_columns * cell, out_rows * cell, "none", MUTED, LIGHT)
    text = words.say("convolution_sweep.input", rows=rows, columns=columns)
    write(axes, 1, 18, text, TEXT, INK, "semibold", ha="left")
    text = words.say("convolution_sweep.hidden", rows=out_rows, columns=out_columns)
    write(axes, where.hidden + out_columns * cell, 18, text, TEXT, INK, "semibold", ha="right")
    write(axes, where.hidden + out_columns * cell, down + out_rows * cell + 22,
          words.say("convolution_sweep.range", low=-reach, high=reach), SMALL, MUTED, ha="right")
    seen = corners(1 + column * cell, TOP + row * cell, where.patch[1] * cell, where.patch[0] * cell)
    fed = corners(where.hidden + column * cell, down + row * cell, _strip(sweep) * cell, cell)
    for step in (0, 1):
        y = TOP + step * STEP
        patch = corners(where.enlarged - 4, y - 4, where.patch[1] * where.pitch + 8, where.patch[0] * where.pitch + 8)
        _enlarge(axes, [seen[1], patch[0], patch[3], seen[2]])
        strip = _strip_corners(sweep, where, step)
        _enlarge(axes, [strip[1], fed[0], fed[3], strip[2]])
    _draw_windows(axes, sweep, where)
    lit(axes, fed, INK, HEAVY)


def _draw_windows(axes: Axes, sweep: Sweep, where: Plan) -> None:
    """The two places on the whole input, the second dashed."""
    (high, wide), (row, column), cell = sweep.kernel.shape, sweep.at, where.cell
    first, second = (corners(1 + (column + step) * cell, TOP + row * cell, wide * cell, high * cell) for step in (0, 1))
    lit(axes, first, PURPLE)
    line(axes, [*second, second[0]], PAPER, 4, z=6.2)
    line(axes, [*second, second[0]], PURPLE, HEAVY, dashes=(5, 3), z=6.3)


def _strip(sweep: Sweep) -> int:
    return min(STRIP, int(sweep.hidden.shape[1]) - sweep.at[1])


def _strip_corners(sweep: Sweep, where: Plan, step: int) -> list[tuple[float, float]]:
    y = _neuron_y(sweep, where, step)
    wide = 2 * RADIUS + (_strip(sweep) - 1) * APART
    return list(corners(where.strip - RADIUS - 8, y - RADIUS - 8, wide + 16, 2 * RADIUS + 16))


def _neuron_y(sweep: Sweep, where: Plan, step: int) -> float:
    return TOP + step * STEP + max(len(sweep.kernel) * where.pitch / 2, RADIUS + 4.0)


def _enlarge(axes: Axes, points: list[tuple[float, float]]) -> None:
    """From a corner of a picture to its enlargement."""
    area(axes, points, mix(HAIRLINE, share=0.55), z=1)


def draw_steps(axes: Axes, words: Words, sweep: Sweep, where: Plan) -> None:
    """The filter at its first place and one step to the right, enlarged."""
    for step, key in enumerate(("first", "next")):
        y = TOP + step * STEP
        write(axes, where.enlarged - 4, y - 12, words.say(f"convolution_sweep.{key}"), TEXT, PURPLE_TEXT, "semibold",
              ha="left", halo=3)  # fmt: skip
        _draw_patch(axes, sweep, where, step)
        _draw_fan(axes, sweep, where, step)
        _draw_strip(axes, words, sweep, where, step)


def _draw_patch(axes: Axes, sweep: Sweep, where: Plan, step: int) -> None:
    """The input neurons around the window, each as grey as its pixel."""
    (row, column), (rows, columns), y = sweep.at, where.patch, TOP + step * STEP
    box(axes, where.enlarged - 4, y - 4, columns * where.pitch + 8, rows * where.pitch + 8, PAPER, MUTED, LIGHT, z=4)
    for r, c in np.ndindex(rows, columns):
        grey = float(sweep.image[row + r, column + c])
        disc(axes, *_pixel(where, step, r, c), 0.39 * where.pitch, colour((grey,) * 3), MUTED, LIGHT, z=7)
    high, wide = sweep.kernel.shape[0] * where.pitch, sweep.kernel.shape[1] * where.pitch
    lit(axes, corners(where.enlarged + step * where.pitch, y, wide, high), PURPLE, casing=1, z=8)


def _pixel(where: Plan, step: int, r: int, c: int) -> tuple[float, float]:
    return where.enlarged + (c + 0.5) * where.pitch, TOP + step * STEP + (r + 0.5) * where.pitch


def _draw_fan(axes: Axes, sweep: Sweep, where: Plan, step: int) -> None:
    """A line from each input neuron of the window to the neuron that it feeds: the same weights at both places."""
    strongest = max(float(np.abs(sweep.kernel).max()), 1e-300)
    neuron = where.strip + step * APART, _neuron_y(sweep, where, step)
    for (r, c), weight in np.ndenumerate(sweep.kernel):
        if weight:
            line(axes, [_pixel(where, step, r, c + step), neuron], BLUE if weight > 0 else ORANGE,
                 0.8 + 1.6 * abs(float(weight)) / strongest, dashes=() if weight > 0 else (6, 4), z=6)  # fmt: skip


def _draw_strip(axes: Axes, words: Words, sweep: Sweep, where: Plan, step: int) -> None:
    """Hidden neurons of one row: the one that is fed with its value, the one before it done, the others empty."""
    reach, (row, column) = max(float(np.abs(sweep.hidden).max()), 1e-300), sweep.at
    area(axes, _strip_corners(sweep, where, step), PAPER, MUTED, LIGHT, z=4)
    for k in range(_strip(sweep)):
        x, y = where.strip + k * APART, _neuron_y(sweep, where, step)
        value = float(sweep.hidden[row, column + k])
        fill = PAPER if k > step else colour(diverging()(0.5 + 0.5 * value / reach))
        if k != step:
            disc(axes, x, y, SMALL_RADIUS, fill, MUTED, LIGHT, z=7)
            continue
        disc(axes, x, y, RADIUS, fill, GREEN, 4, z=7)
        write(axes, x, in_middle(y, TEXT), words.number(value, 2), TEXT, readable_on(fill), "bold", z=9)
