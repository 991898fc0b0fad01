"""The one oblique projection of the deck: sheets, stacks of maps, numbers that lie in a sheet, beams between sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from numpy.typing import ArrayLike, NDArray

from figures.parts import WEIGHTS, Halo, area, line
from figures.style import FAMILY, HEAVY, INK, LIGHT, MUTED, POINTS, activation_map, colour

Corner = tuple[float, float]
HALO = 2  # px, around a number that a line passes below


class Sheet:
    """A grid standing across the flow, seen from the upper left.

    A point (u right, v down) of the unit square goes to (x + ACROSS·u·size, y + v·size − RISE·u·size): the width is
    foreshortened and the far edge rises, so that depth runs along the flow and a stack grows with it. (x, y) is the
    upper near corner, `size` the height in px.
    """

    ACROSS, RISE = 0.62, 0.28

    def __init__(self, x: float, y: float, size: float, shape: tuple[int, int] = (1, 1)) -> None:
        self.x, self.y, self.size, self.shape = x, y, size, shape

    def at(self, u: float, v: float) -> Corner:
        """Fractions of the side (0 to 1) to slide pixels."""
        return self.x + self.ACROSS * u * self.size, self.y + (v - self.RISE * u) * self.size

    def window(self, row: float = 0, column: float = 0, rows: float | None = None,
               columns: float | None = None) -> list[Corner]:
        """Corners of a block of cells: near upper, far upper, far lower, near lower."""
        height, width = self.shape
        top, left = row / height, column / width
        bottom = (row + (height - row if rows is None else rows)) / height
        right = (column + (width - column if columns is None else columns)) / width
        return [self.at(left, top), self.at(right, top), self.at(right, bottom), self.at(left, bottom)]

    def middle(self, row: float, column: float) -> Corner:
        """Centre of a cell."""
        return self.at((column + 0.5) / self.shape[1], (row + 0.5) / self.shape[0])

    def draw(self, axes: Axes, image: ArrayLike, *, cmap: Colormap | None = None, vmin: float = 0, vmax: float = 1,
             edge: str = MUTED, width: float = LIGHT, z: float = 10) -> None:
        """An image, (H, W) through `cmap` or (H, W, 3), in the sheet, as one skewed picture."""
        pixels = np.asarray(image)
        self.shape = (pixels.shape[0], pixels.shape[1])
        if pixels.ndim == 2:
            pixels = (cmap or activation_map())((pixels - vmin) / (vmax - vmin))[..., :3]
        across, rise = self.ACROSS * self.size, self.RISE * self.size
        project = Affine2D.from_values(across, -rise, 0, self.size, self.x, self.y)
        axes.imshow(pixels, extent=(0, 1, 1, 0), interpolation="none", aspect="auto", zorder=z, clip_on=False,
                    transform=project + axes.transData)
        area(axes, self.window(), "none", edge, width, z=z + 0.01)

    def cells(self, axes: Axes, fills: Sequence[Sequence[str]], edge: str, *, z: float = 10) -> None:
        """Each cell in its own flat colour, for grids of few cells."""
        for (row, column), fill in np.ndenumerate(np.asarray(fills, dtype=object)):
            area(axes, self.window(row, column, 1, 1), fill, edge, z=z)

    def number(self, axes: Axes, row: int, column: int, text: str, fill: str = INK, weight: str = "regular", *,
               size: float = 0.5, halo: str = "none", z: float = 11) -> PathPatch:
        """A number that lies in the sheet: its outline is sheared with it. `size` is its height in cells.

        `halo` is the colour of its cell where a line passes below the number.
        """
        glyphs = TextPath((0, 0), text, size=1, prop=FontProperties(family=FAMILY, weight=WEIGHTS[weight]))
        bounds = glyphs.get_extents()
        step = self.size / self.shape[0]
        size = min(size / 0.66, 0.86 / bounds.width)
        place = (Affine2D().translate(-(bounds.x0 + bounds.x1) / 2, -0.33).scale(size * step, -size * step)
                 + Affine2D.from_values(self.ACROSS, -self.RISE, 0, 1, *self.middle(row, column)))
        patch = PathPatch(place.transform_path(glyphs), facecolor=colour(fill), edgecolor="none", zorder=z)
        patch.set_gid(f"number: {text}")
        if halo != "none":
            patch.set_path_effects([Halo(2 * HALO * POINTS, halo)])
        axes.add_patch(patch)
        return patch


def stack(axes: Axes, x: float, middle: float, size: float, maps: NDArray[Any] | Sequence[NDArray[Any]], step: float,
          *, z: float = 10, **options: Any) -> list[Sheet]:
    """Sheets one behind the other, `step` px apart, the near one to the left and drawn last; near one first."""
    top = middle - size / 2 + Sheet.RISE * size / 2
    sheets = [Sheet(x + i * step, top, size) for i in range(len(maps))]
    for i in reversed(range(len(maps))):
        sheets[i].draw(axes, maps[i], z=z + (len(maps) - i) * 0.1, **options)
    return sheets


def stack_width(size: float, count: int, step: float) -> float:
    """Width of a stack, px."""
    return Sheet.ACROSS * size + (count - 1) * step


def by_contrast(maps: NDArray[Any]) -> NDArray[Any]:
    """The order of maps means nothing: the liveliest comes first, so that no dead map stands in front."""
    return np.argsort(-maps.std(axis=(1, 2)), kind="stable")


def beam(axes: Axes, source: Sequence[Corner], target: Sequence[Corner], fill: str, *, opacity: float = 0.07,
         z: float = 20) -> None:
    """The volume between two windows: four translucent faces, of which only the outline is solid."""
    for i in range(4):
        j = (i + 1) % 4
        area(axes, [source[i], source[j], target[j], target[i]], fill, z=z, alpha=opacity)
    outer = _silhouette(source, target)
    for i, (p, q) in enumerate(zip(source, target, strict=True)):
        line(axes, [p, q], fill, HEAVY if i in outer else LIGHT, z=z + 0.1, alpha=1 if i in outer else 0.35)


def _silhouette(source: Sequence[Corner], target: Sequence[Corner]) -> set[int]:
    """The edges of a beam with everything on one side."""
    ends = np.array([*source, *target])

    def outside(i: int) -> bool:
        (ax, ay), (bx, by) = source[i], target[i]
        side = (bx - ax) * (ends[:, 1] - ay) - (by - ay) * (ends[:, 0] - ax)
        return bool((side > -1e-6).all() or (side < 1e-6).all())

    return {i for i in range(4) if outside(i)}
