"""Slide 13, the drawing: grid, arrow, result, and the maxima written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from figures.language import Words
from figures.parts import arrow, cell, corners, in_middle, lit, tint, write
from figures.pooling_plan import CAPTION_LINE, GAP, Plan, indent, input_captions, out_place, output_captions, place
from figures.style import (
    BLUE,
    BLUE_TEXT,
    GREEN,
    GREEN_TEXT,
    HAIRLINE,
    HEADING,
    INK,
    LARGE,
    MUTED,
    ORANGE,
    ORANGE_TEXT,
    PAPER,
    PURPLE,
    PURPLE_TEXT,
    TEXT,
    contrast,
    mix,
)
from figures.typesetting import width_of

if TYPE_CHECKING:
    from figures.pooling import Pooling

LINE = 30  # from one line of a formula to the next
TEXTS = {BLUE: BLUE_TEXT, ORANGE: ORANGE_TEXT, PURPLE: PURPLE_TEXT, GREEN: GREEN_TEXT}


def draw_input(axes: Axes, pooling: Pooling, where: Plan, texts: list[list[str]], size: float) -> None:
    """The grid: every window in its colour, its maximum in full colour and bold."""
    won = {tuple(place) for place in pooling.winners.reshape(-1, 2).tolist()}
    for (row, column), fill in np.ndenumerate(_fills(pooling, won)):
        x, y = place(pooling, where, row, column)
        if fill == HAIRLINE:  # outside every window
            cell(axes, x, y, where.side, texts[row][column], tint(HAIRLINE, 0.6), text=MUTED, size=size)
        elif (row, column) in won:
            cell(axes, x, y, where.side, texts[row][column], fill, text=_on(fill, size), weight="bold", size=size)
        else:
            cell(axes, x, y, where.side, texts[row][column], fill, size=size)


def _on(fill: str, size: float) -> str | None:
    """Paper on every full colour, the same for all maxima, where large bold type makes a contrast of 3 enough."""
    return PAPER if size >= 24 and contrast(PAPER, fill) >= 3 else None


def _fills(pooling: Pooling, won: set[tuple[int, ...]]) -> NDArray[np.object_]:
    fills = np.full(pooling.grid.shape, HAIRLINE, dtype=object)
    for i, j in np.ndindex(pooling.output.shape):
        fills[pooling.block(i, j)] = tint(pooling.colour(i, j) if pooling.tiles else BLUE)
    for i, j in np.ndindex(pooling.output.shape):
        first = pooling.tiles or (i, j) == (0, 0)
        if first or tuple(pooling.winners[i, j]) != tuple(pooling.winners[0, 0]):
            fills[tuple(pooling.winners[i, j])] = pooling.colour(i, j) if first else mix(BLUE, share=0.45)
    return fills


def draw_output(axes: Axes, pooling: Pooling, where: Plan, texts: list[list[str]], size: float) -> None:
    """The result, in the colours of the windows."""
    for i, j in np.ndindex(pooling.output.shape):
        row, column = pooling.winners[i, j]
        x, y = out_place(pooling, where, i, j)
        fill = pooling.colour(i, j) if pooling.tiles or (i, j) == (0, 0) else tint(GREEN, 0.7)
        cell(axes, x, y, where.side, texts[row][column], fill, text=_on(fill, size), weight="bold", size=size)


def frame_first(axes: Axes, pooling: Pooling, where: Plan) -> None:
    """The window whose maximum is written out, and where it goes."""
    across, down = pooling.size[1] * where.side, pooling.size[0] * where.side
    lit(axes, corners(*place(pooling, where, 0, 0), across, down), pooling.colour(0, 0))
    lit(axes, corners(*out_place(pooling, where, 0, 0), where.side), pooling.colour(0, 0))


def draw_formulas(axes: Axes, pooling: Pooling, where: Plan, formulas: list[list[str]]) -> None:
    """The maxima, each beside the row of the result that it stands in."""
    columns = pooling.output.shape[1]
    for i in range(0, len(formulas), columns):
        row = formulas[i:i + columns]
        count = sum(len(lines) for lines in row)
        y = out_place(pooling, where, i // columns, 0)[1] + where.side / 2
        if len(formulas) > columns:  # a tall pair of blocks keeps clear of the next one
            spread = max(0, count * LINE + 20 - where.side - GAP)
            y += (i // columns - (len(formulas) // columns - 1) / 2) * spread
        lines = [(text, k, j) for j, block in enumerate(row) for k, text in enumerate(block)]
        for n, (text, k, j) in enumerate(lines):
            x = where.formulas + indent(axes, row[j], k)
            write(axes, x, in_middle(y + (n - (count - 1) / 2) * LINE, HEADING), text, HEADING,
                  TEXTS[pooling.colour(i // columns, j)], "semibold", ha="left")  # fmt: skip


def draw_words(axes: Axes, words: Words, pooling: Pooling, where: Plan) -> None:
    """What the arrow does, and the two sizes."""
    (start, end), y = where.arrow, where.middle
    arrow(axes, (start, y), (end, y), INK, 3, head=18)
    middle = (start + end) / 2
    write(axes, middle, y - 22, words.say("max_pooling.name"), LARGE, INK, "semibold")
    write(axes, middle, y + 36, words.say("max_pooling.window", rows=pooling.size[0], columns=pooling.size[1]), TEXT)
    down, right = pooling.step
    key = "max_pooling.stride" if down == right else "max_pooling.strides"
    write(axes, middle, y + 62, words.say(key, down=down, right=right), TEXT)
    wide = place(pooling, where, 0, pooling.grid.shape[1] - 1)[0] + where.side
    for k, text in enumerate(input_captions(words, pooling)):
        x = max((where.input[0] + wide) / 2, width_of(axes, text) / 2 + 2)
        write(axes, x, 2 * where.middle - where.input[1] + 30 + CAPTION_LINE * k, text, TEXT, MUTED)
    wide = out_place(pooling, where, 0, pooling.output.shape[1] - 1)[0] + where.side
    for k, text in enumerate(output_captions(words, pooling)):
        y = 2 * where.middle - where.output[1] + 30 + CAPTION_LINE * k
        write(axes, (where.output[0] + wide) / 2, y, text, TEXT, INK if k else MUTED)
