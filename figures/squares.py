"""A square of somebody's picture, at the size that a figure shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from engine.arguments import integer
from figures.pixels import grey_pixels

Box = tuple[int, int, int, int]  # left, top, right, bottom
Source = str | Path | Image.Image | ArrayLike


def square(source: Source, *, crop: Box | None = None, size: int, caller: str) -> NDArray[np.float64]:
    """The square `crop` of a picture, in grey, of `size` × `size` pixels.

    Parameters
    ----------
    source : path, PIL.Image.Image or array_like
        As for `figures.pixels.grey_pixels`.
    crop : (left, top, right, bottom), optional
        Pixels of the source. Without it, the largest square in the middle.
    size : int
        Side of the result, px. Each of its pixels is the mean of the area that it covers.
    caller : str
        The public function, for the messages.

    Returns
    -------
    ndarray, (size, size), float64 in [0, 1]

    Raises
    ------
    TypeError, ValueError
        A file that is missing or no picture, fewer pixels than asked for, values out of range, a crop outside.
    """
    size = integer(caller, "size", size, 1)
    return cut(grey_pixels(caller, source), crop, size, caller)


def cut(grey: NDArray[np.float64], crop: Box | None, size: int, caller: str) -> NDArray[np.float64]:
    """`square`, of shades of grey."""
    left, top, right, bottom = _middle(grey.shape) if crop is None else _box(caller, crop)
    if not (0 <= left < right <= grey.shape[1] and 0 <= top < bottom <= grey.shape[0]):
        raise ValueError(f"{caller}: crop must lie inside {grey.shape[1]} × {grey.shape[0]} pixels, not {crop}")
    part = grey[top:bottom, left:right]
    if min(part.shape) < size:
        raise ValueError(f"{caller}: {part.shape[1]} × {part.shape[0]} pixels are too few for {size} × {size}")
    # A mean of ones may round to a little more than 1.
    return np.clip(averaged(averaged(part, size).T, size).T, 0.0, 1.0)


def _box(caller: str, crop: object) -> Box:
    if not isinstance(crop, (list, tuple, np.ndarray)) or len(crop) != 4:
        raise TypeError(f"{caller}: crop must be four pixels (left, top, right, bottom), not {crop!r}")
    left, top, right, bottom = (integer(caller, "crop", edge) for edge in crop)
    return left, top, right, bottom


def _middle(shape: tuple[int, ...]) -> Box:
    side = min(shape)
    top, left = (shape[0] - side) // 2, (shape[1] - side) // 2
    return left, top, left + side, top + side


def averaged(rows: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """`count` rows, each the mean of the rows that it covers, in part or whole."""
    edges = np.linspace(0, len(rows), count + 1)
    sums = np.vstack([np.zeros(rows.shape[1]), np.cumsum(rows, axis=0)])
    whole = np.minimum(edges.astype(int), len(rows) - 1)
    up_to = sums[whole] + (edges - whole)[:, None] * rows[whole]
    return np.asarray(np.diff(up_to, axis=0) / (len(rows) / count))
