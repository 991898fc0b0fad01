"""Slide 13: the grid, its windows, their maxima, and layouts for any of them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from layout import faults, texts
from matplotlib.colors import to_hex
from matplotlib.patches import Polygon

from figures import Picture
from figures.pooling import max_pooling
from figures.style import PALETTES

LIGHT = PALETTES["light"]
ROLES = [LIGHT.blue, LIGHT.orange, LIGHT.purple, LIGHT.green]


def written(picture: Picture) -> list[str]:
    return [text.get_text() for text in texts(picture.figure)]


def fills(picture: Picture) -> Counter[str]:
    return Counter(to_hex(patch.get_facecolor()).upper() for patch in picture.figure.findobj(Polygon))


def numbers(picture: Picture) -> Counter[tuple[str, int]]:
    """The cells by what is written in them and how bold: captions have other sizes."""
    return Counter((text.get_text(), text.get_weight()) for text in texts(picture.figure)
                   if text.get_text().lstrip("−").replace(",", "").isdigit())  # fmt: skip


def test_the_slide_shows_the_grid_the_maxima_and_the_result() -> None:
    picture = max_pooling()
    assert picture.size == (1136, 470)
    assert picture.facts["output"] == [[8, 9], [5, 6]]
    assert numbers(picture) == {("8", 700): 2, ("9", 700): 2, ("5", 700): 2, ("6", 700): 2, ("4", 400): 2,
                                ("1", 400): 2, ("0", 400): 2, ("7", 400): 1, ("5", 400): 2, ("8", 400): 1,
                                ("3", 400): 1, ("2", 400): 1}  # fmt: skip
    assert {"8 = max(4 ; 1 ; 7 ; 8)", "9 = max(5 ; 0 ; 9 ; 8)", "5 = max(3 ; 5 ; 2 ; 4)",
            "6 = max(6 ; 5 ; 1 ; 0)"} <= set(written(picture))  # fmt: skip
    assert {"Max pooling", "entrée 4 × 4", "sortie 2 × 2", "4 fois moins de nombres"} <= set(written(picture))


def test_each_window_has_its_colour_in_the_grid_and_in_the_result() -> None:
    found = fills(max_pooling())
    assert [found[role.upper()] for role in ROLES] == [2, 2, 2, 2]  # the maximum, and what it becomes


def test_the_maxima_stand_where_they_are_in_the_grid() -> None:
    places = {}
    for text in texts(max_pooling().figure):
        if text.get_weight() == 700 and text.get_position()[0] < 430:
            places[text.get_text()] = text.get_position()
    assert places["8"][0] < places["9"][0]
    assert places["5"][0] < places["6"][0]
    assert places["8"][1] == places["9"][1] < places["5"][1] == places["6"][1]


@settings(max_examples=25, deadline=None)
@given(arrays(np.int64, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(-99, 99)), st.data())
def test_any_grid_agrees_with_torch_and_is_well_laid_out(grid: np.ndarray, data: st.DataObject) -> None:
    size = tuple(data.draw(st.integers(1, n), "size") for n in grid.shape)
    stride = tuple(data.draw(st.integers(1, 4), "stride") for _ in range(2))
    picture = max_pooling(grid=grid, kernel_size=size, stride=stride)
    values, places = torch.nn.functional.max_pool2d(torch.tensor(grid[None, None], dtype=torch.float64), size, stride,
                                                    return_indices=True)  # fmt: skip
    assert picture.facts["output"] == values[0, 0].tolist()
    winners = np.stack(np.divmod(places[0, 0].numpy(), grid.shape[1]), axis=-1)
    assert picture.facts["winners"] == winners.tolist()
    assert faults(picture.figure) == []


def test_the_first_of_equal_values_is_marked() -> None:
    assert max_pooling(grid=[[3, 3], [3, 3]]).facts["winners"] == [[[0, 0]]]


def test_the_stride_is_the_window_unless_given() -> None:
    grid = np.arange(36).reshape(6, 6)
    assert max_pooling(grid=grid, kernel_size=3).facts["output"] == [[14, 17], [32, 35]]
    assert max_pooling(grid=grid, kernel_size=3, stride=1).facts["output_rows"] == 4


def test_overlapping_windows_frame_one_and_write_its_maximum_only() -> None:
    picture = max_pooling(stride=1)
    assert picture.facts["overlapping"]
    assert picture.facts["output"] == [[8, 9, 9], [8, 9, 9], [5, 6, 6]]
    assert [text for text in written(picture) if "max(" in text] == ["8 = max(4 ; 1 ; 7 ; 8)"]
    assert fills(picture)[LIGHT.purple.upper()] == 2
    frames = [patch for patch in picture.figure.findobj(Polygon)
              if to_hex(patch.get_edgecolor()).upper() == LIGHT.purple.upper()]  # fmt: skip
    assert len(frames) == 2


def test_numbers_outside_every_window_are_named() -> None:
    assert "en gris\u00a0: hors de toute fenêtre" in written(max_pooling(grid=np.arange(25).reshape(5, 5)))
    assert "en gris\u00a0: hors de toute fenêtre" in written(max_pooling(kernel_size=1, stride=2))
    assert "en gris\u00a0: hors de toute fenêtre" not in written(max_pooling(stride=1))


def test_a_long_formula_has_a_line_for_each_row_of_its_window() -> None:
    lines = written(max_pooling(grid=np.arange(9).reshape(3, 3), kernel_size=3))
    assert {"8 = max(0 ; 1 ; 2 ;", "3 ; 4 ; 5 ;", "6 ; 7 ; 8)"} <= set(lines)


def test_decimals_are_given_up_before_the_numbers_become_too_small() -> None:
    grid = np.arange(100).reshape(10, 10) / 7 + 1
    lines = written(max_pooling(grid=grid))
    assert "15,1" in lines
    assert "15,143" not in lines


def test_the_dark_palette_changes_the_colours_and_nothing_else() -> None:
    light, dark = max_pooling(), max_pooling(palette="dark")
    assert (light.facts, light.alt) == (dark.facts, dark.alt)
    assert fills(dark)[PALETTES["dark"].blue.upper()] == 2


def test_the_alt_text_says_the_result_row_by_row() -> None:
    assert max_pooling().alt.endswith("le résultat 2 × 2 se lit, ligne par ligne, 8 ; 9, puis 5 ; 6.")


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.float16, np.float32, ">f8"])
def test_any_kind_of_numbers_is_taken_and_left_alone(dtype: str) -> None:
    grid = np.array([[4, 1, 5, 0], [7, 8, 9, 8], [3, 5, 6, 5], [2, 4, 1, 0]], dtype)[::-1]
    grid.flags.writeable = False
    assert max_pooling(grid=grid).facts["output"] == [[5, 6], [8, 9]]


@pytest.mark.parametrize(("parameters", "error", "message"), [
    ({"grid": [1, 2]}, ValueError, "max_pooling: grid must have 2 axes, not 1"),
    ({"grid": np.zeros((11, 2))}, ValueError, "max_pooling: grid must have 1 to 10 rows and 1 to 12 columns"),
    ({"grid": np.zeros((0, 2))}, ValueError, "max_pooling: grid must have 1 to 10 rows"),
    ({"grid": [[1, np.nan], [0, 1]]}, ValueError, "max_pooling: grid must be finite; it holds nan"),
    ({"grid": [["a", "b"]]}, TypeError, "max_pooling: grid must hold real numbers"),
    ({"grid": np.full((10, 12), 123456789)}, ValueError, "max_pooling: numbers must fit into"),
    ({"kernel_size": 5}, ValueError, r"max_pooling: kernel_size \(5, 5\) must not be larger than the grid \(4, 4\)"),
    ({"kernel_size": 0}, ValueError, "max_pooling: kernel_size must be at least 1, not 0"),
    ({"kernel_size": 2.5}, TypeError, "max_pooling: kernel_size must be an integer, not 2.5"),
    ({"stride": 0}, ValueError, "max_pooling: stride must be at least 1, not 0"),
    ({"stride": (1, 2, 3)}, ValueError, "max_pooling: stride must be an int or a pair of ints"),
    ({"strid": 1}, TypeError, "max_pooling: no parameter 'strid'; did you mean 'stride'"),
])  # fmt: skip
def test_wrong_parameters_are_told_what_is_wrong(parameters: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        max_pooling(**parameters)
