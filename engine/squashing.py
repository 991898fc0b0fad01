"""Activations that press the line into an interval: sigmoid, tanh, softsign, hard_sigmoid; and their derivatives.

Everything is computed in float64 and rounded once to the dtype of the result.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import scalar
from engine.compile import kernel
from engine.elementwise import each
from engine.exponential import logistic
from engine.intrinsics import select


def sigmoid(x: Any) -> NDArray[Any]:
    """The logistic function 1 / (1 + exp(-x)), which does not lose its left tail: sigmoid(-700) is exp(-700).

    Parameters
    ----------
    x : array_like
        Real numbers of any shape; float32 and float64 are kept, integers and float16 become float32.

    Returns
    -------
    ndarray
        Of x's shape.

    References
    ----------
    Rumelhart, Hinton & Williams (1986), Learning representations by back-propagating errors, Nature 323.
    """
    return each("sigmoid", _sigmoid, x)


def sigmoid_derivative(x: Any) -> NDArray[Any]:
    """sigmoid(x) sigmoid(-x)."""
    return each("sigmoid", _sigmoid_derivative, x)


def tanh(x: Any) -> NDArray[Any]:
    """The hyperbolic tangent; otherwise as `sigmoid`.

    References
    ----------
    LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, in Neural Networks: Tricks of the Trade, Springer.
    """
    return each("tanh", _tanh, x)


def tanh_derivative(x: Any) -> NDArray[Any]:
    """1 - tanh(x)**2 without its cancellation."""
    return each("tanh", _tanh_derivative, x)


def softsign(x: Any) -> NDArray[Any]:
    """x / (1 + |x|), ±1 at the infinities; otherwise as `sigmoid`.

    References
    ----------
    Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural networks, AISTATS.
    """
    return each("softsign", _softsign, x)


def softsign_derivative(x: Any) -> NDArray[Any]:
    """1 / (1 + |x|)**2."""
    return each("softsign", _softsign_derivative, x)


def hard_sigmoid(x: Any) -> NDArray[Any]:
    """The sigmoid's chord (x + 3) / 6, cut at 0 and 1; otherwise as `sigmoid`.

    References
    ----------
    Howard et al. (2019), Searching for MobileNetV3, arXiv:1905.02244.
    """
    return each("hard_sigmoid", _hard_sigmoid, x)


def hard_sigmoid_derivative(x: Any) -> NDArray[Any]:
    """1/6 inside ]-3, 3[; 0 from the kinks on, as in torch."""
    return each("hard_sigmoid", _hard_sigmoid_derivative, x)


@kernel
def _sigmoid(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        y[i] = logistic(np.float64(x[i]))[0]


@kernel
def _sigmoid_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        s, rest = logistic(np.float64(x[i]))
        y[i] = s * rest


@kernel
def _tanh(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        y[i] = scalar.tanh(np.float64(x[i]))


@kernel
def _tanh_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        # tanh(x) = σ(2x) - σ(-2x), and the two sum to 1.
        s, rest = logistic(2.0 * np.float64(x[i]))
        y[i] = 4.0 * s * rest


@kernel
def _softsign(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = np.float64(x[i])
        limit = select(v > 0.0, 1.0, -1.0)
        y[i] = select(abs(v) == np.inf, limit, v / (1.0 + abs(v)))


@kernel
def _softsign_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        inverse = 1.0 / (1.0 + abs(np.float64(x[i])))
        y[i] = inverse * inverse


@kernel
def _hard_sigmoid(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = np.float64(x[i])
        y[i] = select(v <= -3.0, 0.0, select(v >= 3.0, 1.0, (v + 3.0) / 6.0))


@kernel
def _hard_sigmoid_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = np.float64(x[i])
        y[i] = select(abs(v) >= 3.0, 0.0, select(abs(v) < 3.0, 1.0 / 6.0, v))
