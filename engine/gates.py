"""Activations that are x times a gate between 0 and 1: gelu, silu, mish, hard_swish; and their derivatives.

Everything is computed in float64 and rounded once to the dtype of the result. The gates are computed without
cancellation, so that the left tails are right to the last places (gelu(-10) is -7.6e-23, where 1 + erf gives 0), and
-inf gives the limit, -0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import choice
from engine.compile import kernel
from engine.elementwise import each
from engine.error_function import normal_tail
from engine.exponential import exp_falling, logistic
from engine.intrinsics import fma, select

_INVERSE_SQRT_TWO_PI = 0.3989422804014327
_SQRT_EIGHT_OVER_PI = 1.5957691216057308
_CUBIC = 0.044715
_FORMS = ("none", "tanh")


def gelu(x: Any, *, approximate: str = "none") -> NDArray[Any]:
    """x Φ(x), with the distribution function Φ of the standard normal.

    Parameters
    ----------
    x : array_like
        Real numbers of any shape; float32 and float64 are kept, integers and float16 become float32.
    approximate : {"none", "tanh"}
        "tanh" takes (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2 for Φ(x).

    Returns
    -------
    ndarray
        Of x's shape.

    Raises
    ------
    ValueError
        Another word for `approximate`.

    References
    ----------
    Hendrycks & Gimpel (2016), Gaussian error linear units, arXiv:1606.08415.
    """
    form = choice("gelu", "approximate", approximate, _FORMS)
    return each("gelu", _gelu if form == "none" else _gelu_tanh, x)


def gelu_derivative(x: Any, *, approximate: str = "none") -> NDArray[Any]:
    """Φ(x) + x Φ'(x)."""
    form = choice("gelu", "approximate", approximate, _FORMS)
    return each("gelu", _gelu_derivative if form == "none" else _gelu_tanh_derivative, x)


def silu(x: Any) -> NDArray[Any]:
    """x sigmoid(x), also called swish; otherwise as `gelu`.

    References
    ----------
    Elfwing, Uchibe & Doya (2018), Sigmoid-weighted linear units for neural network function approximation in
    reinforcement learning, arXiv:1702.03118.
    """
    return each("silu", _silu, x)


def silu_derivative(x: Any) -> NDArray[Any]:
    """sigmoid(x) (1 + x sigmoid(-x))."""
    return each("silu", _silu_derivative, x)


def mish(x: Any) -> NDArray[Any]:
    """x tanh(softplus(x)); otherwise as `gelu`.

    References
    ----------
    Misra (2019), Mish: a self regularized non-monotonic activation function, arXiv:1908.08681.
    """
    return each("mish", _mish, x)


def mish_derivative(x: Any) -> NDArray[Any]:
    """tanh(s) + x sigmoid(x) / cosh(s)**2 with s = softplus(x)."""
    return each("mish", _mish_derivative, x)


def hard_swish(x: Any) -> NDArray[Any]:
    """x hard_sigmoid(x); otherwise as `gelu`.

    References
    ----------
    Howard et al. (2019), Searching for MobileNetV3, arXiv:1905.02244.
    """
    return each("hard_swish", _hard_swish, x)


def hard_swish_derivative(x: Any) -> NDArray[Any]:
    """x / 3 + 1/2 inside ]-3, 3[; at the kinks what lies outside, as in torch: 0 at -3 and 1 at 3."""
    return each("hard_swish", _hard_swish_derivative, x)


@kernel
def _within(x: float, low: float, high: float) -> float:
    """x cut at two bounds beyond which a gate is 0 or 1 to the last place; infinity times 0 would be NaN."""
    x = select(x < low, low, x)
    return select(x > high, high, x)


@kernel
def _gelu(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = _within(np.float64(x[i]), -40.0, np.inf)
        tail = normal_tail(abs(v))[0]
        y[i] = v * select(v < 0.0, tail, 1.0 - tail)


@kernel
def _gelu_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = _within(np.float64(x[i]), -40.0, 40.0)
        tail, density = normal_tail(abs(v))
        y[i] = fma(v * _INVERSE_SQRT_TWO_PI, density, select(v < 0.0, tail, 1.0 - tail))


@kernel
def _gelu_tanh(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = _within(np.float64(x[i]), -40.0, np.inf)
        w = _within(v, -40.0, 40.0)
        # (1 + tanh(u)) / 2 is σ(2u), which does not cancel where tanh(u) is near -1.
        y[i] = v * logistic(_SQRT_EIGHT_OVER_PI * fma(_CUBIC * w * w, w, w))[0]


@kernel
def _gelu_tanh_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = _within(np.float64(x[i]), -40.0, 40.0)
        square = _CUBIC * v * v
        s, rest = logistic(_SQRT_EIGHT_OVER_PI * fma(square, v, v))
        y[i] = fma(v * s * rest, _SQRT_EIGHT_OVER_PI * (1.0 + 3.0 * square), s)


@kernel
def _silu(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = _within(np.float64(x[i]), -800.0, np.inf)
        y[i] = v * logistic(v)[0]


@kernel
def _silu_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = _within(np.float64(x[i]), -800.0, 800.0)
        s, rest = logistic(v)
        y[i] = s * fma(v, rest, 1.0)


@kernel
def _mish_gate(v: float, small: float) -> tuple[float, float]:
    """(n, d) with tanh(log(1 + exp(v))) = n / d, small = exp(-|v|): (w² + 2w) / (w² + 2w + 2) with w = exp(v).

    Where v > 0 both are multiplied by exp(-2v), and neither form overflows or cancels.
    """
    n = select(v > 0.0, 1.0 + 2.0 * small, small * (small + 2.0))
    return n, n + 2.0 * select(v > 0.0, small * small, 1.0)


@kernel
def _mish(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = _within(np.float64(x[i]), -800.0, np.inf)
        n, d = _mish_gate(v, exp_falling(-abs(v)))
        y[i] = v * (n / d)


@kernel
def _mish_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = _within(np.float64(x[i]), -800.0, 800.0)
        small = exp_falling(-abs(v))
        n, d = _mish_gate(v, small)
        # (d² - n²) / d², times sigmoid(v): what is left when the common factors are gone.
        inverse = 1.0 / d
        slope = 4.0 * select(v > 0.0, small * small, small) * (1.0 + small) * inverse * inverse
        y[i] = fma(v, slope, n * inverse)


@kernel
def _hard_swish(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = np.float64(x[i])
        y[i] = select(v <= -3.0, -0.0, select(v >= 3.0, v, v * (v + 3.0) / 6.0))


@kernel
def _hard_swish_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        v = np.float64(x[i])
        y[i] = select(v <= -3.0, 0.0, select(v >= 3.0, 1.0, v / 3.0 + 0.5))
