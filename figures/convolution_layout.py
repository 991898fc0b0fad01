"""Slide 10, the drawing: source, kernel and destination as sheets in perspective, beside them the sum of products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from numpy.typing import NDArray

from figures.depth import Corner, Sheet, beam
from figures.grids import as_rows, numerals
from figures.language import Words
from figures.parts import area, box, in_middle, lit, write
from figures.style import (
    BLUE,
    BLUE_TEXT,
    GREEN,
    GREEN_TEXT,
    HAIRLINE,
    HEAVY,
    HUGE,
    INK,
    MUTED,
    PURPLE,
    PURPLE_TEXT,
    SMALL,
    TEXT,
    colour,
    diverging,
    mix,
)
from figures.typesetting import largest, width_of

if TYPE_CHECKING:
    from figures.convolution import Convolved

SCENE, GAP, CAPTION = 776, 84, 32
LARGEST_CELL, KERNEL_SCALE, TALLEST_KERNEL, WIDEST_KERNEL = 64, 1.35, 315, 154
Edge = tuple[Corner, Corner]
SMALLEST = 14  # type that lies in a sheet, before it is foreshortened


class Grid(Sheet):
    """A sheet of square cells: one with more columns than rows is wider than high."""

    def at(self, u: float, v: float) -> Corner:
        """Fractions of the sides (0 to 1) to slide pixels."""
        return super().at(u * self.shape[1] / self.shape[0], v)

    @property
    def foot(self) -> Corner:
        """Below the sheet, where its name stands: the middle of its width, its lowest point."""
        return (self.x + self.at(1, 0)[0]) / 2, self.y + self.size

    @classmethod
    def around(cls, left: float, middle: float, cell: float, shape: tuple[int, int]) -> Grid:
        """A sheet by its left end and the height of its centre."""
        high, rise = cell * shape[0], cls.RISE * cell * shape[1]
        return cls(left, middle - (high - rise) / 2, high, shape)


class Scene(NamedTuple):
    """The three sheets, and the height of a cell in the first and last, px."""

    source: Grid
    kernel: Grid
    target: Grid
    cell: float


def draw_scene(axes: Axes, words: Words, convolved: Convolved, height: float) -> None:
    """The sheets, the beam that joins them, their numbers and names."""
    scene = _scene(convolved, height)
    (row, column), (rows, columns) = convolved.at, convolved.kernel.shape
    window, pixel = scene.source.window(row, column, rows, columns), scene.target.window(row, column, 1, 1)
    lights = np.zeros(convolved.image.shape, bool)
    lights[row:row + rows, column:column + columns] = True
    beams = [(window, scene.kernel.window()), (scene.kernel.window(), pixel)]
    edges = [edge for start, end in beams for edge in zip(start, end, strict=True)]
    _draw_grid(axes, words, scene.source, convolved.image, BLUE, lights, edges)
    lights = np.zeros(convolved.output.shape, bool)
    lights[convolved.at] = True
    _draw_grid(axes, words, scene.target, convolved.output, GREEN, lights, edges)
    for z, (start, end) in zip((20, 22), beams, strict=True):
        beam(axes, start, end, PURPLE, z=z)
    _draw_kernel(axes, words, scene.kernel, convolved.kernel)
    lit(axes, window, PURPLE, z=26)
    lit(axes, pixel, GREEN_TEXT, 4, z=26)
    for name, sheet, shape, fill in (("source", scene.source, convolved.image.shape, BLUE_TEXT),
                                     ("kernel", scene.kernel, convolved.kernel.shape, PURPLE_TEXT),
                                     ("target", scene.target, convolved.output.shape, GREEN_TEXT)):  # fmt: skip
        x, y = sheet.foot
        text = words.say(f"convolution_pixel.{name}", rows=shape[0], columns=shape[1])
        write(axes, max(x, width_of(axes, text) / 2), y + 26, text, TEXT, fill)


def _scene(convolved: Convolved, height: float) -> Scene:
    """The largest cells for which the sheets fit; the kernel's are a little larger, as it is nearer."""
    (rows, columns), (high, wide) = convolved.image.shape, convolved.kernel.shape
    out_rows, out_columns = convolved.output.shape
    room = height - CAPTION - 6
    largest_kernel = min(TALLEST_KERNEL / (high + Sheet.RISE * wide), WIDEST_KERNEL / (Sheet.ACROSS * wide))
    cell = min(LARGEST_CELL, room / (rows + Sheet.RISE * columns),
               (SCENE - 2 * GAP) / (Sheet.ACROSS * (columns + out_columns + KERNEL_SCALE * wide)))
    kernel_cell = min(KERNEL_SCALE * cell, largest_kernel)
    kernel_width = Sheet.ACROSS * kernel_cell * wide
    gap = min(160, (SCENE - kernel_width - Sheet.ACROSS * cell * (columns + out_columns)) / 2)
    middle = 3 + room / 2
    source = Grid.around(3, middle, cell, (rows, columns))
    left = source.at(1, 0)[0] + gap
    target = Grid.around(left + kernel_width + gap, middle, cell, (out_rows, out_columns))
    lights = (source.middle(convolved.at[0] + high / 2 - 0.5, convolved.at[1] + wide / 2 - 0.5)[1],
              target.middle(*convolved.at)[1])
    # Half-way between the middle of the canvas and a straight beam.
    kernel = Grid.around(left, (middle + sum(lights) / 2) / 2, kernel_cell, (high, wide))
    return Scene(source, kernel, target, cell)


