"""Ten weather pictograms on small noisy images: synthetic data that a small network learns in seconds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arguments import integer, real, seeded
from engine.elementary import cos, sin
from engine.generator import normal_from, uniform, words
from engine.pictogram_catalogue import CLASSES, DARK_SKIES, PALE_SKIES, Colour, drawing
from engine.received import allocatable
from engine.shapes import signed_distance

__all__ = ["CLASSES", "Pictograms", "weather_pictograms"]

Floats = NDArray[np.float64]

SIZE = 32
TOGETHER = 8  # images whose pixels stay in the cache from one operation to the next
SCALE = 9.0, 13.0  # pixels, half the width of a pictogram
TINT = 0.05  # how far each channel of a layer's colour may stray
VEIL = 0.05, 0.30  # how much white a sky gains from top to bottom
DRAWING = drawing()
DEPTH = int(np.diff(DRAWING.layers).max())

# Streams far above the small numbers that callers choose, so that no image echoes a network's first weights.
PLACES, ORDER, GRAIN = 2**63, 2**63 + 1, 2**63 + 2


class Pictograms(NamedTuple):
    """Images (N, 3, 32, 32), float32 in [0, 1], and what each shows, (N,) int64, an index in `CLASSES`."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]


def _cover(distance: Floats) -> Floats:
    return np.minimum(np.maximum(0.5 - distance, 0.0), 1.0)


def _paint(images: NDArray[np.float32], labels: NDArray[np.int64], frames: Floats, skies: Floats,
           colours: Floats) -> None:
    """Fill the images, a few of one class at a time: their drawings are the same table of shapes."""
    for label in range(len(CLASSES)):
        alike = np.flatnonzero(labels == label)
        for start in range(0, alike.size, TOGETHER):
            chosen = alike[start:start + TOGETHER]
            images[chosen] = _painted(label, frames[chosen].T[:, :, None, None], skies[chosen], colours[chosen])


def _painted(label: int, frames: Floats, skies: Floats, colours: Floats) -> NDArray[np.float32]:
    """Images of one class, (N, 3, SIZE, SIZE), in frames (4, N, 1, 1): across, up, scale and tilt."""
    across, up, scale, tilt = frames
    places, middle = np.arange(float(SIZE)), 0.5 * (SIZE - 1)
    u, v = (places - middle - across) / scale, (middle - places[:, None] - up) / scale
    cosine, sine = cos(tilt), sin(tilt)
    x, y, down = u * cosine + v * sine, v * cosine - u * sine, places[:, None] / (SIZE - 1.0)
    fall = _cover(0.5 * y)
    sky = skies[:, 0, :, None, None] + down * skies[:, 1, :, None, None]
    images = np.empty((*sky.shape[:3], SIZE), np.float32)
    images[...] = sky
    start, stop = DRAWING.layers[label:label + 2]
    for i in range(start, stop):
        distance = signed_distance(x, y, DRAWING.shapes, DRAWING.firsts[i], DRAWING.firsts[i + 1])
        around, inside = _cover((distance - DRAWING.gaps[i]) * scale), _cover(distance * scale)
        top, gain = colours[:, i - start, :, :, None, None].swapaxes(0, 1)
        for channel in range(3):
            image, paint = images[:, channel], top[:, channel] + fall * gain[:, channel]
            under = image + around * (sky[:, channel] - image)
            image[...] = under + inside * (paint - under)
    return images


