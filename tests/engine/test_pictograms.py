"""The weather pictograms: a function of seed and index, balanced, and as hard as they are said to be."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from engine.pictogram_catalogue import CLASSES, COLOURS, catalogue
from engine.pictograms import Pictograms, weather_pictograms


@pytest.fixture(scope="module")
def thousand():
    return weather_pictograms(1000, seed=1)


def test_images_and_labels(thousand):
    assert isinstance(thousand, Pictograms)
    images, labels = thousand
    assert images.shape == (1000, 3, 32, 32)
    assert images.dtype == np.float32
    assert images.flags.c_contiguous
    assert labels.shape == (1000,)
    assert labels.dtype == np.int64
    assert images.min() >= 0.0
    assert images.max() <= 1.0
    assert images.std() > 0.1


def test_classes_are_balanced_and_in_random_order(thousand):
    tens = thousand.labels.reshape(-1, 10)
    np.testing.assert_array_equal(np.sort(tens, axis=1), np.tile(np.arange(10), (100, 1)))
    assert len(np.unique(tens, axis=0)) == 100
    spread = np.array([np.bincount(tens[:, place], minlength=10) for place in range(10)])
    assert spread.max() <= 25


@pytest.mark.parametrize("count", [0, 1, 7, 25])
def test_an_image_does_not_depend_on_how_many_there_are(thousand, count):
    images, labels = weather_pictograms(count, seed=1)
    np.testing.assert_array_equal(images, thousand.images[:count])
    np.testing.assert_array_equal(labels, thousand.labels[:count])


def test_seeds_draw_other_images(thousand):
    other = weather_pictograms(100, seed=2)
    assert not np.array_equal(other.labels, thousand.labels[:100])
    assert np.abs(other.images - thousand.images[:100]).mean(axis=(1, 2, 3)).min() > 0.05


def test_the_bits_are_the_same_everywhere():
    images, labels = weather_pictograms(20, seed=2024)
    digest = hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
    assert digest == "82eb3f922807ed0cbdbc4ac0a0c745c15883a5931d85ae243d0523e29115f8bf"


def test_grain_is_grey_and_as_strong_as_asked():
    clean = weather_pictograms(50, seed=3, noise=0.0).images.astype(np.float64)
    grainy = weather_pictograms(50, seed=3, noise=0.02).images
    unclipped = ((clean > 0.1) & (clean < 0.9)).all(axis=1)
    grain = (grainy - clean).transpose(0, 2, 3, 1)[unclipped]
    assert abs(grain.std() - 0.02) < 0.02 * 0.03
    assert abs(grain.mean()) < 0.001
    np.testing.assert_allclose(grain - grain[:, :1], 0.0, atol=1e-6)


def test_the_share_of_pale_skies():
    for pale in (0.0, 0.3, 1.0):
        corner = weather_pictograms(1000, seed=4, pale=pale, noise=0.0, shift=0.0).images[:, :, 0, 0].mean(axis=1)
        assert abs((corner > 0.68).mean() - pale) < 0.05


def weight_of_the_drawing(images):
    """How far each pixel is from the sky of its row, whose left border shows it."""
    return np.abs(images - images[:, :, :, :1]).sum(axis=1)


def test_nothing_moves_without_shift_and_tilt():
    images, labels = weather_pictograms(300, seed=5, shift=0.0, tilt=0.0, noise=0.0)
    suns = weight_of_the_drawing(images)[labels == CLASSES.index("sun")]
    np.testing.assert_allclose(suns, suns[:, :, ::-1], atol=1e-5)
    assert ((suns > 0.3) != (suns[:, ::-1] > 0.3)).mean() < 0.01  # their gold is paler at the top
    assert (images[:, :, :, 0] == images[:, :, :, -1]).all()


def test_shift_moves_the_centre_evenly():
    images, labels = weather_pictograms(3000, seed=6, shift=3.0, noise=0.0)
    drawing = weight_of_the_drawing(images)[labels == CLASSES.index("sun")]
    total = drawing.sum(axis=(1, 2))
    for axis in (1, 2):
        place = (drawing.sum(axis=axis) * (np.arange(32) - 15.5)).sum(axis=1) / total
        assert np.abs(place).max() < 3.2
        assert abs(place.std() - 3.0 / np.sqrt(3)) < 0.2


def nearest_mean_accuracy(pictograms, train):
    images, labels = pictograms.images.reshape(len(pictograms.labels), -1), pictograms.labels
    means = np.array([images[:train][labels[:train] == k].mean(axis=0) for k in range(10)])
    distance = ((images[train:, None] - means[None]) ** 2).sum(axis=2)
    return (distance.argmin(axis=1) == labels[train:]).mean()


def test_what_makes_them_hard_is_their_place_and_their_negatives():
    still = {"shift": 0.0, "tilt": 0.0, "pale": 0.0, "noise": 0.0}
    easy = nearest_mean_accuracy(weather_pictograms(800, seed=7, **still), 500)
    moved = nearest_mean_accuracy(weather_pictograms(800, seed=7, **{**still, "shift": 5.0}), 500)
    turned = nearest_mean_accuracy(weather_pictograms(800, seed=7, **{**still, "pale": 0.3}), 500)
    usual = nearest_mean_accuracy(weather_pictograms(800, seed=7), 500)
    assert easy > 0.6
    assert easy - moved > 0.1
    assert easy - turned > 0.1
    assert usual < 0.4


def test_every_class_shows_against_every_sky():
    images, labels = weather_pictograms(2000, seed=8, noise=0.0)
    contrast = np.abs(images - images[:, :, :1, :1]).sum(axis=1)
    strong = np.sort(contrast.reshape(len(labels), -1), axis=1)[:, -60]
    assert strong.min() > 0.35


def test_the_catalogue_lies_in_its_square():
    drawings = catalogue()
    assert tuple(drawings) == CLASSES
    assert len(set(CLASSES)) == 10
    for layers in drawings.values():
        assert 1 <= len(layers) <= 3
        for layer in layers:
            assert layer.colour in COLOURS
            for kind, *numbers in layer.shapes:
                assert np.isfinite(numbers).all()
                if kind in (0.0, 2.0):
                    assert max(map(abs, numbers[:-1])) + numbers[-1] <= 1.02


@pytest.mark.parametrize(("arguments", "error", "message"), [
    ({"count": -1, "seed": 0}, ValueError, "weather_pictograms: count must be at least 0, not -1"),
    ({"count": 2.0, "seed": 0}, TypeError, "weather_pictograms: count must be an integer, not 2.0"),
    ({"count": 1, "seed": -1}, ValueError, "weather_pictograms: seed must be at least 0, not -1"),
    ({"count": 1, "seed": 2**64}, ValueError, "weather_pictograms: seed must be below 2**64"),
    ({"count": 1, "seed": 0, "noise": -0.1}, ValueError, "weather_pictograms: noise must be in [0.0, 1.0], not -0.1"),
    ({"count": 1, "seed": 0, "shift": 33}, ValueError, "weather_pictograms: shift must be in [0.0, 32.0], not 33"),
    ({"count": 1, "seed": 0, "tilt": np.nan}, ValueError, "weather_pictograms: tilt must be in [0.0, 180.0], not nan"),
    ({"count": 1, "seed": 0, "pale": 1.1}, ValueError, "weather_pictograms: pale must be in [0.0, 1.0], not 1.1"),
    ({"count": 1, "seed": 0, "pale": "some"}, TypeError, "weather_pictograms: pale must be a number, not 'some'"),
])
def test_bad_input(arguments, error, message):
    with pytest.raises(error) as caught:
        weather_pictograms(**arguments)
    assert str(caught.value).startswith(message)
