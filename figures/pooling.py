"""Slide 13: max pooling on a small grid of numbers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engine.arguments import pair
from engine.pooling import max_pool2d
from figures import Picture, figure
from figures.grids import as_rows, fitting, grid_of_numbers, precisions, too_long
from figures.language import Words
from figures.lean import narrowest
from figures.pooling_layout import draw_formulas, draw_input, draw_output, draw_words, frame_first
from figures.pooling_plan import Plan, plan
from figures.squares import Source
from figures.style import BLUE, GREEN, ORANGE, PURPLE, SMALL, slide_figure

GRID = ((4, 1, 5, 0), (7, 8, 9, 8), (3, 5, 6, 5), (2, 4, 1, 0))
COLOURS = (BLUE, ORANGE, PURPLE, GREEN)
WIDTH, HEIGHT = 1136, 470


class Pooling(NamedTuple):
    """A grid, its windows and what they keep."""

    grid: NDArray[np.float64]
    size: tuple[int, int]
    step: tuple[int, int]
    output: NDArray[np.float64]
    winners: NDArray[np.intp]  # (rows, columns, 2): the place of each maximum in the grid

    @property
    def tiles(self) -> bool:
        """Whether no number lies in two windows, so that each window can have a colour of its own."""
        axes = zip(self.step, self.size, self.output.shape, strict=True)
        return all(step >= size or count == 1 for step, size, count in axes)

    def block(self, i: int, j: int) -> tuple[slice, slice]:
        """Where window (i, j) lies in the grid."""
        top, left = i * self.step[0], j * self.step[1]
        return slice(top, top + self.size[0]), slice(left, left + self.size[1])

    def colour(self, i: int, j: int) -> str:
        """The colour of window (i, j), another one than its neighbours'."""
        return COLOURS[i % 2 * 2 + j % 2] if self.tiles else PURPLE


@figure
def max_pooling(words: Words, *, grid: Source = GRID, kernel_size: int | tuple[int, int] = 2,
                stride: int | tuple[int, int] | None = None) -> Picture:
    """Each window keeps its largest value.

    Windows that do not overlap have a colour each, in the grid and in the result. Where they overlap, the first one is
    framed, with what becomes of it. Of equal values the first is marked.

    Parameters
    ----------
    grid : array_like, (rows, columns), path or PIL.Image.Image
        The numbers, at most 10 rows and 12 columns. A picture is brought to 8 × 8 shades of grey from 0 to 255.
    kernel_size : int or pair of int
        Rows and columns of a window.
    stride : int or pair of int, optional
        From one window to the next, down and to the right; the window's own size if left out.

    Facts
    -----
    rows, columns, output_rows, output_columns : int
    kernel_size, stride : lists of 2 int
        Down and to the right.
    output : list of rows
    winners : list of rows of 2 int
        Row and column, from 0, of the number that each window keeps.
    numbers, kept : int
        Before and after.
    ratio : float
        How many times fewer.
    overlapping : bool
        Whether windows share numbers.

    Raises
    ------
    TypeError, ValueError
        A grid that is not one of finite numbers, a window larger than the grid, a stride below 1, numbers too long
        for their cells.

    Examples
    --------
    >>> import figures
    >>> figures.max_pooling(stride=1).save("pool.svg")
    >>> figures.max_pooling(grid=[[1, 5, 2, 0], [3, 4, 8, 7]], lang="en").save("own.svg")
    """
    pooling = _pooled(grid, kernel_size, stride)
    fig, axes = slide_figure(WIDTH, HEIGHT)
    texts, formulas, where, size = _written(axes, words, pooling)
    rows = as_rows(texts, pooling.grid.shape[1])
    draw_input(axes, pooling, where, rows, size)
    draw_output(axes, pooling, where, rows, size)
    if len(formulas) < pooling.output.size:
        frame_first(axes, pooling, where)
    draw_formulas(axes, pooling, where, formulas)
    draw_words(axes, words, pooling, where)
    return Picture(fig, alt=_alt(words, pooling, rows), facts=_facts(pooling))


