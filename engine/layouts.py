"""What the planning of a convolution works with: which sums are wanted, and how x lies before its windows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.int64]


class Sums(NamedTuple):
    """Which sums are wanted: of each output, over some taps of a window, with weights picked from an array."""

    images: int
    channels: int              # that a group sees
    filters: int               # of a group
    groups: int
    output: tuple[int, int]
    window: int                # taps of one channel
    source: NDArray[np.int64]  # where the weights of the taps stand, for the first filter of a group
    filter_step: int           # from filter to filter among the weights
    group_step: int


class Layout(NamedTuple):
    """How x lies before the windows."""

    taps: NDArray[np.int64]    # where each tap lies from the corner of its window, in the copy or in x
    height: int
    width: int
    plane: int                 # elements of a channel of x
    top: int                   # zeros before a plane, or if negative what is left out of it
    left: int
    pitch: int                 # from row to row
    lines: int                 # rows of a channel in the copy
    band: int                  # output rows that are computed together
    direct: bool               # without a copy?
    flat: bool                 # as one long row?
    square: int                # the side of windows that have a tile for one filter, or 0
    room: int                  # elements beyond the copy, or beyond x, that vectors may reach
