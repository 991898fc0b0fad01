"""Convolution as networks mean it: a filter slides over the image and is not flipped (a cross-correlation)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import destination, integer, pair, ready
from engine.convolution_plan import Plan, convolve, forward_plan
from engine.operands import operands
from engine.windows import Padding, Pair, Windows, deal, padded_sides, windows


def conv2d(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, *, stride: Pair = 1, padding: Padding = 0,
           dilation: Pair = 1, groups: int = 1, out: NDArray[Any] | None = None) -> NDArray[Any]:
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
    out : ndarray, optional
        Where the result is written: C-contiguous, of its shape and dtype, apart from the other arrays.

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
    if bias is not None:
        values, filters, offset = operands("conv2d", ("x", x, 4), ("weight", weight, 4), ("bias", bias, 1))
    elif ready(x) and ready(weight) and x.dtype is weight.dtype and x.ndim == weight.ndim == 4:
        values, filters = x, weight  # what `operands` would say, four times faster: a small image takes no longer
    else:
        values, filters = operands("conv2d", ("x", x, 4), ("weight", weight, 4))
    try:
        plan, where, shape = _planned(values.shape, filters.shape, values.dtype, stride, padding, dilation, groups)
    except TypeError:  # a list, which cannot be looked up; whatever else is wrong will be told again
        plan, where, shape = _planned.__wrapped__(values.shape, filters.shape, values.dtype, stride, padding, dilation,
                                                  groups)
    if bias is None:
        offset = plan.no_bias
    elif offset.shape != plan.no_bias.shape:
        raise ValueError(f"conv2d: bias {offset.shape} must hold one number for each filter of weight {filters.shape}")
    if out is None:
        out = np.empty(shape, values.dtype)
    else:
        destination("conv2d", out, shape, values.dtype, values, filters, offset)
    if plan.work:
        convolve(plan, values if plan.phases is None else deal(values, where, plan.phases), filters, offset, out)
    elif out.size:
        out[:] = offset[:, None, None]
    return out


@lru_cache(maxsize=1024, typed=True)
def _planned(x: tuple[int, ...], weight: tuple[int, ...], kind: np.dtype[Any], stride: Pair, padding: Padding,
             dilation: Pair, groups: int) -> tuple[Plan, Windows, tuple[int, ...]]:
    """The plan for arrays of these shapes, where the windows lie, and the shape of the result."""
    where = convolution_windows("conv2d", x, weight, stride, padding, dilation, groups)
    plan = forward_plan(x[0], x[1], weight[0], int(groups), where, kind)
    return plan, where, (x[0], weight[0], *where.output)


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
