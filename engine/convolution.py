"""Convolution as networks mean it: a filter slides over the image and is not flipped (a cross-correlation)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import integer, pair
from engine.operands import operands
from engine.products import rows_at_once, slide
from engine.windows import Padding, Pair, Windows, padded_sides, phases, windows


def conv2d(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, *, stride: Pair = 1, padding: Padding = 0,
           dilation: Pair = 1, groups: int = 1) -> NDArray[Any]:
    """Slide each filter over the image and sum the products, without flipping it.

    Each output starts at the bias and adds its products one by one, each with one rounding (fused multiply-add), in
    order of channels, rows, columns: its bits depend neither on the other images of the batch nor on the machine.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        float32 and float64 are kept, integers and float16 become float32; where x, weight and bias differ, the wider.
    weight : array_like, (K, C / groups, R, S)
        K filters. The first K / groups see the first C / groups channels, and so on.
    bias : array_like, (K,), optional
    stride : int or (rows, columns), at least 1
        How far the filter moves from one output to the next.
    padding : int, (rows, columns), ((top, bottom), (left, right)), "same" or "valid"
        Zeros around the image. "same" keeps its size with stride 1; the odd row or column goes to the bottom or right.
    dilation : int or (rows, columns), at least 1
        Distance on the image between neighbouring elements of the filter.
    groups : int
        A divisor of C and of K.

    Returns
    -------
    ndarray, (N, K, H', W') with H' = (H + top + bottom - dilation * (R - 1) - 1) // stride + 1

    Raises
    ------
    ValueError, TypeError
        Channels that do not match, a filter larger than the padded image, stride or dilation below 1, padding below 0,
        "same" with a stride, a wrong number of axes, arrays that hold no real numbers.

    References
    ----------
    Dumoulin & Visin (2016), A guide to convolution arithmetic for deep learning, arXiv:1603.07285.
    """
    if bias is None:
        values, filters = operands("conv2d", ("x", x, 4), ("weight", weight, 4))
        offset = np.zeros(len(filters), values.dtype)
    else:
        values, filters, offset = operands("conv2d", ("x", x, 4), ("weight", weight, 4), ("bias", bias, 1))
    where = convolution_windows("conv2d", values.shape, filters.shape, stride, padding, dilation, groups)
    if offset.shape != filters.shape[:1]:
        raise ValueError(f"conv2d: bias {offset.shape} must hold one number for each filter of weight {filters.shape}")
    out = np.empty((len(values), len(filters), *where.output), values.dtype)
    if out.size:
        dealt = phases(values, where, filters.shape[1])
        pitch = dealt.planes.shape[-1]
        slide(dealt.planes.reshape(-1), dealt.step, dealt.step // groups, dealt.taps, filters.reshape(-1), offset,
              out.reshape(-1), groups, *where.output, pitch, rows_at_once(pitch, where.output[0]))
    return out


def convolution_windows(function: str, x: tuple[int, ...], weight: tuple[int, ...], stride: Pair, padding: Padding,
                        dilation: Pair, groups: int) -> Windows:
    """Where the filters of shape `weight` lie on images of shape `x`; both shapes have four axes."""
    if 0 in weight:
        raise ValueError(f"{function}: weight {weight} holds no filter")
    if integer(function, "groups", groups, 1) > 1 and (x[1] % groups or weight[0] % groups):
        raise ValueError(f"{function}: groups ({groups}) must divide the {x[1]} channels of x {x} and the {weight[0]} "
                         f"filters of weight {weight}")
    if x[1] != weight[1] * groups:
        split = f" in each of {groups} groups" if groups > 1 else ""
        raise ValueError(f"{function}: x has {x[1]} channels {x} but weight expects {weight[1]}{split} {weight}")
    size, steps = (weight[2], weight[3]), pair(function, "stride", stride, 1)
    spread = pair(function, "dilation", dilation, 1)
    sides = padded_sides(function, padding, size, steps, spread)
    return windows(function, (x[2], x[3]), size, steps, sides, spread)
