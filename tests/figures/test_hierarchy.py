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

from engine.pictograms import weather_pictograms
from figures.brain import AREAS, NOTCHES, STATIONS, Brain, bulging
from figures.hierarchy import shown, visual_hierarchy
from figures.hierarchy_answer import OTHERS_SEED, pictogram
from figures.style import PALETTES


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
    assert len(drawn) == sum(count for count, _ in picture.facts["maps"].values()) + 4
    field = picture.facts["field"]["v2"]
    assert any(line.endswith(f"{field} × {field}") for line in words)
    assert "pour V2, toute l’image dès V4." in words


def test_the_ellipse_stands_where_loc_answers() -> None:
    picture = visual_hierarchy()
    main = [image for image in picture.figure.axes[0].findobj(AxesImage) if image.get_array().ndim == 2][-3]
    left, right, bottom, top = main.get_extent()
    outline, green = picture.facts["outline"], PALETTES["light"].green.lower()
    rings = [e for e in picture.figure.axes[0].findobj(Ellipse) if _hex(e) == green]
    assert len(rings) == 3
    x, y = rings[0].center
    assert (x - left) / (right - left) == pytest.approx(outline["x"])
    assert (y - top) / (bottom - top) == pytest.approx(outline["y"])
    assert rings[0].height / (bottom - top) == pytest.approx(2 * outline["down"])


def _hex(patch: Ellipse) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in patch.get_edgecolor()[:3])


def test_the_portrait_gives_the_oval_of_the_face() -> None:
    picture = visual_hierarchy()
    outline = picture.facts["outline"]
    assert 0.3 < outline["x"] < 0.5
    assert 0.4 < outline["y"] < 0.65
    assert "ovale trouvé" in [text.get_text() for text in texts(picture.figure)]
    assert re.search(r"est un ovale, à [34]\d\u202f% de la largeur", picture.alt)


def test_a_disc_is_called_round() -> None:
    picture = visual_hierarchy(image=blob(80, 80, 32, 32))
    assert picture.facts["form"] == "rond"
    assert "rond trouvé" in [text.get_text() for text in texts(picture.figure)]
    assert "est un rond" in picture.alt


def test_a_pictogram_is_the_engines_enlarged() -> None:
    images, labels = weather_pictograms(10, seed=OTHERS_SEED, noise=0.0)
    grey = np.tensordot([0.299, 0.587, 0.114], images[int((labels == 0).argmax())].astype(float), axes=1)
    large = scipy.ndimage.uniform_filter(np.kron(grey, np.ones((5, 5))), 5, mode="nearest")
    np.testing.assert_allclose(pictogram("sun"), large, atol=1e-6)


def test_shades_keep_the_order_and_each_map_has_its_scale() -> None:
    maps = np.random.default_rng(0).random((3, 20, 20)) * np.array([1, 0.5, 0.1])[:, None, None]
    drawn = shown(maps)
    for before, after in zip(maps, drawn, strict=True):
        assert after.max() == 1
        assert (np.diff(after.ravel()[np.argsort(before.ravel())]) >= 0).all()
    assert len(np.unique(drawn)) <= 13
    assert shown(np.zeros((1, 4, 4))).max() == 0


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