def _add_grain(images: NDArray[np.float32], noise: float, seed: int) -> None:
    """Noise of one draw a pixel, in the order of images and pixels."""
    for start in range(0, len(images), TOGETHER):
        part = images[start:start + TOGETHER]
        grain = normal_from((len(part), 1, *part.shape[2:]), start * SIZE * SIZE // 2, seed=seed, stream=GRAIN)
        part[...] = np.minimum(np.maximum(part + noise * grain, 0.0), 1.0)


def weather_pictograms(count: int, *, seed: int, noise: float = 0.10, shift: float = 5.0, tilt: float = 20.0,
                       pale: float = 0.30) -> Pictograms:
    """Draw weather pictograms, each at its own place, size and tilt, in its own colours, under its own grain.

    Parameters
    ----------
    count : int, at least 0
    seed : int, 0 to 2**64 - 1
        Image i depends on the seed, on i and on the parameters below only: a larger set starts with the smaller one.
    noise : float in [0, 1]
        Standard deviation of the grain, the same in the three channels of a pixel.
    shift : float in [0, 32], pixels
        The centre is anywhere in a square of twice this side.
    tilt : float in [0, 180], degrees
        Either way.
    pale : float in [0, 1]
        Share of skies paler than the pictogram. Unless it is 0 or 1, no weighing of pixels tells a pictogram from its
        negative: with the shift, this is what a linear classifier cannot learn.

    Returns
    -------
    Pictograms(images, labels)
        Each ten images from a multiple of ten hold the ten classes once, in random order.

    Raises
    ------
    ValueError, TypeError
        A negative count, a seed or parameter out of range.
    """
    function = "weather_pictograms"
    count, seed = integer(function, "count", count, 0), seeded(function, seed)
    noise, shift = real(function, "noise", noise, 0.0, 1.0), real(function, "shift", shift, 0.0, 32.0)
    tilt, pale = real(function, "tilt", tilt, 0.0, 180.0), real(function, "pale", pale, 0.0, 1.0)
    allocatable(function, (count, 3, SIZE, SIZE), np.float32)
    labels = _balanced_labels(count, seed)
    draws = uniform((count, 32), seed=seed, stream=PLACES)
    place, size, turn = draws[:, 0:2], draws[:, 2:3], draws[:, 3:4]
    pale_sky = draws[:, 4] < pale
    frames = np.hstack([shift * (2.0 * place - 1.0), SCALE[0] + (SCALE[1] - SCALE[0]) * size,
                        tilt * (np.pi / 180.0) * (2.0 * turn - 1.0)])
    images = np.empty((count, 3, SIZE, SIZE), np.float32)
    _paint(images, labels, frames, _skies(pale_sky, draws[:, 5:10]), _colours(labels, pale_sky, draws[:, 10:19]))
    _add_grain(images, noise, seed)
    return Pictograms(images, labels)


def _balanced_labels(count: int, seed: int) -> NDArray[np.int64]:
    """The ten classes in random order, again and again."""
    kinds = len(CLASSES)
    keys = words(-(-count // kinds) * kinds, seed=seed, stream=ORDER).reshape(-1, kinds)
    return np.argsort(keys, axis=1, kind="stable").reshape(-1)[:count].astype(np.int64)


def _skies(pale_sky: NDArray[np.bool_], draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each sky's colour at its top, and what it gains down to its bottom, (N, 2, 3)."""
    top = np.where(pale_sky[:, None], _mixture(PALE_SKIES, draws), _mixture(DARK_SKIES, draws))
    top *= 0.88 + 0.24 * draws[:, 3:4]
    return np.stack([top, (VEIL[0] + (VEIL[1] - VEIL[0]) * draws[:, 4:5]) * (1.0 - top)], 1)


def _mixture(palette: tuple[Colour, ...], draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Between two colours of the palette, (N, 3)."""
    colours = np.array(palette)
    one, other = (np.minimum((draws[:, i] * len(palette)).astype(np.int64), len(palette) - 1) for i in (0, 1))
    mixed: NDArray[np.float64] = colours[one] + draws[:, 2:3] * (colours[other] - colours[one])
    return mixed


def _colours(labels: NDArray[np.int64], pale_sky: NDArray[np.bool_], draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each layer's colour at the drawing's top, tinted, and what it gains down to the bottom, (N, DEPTH, 2, 3)."""
    layers = np.minimum(DRAWING.layers[labels][:, None] + np.arange(DEPTH), len(DRAWING.colours) - 1)
    ends = DRAWING.colours[layers, pale_sky.astype(np.int64)[:, None]]
    top, bottom = ends[:, :, 0], ends[:, :, 1]
    return np.stack([top + TINT * (2.0 * draws.reshape(-1, DEPTH, 3) - 1.0), bottom - top], 2)
