"""Where the stacks of a convolutional network stand: as large as the slide allows, no map hidden by another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from figures.depth import Sheet, stack, stack_width

TOP, BOTTOM = 90, 430  # the room of the stacks
MIDDLE = (TOP + BOTTOM) / 2
TALLEST = 178.0  # px, a map of 32 × 32 if there is room
IMAGE = 172.0  # px, the image in perspective, below itself seen from the front
FLAT = 128.0  # px, the side of the image seen from the front
ROW_GAP = 8.0
# Share of a map's width that the map before it leaves uncovered: wanted, and below which maps are drawn smaller.
SHOWN, LEAST_SHOWN = 0.6, 0.4
DEEPEST, MOST_ROWS = 4, 4  # maps in a row, as long as the rows are enough


class Field(NamedTuple):
    """Maps of one stage: x of the left edge, height of a sheet, step between sheets, px; rows of `deep` sheets.

    `base` is the y on which a field of one row stands, px; without it, rows are centred on MIDDLE.
    """

    x: float
    size: float
    step: float
    rows: int
    deep: int
    base: float | None = None

    @property
    def end(self) -> float:
        """x of the right edge."""
        return self.x + stack_width(self.size, self.deep, self.step)

    @property
    def centre(self) -> float:
        """Half-way across."""
        return (self.x + self.end) / 2

    @property
    def chosen(self) -> int:
        """The row whose first sheet the beams meet: the middle one, or of two the lower one, level with the image."""
        return self.rows // 2

    def middle(self, row: int) -> float:
        """y of the middle of a row."""
        if self.base is not None:
            return self.base - (1 + Sheet.RISE) * self.size / 2
        return MIDDLE + (row - (self.rows - 1) / 2) * (self.size + ROW_GAP)

    def seats(self, count: int) -> list[int]:
        """The places of `count` maps, numbered row after row, those that are seen best first."""
        return sorted(range(count), key=lambda seat: (seat % self.deep, abs(seat // self.deep - self.chosen)))


def arrangement(count: int) -> tuple[int, int]:
    """Rows, and maps in a row."""
    rows = min(MOST_ROWS, -(-count // DEEPEST))
    return rows, -(-count // rows)


def fields(shapes: Sequence[tuple[int, int]], left: float, right: float, gap: float) -> list[Field]:
    """Fields from `left` to `right`, `gap` px or more apart: an image, then stages of (maps, cells on a side)."""
    plans = [(1, 1, 32), *((*arrangement(count), cells) for count, cells in shapes)]
    for percent in range(100, 40, -5):
        sizes = [_height(plan, k == 0, percent / 100) for k, plan in enumerate(plans)]
        widths = [FLAT, *(Sheet.ACROSS * size for size in sizes[1:])]
        spare = right - left - gap * (len(plans) - 1) - sum(widths)
        hidden = sum(width * (deep - 1) for width, (_, deep, _) in zip(widths, plans, strict=True))
        shown = min(SHOWN, spare / hidden) if hidden else SHOWN
        if shown >= LEAST_SHOWN and spare >= 0:
            break
    gap += max(spare - shown * hidden, 0) / (len(plans) - 1)
    placed: list[Field] = []
    x = left
    for size, (rows, deep, _) in zip(sizes, plans, strict=True):
        placed.append(Field(x, size, max(shown, 0.05) * Sheet.ACROSS * size, rows, deep, None if placed else BOTTOM))
        x = (placed[-1].end if len(placed) > 1 else left + FLAT) + gap
    return placed


def _height(plan: tuple[int, int, int], image: bool, scale: float) -> float:
    """Of a sheet: larger maps are drawn larger, though not in proportion, and all rows fit below each other."""
    rows, _, cells = plan
    if image:
        return IMAGE
    wanted = TALLEST * float(np.sqrt(cells / 32))
    return min(scale * wanted, (BOTTOM - TOP - (rows - 1) * ROW_GAP) / (rows + Sheet.RISE))


def draw_field(axes: Axes, field: Field, maps: NDArray[Any], **options: Any) -> list[list[Sheet]]:
    """Maps in their rows, (K, H, W) or (1, H, W, 3); the sheets row after row, the near one first."""
    return [stack(axes, field.x, field.middle(row), field.size, maps[row * field.deep:(row + 1) * field.deep],
                  field.step, **options) for row in range(field.rows)]  # fmt: skip
