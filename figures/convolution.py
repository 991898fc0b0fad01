"""Slide 10: one pixel of a convolution, in perspective, with the products that it is the sum of."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import pair
from figures import Picture, figure
from figures.convolution_layout import draw_products, draw_scene
from figures.grids import grid_of_numbers
from figures.language import Words
from figures.lean import convolved_exactly
from figures.squares import Source
from figures.style import slide_figure

# A pyramid: each pixel holds its distance to the border. A row and a column of zeros more on the near sides, so that
# the window at (1, 1) stands clear of the edge.
PYRAMID = tuple(tuple(max(0, min(r, c, 6 - r, 6 - c)) for c in range(-1, 7)) for r in range(-1, 7))
EMBOSS = ((4, 0, 0), (0, 0, 0), (0, 0, -4))
WIDTH, HEIGHT = 1136, 484


class Convolved(NamedTuple):
    """An image, a kernel, what it gives everywhere, and the place that is looked at; float64."""

    image: NDArray[np.float64]
    kernel: NDArray[np.float64]
    output: NDArray[np.float64]
    at: tuple[int, int]

    @property
    def window(self) -> NDArray[np.float64]:
        """The pixels under the kernel."""
        (row, column), (rows, columns) = self.at, self.kernel.shape
        return self.image[row:row + rows, column:column + columns]

    @property
    def value(self) -> float:
        """The destination pixel."""
        return float(self.output[self.at])


@figure
def convolution_pixel(words: Words, *, image: Source = PYRAMID, kernel: ArrayLike = EMBOSS,
                      at: tuple[int, int] = (1, 1)) -> Picture:
    """One pixel of a convolution: the window, the kernel, every product and their sum.

    Parameters
    ----------
    image : array_like, (H, W), path or PIL.Image.Image
        The source, at most 10 rows and 10 columns. A picture is brought to 8 × 8 shades of grey from 0 to 9.
    kernel : array_like, (R, S)
        At most 5 rows and 5 columns, none larger than the image. It is not flipped.
    at : pair of int
        Row and column of the destination pixel, from 0.

    Facts
    -----
    image, kernel, output, window, products : lists of rows
    rows, columns, kernel_rows, kernel_columns, output_rows, output_columns : int
    at : list of 2 int
        Row and column of the destination pixel, from 0.
    value : float
        The destination pixel: the sum of the products.
    count : int
        How many products there are.
    kernel_sum : float
        0 for a kernel that answers nothing where the image is flat, 1 for one that keeps its brightness.

    Raises
    ------
    TypeError, ValueError
        Arrays that are not ones of finite numbers, too large or too small; a pixel outside the destination; numbers too
        long for their cells.

    Examples
    --------
    >>> import figures
    >>> figures.convolution_pixel(kernel=[[1, 0, -1]], at=(2, 3)).save("pixel.svg")
    """
    convolved = _convolved(image, kernel, at)
    fig, axes = slide_figure(WIDTH, HEIGHT)
    try:
        draw_scene(axes, words, convolved, HEIGHT)
        draw_products(axes, words, convolved, (WIDTH, HEIGHT))
    except ValueError as error:
        raise ValueError(f"convolution_pixel: {error}") from None
    (rows, columns), (out_rows, out_columns) = convolved.image.shape, convolved.output.shape
    alt = words.say("convolution_pixel.alt", rows=rows, columns=columns, out_rows=out_rows, out_columns=out_columns,
                    high=convolved.kernel.shape[0], wide=convolved.kernel.shape[1], value=convolved.value,
                    row=convolved.at[0] + 1, column=convolved.at[1] + 1, count=convolved.kernel.size,
                    terms=terms(words, convolved))  # fmt: skip
    return Picture(fig, alt=alt, facts=_facts(convolved))


def terms(words: Words, convolved: Convolved) -> str:
    """« 2 × (−4) », the products other than zero with their signs, or 0."""
    pairs = zip(convolved.window.ravel(), convolved.kernel.ravel(), strict=True)
    products = [words.say("convolution_pixel.product", pixel=words.number(p), weight=words.signed(w))
                for p, w in pairs if p * w != 0]  # fmt: skip
    return " + ".join(products) or words.number(0)


def _convolved(image: Source, kernel: ArrayLike, at: tuple[int, int]) -> Convolved:
    pixels = grid_of_numbers("convolution_pixel", "image", image, (10, 10), white=9)
    weights = grid_of_numbers("convolution_pixel", "kernel", kernel, (5, 5))
    if any(w > p for w, p in zip(weights.shape, pixels.shape, strict=True)):
        raise ValueError(f"convolution_pixel: kernel {weights.shape} must not be larger than the image {pixels.shape}")
    output = convolved_exactly(pixels, weights)
    row, column = pair("convolution_pixel", "at", at, 0)
    if row >= output.shape[0] or column >= output.shape[1]:
        raise ValueError(f"convolution_pixel: at must lie in the destination {output.shape}, not {(row, column)}")
    return Convolved(pixels, weights, output, (row, column))


def _facts(convolved: Convolved) -> dict[str, Any]:
    products = convolved.window * convolved.kernel
    return {"image": convolved.image.tolist(), "kernel": convolved.kernel.tolist(), "output": convolved.output.tolist(),
            "at": list(convolved.at), "window": convolved.window.tolist(), "products": products.tolist(),
            "value": convolved.value, "count": convolved.kernel.size, "kernel_sum": float(convolved.kernel.sum()),
            "kernel_rows": convolved.kernel.shape[0], "kernel_columns": convolved.kernel.shape[1],
            "rows": convolved.image.shape[0], "columns": convolved.image.shape[1],
            "output_rows": convolved.output.shape[0], "output_columns": convolved.output.shape[1]}  # fmt: skip
