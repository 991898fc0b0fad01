"""The labelled images that the classifiers learn from, and those held out to examine them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import integer, real, seeded
from engine.generator import permutation
from engine.pictograms import weather_pictograms
from engine.received import array_of
from figures.squares import averaged

COUNT = 6000  # pictograms drawn, where the caller does not say
SEED = 7  # of the deck's pictograms; any other does, but here the images shown can be read from afar
HELD_OUT = 1 / 3  # share of the images that no training sees
MOST_CLASSES = 10  # rows of answers that a slide has room for
SHAPE = (3, 32, 32)
SMALLEST, LARGEST = 4, 512  # rows and columns of an image that is brought to that shape
ORDER = 2**62  # stream of the shuffle, far from those of training

Images = str | Path | ArrayLike


class Lesson(NamedTuple):
    """Images (N, 3, 32, 32), float32 in [0, 1], with labels (N,) int64: some to learn from, others held out.

    `synthetic` says that they are our pictograms.
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    held_images: NDArray[np.float32]
    held_labels: NDArray[np.int64]
    synthetic: bool

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return int(self.labels.max()) + 1


def lesson(function: str, *, seed: int, count: int | None, held_out: float, images: Images | None,
           labels: ArrayLike | None = None) -> Lesson:
    """Weather pictograms drawn from `seed`, or the user's own images; the last share `held_out` of them is held out.

    Parameters
    ----------
    function : str
        The figure's name, for the messages.
    seed : int, 0 to 2**64 - 1
        Of the pictograms, and of the order of the user's own images, which are shuffled before they are parted.
    count : int, optional
        How many images in all; 6000 pictograms or all of the user's own if left out.
    held_out : float, above 0 and below 1
        Share of the images that is held out.
    images : path or array_like, (N, H, W), (N, 1, H, W) or (N, 3, H, W), optional
        Real numbers from 0 to 1 or uint8, brought to 3 × 32 × 32; or an ``.npz`` file with `images` and `labels`.
    labels : array_like, (N,), optional
        Whole numbers from 0, for images in an array.

    Raises
    ------
    ValueError, TypeError
        A file without these arrays or with others than these, too few images, a class without an image to learn from.
    """
    seed = seeded(function, seed)
    share = real(function, "held_out", held_out, 0.0, 1.0)
    wanted = None if count is None else integer(function, "count", count, 2)
    if images is None:
        if labels is not None:
            raise TypeError(f"{function}: labels belong to images in an array; images is left out")
        pixels, numbers = weather_pictograms(COUNT if wanted is None else wanted, seed=seed)
    else:
        pixels, numbers = _own(function, images, labels, seed, wanted)
    learn = len(numbers) - round(share * len(numbers))
    if not 0 < learn < len(numbers):
        raise ValueError(f"{function}: held_out must leave images to learn from and to examine with, not {share} of "
                         f"{len(numbers)}")  # fmt: skip
    _taught(function, numbers, learn)
    return Lesson(pixels[:learn], numbers[:learn], pixels[learn:], numbers[learn:], images is None)


def _taught(function: str, labels: NDArray[np.int64], learn: int) -> None:
    missing = set(range(int(labels.max()) + 1)) - set(labels[:learn].tolist())
    if missing:
        raise ValueError(f"{function}: every class needs an image to learn from; class {min(missing)} has none among "
                         f"{learn}")  # fmt: skip


def _own(function: str, images: Any, given: Any, seed: int,
         wanted: int | None) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    if isinstance(images, (str, Path)):
        if given is not None:
            raise TypeError(f"{function}: labels belong to images in an array; {str(images)!r} has its own")
        arrays = _read(function, images)
    elif given is None:
        raise TypeError(f"{function}: images in an array need labels, a whole number for each")
    else:
        arrays = {"images": array_of(function, "images", images), "labels": array_of(function, "labels", given)}
    pixels = _pixels(function, arrays["images"])
    labels = _labels(function, arrays["labels"], len(pixels))
    if wanted is not None and wanted > len(labels):
        raise ValueError(f"{function}: count must be at most the {len(labels)} images given, not {wanted}")
    # Images are often sorted by class: without a shuffle whole classes would be held out.
    order = permutation(len(labels), seed=seed, stream=ORDER)[:wanted]
    return _brought(pixels[order]), labels[order]


def _read(function: str, path: str | Path) -> dict[str, NDArray[Any]]:
    rule = "images must be an array, or the path of an .npz file with images (N, 3, 32, 32) and labels (N,)"
    try:
        with np.load(path, allow_pickle=False) as stored:
            found = {name: np.asarray(stored[name]) for name in ("images", "labels") if name in stored}
            names = list(stored)
    except FileNotFoundError:
        raise ValueError(f"{function}: {rule}; there is no file {str(path)!r}") from None
    except (OSError, ValueError, TypeError, EOFError, AttributeError, zipfile.BadZipFile):
        raise ValueError(f"{function}: {rule}; {str(path)!r} cannot be read as one") from None
    if len(found) < 2:
        raise ValueError(f"{function}: {rule}; {str(path)!r} holds {', '.join(names) or 'nothing'}")
    return found


def _pixels(function: str, images: NDArray[Any]) -> NDArray[np.float32]:
    if images.ndim == 3:
        images = images[:, None]
    if images.ndim != 4 or images.shape[1] not in (1, SHAPE[0]) or len(images) < 2 \
            or not all(SMALLEST <= side <= LARGEST for side in images.shape[2:]):
        last = images.ndim == 4 and images.shape[3] in (1, SHAPE[0])
        hint = "; did you put the channels last?" if last else ""
        raise ValueError(f"{function}: images must be (N, H, W), (N, 1, H, W) or (N, 3, H, W) with N at least 2 and "
                         f"H and W from {SMALLEST} to {LARGEST}, not {images.shape}{hint}")  # fmt: skip
    if images.dtype == np.uint8:
        return images.astype(np.float32) / np.float32(255)
    if images.dtype.kind != "f":
        raise TypeError(f"{function}: images must hold real numbers from 0 to 1 or uint8, not {images.dtype}")
    if not (np.isfinite(images).all() and images.min() >= 0 and images.max() <= 1):
        raise ValueError(f"{function}: images must lie in [0, 1]; they range from {images.min()} to {images.max()}")
    return images.astype(np.float32)


def _brought(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Images at the size that the networks take: squares from the middle, each pixel the mean of what it covers."""
    if images.shape[2:] != SHAPE[1:]:
        side = min(images.shape[2:])
        top, left = ((length - side) // 2 for length in images.shape[2:])
        images = images[:, :, top:top + side, left:left + side]
        for axis in (2, 3):
            lines = np.moveaxis(images, axis, 0)
            few = averaged(lines.reshape(side, -1).astype(np.float64), SHAPE[1]).reshape(-1, *lines.shape[1:])
            images = np.moveaxis(few, 0, axis).clip(0, 1).astype(np.float32)
    return np.ascontiguousarray(np.broadcast_to(images, (len(images), *SHAPE)))


def _labels(function: str, labels: NDArray[Any], count: int) -> NDArray[np.int64]:
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(f"{function}: labels must be one whole number an image, not {labels.dtype} {labels.shape}")
    if len(labels) != count:
        raise ValueError(f"{function}: images and labels must be as many, not {count} and {len(labels)}")
    if not (labels.min() >= 0 and 1 <= labels.max() < MOST_CLASSES):
        raise ValueError(f"{function}: labels must number 2 to {MOST_CLASSES} classes from 0; they range from "
                         f"{labels.min()} to {labels.max()}")  # fmt: skip
    return labels.astype(np.int64)
