"""Maxout: the largest of several affine pieces, as a layer sees it and as a function of one variable."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import floating, integer, real
from engine.elementwise import axis_of, written


def maxout(x: Any, pieces: int, *, axis: int = 1) -> NDArray[Any]:
    """The maximum over each group of `pieces` adjacent channels, which a linear layer before it has computed.

    Parameters
    ----------
    x : array_like, (N, C, …)
        Real numbers; float32 and float64 are kept, integers and float16 become float32.
    pieces : int
        How many channels compete for one output.
    axis : int
        The axis of the channels.

    Returns
    -------
    ndarray, (N, C / pieces, …)

    Raises
    ------
    ValueError
        Channels that are no multiple of `pieces`, an axis that x has not.

    References
    ----------
    Goodfellow et al. (2013), Maxout networks, arXiv:1302.4389.
    """
    x = floating("maxout", "x", x)
    axis = axis_of("maxout", axis, x.ndim)
    pieces = integer("maxout", "pieces", pieces, 1)
    channels = x.shape[axis]
    if channels % pieces:
        raise ValueError(f"maxout: axis {axis} has {channels} channels {x.shape}, no multiple of {pieces} pieces")
    if not x.size:
        return np.empty((*x.shape[:axis], channels // pieces, *x.shape[axis + 1:]), x.dtype)
    groups = x.reshape(*x.shape[:axis], channels // pieces, pieces, *x.shape[axis + 1:])
    # Which of +0 and -0 is the larger depends on the CPU: adding zero makes both +0.
    largest: NDArray[Any] = groups.max(axis=axis + 1) + x.dtype.type(0)
    return largest


def maxout_unit(
    x: Any, *, w1: float = -0.5, b1: float = 1.0, w2: float = 1.0, b2: float = -0.5, out: NDArray[Any] | None = None
) -> NDArray[Any]:
    """max(w1 x + b1, w2 x + b2): one maxout neuron of one input and two pieces, element by element.

    Parameters
    ----------
    x : array_like
        Real numbers of any shape; float32 and float64 are kept, integers and float16 become float32.
    w1, b1, w2, b2 : float
        Slope and intercept of the two pieces.
    out : ndarray, optional
        Where the result is written: a C-contiguous array of the result's shape and dtype, x itself allowed.
    """
    x = floating("maxout_unit", "x", x)
    # A slope of 1e308 is taken at its word, and what overflows is infinite.
    with np.errstate(all="ignore"):
        first, second = _pieces(x, *_numbers(w1, b1, w2, b2))
        return written("maxout_unit", np.maximum(first, second) + 0.0, x, out)


def maxout_unit_derivative(
    x: Any, *, w1: float = -0.5, b1: float = 1.0, w2: float = 1.0, b2: float = -0.5, out: NDArray[Any] | None = None
) -> NDArray[Any]:
    """The slope of the larger piece; at the kink their mean, as in torch."""
    x = floating("maxout_unit", "x", x)
    w1, b1, w2, b2 = _numbers(w1, b1, w2, b2)
    with np.errstate(all="ignore"):
        first, second = _pieces(x, w1, b1, w2, b2)
        slope = np.where(first > second, w1, np.where(first < second, w2, 0.5 * w1 + 0.5 * w2))
        return written("maxout_unit", np.where(np.isnan(x), x, slope), x, out)


def _numbers(w1: float, b1: float, w2: float, b2: float) -> tuple[float, float, float, float]:
    return (real("maxout_unit", "w1", w1), real("maxout_unit", "b1", b1),
            real("maxout_unit", "w2", w2), real("maxout_unit", "b2", b2))


def _pieces(
    x: NDArray[Any], w1: float, b1: float, w2: float, b2: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    wide = np.asarray(x, np.float64)
    return np.asarray(w1 * wide + b1), np.asarray(w2 * wide + b2)
