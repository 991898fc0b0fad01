"""The drawing vocabulary that figures share. Everything is in slide pixels, y downwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import Colormap
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.text import Text
from matplotlib.transforms import Transform
from numpy.typing import ArrayLike, NDArray

from figures.style import (
    BLUE,
    HEAVY,
    INK,
    LIGHT,
    ORANGE,
    PAPER,
    POINTS,
    SMALL,
    TEXT,
    colour,
    mix,
    readable_on,
)

Point = tuple[float, float] | NDArray[Any]
WEIGHTS = {"regular": 400, "semibold": 600, "bold": 700}


def write(axes: Axes, x: float, y: float, text: str, size: float = TEXT, fill: str = INK, weight: str = "regular", *,
          ha: str = "center", va: str = "baseline", italic: bool = False, halo: float = 0, z: float = 8,
          **options: Any) -> Text:
    """Text whose baseline sits at y; `halo` px of paper around it where it must cross a line."""
    style = "italic" if italic else "normal"
    artist = axes.text(x, y, text, size=size * POINTS, color=colour(fill), ha=ha, va=va, weight=WEIGHTS[weight],
                       style=style, zorder=z, **options)
    if halo:
        artist.set_path_effects([Halo(2 * halo * POINTS, colour(PAPER))])
    return artist


class Halo(AbstractPathEffect):
    """A stroke behind a text, `width` points wide; its `scale` may be changed, as a text's size may."""

    def __init__(self, width: float, fill: str) -> None:
        super().__init__()
        self.width, self.fill, self.scale = width, fill, 1.0

    def draw_path(self, renderer: RendererBase, gc: GraphicsContextBase, tpath: Path, affine: Transform,
                  rgbFace: Any = None) -> None:
        """Draw the stroke, then the text."""
        stroke = withStroke(linewidth=self.width * self.scale, foreground=self.fill)
        stroke.draw_path(renderer, gc, tpath, affine, rgbFace)


def in_middle(y: float, size: float) -> float:
    """The baseline that centres capitals and digits of `size` px on y (Source Sans: 0.66 em high)."""
    return y + 0.33 * size


def line(axes: Axes, points: ArrayLike, fill: str = INK, width: float = LIGHT, *, dashes: tuple[float, ...] = (),
         z: float = 2, **options: Any) -> Line2D:
    """A line through (x, y) points; `dashes` are lengths in px of dash, gap, …, whatever the width."""
    style: Any = (0, tuple(d / width for d in dashes)) if dashes else "-"
    x, y = np.transpose(np.asarray(points, float))
    return axes.plot(x, y, color=colour(fill), lw=width * POINTS, ls=style, zorder=z, dash_capstyle="butt",
                     **options)[0]


def area(axes: Axes, points: ArrayLike, fill: str = "none", edge: str = "none", width: float = LIGHT, *, z: float = 3,
         **options: Any) -> Polygon:
    """A filled polygon."""
    patch = Polygon(np.asarray(points, float), closed=True, facecolor=_paint(fill), edgecolor=_paint(edge),
                    lw=width * POINTS, joinstyle="round", zorder=z, **options)
    axes.add_patch(patch)
    return patch


def _paint(fill: str) -> str:
    return fill if fill == "none" else colour(fill)


def box(axes: Axes, x: float, y: float, width: float, height: float, fill: str = "none", edge: str = "none",
        stroke: float = LIGHT, *, radius: float = 0, z: float = 3, **options: Any) -> Polygon | FancyBboxPatch:
    """A rectangle from its upper left corner, with rounded corners of `radius` px."""
    if not radius:
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        return area(axes, corners, fill, edge, stroke, z=z, **options)
    patch = FancyBboxPatch((x, y), width, height, boxstyle=f"round,pad=0,rounding_size={radius}",
                           facecolor=_paint(fill), edgecolor=_paint(edge), lw=stroke * POINTS, zorder=z, **options)
    axes.add_patch(patch)
    return patch


def disc(axes: Axes, x: float, y: float, radius: float, fill: str = PAPER, edge: str = INK, width: float = HEAVY, *,
         z: float = 5) -> Circle:
    """A neuron, a knot, a point."""
    patch = Circle((x, y), radius, facecolor=_paint(fill), edgecolor=_paint(edge), lw=width * POINTS, zorder=z)
    axes.add_patch(patch)
    return patch


