"""The layers behind slide 2: their filters against scipy, their chain against torch, their answers on known shapes."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.ndimage
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray

from figures import ventral_filters as filters
from figures.photograph import photograph
from figures.ventral import OVALS, PIXELS, Seen, look_at

Array = NDArray[np.float64]


def ellipse(x: float, y: float, across: float, down: float) -> Array:
    """A light ellipse on dark, its centre and half axes in px."""
    rows, columns = np.mgrid[:PIXELS, :PIXELS]
    return np.clip((1.03 - np.hypot((columns - x) / across, (rows - y) / down)) * 20, 0, 1)


def stages(seen: Seen) -> dict[str, Array]:
    return {stage.name: stage.maps for stage in seen.stages}


def test_on_and_off_are_a_difference_of_gaussians() -> None:
    impulse = np.zeros((15, 15))
    impulse[7, 7] = 1
    fine, wide = (scipy.ndimage.gaussian_filter(impulse, sigma, radius=7, mode="constant") for sigma in (1.2, 2.4))
    weight = filters.centre_surround()
    np.testing.assert_allclose(weight[0, 0], fine - wide, atol=1e-12)
    np.testing.assert_array_equal(weight[1], -weight[0])


def test_even_grey_moves_no_filter_of_contrast() -> None:
    for weight in (filters.centre_surround(), filters.edges(), filters.two_scales().sum(axis=1)):
        np.testing.assert_allclose(weight.sum(axis=(-2, -1)), 0, atol=1e-12)


def torch_layer(maps: torch.Tensor, weight: Array, groups: int = 1) -> torch.Tensor:
    return F.conv2d(maps, torch.from_numpy(weight), padding=weight.shape[-1] // 2, groups=groups)


def test_the_chain_is_what_torch_computes() -> None:
    photo = photograph(size=PIXELS)
    padded = F.pad(torch.from_numpy(photo)[None, None], (7, 7, 7, 7), mode="replicate")
    retina = F.relu(F.conv2d(padded, torch.from_numpy(filters.centre_surround())))
    scales = F.relu(torch_layer(retina, filters.two_scales()))
    lgn = F.max_pool2d(torch.cat([part / part.max() for part in scales.split(2, dim=1)], dim=1), 2)
    waves = torch_layer(lgn, filters.edges())
    edges = F.relu(torch_layer((waves[:, 0::2].square() + waves[:, 1::2].square()).sqrt(), filters.rivalry()))
    pooled = F.max_pool2d(edges / edges.max(), 2)
    contours = F.relu(torch_layer(pooled, filters.contours()))
    corners = torch.minimum(pooled[:, :2], pooled[:, 2:])
    both = torch.cat([contours / contours.max(), corners / corners.max()], dim=1)
    arcs = F.relu(torch_layer(F.max_pool2d(both, 2), filters.arcs()))
    arcs = arcs / arcs.max()
    placed = [torch_layer(arcs, filters.outline(*oval), groups=8) for oval in OVALS]
    ovals = torch.stack([torch.minimum(p[:, :4], p[:, 4:]).mean(dim=1) for p in placed], dim=1)
    loc = F.max_pool2d(ovals, 2)
    found = look_at(photo)
    expected = {"retina": retina / retina.max(), "lgn": lgn, "v1": edges / edges.max(), "v2": both, "v4": arcs,
                "loc": loc / loc.max()}  # fmt: skip
    for name, maps in stages(found).items():
        np.testing.assert_allclose(maps, expected[name][0].numpy(), atol=2e-5, err_msg=name)
    assert found.outline.strength == pytest.approx(float(loc.max()))
    best = int(ovals.argmax())
    assert found.outline.x == pytest.approx((best % 20 + 0.5) / 20)
    assert found.outline.y == pytest.approx((best // 20 % 20 + 0.5) / 20)
    halves = np.array(OVALS[best // 400]) + filters.INSIDE
    np.testing.assert_allclose((found.outline.across * 20, found.outline.down * 20), halves)


@pytest.mark.parametrize("orientation", range(filters.ORIENTATIONS))
def test_v1_tells_the_orientation_of_an_edge(orientation: int) -> None:
    rows, columns = np.mgrid[:PIXELS, :PIXELS] - (PIXELS - 1) / 2
    angle = np.pi * orientation / filters.ORIENTATIONS
    photo = (rows * np.cos(angle) > columns * np.sin(angle)).astype(float)
    middle = stages(look_at(photo))["v1"][:, 30:50, 30:50].max(axis=(1, 2))
    assert middle.argmax() == orientation
    assert np.sort(middle)[-2] < 0.5 * middle.max()


def test_v2_marks_corners_and_not_edges() -> None:
    photo = np.zeros((PIXELS, PIXELS))
    photo[80:, 80:] = 1  # one corner, in the middle
    right_angle = stages(look_at(photo))["v2"][4]
    row, column = np.unravel_index(right_angle.argmax(), right_angle.shape)
    assert abs(row - 20) <= 2
    assert abs(column - 20) <= 2
    assert right_angle[20, 30:38].max() < 0.2  # along the edge


@pytest.mark.parametrize("direction", range(filters.DIRECTIONS))
def test_each_map_of_v4_answers_on_its_own_side_of_a_disc(direction: int) -> None:
    arcs = stages(look_at(ellipse(79.5, 79.5, 36, 36)))["v4"][direction]
    row, column = np.unravel_index(arcs.argmax(), arcs.shape)
    turn = 2 * np.pi * direction / filters.DIRECTIONS
    away = np.array([column - 9.5, row - 9.5])
    assert away @ [np.cos(turn), np.sin(turn)] > 0.85 * np.hypot(*away)
    assert np.hypot(*away) * 8 == pytest.approx(36, abs=9)


@pytest.mark.parametrize(("x", "y", "across", "down"), [(80, 80, 32, 32), (60, 100, 24, 24), (90, 70, 32, 42),
                                                     (80, 80, 28, 28), (80, 80, 38, 38), (80, 80, 30, 38)])
def test_the_outline_found_is_the_one_drawn(x: float, y: float, across: float, down: float) -> None:
    found = look_at(ellipse(x, y, across, down)).outline
    assert found.x * PIXELS == pytest.approx(x, abs=9)
    assert found.y * PIXELS == pytest.approx(y, abs=9)
    assert found.across * PIXELS == pytest.approx(across, abs=4)
    assert found.down * PIXELS == pytest.approx(down, abs=6)


def test_brightness_and_contrast_change_nothing() -> None:
    photo = photograph(size=PIXELS)
    bright, dull = look_at(photo), look_at(0.5 * photo + 0.2)
    for a, b in zip(bright.stages, dull.stages, strict=True):
        np.testing.assert_allclose(a.maps, b.maps, atol=1e-4)
    assert bright.outline[:4] == dull.outline[:4]


def test_a_mirror_mirrors_the_answer() -> None:
    photo = photograph(size=PIXELS)
    seen, mirrored = look_at(photo).outline, look_at(photo[:, ::-1]).outline
    assert mirrored.x == pytest.approx(1 - seen.x)
    assert mirrored[1:4] == pytest.approx(seen[1:4])


def test_a_field_is_how_far_a_change_is_seen() -> None:
    photo = photograph(size=PIXELS)
    photo[80, 80] = 1 - photo[80, 80]
    before, after = look_at(photograph(size=PIXELS)), look_at(photo)
    for a, b, step in zip(before.stages, after.stages, (1, 2, 2, 4), strict=False):
        assert a.maps.max() == b.maps.max()
        changed = np.argwhere(np.abs(a.maps - b.maps).max(axis=0) > 1e-12)
        extent = int((changed.max(axis=0) - changed.min(axis=0)).max()) * step + 1
        assert 0.6 * a.field <= extent <= a.field + step
    assert [stage.field for stage in before.stages] == [15, 28, 44, 86, PIXELS, PIXELS]


def test_no_contrast_no_answer() -> None:
    seen = look_at(np.full((PIXELS, PIXELS), 0.5))
    assert seen.outline.strength == 0
    assert all(not stage.maps.any() for stage in seen.stages)