def signed_fills(values: NDArray[np.float64]) -> list[list[str]]:
    """Blue for positive and orange for negative numbers, the deeper the larger."""
    # Zero is paper everywhere: a scale of one hue from the lowest value on would leave a −8 empty and tint a 0.
    reach, shade = max(float(np.abs(values).max()), 1e-300), diverging()
    return [[colour(shade(0.5 + 0.28 * float(value) / reach)) for value in row] for row in values]


def _draw_grid(axes: Axes, words: Words, sheet: Grid, values: NDArray[np.float64], role: str,
               strong: NDArray[np.bool_], edges: Sequence[Edge]) -> None:
    """An image in a frame of its role's colour, and its numbers."""
    fills = signed_fills(values)
    sheet.cells(axes, fills, mix(role, share=0.6))
    area(axes, sheet.window(), "none", mix(role, share=0.3), HEAVY, z=10.5)
    _draw_numbers(axes, words, sheet, values, strong, fills, edges)


def _draw_kernel(axes: Axes, words: Words, sheet: Grid, kernel: NDArray[np.float64]) -> None:
    fills = signed_fills(kernel)
    sheet.cells(axes, fills, mix(PURPLE, share=0.5), z=23)
    area(axes, sheet.window(), "none", PURPLE, HEAVY, z=23.5)
    _draw_numbers(axes, words, sheet, kernel, kernel != 0, fills)


def _draw_numbers(axes: Axes, words: Words, sheet: Grid, values: NDArray[np.float64], strong: NDArray[np.bool_],
                  fills: Sequence[Sequence[str]], edges: Sequence[Edge] = ()) -> None:
    """Numbers of one size lying in a sheet, some of them strong, zeros weak, clear of the `edges` below them."""
    step = sheet.size / sheet.shape[0]
    size, texts = numerals(axes, words, values.ravel().tolist(), 0.9 * step, 0.7 * step, smallest=SMALLEST)
    for (row, column), text in np.ndenumerate(np.array(as_rows(texts, values.shape[1]), dtype=object)):
        bold = bool(strong[row, column])
        fill = INK if bold or values[row, column] else MUTED
        struck = any(crosses(sheet.window(row, column, 1, 1), edge) for edge in edges)
        sheet.number(axes, row, column, text, fill, "bold" if bold else "regular", size=0.66 * size / step,
                     halo=fills[row][column] if struck else "none", z=27 if bold else 24)  # fmt: skip


def crosses(cell: Sequence[Corner], edge: Edge) -> bool:
    """Whether a line passes through a cell, and not only ends at its border."""
    corners = np.array([*cell, cell[0]])
    inside = corners + 0.12 * (corners[:4].mean(axis=0) - corners)
    return Path(inside).intersects_path(Path(edge), filled=True)


def draw_products(axes: Axes, words: Words, convolved: Convolved, canvas: tuple[float, float]) -> None:
    """Each pixel of the window times its weight, laid out as the window is, and their sum."""
    left, right = SCENE + 34, canvas[0]
    rows, columns = convolved.kernel.shape
    sign = 24 if columns <= 3 else 16
    width = min((right - left - sign * columns) / columns, 110)
    texts, size = _products(axes, words, convolved, width - 6)
    step = min(76, 250 / rows)
    x0, top = (left + right - columns * width - (columns - 1) * sign) / 2, (canvas[1] - rows * step - 124) / 2
    write(axes, (left + right) / 2, top - 20, words.say("convolution_pixel.products"), TEXT, PURPLE_TEXT)
    fills = signed_fills(convolved.window * convolved.kernel)
    for (r, c), text in np.ndenumerate(texts):
        x, y = x0 + c * (width + sign), top + r * step
        counts = convolved.window[r, c] * convolved.kernel[r, c] != 0
        box(axes, x, y, width, step - 12, fills[r][c] if counts else mix(HAIRLINE, share=0.6), radius=4)
        base = in_middle(y + (step - 12) / 2, size)
        write(axes, x + width / 2, base, text, size, INK if counts else MUTED, "bold" if counts else "regular")
        if r or c:
            write(axes, x - sign / 2, base, "+", size, MUTED)
    value = words.say("convolution_pixel.sum", value=convolved.value)
    write(axes, (left + right) / 2, top + rows * step + 84, value, 1.6 * HUGE, GREEN_TEXT, "bold")
    write(axes, (left + right) / 2, top + rows * step + 126, words.say("convolution_pixel.value"), TEXT, GREEN_TEXT)


def _products(axes: Axes, words: Words, convolved: Convolved, room: float) -> tuple[NDArray[np.object_], float]:
    """« 2 × (−4) », or −8 where that is too long, and the size at which the longest fits."""
    pairs = list(zip(convolved.window.ravel(), convolved.kernel.ravel(), strict=True))
    full = [words.say("convolution_pixel.product", pixel=words.number(p), weight=words.signed(w)) for p, w in pairs]
    size = largest(axes, full, room, (24, 22, 20, TEXT, 18, 17, SMALL), "bold")
    if size is None:
        size, full = numerals(axes, words, [float(p * w) for p, w in pairs], room, 24)
    return np.array(full, dtype=object).reshape(convolved.kernel.shape), size
