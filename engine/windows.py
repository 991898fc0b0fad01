"""Windows that slide over a plane: where they lie and how many there are. Convolution and pooling share them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arguments import choice, pair
from engine.received import parts_of, shown

# What a caller may give: one number for both directions, (rows, columns), or ((top, bottom), (left, right)).
Pair = int | tuple[int, int]
Padding = int | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]] | str


SLACK = 16  # elements beyond the end that a vector may read, though not use


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
    values = parts_of(function, "padding", padding)
    if values is None:
        rows, columns = pair(function, "padding", padding, 0)
        return (rows, rows), (columns, columns)
    if len(values) != 2:
        raise ValueError(f"{function}: padding must be an int, a pair, a pair of pairs, 'same' or 'valid', "
                         f"not {shown(padding)}")
    if all(parts_of(function, "padding", value) is None for value in values):
        rows, columns = pair(function, "padding", values, 0)
        return (rows, rows), (columns, columns)
    return pair(function, "padding (top, bottom)", values[0], 0), pair(function, "padding (left, right)", values[1], 0)


class Phases(NamedTuple):
    """How a padded plane is dealt out by stride: what a strided window reads step by step then lies side by side.

    Attributes
    ----------
    rows, columns : int
        Of each of the stride rows * stride columns planes into which one is dealt.
    size : int
        Elements of them all.
    taps : ndarray, (C * R * S,), int64
        Where the elements of the first window lie in an image's planes, in order of channels, rows, columns.
    """

    rows: int
    columns: int
    size: int
    taps: NDArray[np.int64]


def phases_of(where: Windows, channels: int) -> Phases:
    """How planes are dealt out; `channels` is how many of them one window sees."""
    (top, bottom), (left, right) = where.padding
    (down, across), (height, width) = where.stride, where.plane
    rows, columns = -(-(height + top + bottom) // down), -(-(width + left + right) // across)
    r, s = (np.arange(size) * step for size, step in zip(where.size, where.dilation, strict=True))
    row = (r % down) * across * rows * columns + r // down * columns
    column = (s % across) * rows * columns + s // across
    channel = np.arange(channels) * (down * across * rows * columns)
    taps = channel[:, None, None] + row[:, None] + column
    return Phases(rows, columns, down * across * rows * columns, taps.ravel().astype(np.int64))


def deal(x: NDArray[Any], where: Windows, phases: Phases) -> NDArray[Any]:
    """The planes of a batch (N, C, H, W), dealt out, as one roomy row."""
    (top, _), (left, _) = where.padding
    (down, across), (height, width) = where.stride, where.plane
    padded = np.zeros((*x.shape[:2], phases.rows * down, phases.columns * across), x.dtype)
    padded[:, :, top:top + height, left:left + width] = x
    count = x.shape[0] * x.shape[1] * phases.size
    row = roomy(count, phases.columns, x.dtype)
    planes = row[:count].reshape(*x.shape[:2], down, across, phases.rows, phases.columns)
    planes[:] = padded.reshape(*x.shape[:2], phases.rows, down, phases.columns, across).transpose(0, 1, 3, 5, 2, 4)
    return row


def roomy(size: int, pitch: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """Zeros, (…, 1, 1, 1), and room behind them for what is read for nothing of rows that are `pitch` long."""
    return np.zeros((size + pitch + SLACK, 1, 1, 1), kind)
