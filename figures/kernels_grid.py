"""A kernel as a grid: its numbers, or their signs alone, in tints of blue and orange."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from figures.grids import as_rows, numerals
from figures.language import MINUS, Words
from figures.parts import cell, corners, lit
from figures.style import MUTED, PURPLE, SMALL, colour, diverging, readable_on


def draw_weights(axes: Axes, words: Words, x: float, y: float, side: float, kernel: NDArray[np.float64]) -> int:
    """The numbers of a kernel, fractions as whole numbers; returns what divides them.

    Raises
    ------
    ValueError
        Numbers too long for their cells.
    """
    divisor = common_divisor(kernel)
    step = side / max(kernel.shape)
    size, texts = numerals(axes, words, (kernel * divisor).ravel().tolist(), 0.9 * step, max(0.5 * step, SMALL))
    _draw_cells(axes, x, y, step, kernel, texts, size)
    return divisor


def draw_signs(axes: Axes, x: float, y: float, side: float, kernel: NDArray[np.float64]) -> None:
    """The signs of a kernel, where there is no room for its numbers."""
    texts = ["0" if weight == 0 else "+" if weight > 0 else MINUS for weight in kernel.ravel()]
    step = side / max(kernel.shape)
    _draw_cells(axes, x, y, step, kernel, texts, max(0.5 * step, SMALL))


def _draw_cells(axes: Axes, x: float, y: float, step: float, kernel: NDArray[np.float64], texts: Sequence[str],
                size: float) -> None:
    strongest = max(float(np.abs(kernel).max()), 1e-300)
    for (r, c), text in np.ndenumerate(np.array(as_rows(texts, kernel.shape[1]), dtype=object)):
        fill = _fill(float(kernel[r, c]) / strongest)
        cell(axes, x + c * step, y + r * step, step, text, fill, text=MUTED if kernel[r, c] == 0 else readable_on(fill),
             weight="regular" if kernel[r, c] == 0 else "semibold", size=size)  # fmt: skip
    wide, high = kernel.shape[1] * step, kernel.shape[0] * step
    lit(axes, corners(x, y, wide, high), PURPLE, 2, casing=0)


def _fill(share: float) -> str:
    """Blue for a positive number, orange for a negative one, as for the weights of a neuron."""
    # By the root, since beside an 8 the tint of a 1 would not be seen.
    return colour(diverging()(0.5 + 0.28 * np.sign(share) * np.sqrt(abs(share))))


def common_divisor(kernel: NDArray[np.float64]) -> int:
    """The least number up to 1024 that makes every number of the kernel whole, or 1."""
    for divisor in range(1, 1025):
        whole = kernel * divisor
        if (np.abs(whole - np.round(whole)) < 1e-9 * divisor).all():
            return divisor
    return 1
