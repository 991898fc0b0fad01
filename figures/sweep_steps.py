"""Slide 11, between the layers: the two places of the filter, enlarged, and the neurons that they feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from figures.grids import fitting
from figures.language import Words
from figures.parts import area, arrow, corners, disc, in_middle, line, lit, text_width, write
from figures.style import (
    BLUE,
    GREEN,
    HEAVY,
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
from figures.sweep_layout import CAPTION, RADIUS, SMALL_RADIUS, STEP, TOP, Plan

if TYPE_CHECKING:
    from figures.sweep import Sweep

SHIFT = 30  # px, the arrow beside « un pas à droite »
SPREAD = 0.64  # of the height of a row: where the lines of its weights leave the window


def draw_steps(axes: Axes, words: Words, sweep: Sweep, where: Plan) -> None:
    """The filter at its first place and one step to the right, enlarged."""
    for step, key in enumerate(("first", "next")):
        y = TOP + step * STEP - 12
        name = write(axes, where.enlarged - 4, y, words.say(f"convolution_sweep.{key}"), TEXT, PURPLE_TEXT, "semibold",
                     ha="left", halo=3)  # fmt: skip
        if step:
            start = where.enlarged + text_width(name) + 3
            arrow(axes, (start, y - 6), (start + SHIFT, y - 6), PURPLE, 3)
        _draw_patch(axes, sweep, where, step)
        _draw_fan(axes, sweep, where, step)
    _draw_strip(axes, words, sweep, where)


def _draw_patch(axes: Axes, sweep: Sweep, where: Plan, step: int) -> None:
    """The input neurons around the window, each as grey as its pixel, those outside faded."""
    (row, column), (high, wide) = sweep.at, sweep.kernel.shape
    area(axes, where.enlargement(step), PAPER, BLUE, HEAVY, z=4)
    for r, c in np.ndindex(*where.patch):
        grey = colour((float(sweep.image[row + r, column + c]),) * 3)
        inside = r < high and step <= c < wide + step
        # The lines of the weights pass over the neurons on the right: these must not compete with them.
        disc(axes, *where.pixel(step, r, c), 0.39 * where.pitch, grey if inside else mix(grey, share=0.72),
             MUTED if inside else mix(MUTED, share=0.6), LIGHT, z=5)  # fmt: skip
    window = corners(where.enlarged + step * where.pitch, TOP + step * STEP, wide * where.pitch, high * where.pitch)
    lit(axes, window, PURPLE, casing=1, z=8)


def _draw_fan(axes: Axes, sweep: Sweep, where: Plan, step: int) -> None:
    """A line for each weight, from its row of the window to the neuron that it feeds: the same at both places."""
    strongest = max(float(np.abs(sweep.kernel).max()), 1e-300)
    wide = sweep.kernel.shape[1]
    for (r, c), weight in np.ndenumerate(sweep.kernel):
        if weight:
            x, y = where.pixel(step, r, wide + step - 1)
            start = x + where.pitch / 2, y + SPREAD * where.pitch * ((c + 0.5) / wide - 0.5)
            line(axes, [start, where.neuron(step)], BLUE if weight > 0 else ORANGE,
                 0.8 + 1.6 * abs(float(weight)) / strongest, dashes=() if weight > 0 else (6, 4), z=6)  # fmt: skip


def _draw_strip(axes: Axes, words: Words, sweep: Sweep, where: Plan) -> None:
    """Hidden neurons of one row: the two that are fed with their values, the next one still to come."""
    reach, (row, column) = max(float(np.abs(sweep.hidden).max()), 1e-300), sweep.at
    area(axes, where.frame, PAPER, GREEN, HEAVY, z=4)
    for k in (0, 1):
        value = float(sweep.hidden[row, column + k])
        fill = colour(diverging()(0.5 + 0.5 * value / reach))
        x, y = where.neuron(k)
        disc(axes, x, y, RADIUS, fill, GREEN, 4, z=7)
        text = words.number(value, 2)
        size = max(fitting(axes, [text], 1.45 * RADIUS, TEXT), SMALL)
        write(axes, x, in_middle(y, size), text, size, readable_on(fill), "bold", z=9)
    if where.neurons > 2:
        x, y = where.neuron(2)
        disc(axes, x, y, SMALL_RADIUS, PAPER, MUTED, 1.5, z=7).set_linestyle((0, (2.5, 2.0)))
        write(axes, x, where.frame[2][1] + 20, words.say("convolution_sweep.later"), CAPTION, MUTED)
