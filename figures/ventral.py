"""The numbers of slide 2: a photograph through a stack of fixed convolution layers, one for each area of the brain.

What a layer looks for follows what is known of its area: contrasts of a centre with its surround (Kuffler, 1953), edges
(Hubel & Wiesel, 1962), contours and corners (Hegdé & Van Essen, 2000), arcs (Pasupathy & Connor, 2001), outlines of
objects (Malach et al., 1995). As in the model of Riesenhuber & Poggio (1999), pooling follows, and nothing is learnt.

Maps are float32, as those of networks are: the engine compiles every loop once more for another type.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import relu
from engine.convolution import conv2d
from engine.pooling import max_pool2d
from figures import ventral_filters as filters

Array = NDArray[np.float32]
PIXELS = 160  # side of the photograph
ROUNDING = 1e-5  # what sums of some hundred products may leave where nothing is; a grey step leaves some 1e-3
OVALS = ((2, 2), (3, 3), (4, 4), (2, 2.6), (3, 3.9), (4, 5.2))  # half axes of where arcs answer, px of V4


class Stage(NamedTuple):
    """What one area gives.

    Attributes
    ----------
    name : str
    maps : ndarray, (maps, side, side), float32
        At least 0, at most 1.
    field : int
        Side of the square of the photograph that one value depends on, px.
    """

    name: str
    maps: Array
    field: int


class Outline(NamedTuple):
    """An upright ellipse, in fractions of the photograph's side: centre, half axes; and how strongly it answers."""

    x: float
    y: float
    across: float
    down: float
    strength: float


class Seen(NamedTuple):
    """What the whole stack makes of a photograph."""

    stages: list[Stage]
    outline: Outline


def look_at(photo: NDArray[np.floating]) -> Seen:
    """Send a photograph, (160, 160) in [0, 1], through all the layers.

    Returns
    -------
    Seen
        The six stages, and the closed outline that answers most.
    """
    wide = np.pad(photo.astype(np.float32), 7, mode="edge")
    retina = _scaled(relu(_layer(wide[None], filters.centre_surround(), "valid")))
    scales = relu(_layer(retina, filters.two_scales()))
    lgn = _pooled(np.concatenate([_scaled(scales[:2]), _scaled(scales[2:])]))
    sine, cosine = np.split(_layer(lgn, filters.edges()).reshape(filters.ORIENTATIONS, 2, *lgn.shape[1:]), 2, axis=1)
    energy = np.sqrt(sine * sine + cosine * cosine)[:, 0]  # the same for an edge and for a line
    v1 = _scaled(relu(_layer(energy, filters.rivalry())))
    pooled = _pooled(v1)
    corners = np.stack([np.minimum(pooled[i], pooled[j]) for i, j in filters.RIGHT_ANGLES])
    v2 = np.concatenate([_scaled(relu(_layer(pooled, filters.contours()))), _scaled(corners)])
    v4 = _scaled(relu(_layer(_pooled(v2), filters.arcs())))
    ovals = np.stack([_closed(v4, across, down) for across, down in OVALS])
    loc, outline = _strongest(ovals)
    stages = map(Stage, ("retina", "lgn", "v1", "v2", "v4", "loc"), (retina, lgn, v1, v2, v4, loc), _fields())
    return Seen(list(stages), outline)


def _layer(maps: Array, weight: NDArray[np.float64], padding: str = "same", groups: int = 1) -> Array:
    return np.asarray(conv2d(maps[None], weight.astype(np.float32), padding=padding, groups=groups)[0])


def _pooled(maps: Array) -> Array:
    return np.asarray(max_pool2d(maps[None], 2)[0])


def _scaled(maps: Array) -> Array:
    """The largest value of all maps becomes 1, unless it is but a rounding: even grey stays 0."""
    top = float(maps.max())
    return maps / top if top > ROUNDING else np.zeros_like(maps)


def _closed(arcs: Array, across: float, down: float) -> Array:
    """An outline is closed where opposite arcs are there both: the smaller of the two, averaged over the four pairs."""
    placed = _layer(arcs, filters.outline(across, down), groups=filters.DIRECTIONS)
    near, far = np.split(placed, 2)
    return np.asarray(np.minimum(near, far).mean(axis=0))


def _strongest(ovals: Array) -> tuple[Array, Outline]:
    maps = _pooled(ovals)
    which, row, column = np.unravel_index(int(maps.argmax()), maps.shape)
    # Where the winner stood before the pooling is known twice as finely.
    window = ovals[which, 2 * row:2 * row + 2, 2 * column:2 * column + 2]
    y, x = 2 * int(row) + int(window.argmax()) // 2, 2 * int(column) + int(window.argmax()) % 2
    side = ovals.shape[1]
    across, down = (half + filters.INSIDE for half in OVALS[int(which)])
    outline = Outline((x + 0.5) / side, (y + 0.5) / side, across / side, down / side, float(maps.max()))
    return _scaled(maps), outline


def _fields() -> list[int]:
    """How far each stage sees: a window adds its reach, and the step of a pooling multiplies that of what follows."""
    size = [weight.shape[-1] for weight in (filters.centre_surround(), filters.two_scales(), filters.edges(),
                                            filters.contours(), filters.arcs(), filters.outline(2, 2))]  # fmt: skip
    pooling, field, step, seen = (2, 2), 1, 1, []
    for windows in ([(size[0], 1)], [(size[1], 1), pooling], [(size[2], 1)], [pooling, (size[3], 1)],
                    [pooling, (size[4], 1)], [(size[5], 1), pooling]):  # fmt: skip
        for side, stride in windows:
            field, step = field + (side - 1) * step, step * stride
        seen.append(min(field, PIXELS))
    return seen
