"""Grids of numbers: what may be shown in one, and how large it may be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from engine.arguments import floating
from figures.language import Words
from figures.pixels import is_picture
from figures.squares import square
from figures.style import SMALL
from figures.typesetting import width_of

PICTURE = 8  # rows and columns of one shown in numbers


def grid_of_numbers(function: str, name: str, value: Any, most: tuple[int, int], *,
                    white: int = 255) -> NDArray[np.float64]:
    """A (rows, columns) float64 array of finite numbers with at most `most` rows and columns.

    A picture, by its file's name or as an image of Pillow's, is brought to 8 × 8 shades of grey from 0 to `white`.

    Raises
    ------
    ValueError
        Other than two axes, an empty grid, one too large to be read on a slide, NaN or infinities.
    """
    if is_picture(value):
        value = np.round(square(value, size=PICTURE, caller=function) * white)
    array = floating(function, name, value, 2, finite=True).astype(np.float64)
    if 0 in array.shape or any(n > limit for n, limit in zip(array.shape, most, strict=True)):
        raise ValueError(f"{function}: {name} must have 1 to {most[0]} rows and 1 to {most[1]} columns to be read "
                         f"on a slide, not {array.shape}")  # fmt: skip
    return array


def precisions(words: Words, values: Iterable[float]) -> Iterator[list[str]]:
    """The numbers as text with fewer and fewer decimals, from three on; with none only where no number becomes 0."""
    values = list(values)
    least = min((abs(value) for value in values if value), default=1.0)
    for digits in (None, 2, 1, 0) if least >= 0.5 else (None, 2, 1):
        yield [words.number(value, digits) for value in values]


def fitting(axes: Axes, texts: Iterable[str], room: float, largest: float) -> float:
    """The size in px, at most `largest`, at which the longest of the texts, bold, is `room` px wide."""
    return min(largest, 100 * room / max(width_of(axes, text, 100, "bold") for text in set(texts)))


def numerals(axes: Axes, words: Words, values: Iterable[float], room: float, largest: float, *,
             smallest: float = SMALL) -> tuple[float, list[str]]:
    """The size of type, at most `largest`, and the numbers as text, with as many decimals as `room` px allow.

    Raises
    ------
    ValueError
        They do not fit at `smallest` px even without decimals.
    """
    for texts in precisions(words, values):
        size = fitting(axes, texts, room, largest)
        if size >= smallest:
            return size, texts
    raise ValueError(too_long(texts, room))


def too_long(texts: Sequence[str], room: float) -> str:
    """What to say of numbers that do not fit."""
    return f"numbers must fit into {room:.0f} px to be read on a slide; {max(texts, key=len)} does not"


def as_rows(texts: Sequence[str], columns: int) -> list[list[str]]:
    """A flat list of texts cut into the rows of its grid."""
    return [list(texts[start:start + columns]) for start in range(0, len(texts), columns)]
