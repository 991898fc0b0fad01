"""Convolution as networks mean it: a filter slides over the image and is not flipped (a cross-correlation)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import destination, integer, pair
from engine.convolution_plan import SHARED, convolve, forward_plan, with_shapes
from engine.operands import operands
from engine.received import allocatable
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
    known = _LATEST.get(id(weight))
    if known is not None:
        slide, how, no_bias, shape, kind, known_stride, known_padding, known_dilation, known_groups = known
        # By identity, since True and 1.0 count as 1 but are none.
        if (stride is known_stride and padding is known_padding and dilation is known_dilation
                and groups is known_groups):
            try:
                result = np.empty(shape, kind) if out is None else out
                if slide(x, weight, no_bias if bias is None else bias, result, how):
                    return result
            except Exception:
                pass  # what is wrong is found again below, and told in words
    return _by_shapes(x, weight, bias, out, stride, padding, dilation, groups)


class _Known(NamedTuple):
    """A convolution of some shapes and options that was done before, and need not be looked into again."""

    slide: Callable[..., bool]  # refuses arrays of other shapes
    how: Any                    # its last argument
    no_bias: NDArray[Any]
    shape: tuple[int, ...]      # of the result
    kind: np.dtype[Any]
    stride: Any
    padding: Any
    dilation: Any
    groups: Any


# By shapes, dtype and options; and what the weights of an `id` were last used for. To ask for that takes a quarter of
# the time, and does no harm where they are no longer the same.
_KNOWN: dict[Any, _Known] = {}
_LATEST: dict[int, _Known] = {}
MOST_KNOWN = 4096


def _by_shapes(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None, out: NDArray[Any] | None,
               *options: Any) -> NDArray[Any]:
    """As conv2d, for weights that were not used so lately."""
    try:
        arrays: Any = x, weight
        known = _KNOWN[arrays[0].shape, arrays[1].shape, arrays[0].dtype, *options]
        result = np.empty(known.shape, known.kind) if out is None else out
        if (all(map(operator.is_, options, known[5:]))
                and known.slide(x, weight, known.no_bias if bias is None else bias, result, known.how)):
            _remember(weight, known)
            return result
    except Exception:
        pass
    return _convolved(x, weight, bias, out, *options)


def _remember(weight: Any, known: _Known) -> None:
    if len(_LATEST) >= MOST_KNOWN:
        _LATEST.clear()
    _LATEST[id(weight)] = known


def _convolved(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None, out: NDArray[Any] | None,
               *options: Any) -> NDArray[Any]:
    """As conv2d, with every check."""
    named = [("x", x, 4), ("weight", weight, 4)] + ([] if bias is None else [("bias", bias, 1)])
    values, filters, *rest = operands("conv2d", *named)
    where = convolution_windows("conv2d", values.shape, filters.shape, *options)
    plan = forward_plan(len(values), values.shape[1], len(filters), int(options[3]), where, values.dtype)
    offset = rest[0] if rest else plan.no_bias
    if offset.shape != plan.no_bias.shape:
        raise ValueError(f"conv2d: bias {offset.shape} must hold one number for each filter of weight {filters.shape}")
    shape = (len(values), len(filters), *where.output)
    result = destination("conv2d", out, shape, values.dtype, values, filters, offset)
    if not plan.work:
        result[:] = offset[:, None, None]
        return result
    convolve(values if plan.phases is None else deal(values, where, plan.phases), filters, offset, result, plan)
    if plan.phases is None and all(type(option) is int for option in options):
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        plan = plan._replace(geometry=with_shapes(plan.geometry, values, filters))
        call: tuple[Any, Any] = (plan.slide, plan.geometry) if plan.work < SHARED else (convolve, plan)
        known = _Known(*call, plan.no_bias, shape, values.dtype, *options)
        _KNOWN[values.shape, filters.shape, values.dtype, *options] = known
        if filters is weight:
            _remember(weight, known)
    return result


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
    allocatable(function, (*x[:2], x[2] + sum(sides[0]), x[3] + sum(sides[1])))
    return windows(function, (x[2], x[3]), size, steps, sides, spread)
