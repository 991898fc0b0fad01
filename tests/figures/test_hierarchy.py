"""Slide 2: what the stages compute, against scipy and against images whose answer is known."""

from __future__ import annotations

import re

import numpy as np
import pytest
import scipy.ndimage
from layout import faults, texts
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from figures.hierarchy import shown, visual_hierarchy
from figures.ventral import (
    RADIUS,
    answer,
    arcs,
    averaged,
    centre_surround,
    closed_shapes,
    corners,
    oriented_edges,
    same,
    ventral_path,
)


def disc(x: float, y: float, radius: float, size: int = 192) -> NDArray[np.float64]:
    rows, columns = np.mgrid[:size, :size]
    return np.clip(radius + 0.5 - np.hypot(columns - x, rows - y), 0, 1)


def test_same_is_scipys_correlation_with_the_edge_continued() -> None:
    image = np.random.default_rng(0).random((20, 20))
    weight = np.random.default_rng(1).random((5, 5))
    expected = scipy.ndimage.correlate(image, weight, mode="nearest")
    np.testing.assert_allclose(same(image[None, None], weight[None, None])[0, 0], expected, rtol=1e-12)


def test_centre_surround_is_a_difference_of_gaussians() -> None:
    impulse = np.zeros((41, 41))
    impulse[20, 20] = 1
    on = scipy.ndimage.gaussian_filter(impulse, 1.5, truncate=9) - scipy.ndimage.gaussian_filter(impulse, 3, truncate=9)
    weight = centre_surround(1.5)
    np.testing.assert_allclose(weight[0, 0], on[14:27, 14:27], atol=2e-3)
    np.testing.assert_array_equal(weight[1], -weight[0])
    assert abs(weight.sum(axis=(2, 3))).max() < 1e-12


@pytest.mark.parametrize("orientation", range(4))
def test_v1_answers_most_to_its_own_orientation(orientation: int) -> None:
    rows, columns = np.mgrid[:96, :96] - 47.5
    angle = orientation * np.pi / 4
    image = (rows * np.cos(angle) - columns * np.sin(angle) > 0).astype(float)
    strongest = np.abs(same(image[None, None], oriented_edges(1.6)))[0, :4].max(axis=(1, 2))
    assert strongest.argmax() == orientation


def test_v2_needs_both_orientations() -> None:
    edges = np.zeros((1, 4, 16, 16))
    edges[0, 0, 8, 2:9] = 1
    assert corners(edges).max() == 0
    edges[0, 2, 8:14, 8] = 1
    pair = corners(edges)[0, 1]  # of orientations 0 and 2
    row, column = np.unravel_index(pair.argmax(), pair.shape)
    assert abs(row - 8) <= 1
    assert abs(column - 8) <= 1


def test_arcs_weigh_a_circle_evenly_and_each_its_own_side() -> None:
    weight = arcs(RADIUS)
    assert weight.shape[:2] == (8, 4)
    np.testing.assert_allclose(np.abs(weight).sum(axis=(1, 2, 3)), 1)
    right = np.abs(weight[0]).sum(axis=0)
    assert right[:, right.shape[1] // 2 + 1:].sum() > 0.95


@pytest.mark.parametrize(("x", "y", "radius"), [(96, 96, 56), (110, 80, 52), (80, 100, 34)])
def test_the_answer_is_where_a_disc_is_and_about_its_size(x: float, y: float, radius: float) -> None:
    found = answer(ventral_path(disc(x, y, radius)))
    assert abs(found.x * 192 - x) <= 20
    assert abs(found.y * 192 - y) <= 20
    assert (found.across + found.down) / 2 * 192 == pytest.approx(radius, rel=0.35)


def test_closed_shapes_ask_for_no_mean() -> None:
    np.testing.assert_allclose(closed_shapes().mean(axis=(2, 3)), 0, atol=1e-15)


def test_averaging_and_shades() -> None:
    image = np.random.default_rng(2).random((1, 2, 8, 8))
    np.testing.assert_allclose(averaged(image), image.reshape(1, 2, 4, 2, 4, 2).mean(axis=(3, 5)))
    maps = shown(1.5 * np.random.default_rng(3).random((2, 192, 192)))
    assert maps.shape == (2, 96, 96)
    assert maps.max() <= 1
    assert len(np.unique(maps)) <= 17


def test_the_figure_says_how_many_maps_of_what_size() -> None:
    picture = visual_hierarchy()
    written = [t.get_text() for t in texts(picture.figure)]
    assert picture.facts["maps"] == {"retina": [2, 192], "lgn": [4, 96], "v1": [4, 96], "v2": [6, 48], "v4": [8, 24],
                                     "loc": [4, 12]}  # fmt: skip
    for count, side in picture.facts["maps"].values():
        assert f"{count} cartes" in written
        assert f"{side} × {side}" in written
    images = picture.figure.axes[0].findobj(AxesImage)
    assert len(images) == 2 + sum(count for count, _ in picture.facts["maps"].values())
    for name in ("rétine", "CGL", "V1", "V2", "V4", "LOC"):
        assert written.count(name) == 2  # in the brain and over its maps
    assert picture.facts["form"] in written
    assert picture.facts["form"] in picture.alt
    assert re.search(r"réduites à 12 × 12", picture.alt)


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_nothing_overlaps(palette: str) -> None:
    assert faults(visual_hierarchy(palette=palette).figure) == []


def test_another_image_gives_other_maps_and_another_answer() -> None:
    first, second = visual_hierarchy(), visual_hierarchy(image=disc(60, 130, 34))
    assert first.facts["answer"] != second.facts["answer"]
    assert first.svg() != second.svg()
    with pytest.raises(ValueError, match=r"no file 'nulle-part\.png'"):
        visual_hierarchy(image="nulle-part.png")
