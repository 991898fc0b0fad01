"""Slide 13, where things stand and how they are drawn: grid, arrow, result, and the maxima written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from figures.language import Words
from figures.parts import arrow, cell, corners, in_middle, lit, tint, write
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

LARGEST_CELL, GAP, MARGIN, LINE = 120, 8, 28, 30
SHORTEST_ARROW, LONGEST_ARROW = 184, 300
EDGE = 4  # left free where a frame runs along the canvas
CAPTION, CAPTION_LINE = 40, 26  # below the grids
TEXTS = {BLUE: BLUE_TEXT, ORANGE: ORANGE_TEXT, PURPLE: PURPLE_TEXT, GREEN: GREEN_TEXT}


class Plan(NamedTuple):
    """Where things stand, px."""

    side: float  # of a cell
    input: tuple[float, float]
    arrow: tuple[float, float]
    output: tuple[float, float]
    formulas: float
    middle: float


def plan(axes: Axes, words: Words, pooling: Pooling, formulas: list[list[str]], canvas: tuple[float, float]) -> Plan:
    """The largest cells that leave room for the arrow and the formulas; what is left over goes to both sides."""
    (rows, columns), (out_rows, out_columns) = pooling.grid.shape, pooling.output.shape
    gap = GAP if pooling.tiles else 0
    down, right, out_right = gap * len(_breaks(pooling, 0)), gap * len(_breaks(pooling, 1)), gap * (out_columns - 1)
    written = max((_indent(axes, lines, k) + width_of(axes, line, HEADING, "semibold") + 4
                   for lines in formulas for k, line in enumerate(lines)), default=-MARGIN)  # fmt: skip
    captions = max(width_of(axes, line) for line in _output_captions(words, pooling))
    below = [_input_captions(words, pooling), _output_captions(words, pooling) if out_rows == rows else []]
    caption = CAPTION + CAPTION_LINE * (max(map(len, below)) - 1)
    edge = EDGE if len(formulas) < pooling.output.size else 0
    fixed = edge + right + written + 3 * MARGIN + SHORTEST_ARROW
    side = min(LARGEST_CELL, (canvas[1] - caption - 2 * edge - down) / rows,
               (canvas[0] - fixed - out_right) / (columns + out_columns), (canvas[0] - fixed - captions) / columns)
    result = max(side * out_columns + out_right, captions)
    spare = canvas[0] - fixed - side * columns - result
    long = min(LONGEST_ARROW, SHORTEST_ARROW + spare)
    left = edge + (spare + SHORTEST_ARROW - long) / 2
    middle = (canvas[1] - caption) / 2
    start = left + side * columns + right + MARGIN
    end = start + long + MARGIN
    return Plan(side, (left, middle - (side * rows + down) / 2), (start, start + long),
                (end + (result - side * out_columns - out_right) / 2,
                 middle - (side * out_rows + gap * (out_rows - 1)) / 2), end + result + MARGIN, middle)  # fmt: skip


def _indent(axes: Axes, lines: list[str], k: int) -> float:
    """Further lines of a formula start below its first number."""
    return width_of(axes, lines[0].partition("(")[0] + "(", HEADING, "semibold") if k else 0


def _output_captions(words: Words, pooling: Pooling) -> list[str]:
    (rows, columns), ratio = pooling.output.shape, pooling.grid.size / pooling.output.size
    size = words.say("max_pooling.output", rows=rows, columns=columns)
    return [size, words.say("max_pooling.fewer", ratio=round(ratio, 1))] if ratio > 1 else [size]


def _breaks(pooling: Pooling, axis: int) -> list[int]:
    """The rows or columns before which a gap opens: windows are told apart by gaps, not by frames."""
    starts = {i * pooling.step[axis] for i in range(pooling.output.shape[axis])}
    ends = {start + pooling.size[axis] for start in starts}
    return sorted((starts | ends) - {0, pooling.grid.shape[axis]}) if pooling.tiles else []


def place(pooling: Pooling, where: Plan, row: int, column: int) -> tuple[float, float]:
    """Upper left corner of a cell of the grid."""
    above = sum(b <= row for b in _breaks(pooling, 0))
    before = sum(b <= column for b in _breaks(pooling, 1))
    return where.input[0] + column * where.side + before * GAP, where.input[1] + row * where.side + above * GAP


def out_place(pooling: Pooling, where: Plan, i: int, j: int) -> tuple[float, float]:
    """Upper left corner of a cell of the result."""
    step = where.side + (GAP if pooling.tiles else 0)
    return where.output[0] + j * step, where.output[1] + i * step


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
            x = where.formulas + _indent(axes, row[j], k)
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
    for k, text in enumerate(_input_captions(words, pooling)):
        x = max((where.input[0] + wide) / 2, width_of(axes, text) / 2 + 2)
        write(axes, x, 2 * where.middle - where.input[1] + 30 + CAPTION_LINE * k, text, TEXT, MUTED)
    wide = out_place(pooling, where, 0, pooling.output.shape[1] - 1)[0] + where.side
    for k, text in enumerate(_output_captions(words, pooling)):
        y = 2 * where.middle - where.output[1] + 30 + CAPTION_LINE * k
        write(axes, (where.output[0] + wide) / 2, y, text, TEXT, INK if k else MUTED)


def _input_captions(words: Words, pooling: Pooling) -> list[str]:
    size = words.say("max_pooling.input", rows=pooling.grid.shape[0], columns=pooling.grid.shape[1])
    return [size] if _covered(pooling) else [size, words.say("max_pooling.outside")]


def _covered(pooling: Pooling) -> bool:
    """Whether every number lies in a window."""
    return all((count - 1) * step + size == length and (step <= size or count == 1) for count, step, size, length in
               zip(pooling.output.shape, pooling.step, pooling.size, pooling.grid.shape, strict=True))  # fmt: skip
