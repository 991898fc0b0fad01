"""Slide 11: one filter at two neighbouring places of an image, and what sharing its weights saves."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import pair
from figures import Picture, figure
from figures.grids import grid_of_numbers
from figures.language import Words
from figures.lean import convolved
from figures.photograph import credit, photograph
from figures.pixels import grey_pixels, is_picture
from figures.squares import Source
from figures.style import slide_figure
from figures.sweep_counts import draw_counts, draw_filter
from figures.sweep_layout import draw_maps, plan
from figures.sweep_steps import draw_steps

PIXELS, SMALLEST, LARGEST, LARGEST_KERNEL = 28, 8, 64, 7
CROP = (122, 8, 500, 386)  # of the portrait: the first windows fall on more than the plain dark of the flag
WIDTH, HEIGHT = 1136, 420


def _diagonal() -> NDArray[np.float64]:
    """A smoothed derivative from the upper left to the lower right: binomial weights times the distance covered."""
    smooth = np.array([1.0, 4, 6, 4, 1])
    place = np.arange(-2.0, 3.0)
    slope = (place[:, None] + place) * np.outer(smooth, smooth)
    return slope / float(np.abs(slope).sum())


DIAGONAL = _diagonal()


class Sweep(NamedTuple):
    """An image, a filter, the layer that they give and the first place of the filter; float64."""

    image: NDArray[np.float64]
    kernel: NDArray[np.float64]
    hidden: NDArray[np.float64]
    at: tuple[int, int]

    @property
    def shared(self) -> int:
        """Parameters of the filter: its weights and a bias."""
        return self.kernel.size + 1

    @property
    def dense(self) -> int:
        """Parameters of a dense layer between the same neurons: a weight for each pair, a bias for each output."""
        return self.hidden.size * (self.image.size + 1)

    @property
    def ratio(self) -> float:
        """How many times more parameters the dense layer has."""
        return self.dense / self.shared

    @property
    def about(self) -> float:
        """The ratio as it is written: a whole one exactly, any other with three significant digits."""
        written = self.ratio if self.ratio == round(self.ratio) else float(f"{self.ratio:.3g}")
        return int(written) if written == int(written) else written


@figure
def convolution_sweep(words: Words, *, image: Source | None = None, kernel: ArrayLike | None = None,
                      at: tuple[int, int] = (0, 0)) -> Picture:
    """The same filter at one place and one step to the right: which neurons it joins, and how few parameters it has.

    Parameters
    ----------
    image : path, PIL.Image.Image or array_like, (H, W), (H, W, 3) or (H, W, 4), optional
        In [0, 1] or integers up to 255. An array of 8 to 64 rows and columns is the layer of input neurons itself; a
        picture, or a larger array, is brought to 28 × 28. The photograph that `figures.photograph` gives if left out.
    kernel : array_like, (R, S), optional
        1 to 7 rows and columns; a diagonal edge filter of 5 × 5 if left out.
    at : pair of int
        Row and column of the first place, from 0; the second is one column further.

    Facts
    -----
    rows, columns, kernel_rows, kernel_columns, hidden_rows, hidden_columns : int
    high, wide : int
        The filter's rows and columns, as the alternative text calls them.
    inputs, outputs : int
        Neurons before and after.
    weights, shared : int
        Of the filter, without and with its bias.
    dense : int
        Weights and biases of a dense layer between the same neurons.
    ratio, about : float
        How many times more that is, and with three digits.
    first, second, lowest, highest : float
        Hidden values of the two places, and of all.
    kernel : list of rows

    Raises
    ------
    TypeError, ValueError
        An image or a filter of another size or with other values, a filter that has no place to its right.

    References
    ----------
    Nielsen (2015), Neural Networks and Deep Learning, chapter 6, drew the two places so.

    Examples
    --------
    >>> import figures
    >>> figures.convolution_sweep(kernel=[[1, 0], [0, -1]]).save("sweep.svg")
    """
    sweep = _swept(image, DIAGONAL if kernel is None else kernel, at)
    fig, axes = slide_figure(WIDTH, HEIGHT)
    where = plan(sweep, WIDTH)
    draw_maps(axes, words, sweep, where)
    draw_steps(axes, words, sweep, where)
    draw_filter(axes, words, sweep, where)
    draw_counts(axes, words, sweep, (WIDTH, HEIGHT))
    facts = _facts(sweep)
    return Picture(fig, alt=words.say("convolution_sweep.alt", **facts), facts=facts, credit=credit(image))


def _swept(image: Any, kernel: ArrayLike, at: tuple[int, int]) -> Sweep:
    grey = _grey(image)
    weights = grid_of_numbers("convolution_sweep", "kernel", kernel, (LARGEST_KERNEL, LARGEST_KERNEL))
    hidden = convolved(grey, weights)
    row, column = pair("convolution_sweep", "at", at, 0)
    if row >= hidden.shape[0] or column + 1 >= hidden.shape[1]:
        raise ValueError(f"convolution_sweep: at must leave room for a step to the right in the hidden layer "
                         f"{hidden.shape}, not {(row, column)}")  # fmt: skip
    return Sweep(grey, weights, hidden, (row, column))


def _grey(image: Any) -> NDArray[np.float64]:
    if image is None:
        return photograph(crop=CROP, size=PIXELS)
    grey = grey_pixels("convolution_sweep", image)
    if is_picture(image) or min(grey.shape) > LARGEST:
        return photograph(grey, size=PIXELS, caller="convolution_sweep")
    if min(grey.shape) < SMALLEST or max(grey.shape) > LARGEST:
        raise ValueError(f"convolution_sweep: image must have {SMALLEST} to {LARGEST} rows and columns, or more, "
                         f"not {grey.shape}")  # fmt: skip
    return grey


def _facts(sweep: Sweep) -> dict[str, Any]:
    row, column = sweep.at
    return {"rows": sweep.image.shape[0], "columns": sweep.image.shape[1], "high": sweep.kernel.shape[0],
            "wide": sweep.kernel.shape[1], "kernel_rows": sweep.kernel.shape[0],
            "kernel_columns": sweep.kernel.shape[1], "hidden_rows": sweep.hidden.shape[0],
            "hidden_columns": sweep.hidden.shape[1], "inputs": sweep.image.size, "outputs": sweep.hidden.size,
            "weights": sweep.kernel.size, "shared": sweep.shared, "dense": sweep.dense,
            "ratio": sweep.ratio, "about": sweep.about, "first": float(sweep.hidden[row, column]),
            "second": float(sweep.hidden[row, column + 1]), "lowest": float(sweep.hidden.min()),
            "highest": float(sweep.hidden.max()), "kernel": sweep.kernel.tolist()}  # fmt: skip