def arrow(axes: Axes, start: Point, end: Point, fill: str = INK, width: float = HEAVY, *, head: float = 14,
          casing: float = 0, z: float = 6) -> None:
    """The one arrow of the deck: a straight line and a filled head whose point touches `end`.

    `casing` px of paper lie around it where it must cross a coloured area.
    """
    a, b = np.asarray(start, float), np.asarray(end, float)
    along = (b - a) / np.sqrt(((b - a) ** 2).sum())
    across = np.array([-along[1], along[0]])
    base = b - head * along
    shaft, point = [a, base + 0.2 * head * along], [b, base + 0.42 * head * across, base - 0.42 * head * across]
    if casing:
        line(axes, shaft, PAPER, width + 2 * casing, z=z - 0.2, solid_capstyle="butt")
        area(axes, point, PAPER, PAPER, 2 * casing, z=z - 0.2)
    line(axes, shaft, fill, width, z=z, solid_capstyle="butt")
    area(axes, point, fill, z=z + 0.1)


def weighted(axes: Axes, start: Point, end: Point, weight: float, *, gap: float = 0, thickest: float = 4.5,
             z: float = 2) -> Line2D:
    """A connection between neurons: blue and solid for a positive weight, orange and dashed for a negative one.

    The width grows with |weight|; `gap` px are left free at both ends (a neuron's radius).
    """
    a, b = np.asarray(start, float), np.asarray(end, float)
    along = (b - a) / np.sqrt(((b - a) ** 2).sum())
    width = min(1.2 + 2.4 * abs(weight), thickest)
    return line(axes, [a + gap * along, b - gap * along], BLUE if weight >= 0 else ORANGE, width,
                dashes=() if weight >= 0 else (9, 5), z=z)


def picture(axes: Axes, image: ArrayLike, x: float, y: float, width: float, height: float | None = None, *,
            cmap: str | Colormap = "gray", vmin: float = 0, vmax: float = 1, z: float = 3) -> AxesImage:
    """A small image, (H, W) or (H, W, 3), in a rectangle; its pixels stay square in the browser too."""
    height = width if height is None else height
    return axes.imshow(np.asarray(image), extent=(x, x + width, y + height, y), cmap=cmap, vmin=vmin, vmax=vmax,
                       interpolation="none", aspect="auto", zorder=z, clip_on=False)


def cell(axes: Axes, x: float, y: float, side: float, value: str, fill: str, *, text: str | None = None,
         weight: str = "regular", size: float | None = None, z: float = 3) -> None:
    """One square of a grid of numbers; the paper between two squares is their frame."""
    size = 0.42 * side if size is None else size
    box(axes, x + 1, y + 1, side - 2, side - 2, fill, z=z)
    write(axes, x + side / 2, in_middle(y + side / 2, size), value, size, text or readable_on(fill), weight, z=z + 0.1)


def lit(axes: Axes, points: ArrayLike, fill: str, width: float = 3, *, casing: float = 2, z: float = 6) -> None:
    """The outline of a lit window, cased in paper so that it survives a photograph."""
    area(axes, points, "none", PAPER, width + 2 * casing, z=z)
    area(axes, points, "none", fill, width, z=z + 0.1)


def smooth(points: ArrayLike, *, closed: bool = False) -> Path:
    """A Bézier path through the points (Catmull–Rom spline)."""
    p = np.asarray(points, float)
    q = np.vstack([p[-1:], p, p[:2]]) if closed else np.vstack([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    vertices, codes = [q[1]], [Path.MOVETO]
    for a, b, c, d in zip(q, q[1:], q[2:], q[3:], strict=False):
        vertices += [b + (c - a) / 6, c - (d - b) / 6, c]
        codes += [Path.CURVE4] * 3
    return Path(np.array(vertices), codes)


def curve(axes: Axes, points: ArrayLike, edge: str = INK, width: float = LIGHT, fill: str = "none", *,
          closed: bool = False, z: float = 2, **options: Any) -> PathPatch:
    """A smooth line through the points, or a smooth closed shape."""
    patch = PathPatch(smooth(points, closed=closed), facecolor=_paint(fill), edgecolor=_paint(edge), lw=width * POINTS,
                      capstyle="round", joinstyle="round", zorder=z, **options)
    axes.add_patch(patch)
    return patch


def pill(axes: Axes, x: float, y: float, text: str, fill: str, *, size: float = SMALL, padding: float = 10,
         z: float = 20) -> float:
    """A name on a rounded plate centred on (x, y); returns its width."""
    artist = write(axes, x, in_middle(y, size), text, size, PAPER, "bold", z=z + 1)
    width = max(text_width(artist) + 2 * padding, 34.0)
    box(axes, x - width / 2, y - 13, width, 26, fill, PAPER, 1.5, radius=13, z=z)
    return width


def text_width(artist: Text) -> float:
    """Width of a written text, px."""
    return float(artist.get_window_extent().width)  # at 96 dpi a display pixel is a slide pixel


def tint(fill: str, share: float = 0.8) -> str:
    """A pale version of a role's colour."""
    return mix(fill, PAPER, share)


def corners(x: float, y: float, width: float, height: float | None = None) -> Sequence[tuple[float, float]]:
    """The four corners of a rectangle, clockwise from the upper left."""
    height = width if height is None else height
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
