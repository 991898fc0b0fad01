"""Activations that press the line into an interval: sigmoid, tanh, softsign, hard_sigmoid; and their derivatives.

float32 is computed in float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import scalar
from engine.compile import kernel
from engine.elementwise import SIMPLE, at_once, each
from engine.exponential import logistic
from engine.floating_point import copysign
from engine.precision import like
from engine.vector_arithmetic import load_inside, select, store_inside
from engine.vectors import lanes


@at_once(lambda: _sigmoid)
def sigmoid(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """The logistic function 1 / (1 + exp(-x)), which does not lose its left tail: sigmoid(-700) is exp(-700).

    Parameters
    ----------
    x : array_like
        Real numbers of any shape; float32 and float64 are kept, integers and float16 become float32.
    out : ndarray, optional
        Where the result is written: a C-contiguous array of the result's shape and dtype, x itself allowed.

    Returns
    -------
    ndarray
        Of x's shape.

    References
    ----------
    Rumelhart, Hinton & Williams (1986), Learning representations by back-propagating errors, Nature 323.
    """
    return each("sigmoid", _sigmoid, x, out)


@at_once(lambda: _sigmoid_derivative)
def sigmoid_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """sigmoid(x) sigmoid(-x)."""
    return each("sigmoid", _sigmoid_derivative, x, out)


@at_once(lambda: _tanh)
def tanh(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """The hyperbolic tangent; otherwise as `sigmoid`.

    References
    ----------
    LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, in Neural Networks: Tricks of the Trade, Springer.
    """
    return each("tanh", _tanh, x, out)


@at_once(lambda: _tanh_derivative)
def tanh_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """1 - tanh(x)**2 without its cancellation."""
    return each("tanh", _tanh_derivative, x, out)


@at_once(lambda: _softsign)
def softsign(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x / (1 + |x|), ±1 at the infinities; otherwise as `sigmoid`.

    References
    ----------
    Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural networks, AISTATS.
    """
    return each("softsign", _softsign, x, out)


@at_once(lambda: _softsign_derivative)
def softsign_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """1 / (1 + |x|)**2."""
    return each("softsign", _softsign_derivative, x, out)


@at_once(lambda: _hard_sigmoid, least=SIMPLE)
def hard_sigmoid(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """The sigmoid's chord (x + 3) / 6, cut at 0 and 1; otherwise as `sigmoid`.

    References
    ----------
    Howard et al. (2019), Searching for MobileNetV3, arXiv:1905.02244.
    """
    return each("hard_sigmoid", _hard_sigmoid, x, out, least=SIMPLE)


@at_once(lambda: _hard_sigmoid_derivative, least=SIMPLE)
def hard_sigmoid_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """1/6 inside ]-3, 3[; 0 from the kinks on, as in torch."""
    return each("hard_sigmoid", _hard_sigmoid_derivative, x, out, least=SIMPLE)


@kernel
def _sigmoid(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        store_inside(y, i, logistic(load_inside(x, i))[0])


@kernel
def _sigmoid_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        s, rest = logistic(load_inside(x, i))
        store_inside(y, i, s * rest)


@kernel
def _tanh(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        store_inside(y, i, scalar.tanh(load_inside(x, i)))


@kernel
def _tanh_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        # tanh(x) = σ(2x) - σ(-2x), and the two sum to 1.
        s, rest = logistic(v + v)
        store_inside(y, i, like(v, 4.0) * s * rest)


@kernel
def _softsign(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        limit = copysign(like(v, 1.0), v)
        store_inside(y, i, select(abs(v) == np.inf, limit, v / (like(v, 1.0) + abs(v))))


@kernel
def _softsign_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        inverse = like(v, 1.0) / (like(v, 1.0) + abs(v))
        store_inside(y, i, inverse * inverse)


@kernel
def _hard_sigmoid(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        middle = (v + like(v, 3.0)) / like(v, 6.0)
        store_inside(y, i, select(v <= -3.0, like(v, 0.0), select(v >= 3.0, like(v, 1.0), middle)))


@kernel
def _hard_sigmoid_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        store_inside(y, i, select(abs(v) >= 3.0, like(v, 0.0), select(abs(v) < 3.0, like(v, 1.0 / 6.0), v)))
