"""From scores to probabilities along one axis: softmax, its logarithm, and what they pass back.

float32 is computed in float32, its sums in float64; each sum is taken in one order, whatever the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import floating
from engine.elementwise import SHARED, axis_of
from engine.softmax_rows import (
    log_softmax_gradient_rows,
    log_softmax_rows,
    softmax_gradient_rows,
    softmax_rows,
)
from engine.threads import shared, slices

_LANES = 16  # of the longest vector


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
    return _along("softmax", softmax_rows, x, axis)


def log_softmax(x: Any, *, axis: int = -1) -> NDArray[Any]:
    """log(softmax(x)), right to the last places where a probability is nearly 0 or nearly 1; otherwise as `softmax`."""
    return _along("log_softmax", log_softmax_rows, x, axis)


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
    return _gradient("softmax_gradient", softmax_gradient_rows, y, gradient, axis)


def log_softmax_gradient(y: Any, gradient: Any, *, axis: int = -1) -> NDArray[Any]:
    """The gradient by the scores of a loss of which `gradient` is the one by y = log_softmax(scores).

    gradient - exp(y) * Σ gradient; otherwise as `softmax_gradient`.
    """
    return _gradient("log_softmax_gradient", log_softmax_gradient_rows, y, gradient, axis)


def _along(function: str, loop: Callable[..., None], x: Any, axis: int) -> NDArray[Any]:
    scores = floating(function, "x", x)
    place = axis_of(function, axis, max(scores.ndim, 1))
    rows = _rows(scores, place)
    result = np.empty_like(rows)
    _on_rows(lambda part: loop(rows.reshape(-1)[part], result.reshape(-1)[part], rows.shape[-1],
                               np.empty(_LANES, rows.dtype)), rows)
    return _placed(result, place, scores.shape)


def _gradient(function: str, loop: Callable[..., None], y: Any, gradient: Any, axis: int) -> NDArray[Any]:
    y, gradient = floating(function, "y", y), floating(function, "gradient", gradient)
    if y.shape != gradient.shape:
        raise ValueError(f"{function}: y {y.shape} and gradient {gradient.shape} must have one shape")
    place, kind, shape = axis_of(function, axis, max(y.ndim, 1)), np.result_type(y, gradient), y.shape
    values, slopes = (_rows(array.astype(kind, copy=False), place) for array in (y, gradient))
    result = np.empty_like(values)
    _on_rows(lambda part: loop(values.reshape(-1)[part], slopes.reshape(-1)[part], result.reshape(-1)[part],
                               values.shape[-1]), values)
    return _placed(result, place, shape)


def _rows(array: NDArray[Any], place: int) -> NDArray[Any]:
    """The axis at `place` as the last one, contiguous."""
    array = np.atleast_1d(array)
    return array if place == array.ndim - 1 else np.ascontiguousarray(np.moveaxis(array, place, -1))


def _placed(rows: NDArray[Any], place: int, shape: tuple[int, ...]) -> NDArray[Any]:
    return np.ascontiguousarray(np.moveaxis(rows, -1, place)).reshape(shape)


def _on_rows(work: Callable[[slice], None], rows: NDArray[Any]) -> None:
    """`work` on slices of whole rows, side by side where there are many elements."""
    if rows.size:
        shared(work, [(part,) for part in slices(rows.size, SHARED, rows.shape[-1])])
