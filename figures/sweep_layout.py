"""Slide 11, the drawing: both layers whole, and where what stands between them has its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from figures.language import Words
from figures.parts import area, box, corners, line, lit, picture, write
from figures.style import (
    BLUE,
    BLUE_TEXT,
    GREEN,
    GREEN_TEXT,
    HEAVY,
    LIGHT,
    MUTED,
    PAPER,
    TEXT,
    diverging,
    mix,
)
from figures.typesetting import broken, write_lines

if TYPE_CHECKING:
    from figures.sweep import Sweep

TOP, INPUT, STEP = 30, 274, 152  # first line of pixels; side of the input; from one enlargement to the other
ENLARGED, LARGEST_PITCH, MARGIN = 116, 30, 4  # of the enlarged input neurons: height, pitch, paper around them
CAPTION, NARROW = 17, 150  # size of type; room for a caption in two lines
# Of the enlarged hidden neurons: distance from the input's, from the first to the second, from there to the third; how
# many; radius of those that have a value, and of the third; their height.
FAN, APART, NEXT, STRIP, RADIUS, SMALL_RADIUS, AXIS = 150, 112, 68, 3, 32, 13, 60

Rectangle = Sequence[tuple[float, float]]  # clockwise from the upper left


class Plan(NamedTuple):
    """Where things stand, px: the cell of both layers, the pitch of the enlarged neurons, left ends."""

    cell: float
    pitch: float
    patch: tuple[int, int]
    enlarged: float
    strip: float
    neurons: int
    hidden: float

    def enlargement(self, step: int) -> Rectangle:
        """The frame of the enlarged input neurons."""
        (rows, columns), y = self.patch, TOP + step * STEP
        return corners(self.enlarged - MARGIN, y - MARGIN, columns * self.pitch + 2 * MARGIN,
                       rows * self.pitch + 2 * MARGIN)  # fmt: skip

    def pixel(self, step: int, row: int, column: int) -> tuple[float, float]:
        """Centre of an enlarged input neuron."""
        return self.enlarged + (column + 0.5) * self.pitch, TOP + step * STEP + (row + 0.5) * self.pitch

    def neuron(self, k: int) -> tuple[float, float]:
        """Centre of an enlarged hidden neuron."""
        return self.strip + APART * min(k, 1) + NEXT * max(k - 1, 0), TOP + AXIS

    @property
    def frame(self) -> Rectangle:
        """The frame of the enlarged hidden neurons."""
        left, right = self.strip - RADIUS - 10, self.neuron(self.neurons - 1)[0] + 10
        right += RADIUS if self.neurons < STRIP else SMALL_RADIUS
        return corners(left, TOP + AXIS - RADIUS - 10, right - left, 2 * RADIUS + 20)


def plan(sweep: Sweep, width: float) -> Plan:
    """Both layers at one scale, the enlargements in the middle of what is left between them."""
    (rows, columns), (high, wide) = sweep.image.shape, sweep.kernel.shape
    row, column = sweep.at
    # The words below the hidden layer, whose middle is at the height of the input's, end where the input does.
    cell = min(INPUT / max(rows, columns), (INPUT - 2 * CAPTION) / ((rows + sweep.hidden.shape[0]) / 2))
    patch = min(high + 1, rows - row), min(wide + 2, columns - column)
    pitch = min(LARGEST_PITCH, ENLARGED / patch[0], 1.25 * ENLARGED / patch[1])
    hidden = width - sweep.hidden.shape[1] * cell - 4
    neurons = min(STRIP, int(sweep.hidden.shape[1]) - column)
    used = patch[1] * pitch + FAN + APART + (NEXT + SMALL_RADIUS if neurons == STRIP else RADIUS)
    left = cell * columns + (hidden - cell * columns - used) / 2
    return Plan(cell, pitch, patch, left, left + patch[1] * pitch + FAN, neurons, hidden)


def draw_maps(axes: Axes, words: Words, sweep: Sweep, where: Plan) -> None:
    """The input and the whole hidden layer, and on each what is enlarged, joined to its enlargement."""
    (rows, columns), (out_rows, out_columns) = sweep.image.shape, sweep.hidden.shape
    cell, (row, column) = where.cell, sweep.at
    picture(axes, sweep.image, 1, TOP, columns * cell, rows * cell)
    reach = max(float(np.abs(sweep.hidden).max()), 1e-300)
    down, right = TOP + (rows - out_rows) * cell / 2, where.hidden + out_columns * cell
    picture(axes, sweep.hidden, where.hidden, down, out_columns * cell, out_rows * cell, cmap=diverging(), vmin=-reach,
            vmax=reach)  # fmt: skip
    box(axes, where.hidden, down, out_columns * cell, out_rows * cell, "none", MUTED, LIGHT)
    text = words.say("convolution_sweep.input", rows=rows, columns=columns)
    write(axes, 1, 18, text, TEXT, BLUE_TEXT, "semibold", ha="left")
    text = words.say("convolution_sweep.hidden", rows=out_rows, columns=out_columns)
    write(axes, right, 18, text, TEXT, GREEN_TEXT, "semibold", ha="right")
    text = words.say("convolution_sweep.range", low=-reach, high=reach)
    # Below a narrow layer a long line would run into the words of the filter.
    lines = broken(axes, text, NARROW if out_columns * cell < NARROW else np.inf, CAPTION)
    write_lines(axes, right, down + out_rows * cell + 22, lines, CAPTION, MUTED, ha="right")
    seen = corners(1 + column * cell, TOP + row * cell, where.patch[1] * cell, where.patch[0] * cell)
    # Around its cells, not on them: they are hardly wider than the line.
    fed = corners(where.hidden + column * cell - 1.5, down + row * cell - 1.5, where.neurons * cell + 3, cell + 3)
    # The second place has no beam of its own: two would cross over the picture. An arrow says where it comes from.
    _join(axes, seen, where.enlargement(0), BLUE)
    _join(axes, where.frame, fed, GREEN)
    lit(axes, seen, BLUE, HEAVY)
    lit(axes, fed, GREEN, HEAVY, casing=1)


def _join(axes: Axes, left: Rectangle, right: Rectangle, role: str) -> None:
    """A part and its enlargement: a pale beam behind the pictures, whose edges, cased in paper, pass over them."""
    area(axes, [left[1], right[0], right[3], left[2]], mix(role, share=0.9), z=1)
    for edge in ([left[1], right[0]], [left[2], right[3]]):
        line(axes, edge, PAPER, 4, z=3.5, alpha=0.8)
        line(axes, edge, role, 1.5, z=3.6)
