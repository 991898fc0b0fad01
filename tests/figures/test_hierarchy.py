"""Slide 2: what it shows is what the layers computed, and what it writes is true of that."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import scipy.ndimage
from layout import faults, texts
from matplotlib.image import AxesImage
from matplotlib.patches import Ellipse
from matplotlib.path import Path as MplPath
from PIL import Image

from engine.pictogram_catalogue import CLASSES
from engine.pictograms import weather_pictograms
from figures.brain import AREAS, NOTCHES, STATIONS, Brain, bulging
from figures.hierarchy import shown, visual_hierarchy
from figures.hierarchy_answer import CANDIDATES, SEED, clearest_pictogram, enlarged
from figures.style import PALETTES, contrast
from figures.ventral import look_at


def written(image: object = None) -> list[str]:
    return [text.get_text() for text in texts(visual_hierarchy(image=image).figure)]


def blob(x: float, y: float, across: float, down: float) -> np.ndarray:
    rows, columns = np.mgrid[:160, :160]
    return np.clip((1.03 - np.hypot((columns - x) / across, (rows - y) / down)) * 20, 0, 1)


def test_every_area_is_named_in_the_brain_and_over_its_maps() -> None:
    words = written()
    for name in ("rétine", "CGL", "V1", "V2", "V4", "LOC"):
        assert words.count(name) == 2


def test_counts_and_sizes_are_those_of_the_maps() -> None:
    picture = visual_hierarchy()
    drawn = [image.get_array() for image in picture.figure.axes[0].findobj(AxesImage)]
    words = [text.get_text() for text in texts(picture.figure)]
    for count, side in picture.facts["maps"].values():
        assert f"{count} cartes · {side} × {side}" in words
        assert sum(image.shape[:2] == (side, side) for image in drawn) >= count
    assert len(drawn) == sum(count for count, _ in picture.facts["maps"].values()) + 3
    field = picture.facts["field"]["v2"]
    assert any(line.endswith(f"{field} × {field}") for line in words)
    assert "pour V2, toute l’image dès V4." in words
    assert "Chaque carte a sa propre échelle." in words


def test_the_first_area_to_see_everything_is_named() -> None:
    facts = visual_hierarchy().facts
    names = {"lgn": "CGL", "v1": "V1", "v2": "V2", "v4": "V4", "loc": "LOC"}
    assert facts["whole"] == next(names[key] for key, field in facts["field"].items() if field == facts["side"])


def test_the_ellipses_stand_where_loc_answers() -> None:
    picture = visual_hierarchy()
    pair = [image for image in picture.figure.axes[0].findobj(AxesImage) if image.get_array().ndim == 2][-2:]
    green = PALETTES["light"].green.lower()
    rings = [e for e in picture.figure.axes[0].findobj(Ellipse) if _hex(e) == green]
    outlines = [picture.facts["outline"], picture.facts["other"]["outline"]]
    for image, ring, outline in zip(pair, rings, outlines, strict=True):
        left, right, bottom, top = image.get_extent()
        x, y = ring.center
        assert (x - left) / (right - left) == pytest.approx(outline["x"])
        assert (y - top) / (bottom - top) == pytest.approx(outline["y"])
        assert ring.height / (bottom - top) == pytest.approx(2 * outline["down"])
        assert ring.get_linewidth() == pytest.approx(3 * 0.75)


def _hex(patch: Ellipse) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in patch.get_edgecolor()[:3])


def test_the_portrait_gives_the_oval_of_the_face() -> None:
    picture = visual_hierarchy()
    outline = picture.facts["outline"]
    assert 0.3 < outline["x"] < 0.5
    assert 0.4 < outline["y"] < 0.65
    said = [text.get_text() for text in texts(picture.figure)]
    assert (said.count("ovale"), said.count("rond"), said.count("forme trouvée")) == (1, 1, 1)
    assert re.search(r"est un ovale, à [34]\d\u202f% de la largeur", picture.alt)


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_the_arrows_through_the_areas_are_cased_and_can_be_seen(palette: str) -> None:
    purple, paper = PALETTES[palette].purple, PALETTES[palette].paper
    assert contrast(purple, paper) >= 3
    axes = visual_hierarchy(palette=palette).figure.axes[0]
    shafts = {tuple(np.ravel(line.get_xydata()).round(6)): line for line in axes.lines
              if line.get_color() == purple and line.get_linewidth() == 3 * 0.75}  # fmt: skip
    cases = {tuple(np.ravel(line.get_xydata()).round(6)): line for line in axes.lines if line.get_color() == paper}
    assert len(shafts) == 3
    for place, shaft in shafts.items():
        assert cases[place].get_linewidth() >= shaft.get_linewidth() + 2 * 1.5 * 0.75
        assert cases[place].get_zorder() < shaft.get_zorder()


def test_the_second_image_is_named_and_no_arrow_points_at_it() -> None:
    picture = visual_hierarchy()
    portrait, sun = (image.get_extent() for image in
                     [i for i in picture.figure.axes[0].findobj(AxesImage) if i.get_array().ndim == 2][-2:])
    (caption,) = (text for text in texts(picture.figure) if text.get_text() == "autre image")
    assert portrait[2] < caption.get_position()[1] < sun[3]
    (last,) = (line for line in picture.figure.axes[0].lines if portrait[0] - 40 < max(line.get_xdata()) < portrait[0])
    assert last.get_ydata()[0] == last.get_ydata()[1] == pytest.approx((portrait[2] + portrait[3]) / 2)


def test_a_disc_is_called_round() -> None:
    picture = visual_hierarchy(image=blob(80, 80, 32, 32))
    assert picture.facts["form"] == "rond"
    assert [text.get_text() for text in texts(picture.figure)].count("rond") == 2
    assert "est un rond" in picture.alt


def test_the_other_image_is_the_pictogram_that_answers_most() -> None:
    images, labels = weather_pictograms(CANDIDATES, seed=SEED, noise=0.0)
    grey = [np.tensordot([0.299, 0.587, 0.114], image.astype(float), axes=1) for image in images]
    large = [scipy.ndimage.uniform_filter(np.kron(image, np.ones((5, 5))), 5, mode="nearest") for image in grey]
    np.testing.assert_allclose(enlarged(grey[3]), large[3], atol=1e-6)
    strengths = [look_at(image).outline.strength for image in large]
    chosen = clearest_pictogram()
    np.testing.assert_allclose(chosen.image, large[int(np.argmax(strengths))], atol=1e-6)
    assert chosen.name == CLASSES[labels[int(np.argmax(strengths))]]
    assert chosen.outline.strength == pytest.approx(max(strengths), rel=1e-5)


def test_the_round_form_fits_the_disc_of_the_sun() -> None:
    other = clearest_pictogram()
    assert other.name == "sun"
    x, y = (int(160 * part) for part in other.outline[:2])
    labels, _ = scipy.ndimage.label(np.abs(other.image - other.image[y, x]) < 0.12)
    rows, columns = np.nonzero(labels == labels[y, x])
    half = 0.5 / 20  # of a pixel of V4
    assert (columns.mean() + 0.5) / 160 == pytest.approx(other.outline.x, abs=half)
    assert (rows.mean() + 0.5) / 160 == pytest.approx(other.outline.y, abs=half)
    assert np.sqrt(len(rows) / np.pi) / 160 == pytest.approx(other.outline.across, abs=half)


def test_shades_keep_the_order_and_each_map_has_its_scale() -> None:
    maps = np.random.default_rng(0).random((3, 20, 20)) * np.array([1, 0.5, 0.1])[:, None, None]
    drawn = shown(maps)
    for before, after in zip(maps, drawn, strict=True):
        assert after.max() == 1
        assert (np.diff(after.ravel()[np.argsort(before.ravel())]) >= 0).all()
    assert len(np.unique(drawn)) <= 13
    assert shown(np.zeros((1, 4, 4))).max() == 0


def test_a_lone_value_is_shown_and_a_rounding_is_not() -> None:
    maps = np.zeros((3, 20, 20))
    maps[0] = 0.5
    maps[1, 3, 4] = 0.01
    maps[2, 5, 6] = 1e-15
    np.testing.assert_array_equal(shown(maps).max(axis=(1, 2)), [1, 1, 0])


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_nothing_overlaps_and_the_file_is_small(palette: str) -> None:
    picture = visual_hierarchy(palette=palette)
    assert faults(picture.figure) == []
    assert picture.size == (1136, 556)
    assert len(picture.svg()) < 300_000


def test_a_photograph_of_ones_own(tmp_path: Path) -> None:
    pixels = np.round(255 * blob(60, 100, 24, 24)).astype(np.uint8)
    Image.fromarray(np.pad(pixels, ((0, 0), (40, 0)))).save(tmp_path / "image.png")
    crops = (None, (40, 0, 200, 160))
    whole, cropped = (visual_hierarchy(image=str(tmp_path / "image.png"), crop=crop) for crop in crops)
    assert cropped.facts["outline"]["x"] * 160 == pytest.approx(60, abs=9)
    assert whole.facts["outline"]["x"] * 160 == pytest.approx(80, abs=9)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("nulle-part.png", r"no file 'nulle-part\.png'"),
        (np.zeros((100, 200)), "100 × 100 pixels are too few for 160 × 160"),
        (np.full((160, 160), 0.25), "visual_hierarchy: image must show some outline; its values go from 0.25 to 0.25"),
    ],
)
def test_what_cannot_be_shown_is_told(image: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        visual_hierarchy(image=image)


def test_the_areas_stand_inside_the_brain_and_hold_their_stations() -> None:
    rim = bulging(Brain(0, 0, 1).at(NOTCHES))
    for name, border in AREAS.items():
        assert rim.contains_points(np.array(border)).all(), name
        assert MplPath(border).contains_point(STATIONS[name]), name
