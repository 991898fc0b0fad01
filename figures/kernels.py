"""Slide « Exemple en images »: one photograph seen through several small filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import choice
from figures import Picture, figure
from figures.grids import grid_of_numbers
from figures.kernels_layout import draw_panel, panels
from figures.language import Words
from figures.lean import convolved
from figures.photograph import credit, photograph
from figures.pixels import grey_pixels
from figures.squares import Source
from figures.style import slide_figure

# The kernels of Victor Powell's page « Image Kernels », which the slide before this one links to.
KERNELS: dict[str, NDArray[np.float64]] = {
    "identity": np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "blur": np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
    "sharpen": np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "outline": np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    "sobel": np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "emboss": np.array([[-2.0, -1, 0], [-1, 1, 1], [0, 1, 2]]),
}
PIXELS = 118  # of a filtered photograph: each is two slide pixels wide, so that what a kernel does to it is seen
SMALLEST, MOST = 16, 8
WIDTH, HEIGHT = 1136, 556
Kernels = Sequence[str] | Mapping[str, ArrayLike] | NDArray[Any] | Sequence[Sequence[float]]


class Filtered(NamedTuple):
    """A kernel, what it makes of the photograph, and the values that black and white stand for."""

    name: str
    kernel: NDArray[np.float64]
    output: NDArray[np.float64]
    black: float
    white: float

    @property
    def signed(self) -> bool:
        """Whether mid-grey stands for zero."""
        return self.black < 0

    @property
    def beyond(self) -> tuple[float, float]:
        """The shares of pixels darker than black and lighter than white, which the picture cannot tell apart."""
        return float((self.output < self.black).mean()), float((self.output > self.white).mean())


@figure
def image_kernels(words: Words, *, image: Source | None = None,
                  kernels: Kernels = tuple(KERNELS)) -> Picture:
    """One photograph through several kernels, each with its numbers.

    A kernel whose numbers add up to 1 keeps the brightness: black stands for 0 and white for 1, and what lies beyond is
    cut off. The result of any other kernel that has negative numbers is signed: mid-grey stands for 0, and black and
    white for ± a value that 90 % of the pixels keep within. The scale stands beside each picture.

    Parameters
    ----------
    image : path, PIL.Image.Image or array_like, (H, W), (H, W, 3) or (H, W, 4), optional
        The photograph, in [0, 1] or integers up to 255; the one that `figures.photograph` gives if left out. It is
        cropped and averaged to a square.
    kernels : sequence of str, mapping of names to (R, S) arrays, or (R, S) array
        1 to 8 of "identity", "blur", "sharpen", "outline", "sobel", "emboss", or kernels of your own with at most
        5 rows and 5 columns. One without a name is called by its size.

    Facts
    -----
    pixels : int
        Rows and columns of a picture.
    names : list of str
    kernels : list of facts
        Of each: `name`, `kernel`, `sum`; `black` and `white`, the values that these stand for; `below` and `above`, the
        shares of pixels beyond them; `lowest` and `highest`.

    Raises
    ------
    TypeError, ValueError
        An unknown kernel, none or more than 8, numbers that are not finite or too long to be read.

    Examples
    --------
    >>> import figures
    >>> figures.image_kernels(kernels=("blur", "sobel")).save("kernels.svg")
    >>> figures.image_kernels(kernels={"Scharr": [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]}).save("own.svg")
    """
    chosen = _chosen(kernels)
    largest = max(max(kernel.shape) for kernel in chosen.values())
    grey = _grey(image, PIXELS + largest - 1)
    results = [_filtered(name, grey, kernel, largest) for name, kernel in chosen.items()]
    fig, axes = slide_figure(WIDTH, HEIGHT)
    names = [_called(words, name) if not isinstance(kernels, Mapping) else name for name in chosen]
    for panel, name, result in zip(panels(len(results), (WIDTH, HEIGHT)), names, results, strict=True):
        draw_panel(axes, words, panel, name, result)
    return Picture(fig, alt=words.say("image_kernels.alt", count=len(names), names=words.between("names").join(names)),
                   facts={"pixels": PIXELS, "names": names, "kernels": [_facts(result) for result in results]},
                   credit=credit(image))


def _grey(image: Any, size: int) -> NDArray[np.float64]:
    """The photograph; one of fewer pixels keeps those that it has."""
    if image is None:
        return photograph(size=size)
    grey = grey_pixels("image_kernels", image)
    size = min(size, *grey.shape)
    if size < SMALLEST:
        raise ValueError(f"image_kernels: image must have at least {SMALLEST} rows and columns, not {grey.shape}")
    return photograph(grey, size=size, caller="image_kernels")


def _chosen(kernels: Any) -> dict[str, NDArray[np.float64]]:
    kernels = _named(kernels)
    if isinstance(kernels, str) or not isinstance(kernels, (Mapping, Sequence)):
        raise TypeError(f"image_kernels: kernels must list names or map names to arrays, not {kernels!r}")
    if not 1 <= len(kernels) <= MOST:
        raise ValueError(f"image_kernels: kernels must be 1 to {MOST}, not {len(kernels)}")
    if isinstance(kernels, Mapping):
        return {str(name): grid_of_numbers("image_kernels", f"kernel {name!r}", kernel, (5, 5))
                for name, kernel in kernels.items()}  # fmt: skip
    names = [choice("image_kernels", "kernel", name, KERNELS) for name in kernels]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"image_kernels: kernels must differ; {name!r} stands there twice")
    return {name: KERNELS[name] for name in names}


def _named(kernels: Any) -> Any:
    """A single kernel under the name that its size gives it."""
    if isinstance(kernels, (str, Mapping)) or not hasattr(kernels, "__len__"):
        return kernels
    if hasattr(kernels, "shape") or (len(kernels) and isinstance(kernels[0], (list, tuple))):
        kernel = grid_of_numbers("image_kernels", "kernels", kernels, (5, 5))
        return {" × ".join(map(str, kernel.shape)): kernel}
    return kernels


def _called(words: Words, name: str) -> str:
    return words.say(f"image_kernels.names.{name}") if name in KERNELS else name


def _filtered(name: str, grey: NDArray[np.float64], kernel: NDArray[np.float64], largest: int) -> Filtered:
    output = convolved(grey, kernel)
    # Kernels of different sizes leave borders of different widths: all pictures show the same part.
    top, left = (largest - kernel.shape[0]) // 2, (largest - kernel.shape[1]) // 2
    output = output[top:top + grey.shape[0] - largest + 1, left:left + grey.shape[1] - largest + 1]
    black, white = _scale(output, kernel)
    return Filtered(name, kernel, output, black, white)


def _scale(output: NDArray[np.float64], kernel: NDArray[np.float64]) -> tuple[float, float]:
    if abs(kernel.sum() - 1) < 1e-9:
        return 0.0, 1.0
    if (kernel >= 0).all():
        return 0.0, _rounded_up(float(output.max()))
    sizes = np.sort(np.abs(output), axis=None)
    reach = _rounded_up(float(sizes[int(0.9 * (sizes.size - 1))]))
    return -reach, reach


def _rounded_up(value: float) -> float:
    """The next number with one significant digit, so that the scale can be read."""
    step = 1.0
    while step > value > 0:
        step /= 10
    while 10 * step <= value:
        step *= 10
    # Through the decimal text, since 7 * 0.1 is not 0.7.
    return float(f"{np.ceil(value / step - 1e-9) * step:.12g}") if value > 0 else 1.0


def _facts(result: Filtered) -> dict[str, Any]:
    below, above = result.beyond
    return {"name": result.name, "kernel": result.kernel.tolist(), "sum": float(result.kernel.sum()),
            "black": result.black, "white": result.white, "below": below, "above": above,
            "lowest": float(result.output.min()), "highest": float(result.output.max())}  # fmt: skip
