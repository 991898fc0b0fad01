"""The photograph that the figures filter: Grace Hopper (public domain, with matplotlib), or the user's own."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.arguments import integer
from figures.pixels import grey_pixels
from figures.squares import Box, Source, cut, square
from figures.used import packaged

HOPPER = (82, 0, 446, 364)  # left, top, right, bottom: her head and shoulders
HOPPER_CREDIT = "Portrait of Grace Hopper, US Navy, public domain"


def photograph(source: Source | None = None, *, crop: Box | None = None, size: int = 192,
               caller: str = "photograph") -> NDArray[np.float64]:
    """A square grey photograph: `figures.squares.square`, of the portrait that matplotlib ships if no other is given.

    Parameters
    ----------
    source : path, PIL.Image.Image or array_like, optional
        As for `figures.pixels.grey_pixels`. Without it, the portrait of Grace Hopper.
    crop : (left, top, right, bottom), optional
        Pixels of the source. Without it, the largest square in the middle, or her head and shoulders.
    size : int
        Side of the result, px.
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
    if source is not None:
        return square(source, crop=crop, size=size, caller=caller)
    path = packaged("matplotlib", "mpl-data/sample_data/grace_hopper.jpg")
    return cut(_hopper(path), crop or HOPPER, integer(caller, "size", size, 1), caller)


def credit(source: object = None) -> str:
    """Whose work a figure shows that filters `source`; of a user's own file nobody knows."""
    return HOPPER_CREDIT if source is None else ""


@functools.cache
def _hopper(path: Path) -> NDArray[np.float64]:
    with Image.open(path) as image:
        return grey_pixels("photograph", np.asarray(image.convert("RGB")))
