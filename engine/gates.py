"""Activations that are x times a gate between 0 and 1: gelu, silu, mish, hard_swish; and their derivatives.

The gates are computed without cancellation, so that the left tails are right to the last places (gelu(-10) is -7.6e-23,
where 1 + erf gives 0), and -inf gives the limit, -0. float32 is computed in float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import choice
from engine.compile import kernel
from engine.elementwise import SIMPLE, at_once, each
from engine.error_function import normal_tail
from engine.exponential import exp_falling, logistic
from engine.intrinsics import fma
from engine.precision import constant, formula, like
from engine.vector_arithmetic import load_inside, select, store_inside
from engine.vectors import lanes

_INVERSE_SQRT_TWO_PI, _SQRT_EIGHT_OVER_PI = constant(0.3989422804014327), constant(1.5957691216057308)
_CUBIC = constant(0.044715)
_FORMS = ("none", "tanh")


@at_once(lambda: _gelu)
def gelu(x: Any, *, approximate: str = "none", out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x Φ(x), with the distribution function Φ of the standard normal.

    Parameters
    ----------
    x : array_like
        Real numbers of any shape; float32 and float64 are kept, integers and float16 become float32.
    approximate : {"none", "tanh"}
        "tanh" takes (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2 for Φ(x).
    out : ndarray, optional
        Where the result is written: a C-contiguous array of the result's shape and dtype, x itself allowed.

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
    return each("gelu", _gelu if form == "none" else _gelu_tanh, x, out)


@at_once(lambda: _gelu_derivative)
def gelu_derivative(x: Any, *, approximate: str = "none", out: NDArray[Any] | None = None) -> NDArray[Any]:
    """Φ(x) + x Φ'(x)."""
    form = choice("gelu", "approximate", approximate, _FORMS)
    return each("gelu", _gelu_derivative if form == "none" else _gelu_tanh_derivative, x, out)


@at_once(lambda: _silu)
def silu(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x sigmoid(x), also called swish; otherwise as `gelu`.

    References
    ----------
    Elfwing, Uchibe & Doya (2018), Sigmoid-weighted linear units for neural network function approximation in
    reinforcement learning, arXiv:1702.03118.
    """
    return each("silu", _silu, x, out)


@at_once(lambda: _silu_derivative)
def silu_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """sigmoid(x) (1 + x sigmoid(-x))."""
    return each("silu", _silu_derivative, x, out)


@at_once(lambda: _mish)
def mish(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x tanh(softplus(x)); otherwise as `gelu`.

    References
    ----------
    Misra (2019), Mish: a self regularized non-monotonic activation function, arXiv:1908.08681.
    """
    return each("mish", _mish, x, out)


@at_once(lambda: _mish_derivative)
def mish_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """tanh(s) + x sigmoid(x) / cosh(s)**2 with s = softplus(x)."""
    return each("mish", _mish_derivative, x, out)


@at_once(lambda: _hard_swish)
def hard_swish(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x hard_sigmoid(x); otherwise as `gelu`.

    References
    ----------
    Howard et al. (2019), Searching for MobileNetV3, arXiv:1905.02244.
    """
    return each("hard_swish", _hard_swish, x, out, least=SIMPLE)


@at_once(lambda: _hard_swish_derivative)
def hard_swish_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x / 3 + 1/2 inside ]-3, 3[; at the kinks what lies outside, as in torch: 0 at -3 and 1 at 3."""
    return each("hard_swish", _hard_swish_derivative, x, out, least=SIMPLE)


@formula
def _within(x: float, low: float, high: float) -> float:
    """x cut at two bounds beyond which a gate is 0 or 1 to the last place; infinity times 0 would be NaN."""
    x = select(x < low, like(x, low), x)
    return select(x > high, like(x, high), x)


@formula
def _mish_gate(v: float, small: float) -> tuple[float, float]:
    """(n, d) with tanh(log(1 + exp(v))) = n / d, small = exp(-|v|): (w² + 2w) / (w² + 2w + 2) with w = exp(v).

    Where v > 0 both are multiplied by exp(-2v), and neither form overflows or cancels.
    """
    two = like(v, 2.0)
    n = select(v > 0.0, fma(two, small, like(v, 1.0)), small * (small + two))
    return n, fma(two, select(v > 0.0, small * small, like(v, 1.0)), n)


@kernel
def _gelu(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = _within(load_inside(x, i), -40.0, np.inf)
        tail = normal_tail(abs(v))[0]
        store_inside(y, i, v * select(v < 0.0, tail, like(v, 1.0) - tail))


@kernel
def _gelu_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = _within(load_inside(x, i), -40.0, 40.0)
        tail, density = normal_tail(abs(v))
        store_inside(y, i, fma(v * _INVERSE_SQRT_TWO_PI(v), density, select(v < 0.0, tail, like(v, 1.0) - tail)))


@kernel
def _gelu_tanh(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = _within(load_inside(x, i), -40.0, np.inf)
        w = _within(v, -40.0, 40.0)
        # (1 + tanh(u)) / 2 is σ(2u), which does not cancel where tanh(u) is near -1.
        store_inside(y, i, v * logistic(_SQRT_EIGHT_OVER_PI(v) * fma(_CUBIC(v) * w * w, w, w))[0])


@kernel
def _gelu_tanh_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = _within(load_inside(x, i), -40.0, 40.0)
        square = _CUBIC(v) * v * v
        s, rest = logistic(_SQRT_EIGHT_OVER_PI(v) * fma(square, v, v))
        store_inside(y, i, fma(v * s * rest, _SQRT_EIGHT_OVER_PI(v) * fma(like(v, 3.0), square, like(v, 1.0)), s))


@kernel
def _silu(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = _within(load_inside(x, i), -800.0, np.inf)
        small = exp_falling(-abs(v))
        store_inside(y, i, v * select(v > 0.0, like(v, 1.0), small) / (like(v, 1.0) + small))


@kernel
def _silu_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = _within(load_inside(x, i), -800.0, 800.0)
        s, rest = logistic(v)
        store_inside(y, i, s * fma(v, rest, like(v, 1.0)))


@kernel
def _mish(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = _within(load_inside(x, i), -800.0, np.inf)
        n, d = _mish_gate(v, exp_falling(-abs(v)))
        store_inside(y, i, v * (n / d))


@kernel
def _mish_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = _within(load_inside(x, i), -800.0, 800.0)
        small = exp_falling(-abs(v))
        n, d = _mish_gate(v, small)
        # (d² - n²) / d², times sigmoid(v): what is left when the common factors are gone.
        inverse = like(v, 1.0) / d
        rest = select(v > 0.0, small * small, small) * (like(v, 1.0) + small)
        store_inside(y, i, fma(v, like(v, 4.0) * rest * inverse * inverse, n * inverse))


@kernel
def _hard_swish(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        middle = v * (v + like(v, 3.0)) / like(v, 6.0)
        store_inside(y, i, select(v <= -3.0, like(v, -0.0), select(v >= 3.0, v, middle)))


@kernel
def _hard_swish_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        middle = v / like(v, 3.0) + like(v, 0.5)
        store_inside(y, i, select(v <= -3.0, like(v, 0.0), select(v >= 3.0, like(v, 1.0), middle)))
