"""Windows that slide over a plane: where they lie and how many there are. Convolution and pooling share them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arguments import choice, integer, pair

# What a caller may give: one number for both directions, (rows, columns), or ((top, bottom), (left, right)).
Pair = int | tuple[int, int]
Padding = int | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]] | str


class Windows(NamedTuple):
    """Windows on a plane, `output` of them; pairs are (rows, columns), `padding` is ((top, bottom), (left, right))."""

    plane: tuple[int, int]
    size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    dilation: tuple[int, int]
    output: tuple[int, int]


def windows(function: str, plane: tuple[int, int], size: tuple[int, int], stride: tuple[int, int],
            padding: tuple[tuple[int, int], tuple[int, int]], dilation: tuple[int, int],
            *, ceil_mode: bool = False) -> Windows:
    """Count the windows of a plane. Only with `ceil_mode` may one be larger than the padded plane.

    References
    ----------
    Dumoulin & Visin (2016), A guide to convolution arithmetic for deep learning, arXiv:1603.07285.
    """
    if 0 in plane:
        raise ValueError(f"{function}: images of {plane[0]} x {plane[1]} hold no pixel")
    counts = []
    for axis, direction in enumerate(("high", "wide")):
        padded, covered = plane[axis] + sum(padding[axis]), dilation[axis] * (size[axis] - 1) + 1
        count = (padded - covered + (stride[axis] - 1 if ceil_mode else 0)) // stride[axis] + 1
        if count < 1:
            raise ValueError(f"{function}: a window {covered} {direction} (size {size[axis]}, dilation "
                             f"{dilation[axis]}) does not fit an image {padded} {direction} (padding included)")
        # The last window of ceil_mode must begin inside the plane or its first padding, else it would see nothing.
        if ceil_mode and (count - 1) * stride[axis] >= plane[axis] + padding[axis][0]:
            count -= 1
        counts.append(count)
    return Windows(plane, size, stride, padding, dilation, (counts[0], counts[1]))


def padded_sides(function: str, padding: Any, size: tuple[int, int], stride: tuple[int, int],
                 dilation: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """((top, bottom), (left, right)) from every form that a caller may give."""
    if isinstance(padding, str):
        if choice(function, "padding", padding, ("valid", "same")) == "valid":
            return (0, 0), (0, 0)
        if stride != (1, 1):
            raise ValueError(f"{function}: padding 'same' needs stride 1, not {stride}")
        rows, columns = (d * (k - 1) for d, k in zip(dilation, size, strict=True))
        # torch's rule: the odd row or column goes to the bottom or the right.
        return (rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2)
    if not isinstance(padding, Iterable):
        sides = integer(function, "padding", padding, 0)
        return (sides, sides), (sides, sides)
    values = tuple(padding)
    if len(values) != 2:
        raise ValueError(f"{function}: padding must be an int, a pair, a pair of pairs, 'same' or 'valid', "
                         f"not {padding!r}")
    if not any(isinstance(value, Iterable) for value in values):
        rows, columns = pair(function, "padding", values, 0)
        return (rows, rows), (columns, columns)
    return pair(function, "padding (top, bottom)", values[0], 0), pair(function, "padding (left, right)", values[1], 0)


class Phases(NamedTuple):
    """A padded batch, dealt out by stride: what a strided window reads step by step then lies side by side.

    Attributes
    ----------
    planes : ndarray, (N, C, stride rows, stride columns, H / stride, W / stride)
    taps : ndarray, (C * R * S,), int64
        Where the elements of the first window lie in an image's planes, in order of channels, rows, columns.
    """

    planes: NDArray[Any]
    taps: NDArray[np.int64]

    @property
    def step(self) -> int:
        """Elements of one image."""
        return self.planes[0].size if len(self.planes) else 0


def phases(x: NDArray[Any], where: Windows, channels: int) -> Phases:
    """Deal out a batch; `channels` is how many of its channels, from the first, one window sees."""
    (top, bottom), (left, right) = where.padding
    (down, across), (height, width) = where.stride, where.plane
    rows, columns = -(-(height + top + bottom) // down), -(-(width + left + right) // across)
    planes = x
    if (rows * down, columns * across) != (height, width):
        planes = np.zeros((*x.shape[:2], rows * down, columns * across), x.dtype)
        planes[:, :, top:top + height, left:left + width] = x
    planes = planes.reshape(*x.shape[:2], rows, down, columns, across).transpose(0, 1, 3, 5, 2, 4)
    r, s = (np.arange(size) * step for size, step in zip(where.size, where.dilation, strict=True))
    row = (r % down) * across * rows * columns + r // down * columns
    column = (s % across) * rows * columns + s // across
    channel = np.arange(channels) * (down * across * rows * columns)
    taps = channel[:, None, None] + row[:, None] + column
    return Phases(np.ascontiguousarray(planes), taps.ravel().astype(np.int64))
