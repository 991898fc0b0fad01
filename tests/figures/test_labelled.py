"""The images that the classifiers learn from: pictograms or the user's own, parted honestly, refused with reasons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.pictograms import weather_pictograms
from figures.labelled import Lesson, lesson


def told_apart(count: int, classes: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Images of which each is its own number, sorted by class."""
    images = np.broadcast_to((np.arange(count) / 255)[:, None, None, None], (count, 3, 32, 32)).astype(np.float32)
    return images, np.sort(np.arange(count) % classes)


def own(path: Path, **settings: Any) -> Lesson:
    return lesson("f", **({"seed": 1, "count": None, "held_out": 0.25, "images": str(path)} | settings))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    images, labels = told_apart(80, 4)
    np.savez(tmp_path / "own.npz", images=images, labels=labels)
    return tmp_path / "own.npz"


def test_the_last_pictograms_are_held_out() -> None:
    pixels, labels = weather_pictograms(60, seed=5)
    data = lesson("f", seed=5, count=60, held_out=1 / 3, images=None)
    assert data.synthetic
    assert data.classes == 10
    np.testing.assert_array_equal(data.images, pixels[:40])
    np.testing.assert_array_equal(data.labels, labels[:40])
    np.testing.assert_array_equal(data.held_images, pixels[40:])
    np.testing.assert_array_equal(data.held_labels, labels[40:])


def test_own_images_are_each_used_once_with_their_own_label(saved: Path) -> None:
    data = own(saved)
    assert not data.synthetic
    assert (len(data.images), len(data.held_images)) == (60, 20)
    labels = told_apart(80, 4)[1]
    numbers = np.round(np.concatenate([data.images, data.held_images])[:, 0, 0, 0] * 255).astype(int)
    assert sorted(numbers) == list(range(80))
    np.testing.assert_array_equal(np.concatenate([data.labels, data.held_labels]), labels[numbers])


def test_a_file_sorted_by_class_is_shuffled_before_it_is_parted(saved: Path) -> None:
    assert set(own(saved).held_labels.tolist()) == {0, 1, 2, 3}
    assert not np.array_equal(own(saved).labels, own(saved, seed=2).labels)


def test_bytes_are_shades_from_0_to_255(tmp_path: Path) -> None:
    images, labels = told_apart(80, 4)
    np.savez(tmp_path / "own.npz", images=np.round(images * 255).astype(np.uint8), labels=labels.astype(np.uint8))
    np.savez(tmp_path / "same.npz", images=images, labels=labels)
    assert own(tmp_path / "own.npz").images.dtype == np.float32
    np.testing.assert_array_equal(own(tmp_path / "own.npz").images, own(tmp_path / "same.npz").images)


def test_only_so_many_images_are_used(saved: Path) -> None:
    data = own(saved, count=40)
    assert (len(data.images), len(data.held_images)) == (30, 10)
    assert len(np.unique(np.concatenate([data.images, data.held_images])[:, 0, 0, 0])) == 40


GOOD = dict(zip(("images", "labels"), told_apart(80, 4), strict=True))


