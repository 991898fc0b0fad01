"""Data of one's own: any form of a picture is the same picture, and what is none is told."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

import figures
from figures import pixels, provenance
from figures.canonical import canonical
from figures.pixels import grey_pixels
from figures.registry import bind
from figures.render import draw

PIXELS = np.random.default_rng(4).integers(0, 256, (200, 170, 3), dtype=np.uint8)
SHADES = (PIXELS @ np.array([0.299, 0.587, 0.114])) / 255


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own photo é") / "photo.png"
    Image.fromarray(PIXELS).save(path)
    return path


FIGURES = [("image_kernels", "image", {"kernels": ["blur"]}), ("convolution_sweep", "image", {}),
           ("visual_hierarchy", "image", {}), ("convolution_pixel", "image", {}), ("max_pooling", "grid", {})]


@pytest.mark.parametrize(("name", "parameter", "others"), FIGURES)
def test_a_path_and_an_image_of_pillows_are_the_same_picture(name: str, parameter: str, others: dict[str, Any],
                                                             photo: Path) -> None:
    function = getattr(figures, name)
    first = function(**{parameter: photo}, **others)
    second = function(**{parameter: Image.open(photo)}, **others)
    assert first.facts == second.facts
    assert first.alt == second.alt
    assert first.credit == second.credit == ""
    assert "0x" not in second.origin["Description"]
    assert second.svg() == function(**{parameter: Image.open(photo)}, **others).svg()


@pytest.mark.parametrize(("name", "parameter", "others"), FIGURES)
def test_a_template_names_a_file_beside_it(name: str, parameter: str, others: dict[str, Any], photo: Path) -> None:
    asset = draw(bind(name, {parameter: photo.name, **others}, folder=photo.parent))
    assert asset.svg == getattr(figures, name)(**{parameter: str(photo)}, **others).svg()
    assert str(photo.parent).encode() not in asset.svg
    assert provenance.read(asset.svg) is not None


def test_a_picture_in_numbers_is_averaged() -> None:
    side = np.kron(np.arange(64).reshape(8, 8) / 63, np.ones((4, 4)))
    picture = Image.fromarray(np.round(side * 255).astype(np.uint8))
    found = figures.max_pooling(grid=picture, kernel_size=1).facts["output"]
    np.testing.assert_array_equal(found, np.round(np.arange(64).reshape(8, 8) / 63 * 255))
    assert np.max(figures.convolution_pixel(image=picture).facts["image"]) == 9


@pytest.mark.parametrize("form", ["array", "floats", "list", "tensor", "PNG", "L", "P", "RGBA", "CMYK", "one channel"])
def test_every_form_has_the_same_shades(form: str, tmp_path: Path) -> None:
    colours = np.repeat(PIXELS[:20, :20, :1], 3, axis=2)  # grey: any mode can hold it
    image = Image.fromarray(colours)
    image.save(tmp_path / "a.png")
    source: Any = {
        "array": colours, "floats": colours / 255, "list": colours.tolist(), "tensor": torch.tensor(colours),
        "PNG": tmp_path / "a.png", "L": image.convert("L"), "P": image.convert("L").convert("P"),
        "RGBA": image.convert("RGBA"), "CMYK": image.convert("CMYK"), "one channel": colours[..., :1],
    }[form]  # fmt: skip
    np.testing.assert_allclose(grey_pixels("f", source), colours[..., 0] / 255, atol=1e-6)


def test_sixteen_bits_floats_and_one_bit_keep_their_shades(tmp_path: Path) -> None:
    deep = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    Image.fromarray(deep).save(tmp_path / "deep.png")
    np.testing.assert_allclose(grey_pixels("f", tmp_path / "deep.png"), deep / 65535)
    floats = Image.fromarray(np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8))
    np.testing.assert_allclose(grey_pixels("f", floats), np.linspace(0, 1, 64).reshape(8, 8), rtol=1e-6)
    np.testing.assert_allclose(grey_pixels("f", Image.new("1", (3, 2), 1)), np.ones((2, 3)))
    assert set(grey_pixels("f", np.ones((3, 2), bool)).ravel()) == {1.0}


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    rgba = np.zeros((2, 2, 4), np.uint8)
    rgba[0, 0, 3] = 255
    expected = [[0.0, 1.0], [1.0, 1.0]]
    assert grey_pixels("f", rgba).tolist() == expected
    Image.fromarray(rgba).save(tmp_path / "a.png")
    assert grey_pixels("f", tmp_path / "a.png").tolist() == expected


def test_a_photograph_on_its_side_stands_up(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right
    Image.fromarray(PIXELS).save(tmp_path / "a.png", exif=exif)
    np.testing.assert_allclose(grey_pixels("f", tmp_path / "a.png"), np.rot90(SHADES, -1), atol=1e-6)


def test_a_large_picture_is_converted_as_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = grey_pixels("f", PIXELS)
    monkeypatch.setattr(pixels, "ROWS", 7)
    np.testing.assert_array_equal(grey_pixels("f", PIXELS), expected)


def corrupt(folder: Path) -> Path:
    Image.fromarray(PIXELS).save(folder / "a.png")
    (folder / "cut.png").write_bytes((folder / "a.png").read_bytes()[:4000])
    return folder / "cut.png"


def bomb(folder: Path) -> Path:
    Image.new("1", (10_000, 10_000)).save(folder / "bomb.png")
    return folder / "bomb.png"


def empty(folder: Path) -> Path:
    (folder / "empty.png").touch()
    return folder / "empty.png"


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        (corrupt, ValueError, "cut.png' cannot be read as a picture"),
        (empty, ValueError, "empty.png' cannot be read as a picture"),
        (bomb, ValueError, "image must have at most 50 million pixels, not 10000 × 10000"),
        (lambda folder: folder, ValueError, "cannot be read as a picture (IsADirectoryError)"),
        (lambda folder: folder / "none.png", ValueError, "none.png'"),
        (lambda _: np.broadcast_to(np.uint8(1), (90_000, 90_000)), ValueError, "at most 50 million pixels"),
        (lambda _: np.full((9, 9), np.nan), ValueError, "image must be finite; it holds nan"),
        (lambda _: np.full((9, 9), 300), ValueError, "image must lie in [0, 255], not [300, 300]"),
        (lambda _: np.full((9, 9), -0.5), ValueError, "image must lie in [0, 1], not [-0.5, -0.5]"),
        (lambda _: np.full((9, 9), "a"), TypeError, "image must hold real numbers"),
        (lambda _: np.zeros((9, 9), complex), TypeError, "image must hold real numbers, not complex128"),
        (lambda _: np.zeros((3, 9, 9)), ValueError, "image must be (H, W), (H, W, 3) or (H, W, 4), not (3, 9, 9)"),
        (lambda _: [[1, 2], [3]], ValueError, "image must be an array of real numbers"),
        (lambda _: None, ValueError, "image must be (H, W)"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_told(source: Any, kind: type[Exception], message: str, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        given = source(tmp_path)
    with pytest.raises(kind, match=f"^f: .*{re.escape(message)}"):
        grey_pixels("f", given)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.image_kernels(image=np.zeros((9, 9, 9))), "image_kernels: image must be (H, W)"),
        (lambda: figures.image_kernels(image=np.zeros((9, 9))), "image_kernels: image must have at least 16 rows"),
        (lambda: figures.visual_hierarchy(image=np.zeros((9, 9))), "visual_hierarchy: 9 × 9 pixels are too few"),
        (lambda: figures.visual_hierarchy(image=PIXELS, crop=(0, 0, 999, 9)), "visual_hierarchy: crop must lie in"),
        (lambda: figures.max_pooling(grid="none.png"), "max_pooling: no file 'none.png'"),
        (lambda: figures.convolution_pixel(image=Image.new("L", (4, 4))), "convolution_pixel: 4 × 4 pixels are"),
        (lambda: figures.image_kernels(kernels=np.ones((6, 6))), "image_kernels: kernels must have 1 to 5 rows"),
        (lambda: figures.image_kernels(kernels=[[1, 2], [3]]), "image_kernels: kernels must be an array"),
    ],
)  # fmt: skip
def test_a_figure_tells_it_under_its_own_name(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        call()


def test_a_crop_is_four_pixels() -> None:
    with pytest.raises(TypeError, match=r"visual_hierarchy: crop must be four pixels \(.*\), not 3"):
        figures.visual_hierarchy(image=PIXELS, crop=3)  # type: ignore[arg-type]


def test_a_kernel_alone_is_called_by_its_size() -> None:
    kernel = np.ones((3, 5)) / 15
    for given in (kernel, kernel.tolist(), {"3 × 5": kernel}):
        facts = figures.image_kernels(kernels=given).facts
        assert facts["names"] == ["3 × 5"]
        np.testing.assert_array_equal(facts["kernels"][0]["kernel"], kernel)


def test_what_is_told_apart_by_content_has_no_address_in_its_key() -> None:
    def same(first: Any, second: Any) -> bool:
        return canonical(first) == canonical(second)

    array: NDArray[np.float64] = np.arange(4.0)
    assert same(torch.tensor(array), array)
    assert same(torch.tensor(array, requires_grad=True), array)
    assert same(Image.fromarray(PIXELS), PIXELS)
    assert not same(Image.fromarray(PIXELS), Image.fromarray(PIXELS[::-1]))
    torch.manual_seed(0)
    first = torch.nn.Linear(2, 3)
    torch.manual_seed(0)
    assert same(first, torch.nn.Linear(2, 3))
    assert not same(first, torch.nn.Linear(2, 3))
    for value in (np.array([object()]), lambda x: x, object()):
        with pytest.raises(TypeError, match="has no key"):
            canonical(value)
