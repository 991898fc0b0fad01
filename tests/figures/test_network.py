"""Slide 15: the maps, counts and probabilities are those of the trained network, and every map finds its place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from layout import faults, texts
from matplotlib.colors import to_hex
from matplotlib.image import AxesImage
from matplotlib.patches import Polygon
from numpy.typing import NDArray
from torch.nn import functional

from engine.classifiers import Network
from engine.pictograms import weather_pictograms
from figures import Picture, trained
from figures.labelled import lesson
from figures.network import convolutional_network
from figures.style import PALETTES, activation_map, style

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
    return convolutional_network(**SMALL)


@pytest.fixture(scope="module")
def network(empty_store: None) -> Network:
    data = lesson("f", seed=4, count=300, held_out=1 / 3, images=None)
    return trained.convolutional_network(data, seed=4, epochs=3, channels=(8, 16), kernel_size=5, hidden=0)


def by_torch(network: Network, images: NDArray[Any]) -> list[NDArray[Any]]:
    """Maps of convolution, pooling, convolution, pooling, then the scores."""
    arrays = {name: torch.from_numpy(np.array(value, np.float64)) for name, value in network.arrays().items()
              if name.endswith((".weight", ".bias"))}  # fmt: skip
    x, found = torch.from_numpy(images.astype(np.float64) - 0.5), []
    for k in (1, 2):
        x = functional.relu(functional.conv2d(x, arrays[f"convolution{k}.weight"], arrays[f"convolution{k}.bias"]))
        found.append(x)
        x = functional.max_pool2d(x, 2)
        found.append(x)
    found.append(functional.linear(x.flatten(1), arrays["scores.weight"], arrays["scores.bias"]))
    return [part.numpy() for part in found]


def written(picture: Picture) -> list[str]:
    return [text.get_text().replace("\u202f", " ") for text in texts(picture.figure)]


def sheets(picture: Picture) -> list[AxesImage]:
    """The skewed pictures."""
    return [image for image in picture.figure.axes[0].images if image.get_extent() == [0, 1, 1, 0]]


def test_answers_are_those_of_the_network(picture: Picture, network: Network) -> None:
    held, labels = (part[200:] for part in weather_pictograms(300, seed=4))
    scores = by_torch(network, held)[-1]
    facts = picture.facts
    assert facts["right"] == int((scores.argmax(axis=1) == labels).sum())
    assert (facts["wrong"], facts["accuracy"]) == (100 - facts["right"], facts["right"] / 100)
    own = scores[facts["index"]]
    np.testing.assert_allclose(facts["scores"], own, atol=1e-3)
    odds = torch.softmax(torch.from_numpy(own), 0).numpy()
    np.testing.assert_allclose(facts["probabilities"], odds, atol=1e-4)
    assert facts["label"] == facts["names"][labels[facts["index"]]]


def test_every_map_of_the_shown_image_is_drawn_once(picture: Picture, network: Network) -> None:
    image = weather_pictograms(300, seed=4).images[200 + picture.facts["index"]]
    drawn = [np.asarray(sheet.get_array()) for sheet in sheets(picture)]
    assert len(drawn) == 1 + 8 + 8 + 16 + 16
    assert sum(array.shape == (32, 32, 3) and np.allclose(array, image.transpose(1, 2, 0), atol=1e-6)
               for array in drawn) == 1  # fmt: skip
    with style():
        colours = activation_map()
    for maps in by_torch(network, image[None])[:4]:
        same = [array for array in drawn if array.shape[:2] == maps.shape[2:]]
        assert len(same) == maps.shape[1]
        for one in maps[0]:
            expected = colours(one / (one.max() or 1))[..., :3]
            assert any(np.allclose(array, expected, atol=0.02) for array in same)


def test_the_image_is_also_shown_from_the_front_and_named(picture: Picture) -> None:
    image = weather_pictograms(300, seed=4).images[200 + picture.facts["index"]].transpose(1, 2, 0)
    flat = [shown for shown in picture.figure.axes[0].images if shown.get_extent() != [0, 1, 1, 0]
            and np.shape(shown.get_array()) == (32, 32, 3)]  # fmt: skip
    assert len(flat) == 1
    np.testing.assert_allclose(flat[0].get_array(), image, atol=1e-6)
    left, right, bottom, top = flat[0].get_extent()
    assert right - left == bottom - top >= 128
    assert {f"étiquette\u00a0: {picture.facts['label']}", "image de synthèse"} <= set(written(picture))
    # What is written on the thumbnail's place would hide it.
    for text in texts(picture.figure):
        box = text.get_window_extent()
        assert box.x0 > right or box.x1 < left or 556 - box.y0 < top + 1 or 556 - box.y1 > bottom, text.get_text()


def test_the_way_from_maps_to_scores_is_said(picture: Picture) -> None:
    lines = written(picture)
    assert lines.count("mise") == lines.count("à plat") == lines.count("× poids") == lines.count("+ biais") == 1
    drawn = convolutional_network(seed=4, count=90, epochs=1, hidden=12)
    assert written(drawn).count("× poids") == written(drawn).count("+ biais") == 2


def test_headings_stand_apart(picture: Picture) -> None:
    heads = [text.get_window_extent() for text in texts(picture.figure) if text.get_position()[1] < 30]
    heads.sort(key=lambda box: box.x0)
    assert len(heads) == 8
    assert all(after.x0 - before.x1 >= 24 for before, after in pairwise(heads))


def test_the_rule_that_chose_the_image_is_a_fact() -> None:
    facts = convolutional_network(confidence=(0.3, 0.6), **SMALL).facts
    assert facts["confidence"] == [0.3, 0.6]
    assert 1 <= facts["eligible"] <= facts["right"]
    assert 0.3 <= facts["probability"] <= 0.6


def test_sizes_and_parameters_are_written(picture: Picture, network: Network) -> None:
    facts, lines = picture.facts, written(picture)
    counted = {name: layer.weight.size + layer.bias.size for name, layer in network.layers.items()
               if hasattr(layer, "weight")}  # fmt: skip
    assert {name: n for name, n in facts["parameters_by_layer"].items() if n} == counted
    assert facts["parameters"] == sum(counted.values()) == 608 + 3216 + 4010
    assert [(s["kind"], s["maps"], s["side"], s["parameters"]) for s in facts["stages"]] == [
        ("convolution", 8, 28, 608), ("pooling", 8, 14, 0), ("convolution", 16, 10, 3216), ("pooling", 16, 5, 0)]
    assert {"7 834 paramètres", "608 paramètres", "3 216 paramètres", "4 010 paramètres", "400 → 10", "28 × 28",
            "14 × 14", "10 × 10", "5 × 5", "32 × 32 × 3", "couche dense", "10 probabilités",
            "3,9 fois moins que le réseau sans couche cachée (30 730)"} <= set(lines)  # fmt: skip
    assert lines.count("0 paramètre") == lines.count("max pooling") == lines.count("convolution") == 2
    assert (lines.count("8 cartes"), lines.count("16 cartes")) == (2, 2)
    assert facts["linear_parameters"] == 30730
    assert f"{100 * facts['accuracy']:.1f} % de bonnes réponses".replace(".", ",") in lines
    assert "sur 100 images de synthèse jamais vues" in lines


def test_bars_are_as_long_as_the_probabilities_and_the_right_one_is_green(picture: Picture) -> None:
    facts = picture.facts
    label = facts["names"].index(facts["label"])
    found = []
    for patch in picture.figure.findobj(Polygon):
        (left, top), (right, bottom) = patch.get_xy().min(axis=0), patch.get_xy().max(axis=0)
        if abs(bottom - top - 18) < 1e-6 and left > 950:
            found.append((patch.get_zorder() >= 4, top, right - left, to_hex(patch.get_facecolor()).upper()))
    found.sort()
    # The scale of slide 8, whose test says the same: 100 px for certainty.
    np.testing.assert_allclose([length for _, _, length, _ in found[:10]], 100)
    _, _, lengths, colours = zip(*found[10:], strict=True)
    np.testing.assert_allclose(lengths, np.multiply(100, facts["probabilities"]), atol=1e-9)
    assert [k for k, colour in enumerate(colours) if colour == LIGHT.green] == [label]


@pytest.mark.parametrize("parameters", [
    {}, {"palette": "dark"}, {"channels": (5,), "hidden": 12}, {"channels": (1, 6, 9), "kernel_size": 3},
    {"channels": (24, 24), "kernel_size": 3, "hidden": 1000}, {"channels": (16, 16, 16), "kernel_size": 3},
])  # fmt: skip
def test_nothing_is_misplaced_whatever_the_network(parameters: dict[str, Any]) -> None:
    drawn = convolutional_network(**({"seed": 4, "count": 90, "epochs": 1} | parameters))
    assert faults(drawn.figure) == []
    assert len(drawn.svg()) < 300_000
    channels = parameters.get("channels", (8, 16))
    assert len(sheets(drawn)) == 1 + 2 * sum(channels)
    assert drawn.facts["dense_sizes"][1:-1] == ([parameters["hidden"]] if "hidden" in parameters else [])


def test_a_larger_network_is_not_said_to_be_smaller() -> None:
    drawn = convolutional_network(seed=4, count=90, epochs=1, hidden=100)
    assert drawn.facts["parameters"] == 608 + 3216 + 400 * 100 + 100 + 1000 + 10
    assert "le réseau sans couche cachée en a 30 730" in written(drawn)
    assert "couches denses" in written(drawn)


def test_the_alternative_text_tells_the_layers(picture: Picture) -> None:
    alt = picture.alt.replace("\u202f", " ")
    for part in ("8 cartes 28 × 28", "14 × 14", "16 cartes 10 × 10", "5 × 5", "400 nombres", "7 834 paramètres",
                 picture.facts["label"]):  # fmt: skip
        assert part in alt


@pytest.mark.parametrize(("parameters", "error", "message"), [
    ({"channels": ()}, ValueError, r"channels must list the maps of 1 to 3 convolutions, not \(\)"),
    ({"channels": 8}, ValueError, "channels must list the maps of 1 to 3 convolutions, not 8"),
    ({"channels": (8, 0)}, ValueError, "channels must be at least 1, not 0"),
    ({"channels": (8, 2.5)}, TypeError, "channels must be an integer, not 2.5"),
    ({"channels": (25,)}, ValueError, "channels must be at most 24, and 48 together"),
    ({"channels": (24, 20, 5)}, ValueError, "channels must be at most 24, and 48 together"),
    ({"kernel_size": 0}, ValueError, "kernel_size must be at least 1, not 0"),
    ({"kernel_size": 20}, ValueError, "maps of 6 x 6 are too small for convolution2"),
    ({"hidden": -1}, ValueError, "hidden must be at least 0, not -1"),
    ({"hidden": 1001}, ValueError, "hidden must be at most 1000, not 1001"),
    ({"epochs": 0}, ValueError, "epochs must be at least 1, not 0"),
    ({"images": "absent.npz"}, ValueError, "there is no file 'absent.npz'"),
])  # fmt: skip
def test_wrong_parameters_are_refused(parameters: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^convolutional_network: .*{message}"):
        convolutional_network(**(SMALL | parameters))
