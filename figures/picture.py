"""What a figure function returns: a drawing, the sentence that replaces it, and the numbers that it shows."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from matplotlib.colors import is_color_like
from matplotlib.figure import Figure

from engine.arguments import real
from figures.style import style

FORMATS = ("svg", "png", "pdf")
# A hundredth of a point is finer than any screen, and a third of the file is decimals beyond it.
OUTLINE, DECIMALS = re.compile(r'\sd="[^"]*"'), re.compile(r"-?\d+\.\d{3,}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
METADATA = {"png": {"Software": None}, "pdf": {"CreationDate": None}}


class Picture(NamedTuple):
    """A drawn figure.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        96 px an inch: one unit is one pixel of the 1280×720 slide.
    alt : str
        A full sentence for those who do not see it.
    facts : mapping
        The numbers that the figure shows, for the text around it.
    credit : str
        Whose work it shows besides our own, if any.
    origin : mapping
        The call that drew it, as the SVG says it (figures.provenance).
    """

    figure: Figure
    alt: str
    facts: Mapping[str, Any] = MappingProxyType({})
    credit: str = ""
    origin: Mapping[str, str] = MappingProxyType({})

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in slide pixels."""
        width, height = self.figure.get_size_inches() * 96
        return round(width), round(height)

    def svg(self, background: str | None = None) -> bytes:
        """The drawing as SVG: letters as outlines, no date, no script, no reference to anything outside."""
        about = {"Title": self.alt, "Date": None, "Creator": None, "Source": self.credit or None, **self.origin}
        printed = self._printed("svg", about, background=background).decode("utf-8")
        text = CONTROL.sub("", printed)  # a user's own words may hold any character
        # What stands before names the W3C's server, which nobody needs to ask; what the picture says of itself stays.
        start, end = text.index("<svg"), text.index("</metadata>")
        drawing = OUTLINE.sub(lambda outline: DECIMALS.sub(_hundredths, outline[0]), text[end:])
        return f'<?xml version="1.0" encoding="utf-8"?>\n{text[start:end]}{drawing}'.encode()

    def save(self, path: str | os.PathLike[str], *, dpi: float = 192, background: str | None = None) -> Path:
        """Write the drawing; the format follows from the suffix.

        Parameters
        ----------
        path : path
            Ends with .svg, .png or .pdf. Its folder must be there.
        dpi : float, 10 to 2400
            Pixels an inch of a .png: 96 draws a slide pixel as one pixel, 192 as two by two.
        background : str, optional
            A colour of matplotlib's such as "white". Transparent if left out, as on the slides.

        Returns
        -------
        Path
            The file, whose bytes are the same each time.

        Raises
        ------
        ValueError
            Another format, a resolution out of range, no colour.
        FileNotFoundError
            A folder that is not there.
        """
        path = Path(path)
        suffix = path.suffix.lower().lstrip(".")
        if suffix not in FORMATS:
            raise ValueError(f"Picture.save: no format {path.suffix!r}; choose one of .svg, .png, .pdf")
        dpi = real("Picture.save", "dpi", dpi, 10, 2400)
        if background is not None and not is_color_like(background):
            raise ValueError(f'Picture.save: background must be a colour such as "white", not {background!r}')
        if not path.parent.is_dir():
            raise FileNotFoundError(f"Picture.save: there is no folder {str(path.parent)!r}; make it first")
        path.write_bytes(self.svg(background) if suffix == "svg"
                         else self._printed(suffix, METADATA[suffix], dpi if suffix == "png" else 96, background))
        return path

    def _repr_svg_(self) -> str:
        return self.svg().decode("utf-8")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        # A notebook that shows no SVG, and whoever has it read aloud, gets the sentence.
        return {"image/svg+xml": self._repr_svg_(), "text/plain": self.alt}, {"image/svg+xml": {"alt": self.alt}}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.alt)  # else IPython would write it as the tuple that it is

    def _printed(self, suffix: str, metadata: dict[str, Any], dpi: float = 96, background: str | None = None) -> bytes:
        buffer = io.BytesIO()
        with style():  # the palette was settled when it was drawn
            self.figure.savefig(buffer, format=suffix, metadata=metadata, dpi=dpi, facecolor=background or "auto")
        return buffer.getvalue()


def _hundredths(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
