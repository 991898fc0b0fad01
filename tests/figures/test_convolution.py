"""Slide 10: one pixel of a convolution, its products and their sum, for any image, kernel and place."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from layout import faults, texts
from matplotlib.colors import to_hex, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path

from figures import Picture
from figures.convolution import convolution_pixel
from figures.style import PALETTES


def written(picture: Picture) -> list[str]:
    return [text.get_text() for text in texts(picture.figure)]


def lying(picture: Picture) -> Counter[str]:
    """The numbers that lie in the sheets."""
    return Counter(str(patch.get_gid()).removeprefix("number: ") for patch in picture.figure.findobj(PathPatch)
                   if str(patch.get_gid()).startswith("number: "))  # fmt: skip


def convolved(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    tensors = (torch.tensor(np.asarray(a, dtype=np.float64))[None, None] for a in (image, kernel))
    return torch.nn.functional.conv2d(*tensors)[0, 0].numpy()


def test_the_slide_shows_the_products_of_the_window_and_their_sum() -> None:
    picture = convolution_pixel()
    assert picture.size == (1136, 484)
    assert picture.facts["window"] == [[0, 0, 0], [0, 1, 1], [0, 1, 2]]
    assert picture.facts["kernel"] == [[4, 0, 0], [0, 0, 0], [0, 0, -4]]
    assert picture.facts["value"] == -8
    found = Counter(written(picture))
    assert [found[text] for text in ("0 × 4", "0 × 0", "1 × 0", "2 × (−4)", "+", "= −8")] == [1, 4, 3, 1, 8, 1]
    assert {"image source 8 × 8", "noyau 3 × 3", "image de destination 6 × 6"} <= set(found)


def test_all_numbers_of_image_kernel_and_destination_lie_in_their_sheets() -> None:
    facts, found = convolution_pixel().facts, lying(convolution_pixel())
    values = [int(v) for key in ("image", "kernel", "output") for row in facts[key] for v in row]
    assert found == Counter(str(v).replace("-", "−") for v in values)
    assert facts["output"] == convolved(np.array(facts["image"]), np.array(facts["kernel"])).tolist()


def test_the_number_looked_at_stands_out_in_its_sheet() -> None:
    strong = [patch for patch in convolution_pixel(at=(5, 3)).figure.findobj(PathPatch)
              if str(patch.get_gid()).startswith("number: ") and patch.get_zorder() > 26]  # fmt: skip
    assert Counter(patch.get_gid()[8:] for patch in strong) == {"1": 3, "0": 3, "2": 3, "4": 1, "−4": 1, "8": 1}


def fills(picture: Picture, sheet: int) -> list[str]:
    """Colours of the cells of a sheet (0 source, 1 destination, 2 kernel), in the order of its numbers."""
    cells = [to_hex(patch.get_facecolor()).upper() for patch in picture.figure.findobj(Polygon)
             if patch.get_alpha() is None and patch.get_facecolor()[3] == 1 and len(patch.get_xy()) == 5]  # fmt: skip
    return cells[:64] if sheet == 0 else cells[64:100] if sheet == 1 else cells[100:109]


@pytest.mark.parametrize("palette", PALETTES)
def test_zero_is_paper_and_signs_have_their_colours_in_every_sheet(palette: str) -> None:
    picture = convolution_pixel(palette=palette)
    paper, cold, warm = (np.array(to_rgb(getattr(PALETTES[palette], role))) for role in ("paper", "cold", "warm"))
    for sheet, key in enumerate(("image", "output", "kernel")):
        values = np.ravel(picture.facts[key])
        for value, fill in zip(values, fills(picture, sheet), strict=True):
            expected = paper + 0.56 * abs(value) / np.abs(values).max() * ((cold if value > 0 else warm) - paper)
            np.testing.assert_allclose(to_rgb(fill), expected, atol=0.02)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_product_has_the_colour_of_its_sign(palette: str, sign: int) -> None:
    picture = convolution_pixel(kernel=sign * np.diag([4, 0, 4]), palette=palette)
    tiles = [to_rgb(patch.get_facecolor()[:3]) for patch in picture.figure.findobj(FancyBboxPatch)]
    roles = "paper", "cold" if sign > 0 else "warm"
    paper, end = (np.array(to_rgb(getattr(PALETTES[palette], role))) for role in roles)
    np.testing.assert_allclose(tiles[-1], paper + 0.56 * (end - paper), atol=0.02)
    assert len(set(tiles[:-1])) == 1


@pytest.mark.parametrize("at", [(1, 1), (5, 3)])
@pytest.mark.parametrize("palette", PALETTES)
def test_numbers_lie_above_the_lines_of_the_beam_and_clear_of_them(at: tuple[int, int], palette: str) -> None:
    picture = convolution_pixel(at=at, palette=palette)
    purple = PALETTES[palette].purple
    edges = [line for line in picture.figure.findobj(Line2D) if to_hex(line.get_color()).upper() == purple]
    assert len(edges) == 8
    numbers = [patch for patch in picture.figure.findobj(PathPatch) if str(patch.get_gid()).startswith("number: ")]
    # The kernel, whose numbers are the last nine, covers what passes below it.
    seen = [number for number in numbers[:-9] for edge in edges
            if number.get_path().intersects_path(Path(edge.get_xydata()), filled=True)]
    assert len(seen) >= 5
    cells = set(fills(picture, 0) + fills(picture, 1))
    for number in seen:
        assert number.get_zorder() > max(edge.get_zorder() for edge in edges)
        (halo,) = number.get_path_effects()
        assert halo.fill.upper() in cells
        assert halo.width >= 2 * 2 * 0.75


def test_the_kernel_is_hardly_larger_than_the_window() -> None:
    (*_, source), (*_, kernel) = (
        [patch.get_xy() for patch in convolution_pixel().figure.findobj(Polygon) if patch.get_zorder() == z
         and patch.get_facecolor()[3] == 0 and to_hex(patch.get_edgecolor()).upper() == PALETTES["light"].purple]
        for z in (26.1, 23.5))  # fmt: skip
    assert 1 <= np.ptp(kernel[:, 1]) / np.ptp(source[:, 1]) <= 1.5


@settings(max_examples=20, deadline=None)
@given(arrays(np.int64, st.tuples(st.integers(1, 10), st.integers(1, 10)), elements=st.integers(-9, 9)), st.data())
def test_any_image_and_kernel_agree_with_torch_and_are_well_laid_out(image: np.ndarray, data: st.DataObject) -> None:
    shape = tuple(data.draw(st.integers(1, min(n, 5)), "kernel side") for n in image.shape)
    kernel = data.draw(arrays(np.int64, shape, elements=st.integers(-4, 4)), "kernel")
    expected = convolved(image, kernel)
    at = tuple(data.draw(st.integers(0, n - 1), "at") for n in expected.shape)
    picture = convolution_pixel(image=image, kernel=kernel, at=at)
    assert picture.facts["output"] == expected.tolist()
    assert sum(np.ravel(picture.facts["products"])) == picture.facts["value"] == expected[at]
    assert faults(picture.figure) == []


def test_a_kernel_is_not_flipped() -> None:
    picture = convolution_pixel(image=[[1, 2, 3]], kernel=[[0, 0, 1]], at=(0, 0))
    assert picture.facts["value"] == 3


def test_products_too_long_to_write_are_given_by_their_values() -> None:
    picture = convolution_pixel(image=np.full((4, 4), 123.5), kernel=np.full((3, 3), -2.5), at=(0, 0))
    assert written(picture).count("−308,75") == 9


def test_fractions_are_written_as_french_writes_them() -> None:
    picture = convolution_pixel(image=np.full((4, 4), 0.5), kernel=[[0.25, 0.25]], at=(0, 0))
    assert {"0,5 × 0,25", "= 0,25"} <= set(written(picture))


def test_the_alt_text_says_the_sum_and_the_place() -> None:
    alt = convolution_pixel().alt
    assert "2 × (−4), donne −8" in alt
    assert "ligne 2" in alt
    assert "0 × 4" not in alt


def test_an_image_of_one_value_is_drawn() -> None:
    assert faults(convolution_pixel(image=np.zeros((5, 5)), palette="dark").figure) == []


@pytest.mark.parametrize("dtype", [np.int8, np.float16, np.float32, ">f8"])
def test_any_kind_of_numbers_is_taken_and_left_alone(dtype: str) -> None:
    image = np.arange(25).reshape(5, 5).astype(dtype)[:, ::-1]
    image.flags.writeable = False
    assert convolution_pixel(image=image).facts["output"] == convolved(image, np.diag([4, 0, -4])).tolist()


@pytest.mark.parametrize(("parameters", "error", "message"), [
    ({"image": np.zeros((11, 8))}, ValueError, "convolution_pixel: image must have 1 to 10 rows and 1 to 10 columns"),
    ({"image": [1, 2]}, ValueError, "convolution_pixel: image must have 2 axes, not 1"),
    ({"image": [["a"]]}, TypeError, "convolution_pixel: image must hold real numbers"),
    ({"kernel": np.zeros((6, 3))}, ValueError, "convolution_pixel: kernel must have 1 to 5 rows"),
    ({"kernel": [[np.inf]]}, ValueError, "convolution_pixel: kernel must be finite; it holds inf"),
    ({"image": [[1, 2]]}, ValueError, r"convolution_pixel: kernel \(3, 3\) must not be larger than the image \(1, 2\)"),
    ({"at": (6, 0)}, ValueError, r"convolution_pixel: at must lie in the destination \(6, 6\), not \(6, 0\)"),
    ({"at": (-1, 0)}, ValueError, "convolution_pixel: at must be at least 0, not -1"),
    ({"at": (0.5, 0)}, TypeError, "convolution_pixel: at must be an integer, not 0.5"),
    ({"image": np.full((10, 10), 1e9)}, ValueError, "convolution_pixel: numbers must fit into"),
    ({"imag": None}, TypeError, "convolution_pixel: no parameter 'imag'; did you mean 'image'"),
])  # fmt: skip
def test_wrong_parameters_are_told_what_is_wrong(parameters: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        convolution_pixel(**parameters)
