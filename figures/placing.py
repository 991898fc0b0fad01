"""A drawn figure inside somebody else's: in their axes or their figure, at whatever size and in whatever format."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure, FigureBase
from matplotlib.patches import FancyArrowPatch
from matplotlib.transforms import Bbox

from figures.parts import Halo
from figures.picture import Picture
from figures.registry import FigureCall
from figures.style import RC

SIZES = ("fontsize", "linewidth", "markersize", "markeredgewidth")
# What matplotlib asks its settings for when it draws, not when an artist is made: the rest stays the user's.
SETTINGS: dict[Any, Any] = {
    key: value for key, value in {**matplotlib.rcParamsDefault, **RC}.items()
    if key.startswith(("mathtext.", "text.", "font.", "path.", "lines.scale")) or key == "svg.fonttype"}  # fmt: skip


def placed(call: FigureCall, *, ax: Any = None, fig: Any = None) -> Picture:
    """Draw a call into axes, or into a whole figure.

    Raises
    ------
    TypeError
        Neither axes nor a figure, or both.
    """
    if ax is not None and fig is not None:
        raise TypeError(f"{call.name}: give ax or fig, not both")
    if ax is not None and not isinstance(ax, Axes):
        hint = "; did you mean fig?" if isinstance(ax, FigureBase) else ""
        raise TypeError(f"{call.name}: ax must be one matplotlib Axes, not {type(ax).__name__}{hint}")
    if fig is not None and not isinstance(fig, FigureBase):
        hint = "; did you mean ax?" if isinstance(fig, Axes) else ""
        raise TypeError(f"{call.name}: fig must be a matplotlib Figure or SubFigure, not {type(fig).__name__}{hint}")
    picture = call.draw()
    axes: Axes = ax if fig is None else fig.add_axes((0, 0, 1, 1))  # type: ignore[assignment]
    axes.set_axis_off()
    axes.add_artist(Panel(picture.figure))
    return picture


class Panel(Artist):
    """A whole figure as one artist of other axes.

    It is drawn as it is, in the middle of the axes and as large as they allow. Their place is asked for whenever they
    are drawn: they may have been moved, by a layout engine or by the user's hand.
    """

    def __init__(self, content: Figure) -> None:
        super().__init__()
        self.content = content

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        """The rectangle that it fills, in the pixels of its host."""
        assert self.axes is not None
        width, height = self.content.get_size_inches()
        room = self.axes.bbox
        scale = min(room.width / width, room.height / height)
        x, y = (room.x0 + room.x1) / 2, (room.y0 + room.y1) / 2
        return Bbox.from_bounds(x - scale * width / 2, y - scale * height / 2, scale * width, scale * height)

    def draw(self, renderer: RendererBase) -> None:
        """Draw it with the renderer of its host."""
        place = self.get_window_extent()
        if not self.get_visible() or place.width < 1:
            return
        dpi = place.width / self.content.get_size_inches()[0]
        with matplotlib.rc_context(SETTINGS), _moved(self.content, place, dpi), \
                _scaled(self.content, dpi / float(np.asarray(renderer.points_to_pixels(72.0)))):
            self.content.draw(renderer)


@contextlib.contextmanager
def _moved(figure: Figure, place: Bbox, dpi: float) -> Iterator[None]:
    """Everything in it follows the one transform that says how many pixels an inch has."""
    before = figure.dpi
    figure.dpi = dpi
    figure.dpi_scale_trans.translate(place.x0, place.y0)
    try:
        yield
    finally:
        figure.dpi = before


@contextlib.contextmanager
def _scaled(figure: Figure, factor: float) -> Iterator[None]:
    """Text and strokes, whose size is in points: a point of the host's is not one of ours."""
    before = [(artist, size, getattr(artist, f"get_{size}")()) for artist in figure.findobj()
              for size in (*SIZES, *(("mutation_scale",) if isinstance(artist, FancyArrowPatch) else ()))
              if hasattr(artist, f"set_{size}")]  # fmt: skip
    halos = [effect for artist in figure.findobj() for effect in artist.get_path_effects() or ()
             if isinstance(effect, Halo)]  # fmt: skip
    for artist, size, value in before:
        getattr(artist, f"set_{size}")(np.multiply(value, factor))
    for halo in halos:
        halo.scale = factor
    try:
        yield
    finally:
        for artist, size, value in before:
            getattr(artist, f"set_{size}")(value)
        for halo in halos:
            halo.scale = 1.0
