"""What a picture is in a file and in a notebook."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from figures import Picture
from figures.parts import write
from figures.style import slide_figure, style


@pytest.fixture
def picture() -> Picture:
    with style():
        figure, axes = slide_figure(300, 200)
        write(axes, 150, 100, "où ?")
    return Picture(figure, "Où ? « a < b » & c", {"n": 1})


def test_the_svg_is_well_formed_and_asks_nobody(picture: Picture) -> None:
    svg = picture.svg()
    root = ET.fromstring(svg)
    assert root.attrib["width"] == "225pt"  # 300 px
    assert root.findtext("{http://www.w3.org/2000/svg}title") == picture.alt
    assert b"<!DOCTYPE" not in svg
    assert b"<script" not in svg
    assert b"<text" not in svg
    assert svg == picture.svg()


def test_saving_follows_the_suffix(picture: Picture, tmp_path: Path) -> None:
    assert picture.save(tmp_path / "a.svg").read_bytes() == picture.svg()
    assert picture.save(str(tmp_path / "a.PNG")).read_bytes()[1:4] == b"PNG"
    assert picture.save(tmp_path / "a.pdf").read_bytes()[:4] == b"%PDF"
    with pytest.raises(ValueError, match=r"Picture\.save: no format '\.gif'; choose one of \.svg, \.png, \.pdf"):
        picture.save(tmp_path / "a.gif")
    assert not (tmp_path / "a.gif").exists()


def test_a_notebook_shows_it(picture: Picture) -> None:
    assert picture._repr_svg_().encode() == picture.svg()
    assert picture.size == (300, 200)