def _pooled(grid: Source, kernel_size: int | tuple[int, int], stride: int | tuple[int, int] | None) -> Pooling:
    numbers = grid_of_numbers("max_pooling", "grid", grid, (10, 12))
    size = pair("max_pooling", "kernel_size", kernel_size, 1)
    step = size if stride is None else pair("max_pooling", "stride", stride, 1)
    if size[0] > numbers.shape[0] or size[1] > numbers.shape[1]:
        raise ValueError(f"max_pooling: kernel_size {size} must not be larger than the grid {numbers.shape}")
    output = max_pool2d(narrowest(numbers)[None, None], size, stride=step)[0, 0].astype(np.float64)
    return Pooling(numbers, size, step, output, _winners(numbers, size, step))


def _winners(numbers: NDArray[np.float64], size: tuple[int, int], step: tuple[int, int]) -> NDArray[np.int64]:
    """Row and column of the first largest number of each window; a grid is too small for a compiled loop of its own."""
    windows = sliding_window_view(numbers, size)[::step[0], ::step[1]]
    places = np.divmod(windows.reshape(*windows.shape[:2], -1).argmax(axis=-1), size[1])
    corners = np.indices(windows.shape[:2])
    return np.stack([corners[k] * step[k] + places[k] for k in (0, 1)], axis=-1)


def _written(axes: Axes, words: Words, pooling: Pooling) -> tuple[list[str], list[list[str]], Plan, float]:
    """The numbers, the formulas and the layout with as many decimals as leave the cells large enough."""
    for texts in precisions(words, pooling.grid.ravel().tolist()):
        # A wide result leaves no room for a formula beside it: better none than numbers too small to be read.
        for formulas in (_formulas(words, pooling, texts), []):
            where = plan(axes, words, pooling, formulas, (WIDTH, HEIGHT))
            size = fitting(axes, texts, 0.84 * where.side, max(0.42 * where.side, SMALL))
            if size >= SMALL:
                return texts, formulas, where, size
    raise ValueError(f"max_pooling: {too_long(texts, 0.84 * where.side)}")


def _formulas(words: Words, pooling: Pooling, texts: list[str]) -> list[list[str]]:
    """« 8 = max(4 ; 1 ; 7 ; 8) » for every window if there is room beside the result, else for the first one.

    A long one has a line for each row of its window.
    """
    numbers = np.array(texts, dtype=object).reshape(pooling.grid.shape)
    between = words.between()

    def lines(i: int, j: int) -> list[str]:
        window = numbers[pooling.block(i, j)]
        rows = [window.ravel()] if window.size <= 4 else list(window)
        values = f"{between.rstrip()}\n".join(between.join(row) for row in rows)
        largest = numbers[tuple(pooling.winners[i, j])]
        return words.say("max_pooling.maximum", largest=largest, values=values).split("\n")

    first = lines(0, 0)
    if pooling.tiles and pooling.output.size <= 4 and len(first) * pooling.output.size <= 12:
        return [lines(i, j) for i, j in np.ndindex(pooling.output.shape)]
    return [first]


def _alt(words: Words, pooling: Pooling, rows: list[list[str]]) -> str:
    (high, wide), (down, right) = pooling.size, pooling.step
    kept = [words.between().join(rows[r][c] for r, c in line) for line in pooling.winners]
    then = words.say("max_pooling.then")
    return words.say("max_pooling.alt", rows=pooling.grid.shape[0], columns=pooling.grid.shape[1], high=high, wide=wide,
                     down=down, right=right, out_rows=pooling.output.shape[0], out_columns=pooling.output.shape[1],
                     kept=then.join(kept))  # fmt: skip


def _facts(pooling: Pooling) -> dict[str, Any]:
    rows, columns = pooling.grid.shape
    return {"rows": rows, "columns": columns, "kernel_size": list(pooling.size), "stride": list(pooling.step),
            "output": pooling.output.tolist(), "output_rows": pooling.output.shape[0],
            "output_columns": pooling.output.shape[1], "winners": pooling.winners.tolist(),
            "numbers": pooling.grid.size, "kept": pooling.output.size,
            "ratio": pooling.grid.size / pooling.output.size, "overlapping": not pooling.tiles}  # fmt: skip