@pytest.mark.parametrize(("arrays", "message"), [
    ({"pictures": GOOD["images"], "labels": GOOD["labels"]}, "holds pictures, labels"),
    ({"images": GOOD["images"][:, :2], "labels": GOOD["labels"]}, "images must be (N, H, W), (N, 1, H, W) or "
     "(N, 3, H, W) with N at least 2 and H and W from 4 to 512, not (80, 2, 32, 32)"),
    ({"images": GOOD["images"].transpose(0, 2, 3, 1), "labels": GOOD["labels"]},
     "not (80, 32, 32, 3); did you put the channels last?"),
    ({"images": GOOD["images"][0, 0], "labels": GOOD["labels"]}, "not (32, 32)"),
    ({"images": GOOD["images"][..., :3], "labels": GOOD["labels"]}, "not (80, 3, 32, 3)"),
    ({"images": GOOD["images"][:1], "labels": GOOD["labels"][:1]}, "not (1, 3, 32, 32)"),
    ({"images": GOOD["images"] * 255, "labels": GOOD["labels"]}, "must lie in [0, 1]; they range from 0.0 to 79.0"),
    ({"images": np.where(GOOD["images"] == 0, np.nan, GOOD["images"]), "labels": GOOD["labels"]}, "must lie in [0, 1]"),
    ({"images": GOOD["images"].astype(int), "labels": GOOD["labels"]}, "from 0 to 1 or uint8, not int64"),
    ({"images": GOOD["images"], "labels": GOOD["labels"][:9]}, "images and labels must be as many, not 80 and 9"),
    ({"images": GOOD["images"], "labels": GOOD["labels"] / 2}, "labels must be one whole number an image, not float64"),
    ({"images": GOOD["images"], "labels": GOOD["labels"][:, None]}, "one whole number an image, not int64 (80, 1)"),
    ({"images": GOOD["images"], "labels": GOOD["labels"] - 1}, "they range from -1 to 2"),
    ({"images": GOOD["images"], "labels": GOOD["labels"] * 0}, "2 to 10 classes from 0; they range from 0 to 0"),
    ({"images": GOOD["images"], "labels": GOOD["labels"] + 8}, "they range from 8 to 11"),
    ({"images": GOOD["images"], "labels": GOOD["labels"] * 2}, "class 1 has none among 60"),
])  # fmt: skip
def test_wrong_arrays_are_refused_with_the_rule(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    if "images" in arrays:
        with pytest.raises((ValueError, TypeError), match=f"^f: .*{re.escape(message)}"):
            lesson("f", seed=1, count=None, held_out=0.25, **arrays)
    np.savez(tmp_path / "own.npz", **arrays)
    with pytest.raises((ValueError, TypeError), match=f"^f: .*{re.escape(message)}"):
        own(tmp_path / "own.npz")


def test_files_that_are_no_npz_are_refused(tmp_path: Path) -> None:
    rule = r"^f: images must be an array, or the path of an \.npz file with images .* and labels .*"
    (tmp_path / "text.npz").write_text("images")
    np.save(tmp_path / "array.npy", np.zeros(3))
    np.savez(tmp_path / "pickled.npz", images=np.array([None]), labels=np.array([0]))
    for name in ("text.npz", "array.npy", "pickled.npz", "."):
        with pytest.raises(ValueError, match=rule + "cannot be read as one"):
            own(tmp_path / name)
    with pytest.raises(ValueError, match=rule + "there is no file"):
        own(tmp_path / "absent.npz")


@pytest.mark.parametrize(("given", "kind", "message"), [
    ({"images": 3, "labels": [0]}, ValueError, r"images must be \(N, H, W\).*, not \(\)"),
    ({"images": [["a"]], "labels": [0]}, ValueError, "images must be"),
    ({"images": GOOD["images"]}, TypeError, "images in an array need labels, a whole number for each"),
    ({"labels": GOOD["labels"]}, TypeError, "labels belong to images in an array; images is left out"),
    ({"images": "own.npz", "labels": [0]}, TypeError, "labels belong to images in an array; 'own.npz' has its own"),
])  # fmt: skip
def test_arrays_need_labels(given: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=f"^f: {message}"):
        lesson("f", **({"seed": 1, "count": None, "held_out": 0.25, "images": None} | given))


def test_arrays_give_what_their_file_gives(saved: Path) -> None:
    images, labels = told_apart(80, 4)
    given = lesson("f", seed=1, count=None, held_out=0.25, images=images, labels=labels.tolist())
    for mine, its in zip(given, own(saved), strict=True):
        np.testing.assert_array_equal(mine, its)


@pytest.mark.parametrize("shape", [(40, 64, 64), (40, 1, 16, 16), (40, 3, 48, 64), (40, 28, 28), (40, 8, 8)])
def test_images_of_another_size_are_averaged(shape: tuple[int, ...]) -> None:
    images = np.random.default_rng(0).random(shape)
    data = lesson("f", seed=3, count=None, held_out=0.5, images=images, labels=np.arange(40) % 2)
    found = np.concatenate([data.images, data.held_images])
    assert found.shape == (40, 3, 32, 32)
    assert found.dtype == np.float32
    side = min(shape[-2:])
    left = (shape[-1] - side) // 2
    square = np.broadcast_to((images if len(shape) == 4 else images[:, None])[..., left:left + side],
                             (40, 3, side, side))  # fmt: skip
    np.testing.assert_allclose(np.sort(found.mean(axis=(1, 2, 3))), np.sort(square.mean(axis=(1, 2, 3))), rtol=1e-5)
    if side == 64:  # two by two
        expected = square.reshape(40, 3, 32, 2, 32, 2).mean(axis=(3, 5))
        order = np.argsort(found.mean(axis=(1, 2, 3))), np.argsort(expected.mean(axis=(1, 2, 3)))
        np.testing.assert_allclose(found[order[0]], expected[order[1]], rtol=1e-5)


@pytest.mark.parametrize(("settings", "message"), [
    ({"held_out": 0.0}, "held_out must leave images to learn from and to examine with, not 0.0 of 60"),
    ({"held_out": 1.0}, "held_out must leave images to learn from"),
    ({"held_out": 1.5}, "held_out must be in [0.0, 1.0], not 1.5"),
    ({"count": 1}, "count must be at least 2, not 1"),
    ({"count": 12}, "every class needs an image to learn from"),
    ({"seed": -1}, "seed must be at least 0, not -1"),
])  # fmt: skip
def test_settings_out_of_range_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^f: {re.escape(message)}"):
        lesson("f", **({"seed": 0, "count": 60, "held_out": 0.5, "images": None} | settings))


def test_more_images_than_the_file_holds_are_refused(saved: Path) -> None:
    with pytest.raises(ValueError, match=r"^f: count must be at most the 80 images given, not 81"):
        own(saved, count=81)
