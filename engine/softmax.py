"""From scores to probabilities along one axis: softmax, its logarithm, and what they pass back.

Everything is computed in float64 and rounded once; each sum is taken in the order of the axis.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import floating
from engine.compile import kernel
from engine.elementary import exp
from engine.elementwise import axis_of
from engine.exponential import exp_falling, log1p


def softmax(x: Any, *, axis: int = -1) -> NDArray[Any]:
    """exp(x) / Σ exp(x) along an axis, shifted by its maximum so that no score is too large.

    Parameters
    ----------
    x : array_like
        Scores; float32 and float64 are kept, integers and float16 become float32. -inf has probability 0.
    axis : int
        The axis along which the probabilities sum to 1.

    Returns
    -------
    ndarray
        Of x's shape. NaN all along an axis that holds NaN, +inf or nothing but -inf.

    Raises
    ------
    ValueError
        An axis that x has not.

    References
    ----------
    Bridle (1990), Probabilistic interpretation of feedforward classification network outputs, Neurocomputing, Springer.
    """
    return _along("softmax", _softmax, x, axis)


def log_softmax(x: Any, *, axis: int = -1) -> NDArray[Any]:
    """log(softmax(x)), right to the last places where a probability is nearly 0 or nearly 1; otherwise as `softmax`."""
    return _along("log_softmax", _log_softmax, x, axis)


def softmax_gradient(y: Any, gradient: Any, *, axis: int = -1) -> NDArray[Any]:
    """The gradient by the scores of a loss of which `gradient` is the one by y = softmax(scores).

    Parameters
    ----------
    y, gradient : array_like
        Of one shape; the wider of their dtypes is the result's.
    axis : int
        The axis along which softmax was taken.

    Returns
    -------
    ndarray
        y * (gradient - Σ y * gradient).
    """
    y, gradient, axis = _matching("softmax_gradient", y, gradient, axis)
    wide = np.asarray(gradient, np.float64)
    total = np.sum(y * wide, axis=axis, keepdims=True)
    return np.asarray(y * (wide - total), np.result_type(y, gradient))


def log_softmax_gradient(y: Any, gradient: Any, *, axis: int = -1) -> NDArray[Any]:
    """The gradient by the scores of a loss of which `gradient` is the one by y = log_softmax(scores).

    gradient - exp(y) * Σ gradient; otherwise as `softmax_gradient`.
    """
    y, gradient, axis = _matching("log_softmax_gradient", y, gradient, axis)
    wide = np.asarray(gradient, np.float64)
    total = np.sum(wide, axis=axis, keepdims=True)
    return np.asarray(wide - exp(np.asarray(y, np.float64)) * total, np.result_type(y, gradient))


def _along(function: str, loop: Callable[..., None], x: Any, axis: int) -> NDArray[Any]:
    scores = floating(function, "x", x)
    place = axis_of(function, axis, max(scores.ndim, 1))
    rows = np.moveaxis(np.atleast_1d(scores), place, -1)
    length = rows.shape[-1]
    flat: NDArray[Any] = np.require(rows.reshape(-1, length) if length else rows.reshape(0, 0),
                                    requirements=["C", "ALIGNED", "WRITEABLE"])
    result = np.empty_like(flat)
    loop(flat, result, np.empty(length))
    return np.ascontiguousarray(np.moveaxis(result.reshape(rows.shape), -1, place)).reshape(scores.shape)


def _matching(function: str, y: Any, gradient: Any, axis: int) -> tuple[NDArray[Any], NDArray[Any], int]:
    y, gradient = floating(function, "y", y), floating(function, "gradient", gradient)
    if y.shape != gradient.shape:
        raise ValueError(f"{function}: y {y.shape} and gradient {gradient.shape} must have one shape")
    return y, gradient, axis_of(function, axis, y.ndim)


@kernel
def _largest(row: NDArray[Any]) -> int:
    """Where the largest score stands; NaN is passed over and found by the sum."""
    best = 0
    for j in range(1, row.size):
        if row[j] > row[best] or row[best] != row[best]:
            best = j
    return best


@kernel
def _softmax(scores: NDArray[Any], y: NDArray[Any], work: NDArray[Any]) -> None:
    for r in range(scores.shape[0]):
        row = scores[r]
        top = np.float64(row[_largest(row)])
        for j in range(row.size):
            work[j] = exp_falling(np.float64(row[j]) - top)
        total = 0.0
        for j in range(row.size):
            total += work[j]
        for j in range(row.size):
            y[r, j] = work[j] / total


@kernel
def _log_softmax(scores: NDArray[Any], y: NDArray[Any], work: NDArray[Any]) -> None:
    for r in range(scores.shape[0]):
        row = scores[r]
        best = _largest(row)
        top = np.float64(row[best])
        for j in range(row.size):
            work[j] = exp_falling(np.float64(row[j]) - top)
        # The largest term is 1: left out of the sum, it does not swallow the others. NaN if it is infinite.
        others = top - top
        for j in range(row.size):
            others += work[j] if j != best else 0.0
        total = log1p(others)
        for j in range(row.size):
            y[r, j] = (np.float64(row[j]) - top) - total
