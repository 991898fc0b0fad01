"""The photograph that the figures filter: Grace Hopper (public domain, with matplotlib), or the user's own."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, UnidentifiedImageError

from engine.arguments import floating, integer
from figures.used import packaged

GREY = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601, as television weighs red, green and blue
HOPPER = (82, 0, 446, 364)  # left, top, right, bottom: her head and shoulders
HOPPER_CREDIT = "Portrait of Grace Hopper, US Navy, public domain"

Box = tuple[int, int, int, int]


def photograph(source: str | Path | ArrayLike | None = None, *, crop: Box | None = None,
               size: int = 192) -> NDArray[np.float64]:
    """A square grey photograph.

    Parameters
    ----------
    source : path or array_like, optional
        A picture file, or an array (H, W), (H, W, 3) or (H, W, 4), in [0, 1] or integers up to 255. Without it, the
        portrait of Grace Hopper that matplotlib ships.
    crop : (left, top, right, bottom), optional
        Pixels of the source. Without it, the largest square in the middle.
    size : int
        Side of the result, px. Each of its pixels is the mean of the area that it covers.

    Returns
    -------
    ndarray, (size, size), float64 in [0, 1]

    Raises
    ------
    ValueError
        A file that is missing or no picture, fewer pixels than asked for, values out of range, a crop outside.
    """
    size = integer("photograph", "size", size, 1)
    if source is None:
        path = packaged("matplotlib", "mpl-data/sample_data/grace_hopper.jpg")
        grey, crop = _hopper(path), crop or HOPPER
    else:
        grey = _grey(_pixels(source))
    left, top, right, bottom = crop or _middle(grey.shape)
    if not (0 <= left < right <= grey.shape[1] and 0 <= top < bottom <= grey.shape[0]):
        raise ValueError(f"photograph: crop must lie inside {grey.shape[1]} × {grey.shape[0]} pixels, not {crop}")
    square = grey[top:bottom, left:right]
    if min(square.shape) < size:
        raise ValueError(f"photograph: {square.shape[1]} × {square.shape[0]} pixels are too few for {size} × {size}")
    # A mean of ones may round to a little more than 1.
    return np.clip(_averaged(_averaged(square, size).T, size).T, 0.0, 1.0)


def credit(source: object = None) -> str:
    """Whose work a figure shows that filters `source`; of a user's own file nobody knows."""
    return HOPPER_CREDIT if source is None else ""


@functools.cache
def _hopper(path: Path) -> NDArray[np.float64]:
    with Image.open(path) as image:
        return _grey(np.asarray(image.convert("RGB")))


def _pixels(source: str | Path | ArrayLike) -> NDArray[np.generic]:
    if not isinstance(source, (str, Path)):
        return np.asarray(source)
    try:
        with Image.open(source) as image:
            return np.asarray(image.convert("RGB"))
    except FileNotFoundError:
        raise ValueError(f"photograph: no file {str(source)!r}") from None
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError(f"photograph: {str(source)!r} cannot be read as a picture ({type(error).__name__})") from None


def _grey(pixels: NDArray[np.generic]) -> NDArray[np.float64]:
    values = floating("photograph", "image", pixels, finite=True).astype(np.float64)
    if values.ndim not in (2, 3) or (values.ndim == 3 and values.shape[2] not in (3, 4)) or 0 in values.shape:
        raise ValueError(f"photograph: image must be (H, W), (H, W, 3) or (H, W, 4), not {values.shape}")
    if pixels.dtype.kind in "iu":
        values = values / 255
    if values.min() < 0 or values.max() > 1:
        raise ValueError(f"photograph: values must lie in [0, 1], not [{values.min():g}, {values.max():g}]")
    return values if values.ndim == 2 else (values[..., :3] * GREY).sum(axis=2)


def _middle(shape: tuple[int, ...]) -> Box:
    side = min(shape)
    top, left = (shape[0] - side) // 2, (shape[1] - side) // 2
    return left, top, left + side, top + side


def _averaged(rows: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """`count` rows, each the mean of the rows that it covers, in part or whole."""
    edges = np.linspace(0, len(rows), count + 1)
    sums = np.vstack([np.zeros(rows.shape[1]), np.cumsum(rows, axis=0)])
    whole = np.minimum(edges.astype(int), len(rows) - 1)
    up_to = sums[whole] + (edges - whole)[:, None] * rows[whole]
    return np.asarray(np.diff(up_to, axis=0) / (len(rows) / count))
