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
    """A square grey photograph: `figures.squares.square`, which has the parameters.

    Without a source it is the portrait of Grace Hopper that matplotlib ships: head and shoulders, if no crop is given.
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
