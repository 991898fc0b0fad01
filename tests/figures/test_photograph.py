"""The photograph, whatever it comes from, and what is told when it cannot be had."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from figures.photograph import photograph


def test_hopper_is_a_square_in_range() -> None:
    photo = photograph(size=64)
    assert photo.shape == (64, 64)
    assert photo.dtype == np.float64
    assert 0 <= photo.min() < 0.1 < 0.7 < photo.max() <= 1


@pytest.mark.parametrize("size", [1, 3, 5, 7, 10])
def test_each_pixel_is_the_mean_of_the_area_that_it_covers(size: int) -> None:
    image = np.random.default_rng(0).random((10, 10))
    fine = np.kron(image, np.ones((size, size)))  # of 10 · size pixels, which size divides
    expected = fine.reshape(size, 10, size, 10).mean(axis=(1, 3))
    np.testing.assert_allclose(photograph(image, size=size), expected, rtol=1e-12)


def test_a_file_gives_what_its_array_gives(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "é.png")
    expected = (pixels[:, 5:25] @ [0.299, 0.587, 0.114]) / 255
    np.testing.assert_allclose(photograph(tmp_path / "é.png", size=20), expected, rtol=1e-6)
    np.testing.assert_allclose(photograph(pixels, size=20), expected, rtol=1e-6)


def test_a_crop_is_in_pixels_of_the_source() -> None:
    image = np.arange(100.0).reshape(10, 10) / 100
    np.testing.assert_allclose(photograph(image, crop=(2, 3, 6, 7), size=4), image[3:7, 2:6])


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        ("nowhere.png", {}, "no file 'nowhere.png'"),
        (__file__, {}, "cannot be read as a picture"),
        (np.zeros((4, 4)), {"size": 5}, "4 × 4 pixels are too few for 5 × 5"),
        (np.zeros((4, 4)), {"size": 2, "crop": (0, 0, 5, 4)}, "crop must lie inside 4 × 4"),
        (np.full((4, 4), 2.0), {"size": 2}, r"photograph: image must lie in \[0, 1\], not \[2, 2\]"),
        (np.full((4, 4), np.nan), {"size": 2}, "must be finite"),
        (np.zeros((4, 4, 2)), {"size": 2}, r"not \(4, 4, 2\)"),
        (np.zeros((0, 4)), {"size": 2}, r"not \(0, 4\)"),
        (np.zeros((4, 4)), {"size": 0}, "size must be at least 1, not 0"),
    ],
)
def test_what_is_wrong_is_told(source: object, options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        photograph(source, **options)  # type: ignore[arg-type]


def test_the_callers_array_stays() -> None:
    image = np.random.default_rng(2).random((8, 8))
    image.flags.writeable = False
    photograph(image, size=3)
