"""Slide 8: what is drawn is what the trained classifier computes for an image that it has never seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from layout import faults, texts
from matplotlib.colors import to_hex
from matplotlib.image import AxesImage
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from engine.pictograms import weather_pictograms
from figures import Picture, trained
from figures.classifier import linear_classifier
from figures.classifier_layout import template
from figures.labelled import lesson
from figures.style import PALETTES

LIGHT = PALETTES["light"]
SMALL = {"seed": 4, "count": 300, "epochs": 3}


@pytest.fixture(scope="module", autouse=True)
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    place = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIGURES_CACHE", str(place))
        yield


@pytest.fixture(scope="module")
def picture(empty_store: None) -> Picture:
    return linear_classifier(**SMALL)


@pytest.fixture(scope="module")
def weights(empty_store: None) -> tuple[NDArray[Any], NDArray[Any]]:
    network = trained.linear_classifier(lesson("f", seed=4, count=300, held_out=1 / 3, images=None), seed=4, epochs=3)
    return network.weight.astype(float), network.bias.astype(float)


def written(picture: Picture) -> list[str]:
    return [text.get_text().replace("\u202f", " ").replace("\u00a0", " ") for text in texts(picture.figure)]


def shown(picture: Picture) -> list[AxesImage]:
    return list(picture.figure.axes[0].images)


def bars(picture: Picture, *colours: str, tracks: bool = False) -> list[tuple[float, float, float]]:
    """(y, left, right) of the bars of these colours, or of any, from top to bottom; or of what lies behind them."""
    wanted = [colour.upper() for colour in colours]
    found = []
    for patch in picture.figure.findobj(Polygon):
        (left, top), (right, bottom) = patch.get_xy().min(axis=0), patch.get_xy().max(axis=0)
        behind = patch.get_zorder() < 4
        if behind == tracks and abs(bottom - top - 18) < 1e-6 and (
                not wanted or to_hex(patch.get_facecolor()).upper() in wanted):
            found.append((top, left, right))
    return sorted(found)


def test_scores_and_probabilities_are_those_of_the_weights(picture: Picture, weights: Any) -> None:
    weight, bias = weights
    held, labels = (part[200:] for part in weather_pictograms(300, seed=4))
    scores = (held.reshape(100, -1).astype(float) - 0.5) @ weight.T + bias
    facts = picture.facts
    assert facts["right"] == int((scores.argmax(axis=1) == labels).sum())
    assert facts["accuracy"] == facts["right"] / 100
    own = scores[facts["index"]]
    np.testing.assert_allclose(facts["scores"], own, atol=1e-4)
    np.testing.assert_allclose(facts["probabilities"], np.exp(own) / np.exp(own).sum(), atol=1e-5)
    assert facts["label"] == facts["names"][labels[facts["index"]]]
    assert facts["probability"] == facts["probabilities"][labels[facts["index"]]]


def test_the_numbers_are_counted_and_written(picture: Picture) -> None:
    facts = picture.facts
    assert (facts["weights"], facts["biases"], facts["parameters"]) == (30720, 10, 30730)
    assert (facts["features"], facts["classes"], facts["trained_on"], facts["held_out"]) == (3072, 10, 200, 100)
    lines = written(picture)
    assert {"30 730", "paramètres", "10 × 3 072 + 10", "image 32 × 32 × 3", "10 scores", "softmax", "10 probabilités",
            "x : 3 072 nombres, les pixels à la suite", "W·x + b : 10 lignes de 3 072 poids, 10 biais",
            "image de synthèse", f"étiquette : {facts['label']}"} <= set(lines)  # fmt: skip
    accuracy = f"{100 * facts['accuracy']:.1f}".replace(".", ",")
    assert f"{accuracy} % de bonnes réponses" in lines
    assert "sur 100 images de synthèse jamais vues ; au hasard : 10 %" in lines
    for probability, score in zip(facts["probabilities"], facts["scores"], strict=True):
        assert f"{100 * probability:.1f} %".replace(".", ",") in lines
        assert f"{score + 0:.1f}".replace(".", ",").replace("-0,0", "0,0").replace("-", "−") in lines
    assert picture.size == (1136, 412)


def test_the_image_its_pixels_and_ten_large_templates_are_shown(picture: Picture, weights: Any) -> None:
    image = weather_pictograms(300, seed=4).images[200 + picture.facts["index"]]
    first, red, green, blue, *templates = shown(picture)
    np.testing.assert_allclose(first.get_array(), image.transpose(1, 2, 0), atol=1e-6)
    for band, channel in zip((red, green, blue), image, strict=True):
        shades = band.get_array()[0].max(axis=1)
        assert np.corrcoef(shades, channel.reshape(128, 8).mean(axis=1))[0, 1] > 0.999
    reach = np.quantile(np.abs(weights[0]), 0.99)
    assert len(templates) == 10
    for row, shade in zip(weights[0], templates, strict=True):
        left, right, bottom, top = shade.get_extent()
        assert right - left == pytest.approx(bottom - top)
        assert right - left >= 90
        expected = np.clip(0.5 + row.reshape(3, 32, 32).transpose(1, 2, 0) / (2 * reach), 0, 1)
        np.testing.assert_allclose(shade.get_array(), expected, atol=1e-6)


def test_bars_are_as_long_as_their_numbers_however_small(picture: Picture) -> None:
    facts = picture.facts
    label = facts["names"].index(facts["label"])
    found = [bar for bar in bars(picture) if bar[1] > 950]
    assert len(found) == 10
    np.testing.assert_allclose([right - left for _, left, right in found], np.multiply(100, facts["probabilities"]),
                               atol=1e-9)  # fmt: skip
    behind = bars(picture, tracks=True)
    np.testing.assert_allclose([right - left for _, left, right in behind], 100)
    assert [(y, left) for y, left, _ in behind] == [(y, left) for y, left, _ in found]
    assert bars(picture, LIGHT.green)[0][0] == found[label][0]


def test_scores_leave_zero_to_the_side_of_their_sign(picture: Picture) -> None:
    positive, negative = bars(picture, LIGHT.blue), bars(picture, LIGHT.orange)
    scores = picture.facts["scores"]
    assert len(positive) == sum(score > 0 for score in scores)
    assert len(negative) == sum(score < 0 for score in scores)
    (zero,) = {round(left, 6) for _, left, _ in positive}
    assert {round(right, 6) for _, _, right in negative} == {zero}
    signed = [(y, right - left) for y, left, right in positive] + [(y, left - right) for y, left, right in negative]
    lengths = np.array([length for _, length in sorted(signed)])
    np.testing.assert_allclose(lengths / abs(lengths).max(), np.divide(scores, max(map(abs, scores))), atol=1e-6)


def test_the_right_class_is_bold_among_templates_and_answers(picture: Picture) -> None:
    bold = [text.get_text() for text in texts(picture.figure) if text.get_weight() == 700]
    assert bold.count(picture.facts["label"]) == 2
    assert not set(bold) & (set(picture.facts["names"]) - {picture.facts["label"]})


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_nothing_is_misplaced(palette: str) -> None:
    drawn = linear_classifier(palette=palette, **SMALL)
    assert faults(drawn.figure) == []
    assert len(drawn.svg()) < 300_000


def test_the_alternative_text_tells_the_numbers(picture: Picture) -> None:
    alt = picture.alt.replace("\u202f", " ")
    assert picture.facts["label"] in alt
    assert "30 730 paramètres" in alt
    assert f"{100 * picture.facts['accuracy']:.1f}".replace(".", ",") in alt


@pytest.mark.parametrize("classes", [2, 3, 5, 8])
def test_own_images_are_shown_with_their_own_classes(tmp_path: Path, classes: int) -> None:
    images, labels = weather_pictograms(200, seed=1)
    kept = labels < classes
    np.savez(tmp_path / "own.npz", images=images[kept], labels=labels[kept])
    names = [f"sorte {k}" for k in range(classes)]
    drawn = linear_classifier(images=str(tmp_path / "own.npz"), names=names, epochs=2)
    assert drawn.facts["parameters"] == classes * 3073
    assert drawn.facts["label"] in names
    assert len(shown(drawn)) == 4 + classes
    assert not any("synthèse" in line for line in written(drawn))
    assert faults(drawn.figure) == []


def test_the_shown_image_follows_the_confidence_asked_for() -> None:
    for low, high in ((0.2, 0.3), (0.4, 0.5)):
        facts = linear_classifier(confidence=(low, high), **SMALL).facts
        assert low <= facts["probability"] <= high
        assert facts["confidence"] == [low, high]
        assert 1 <= facts["eligible"] <= facts["right"]


def test_the_colours_of_the_templates_are_explained(picture: Picture, weights: Any) -> None:
    text = next(text for text in texts(picture.figure) if text.get_text().startswith("gris"))
    assert text.get_text() == "gris = poids nul\u202f; jaune = rouge et vert pour, bleu contre"
    assert text.get_size() / 0.75 >= 20  # legible from the back of a hall
    assert to_hex(text.get_color()).upper() == LIGHT.ink
    assert picture.facts["reach"] == pytest.approx(np.quantile(np.abs(weights[0]), 0.99))
    grey, yellow = np.zeros(3072), np.repeat([1.0, 1.0, -1.0], 1024)
    np.testing.assert_array_equal(template(grey, 1.0), np.full((32, 32, 3), 0.5))
    np.testing.assert_array_equal(template(yellow, 1.0), np.broadcast_to([1.0, 1.0, 0.0], (32, 32, 3)))


@pytest.mark.parametrize(("parameters", "error", "message"), [
    ({"epochs": 0}, ValueError, "epochs must be at least 1, not 0"),
    ({"epochs": 1.5}, TypeError, "epochs must be an integer, not 1.5"),
    ({"seed": -1}, ValueError, "seed must be at least 0, not -1"),
    ({"images": "absent.npz"}, ValueError, "there is no file 'absent.npz'"),
    ({"confidence": 0.5}, TypeError, "confidence must be a pair"),
    ({"names": ["soleil"]}, ValueError, "names must be as many as the 10 classes, not 1"),
    ({"names": ["un nom bien trop long"] * 10}, ValueError, "names must be short enough to be read .* 'un nom"),
])  # fmt: skip
def test_wrong_parameters_are_refused(parameters: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^linear_classifier: .*{message}"):
        linear_classifier(**(SMALL | parameters))
