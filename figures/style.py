"""Every decision about looks: palette, type, strokes. One unit of every drawing is one pixel of the 1280×720 slide."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from types import ModuleType
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager

from engine.arguments import choice

# Under their own names, for those who know the looks from here.
from figures.palette import PALETTES as PALETTES
from figures.palette import Palette as Palette
from figures.palette import palettes as palettes
from figures.typeface import FACES, font_files

PAPER, INK, MUTED, HAIRLINE = "paper", "ink", "muted", "hairline"
BLUE, TINT, SHADE, ORANGE, GREEN, PURPLE = "blue", "tint", "shade", "orange", "green", "purple"
BLUE_TEXT, ORANGE_TEXT, GREEN_TEXT, PURPLE_TEXT = "blue_text", "orange_text", "green_text", "purple_text"

HUGE, LARGE, HEADING, TEXT, SMALL = 52, 28, 22, 19, 16  # sizes of type, px
HEAVY, LIGHT, PATH = 2.0, 1.0, 3.0  # widths of strokes, px
POINTS = 0.75  # of a CSS pixel: matplotlib counts in points

FAMILY = "Executable Figures Sans"  # a name of our own, so that no installed font can take its place

RC: dict[Any, Any] = {
    "font.family": FAMILY,
    "mathtext.fontset": "custom",
    "mathtext.rm": FAMILY,
    "mathtext.it": f"{FAMILY}:italic",
    "mathtext.bf": f"{FAMILY}:bold",
    "mathtext.cal": FAMILY,
    "mathtext.tt": FAMILY,
    "mathtext.sf": FAMILY,
    "mathtext.fallback": "stixsans",
    "svg.fonttype": "path",
    # The identifiers in an SVG file are digests of what they name: equal ones name equal things.
    "svg.hashsalt": "executable-figures",
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "patch.linewidth": 0,
    "image.interpolation": "none",
    "axes.titlesize": HEADING * POINTS,
    "axes.titleweight": 600,
    "axes.titlepad": 12,
    "axes.unicode_minus": True,
    "path.simplify": False,
    # Widths as the outlines in the file have them, not as a screen would round them.
    "text.hinting": "no_hinting",
}
if "text.language" in matplotlib.rcParams:  # from matplotlib 3.11 on, where letters would follow the user's locale:
    RC["text.language"] = "und"  # in a Turkish one « i » is another glyph

Colour = str | tuple[float, float, float] | tuple[float, float, float, float]

_palette: ContextVar[Palette] = ContextVar("palette", default=PALETTES["light"])


def register_fonts() -> None:
    """Make our files the only ones of our family's name."""
    # Whoever has a font of this very name installed would see it in the place of ours.
    fontManager.ttflist[:] = [entry for entry in fontManager.ttflist if entry.name != FAMILY]
    for face, path in font_files().items():
        weight, slant = FACES[face]
        entry = FontEntry(fname=str(path), name=FAMILY, style=slant, weight=weight, stretch="normal", size="scalable")
        if entry not in fontManager.ttflist:
            fontManager.ttflist.append(entry)


register_fonts()


@contextlib.contextmanager
def style(palette: str = "light") -> Iterator[None]:
    """Draw and save in the deck's style, whatever the user's matplotlibrc says.

    Parameters
    ----------
    palette : {"light", "dark"}
        The colours that roles such as "blue" and "ink" stand for.

    Raises
    ------
    ValueError
        Another palette.

    Examples
    --------
    >>> import figures
    >>> with figures.style("dark"):
    ...     fig, axes = figures.style.slide_figure(400, 300)
    """
    token = _palette.set(PALETTES[choice("style", "palette", palette, PALETTES)])
    try:
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(RC)
            yield
    finally:
        _palette.reset(token)


def colour(name: Colour) -> str:
    """The colour of a role in the palette in use; any other colour as it is, in hexadecimal."""
    return str(getattr(_palette.get(), name)) if isinstance(name, str) and name in Palette._fields else to_hex(name)


def mix(first: str, second: str = PAPER, share: float = 0.5) -> str:
    """`share` of `second` in `first`: flat tints print, overlap and compress better than transparency."""
    pairs = zip(to_rgb(colour(first)), to_rgb(colour(second)), strict=True)
    red, green, blue = ((1 - share) * a + share * b for a, b in pairs)
    return to_hex((red, green, blue))


def readable_on(fill: str) -> str:
    """Ink or paper, whichever stands out more from `fill` (WCAG contrast ratio)."""
    return max((INK, PAPER), key=lambda text: contrast(text, fill))


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""

    def luminance(name: str) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour(name))]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def sequential(end: str = BLUE) -> Colormap:
    """From paper (0) to `end` (1)."""
    return LinearSegmentedColormap.from_list("sequential", [colour(PAPER), colour(end)])


def activation_map() -> Colormap:
    """From paper (0) through the main colour to its deepest shade (1): for feature maps, where detail matters."""
    stops = [colour(PAPER), mix(BLUE, share=0.7), colour(BLUE), colour(SHADE), mix(SHADE, INK, 0.6)]
    return LinearSegmentedColormap.from_list("activation", stops)


def diverging() -> Colormap:
    """Negative orange (0), paper (0.5), positive blue (1)."""
    palette = _palette.get()
    return LinearSegmentedColormap.from_list("diverging", [palette.warm, palette.paper, palette.cold])


def slide_figure(width: float = 1136, height: float = 556) -> tuple[Figure, Axes]:
    """A transparent canvas of width × height slide pixels and its one axes, y downwards."""
    figure = Figure(figsize=(width / 96, height / 96), dpi=96, facecolor="none")  # an SVG inch is 96 CSS pixels
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    return figure, axes


class _Callable(ModuleType):
    """`with figures.style():`, though `figures.style` is this module too."""

    def __call__(self, palette: str = "light") -> contextlib.AbstractContextManager[None]:
        return style(palette)


sys.modules[__name__].__class__ = _Callable
