"""Activations that are x times a gate between 0 and 1: silu, mish, hard_swish; and their derivatives.

The gates are computed without cancellation, so that the left tails are right to the last places, and -inf gives the
limit, -0. float32 is computed in float32. For gelu see engine/gaussian_gate.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.elementwise import SIMPLE, at_once, each
from engine.exponential import exp_falling, logistic
from engine.gaussian_gate import within
from engine.intrinsics import fma
from engine.precision import formula, like
from engine.vector_arithmetic import load_inside, select, store_inside
from engine.vectors import lanes


@at_once(lambda: _silu)
def silu(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x sigmoid(x), also called swish; otherwise as `engine.gelu`.

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
    """x tanh(softplus(x)); otherwise as `engine.gelu`.

    References
    ----------
    Misra (2019), Mish: a self regularized non-monotonic activation function, arXiv:1908.08681.
    """
    return each("mish", _mish, x, out)


@at_once(lambda: _mish_derivative)
def mish_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """tanh(s) + x sigmoid(x) / cosh(s)**2 with s = softplus(x)."""
    return each("mish", _mish_derivative, x, out)


@at_once(lambda: _hard_swish, least=SIMPLE)
def hard_swish(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x hard_sigmoid(x); otherwise as `engine.gelu`.

    References
    ----------
    Howard et al. (2019), Searching for MobileNetV3, arXiv:1905.02244.
    """
    return each("hard_swish", _hard_swish, x, out, least=SIMPLE)


@at_once(lambda: _hard_swish_derivative, least=SIMPLE)
def hard_swish_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x / 3 + 1/2 inside ]-3, 3[; at the kinks what lies outside, as in torch: 0 at -3 and 1 at 3."""
    return each("hard_swish", _hard_swish_derivative, x, out, least=SIMPLE)


@formula
def _mish_gate(v: float, small: float) -> tuple[float, float]:
    """(n, d) with tanh(log(1 + exp(v))) = n / d, small = exp(-|v|): (w² + 2w) / (w² + 2w + 2) with w = exp(v).

    Where v > 0 both are multiplied by exp(-2v), and neither form overflows or cancels.
    """
    two = like(v, 2.0)
    n = select(v > 0.0, fma(two, small, like(v, 1.0)), small * (small + two))
    return n, fma(two, select(v > 0.0, small * small, like(v, 1.0)), n)


@kernel
def _silu(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = within(load_inside(x, i), -800.0, np.inf)
        small = exp_falling(-abs(v))
        store_inside(y, i, v * select(v > 0.0, like(v, 1.0), small) / (like(v, 1.0) + small))


@kernel
def _silu_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = within(load_inside(x, i), -800.0, 800.0)
        s, rest = logistic(v)
        store_inside(y, i, s * fma(v, rest, like(v, 1.0)))


@kernel
def _mish(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = within(load_inside(x, i), -800.0, np.inf)
        n, d = _mish_gate(v, exp_falling(-abs(v)))
        store_inside(y, i, v * (n / d))


@kernel
def _mish_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = within(load_inside(x, i), -800.0, 800.0)
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
