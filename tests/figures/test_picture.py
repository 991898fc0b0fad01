"""What a picture is in a file and in a notebook."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from figures import Picture
from figures.parts import box, write
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


def test_a_notebook_shows_it_and_reads_it_aloud(picture: Picture) -> None:
    assert picture._repr_svg_().encode() == picture.svg()
    data, metadata = picture._repr_mimebundle_()
    assert data == {"image/svg+xml": picture._repr_svg_(), "text/plain": picture.alt}
    assert metadata == {"image/svg+xml": {"alt": picture.alt}}
    assert picture.size == (300, 200)


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_the_same_bytes_each_time(picture: Picture, tmp_path: Path, suffix: str) -> None:
    first = picture.save(tmp_path / f"a.{suffix}", background="white").read_bytes()
    assert picture.save(tmp_path / f"b.{suffix}", background="white").read_bytes() == first


@pytest.mark.parametrize("dpi", [48, 96, 192.0, 300])
def test_a_png_has_the_pixels_that_are_asked_for(picture: Picture, tmp_path: Path, dpi: float) -> None:
    with Image.open(picture.save(tmp_path / "a.png", dpi=dpi)) as image:
        assert image.size == (int(300 * dpi / 96), int(200 * dpi / 96))
    with Image.open(picture.save(tmp_path / "b.png")) as image:
        assert image.size == (600, 400)


def test_paper_is_transparent_or_what_is_asked_for(picture: Picture, tmp_path: Path) -> None:
    def corner(**options: str) -> object:
        with Image.open(picture.save(tmp_path / "a.png", **options)) as image:  # type: ignore[arg-type]
            return image.convert("RGBA").getpixel((0, 0))

    assert corner()[3] == 0  # type: ignore[index]
    assert corner(background="#102030") == (16, 32, 48, 255)
    assert b"#102030" in picture.save(tmp_path / "a.svg", background="#102030").read_bytes()
    assert picture.figure.get_facecolor()[3] == 0
    assert b"#102030" not in picture.svg()


@pytest.mark.parametrize(
    ("name", "options", "kind", "message"),
    [
        ("a.png", {"dpi": 0}, ValueError, "Picture.save: dpi must be in [10, 2400], not 0"),
        ("a.png", {"dpi": "high"}, TypeError, "Picture.save: dpi must be a number, not 'high'"),
        ("a.svg", {"background": "wite"}, ValueError,
         "Picture.save: background must be a colour such as \"white\", not 'wite'"),
        ("a", {}, ValueError, "Picture.save: no format ''; choose one of .svg, .png, .pdf"),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_told(picture: Picture, tmp_path: Path, name: str, options: dict[str, object],
                                      kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        picture.save(tmp_path / name, **options)  # type: ignore[arg-type]
    assert str(caught.value) == message
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named(picture: Picture, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no folder '.*nowhere'; make it first"):
        picture.save(tmp_path / "nowhere" / "a.svg")


def test_a_halo_is_as_wide_at_any_resolution(tmp_path: Path) -> None:
    with style():
        figure, axes = slide_figure(100, 60)
        box(axes, 0, 0, 100, 60, "blue")
        write(axes, 50, 40, "I", 40, "blue", halo=6)
    for dpi in (96, 384):
        with Image.open(Picture(figure, "", {}).save(tmp_path / "a.png", dpi=dpi)) as image:
            row = np.asarray(image.convert("L"))[image.height // 2] > 200
        assert row.sum() * 96 / dpi == pytest.approx(12, abs=1)
