"""In what two images differ."""

from __future__ import annotations

import io
import sys

import pytest
from PIL import Image

from builder import pixels
from deck.extras import install


def svg(x: int, title: str = "t", width: int = 10) -> bytes:
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="10"><title>{title}</title>'
            f'<rect x="{x}" width="2" height="10" fill="#000"/></svg>').encode()  # fmt: skip


def test_pixels_are_counted() -> None:
    assert pixels.difference(svg(0), svg(1)) == "20 of 100 pixels, at most by 255 of 255"
    assert pixels.difference(svg(0), svg(0, "u")) == "no pixel does: 1 of 3 elements"
    assert pixels.difference(svg(0), svg(0, width=20)) == "20 × 10 pixels instead of 10 × 10"
    assert pixels.difference(svg(0), b"<svg").startswith("cannot be drawn: ")


def test_pixels_of_a_photograph_are_counted() -> None:
    def png(grey: int) -> bytes:
        buffer = io.BytesIO()
        image = Image.new("L", (4, 4))
        image.putpixel((1, 1), grey)
        image.save(buffer, "PNG")
        return buffer.getvalue()

    assert pixels.difference(png(0), png(7)) == "1 of 16 pixels, at most by 7 of 255"


def test_without_the_library_elements_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert pixels.difference(svg(0), svg(1)) == (
        f"1 of 3 elements (for pixels: {install('compare')})")
