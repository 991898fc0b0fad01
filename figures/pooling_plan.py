"""Slide 13, where things stand: grid, arrow, result and the maxima written out, as large as the slide allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from matplotlib.axes import Axes

from figures.language import Words
from figures.style import HEADING
from figures.typesetting import width_of

if TYPE_CHECKING:
    from figures.pooling import Pooling

LARGEST_CELL, GAP, MARGIN = 120, 8, 28
SHORTEST_ARROW, LONGEST_ARROW = 184, 300
EDGE = 4  # left free where a frame runs along the canvas
CAPTION, CAPTION_LINE = 40, 26  # below the grids


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
    written = max((indent(axes, lines, k) + width_of(axes, line, HEADING, "semibold") + 4
                   for lines in formulas for k, line in enumerate(lines)), default=-MARGIN)  # fmt: skip
    captions = max(width_of(axes, line) for line in output_captions(words, pooling))
    below = [input_captions(words, pooling), output_captions(words, pooling) if out_rows == rows else []]
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


def indent(axes: Axes, lines: list[str], k: int) -> float:
    """Further lines of a formula start below its first number."""
    return width_of(axes, lines[0].partition("(")[0] + "(", HEADING, "semibold") if k else 0


def output_captions(words: Words, pooling: Pooling) -> list[str]:
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


def input_captions(words: Words, pooling: Pooling) -> list[str]:
    size = words.say("max_pooling.input", rows=pooling.grid.shape[0], columns=pooling.grid.shape[1])
    return [size] if _covered(pooling) else [size, words.say("max_pooling.outside")]


def _covered(pooling: Pooling) -> bool:
    """Whether every number lies in a window."""
    return all((count - 1) * step + size == length and (step <= size or count == 1) for count, step, size, length in
               zip(pooling.output.shape, pooling.step, pooling.size, pooling.grid.shape, strict=True))  # fmt: skip
