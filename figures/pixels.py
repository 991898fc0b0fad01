"""Grey pixels from whatever holds a picture: a file, an array, or an image of Pillow's."""

from __future__ import annotations

import difflib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.arguments import floating
from engine.received import array_of

GREY = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601, as television weighs red, green and blue
MOST = 50_000_000  # pixels: more than any telephone takes, and what a gigabyte of memory has room for
ROWS = 256  # converted at a time


def is_picture(source: object) -> bool:
    """Whether it is a file's name or an image of Pillow's rather than numbers."""
    return isinstance(source, (str, Path, Image.Image))


def grey_pixels(function: str, source: Any) -> NDArray[np.float64]:
    """A picture as shades of grey.

    Parameters
    ----------
    function : str
        Who asks, for the messages.
    source : path, PIL.Image.Image or array_like
        A picture file, an image of Pillow's, or an array (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), in [0, 1] or
        integers up to 255. What is transparent is white. A photograph that lies on its side stands up.

    Returns
    -------
    ndarray, (H, W), float64 in [0, 1]

    Raises
    ------
    TypeError, ValueError
        A file that is missing or no picture, another shape, values out of range, more than 50 million pixels.
    """
    pixels = _read(function, source) if is_picture(source) else array_of(function, "image", source)
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (1, 3, 4)) or 0 in pixels.shape:
        raise ValueError(f"{function}: image must be (H, W), (H, W, 3) or (H, W, 4), not {pixels.shape}")
    _small(function, pixels.shape[1], pixels.shape[0])
    blocks = [pixels[start:start + ROWS] for start in range(0, len(pixels), ROWS)]
    return np.concatenate([_weighed(function, block) for block in blocks])


def _weighed(function: str, pixels: NDArray[Any]) -> NDArray[np.float64]:
    values = floating(function, "image", pixels, finite=True).astype(np.float64)
    if pixels.dtype.kind in "iu":
        values = values / 255
    if values.min() < 0 or values.max() > 1:
        limit, values = (255, values * 255) if pixels.dtype.kind in "iu" else (1, values)
        raise ValueError(f"{function}: image must lie in [0, {limit}], not [{values.min():g}, {values.max():g}]")
    if values.ndim == 2 or values.shape[2] == 1:
        return values.reshape(values.shape[:2])
    grey: NDArray[np.float64] = (values[..., :3] * GREY).sum(axis=2)
    # White under it: paper, as the figures have it.
    return grey if values.shape[2] == 3 else grey * values[..., 3] + (1 - values[..., 3])


def _read(function: str, source: str | Path | Image.Image) -> NDArray[Any]:
    if isinstance(source, Image.Image):
        return _decoded(function, source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # what it warns of is refused below
            with Image.open(source) as image:
                return _decoded(function, image)
    except FileNotFoundError:
        raise ValueError(f"{function}: no file {str(source)!r}{_nearest(Path(source))}") from None
    except (UnidentifiedImageError, OSError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise ValueError(f"{function}: {str(source)!r} cannot be read as a picture ({type(error).__name__})") from None


def _nearest(path: Path) -> str:
    """The file beside it that was meant, perhaps."""
    there = sorted(other.name for other in path.parent.iterdir()) if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, there, 1)
    return f"; did you mean {str(path.with_name(near[0]))!r}?" if near else ""


def _decoded(function: str, image: Image.Image) -> NDArray[Any]:
    _small(function, *image.size)
    upright = ImageOps.exif_transpose(image)
    if upright.mode == "F":
        return np.asarray(upright)
    if upright.mode.startswith("I"):  # 16 bits, which Pillow would cut off at 255
        return np.asarray(upright).astype(np.float64) / 65535
    return np.asarray(upright.convert("RGBA" if upright.has_transparency_data else "RGB"))


def _small(function: str, width: int, height: int) -> None:
    if width * height > MOST:
        raise ValueError(f"{function}: image must have at most {MOST // 1_000_000} million pixels, "
                         f"not {width} × {height}")  # fmt: skip
