"""gelu, x times the distribution function of the standard normal, and its derivative.

float32 is computed in float32, and -inf gives the limit, -0. In float64 the left tail is right to the last places:
gelu(-10) is -7.6e-23, where 1 + erf gives 0. In float32 gelu's error is below 1.4e-7 |x|, less than half of torch's; of
the result itself it is 2.5e-5 down to -3, 3e-4 to -6, 6e-3 to -9, and what is below 1e-37 is -0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import choice
from engine.compile import kernel
from engine.elementwise import at_once, each
from engine.error_function import normal_tail
from engine.exponential import logistic
from engine.floating_point import ROUNDER, raised_by
from engine.intrinsics import fma
from engine.precision import constant, formula, like, polynomial
from engine.straight import by_type
from engine.vector_arithmetic import load_inside, select, store_inside
from engine.vectors import lanes

_INVERSE_SQRT_TWO_PI, _SQRT_EIGHT_OVER_PI = constant(0.3989422804014327), constant(1.5957691216057308)
_CUBIC = constant(0.044715)
_FORMS = ("none", "tanh")
# (log2(P(X > a)) + 1) / a on 0 <= a <= 13, by Lawson's weights, one coefficient after the other rounded from the first
# on: up to a = 3 the error of P is at most 5e-8 of 1, then 3e-4 of itself at 6 and more beyond. The last coefficient is
# one unit in its last place off, which makes the whole exactly -127 at _LAST, below at no a before.
_LOG2_TAIL = polynomial(single=(-1.1511092, -0.45916456, -0.052645687, 0.0072891065, -0.00030412927, -0.00012637362,
                                3.1565254e-05, -3.4298769e-06, 1.861301e-07, -4.0626227e-09))
_LAST = constant(single=12.981325)
# 2**r on |r| <= 1/2, to 9.3e-8, exact at 0; made in the same way
_EXP2 = polynomial(single=(1.0, 0.693147, 0.24022247, 0.05550711, 0.009671292, 0.0013269542))


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
        Of x's shape. In float32 its error is below 1.4e-7 |x|.

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


@formula
def within(x: float, low: float, high: float) -> float:
    """x cut at two bounds beyond which a gate is 0 or 1 to the last place; infinity times 0 would be NaN."""
    x = select(x < low, like(x, low), x)
    return select(x > high, like(x, high), x)


def _single(v: float) -> float:
    """max(0, x) - |x| P(X > |x|), the tail as 2 to the power of a polynomial: no division, and 17 operations."""
    a = abs(v)
    a = select(a > _LAST(v), _LAST(v), a)
    power = fma(a, _LOG2_TAIL(a), like(v, -1.0))
    rounded = power + ROUNDER(v)
    # From _LAST on this is 2**-127 of 1, which as a number that is not subnormal has the bits of 0.
    tail = raised_by(_EXP2(power - (rounded - ROUNDER(v))), rounded)
    return fma(-a, tail, select(v < like(v, -0.0), like(v, -0.0), v))


def _double(v: float) -> float:
    tail = normal_tail(abs(v))[0]
    return select(v < like(v, -40.0), like(v, -40.0), v) * select(v < 0.0, tail, like(v, 1.0) - tail)


_x_times_phi = by_type(single=_single, double=_double)


@kernel
def _gelu(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        store_inside(y, i, _x_times_phi(load_inside(x, i)))


@kernel
def _gelu_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = within(load_inside(x, i), -40.0, 40.0)
        tail, density = normal_tail(abs(v))
        store_inside(y, i, fma(v * _INVERSE_SQRT_TWO_PI(v), density, select(v < 0.0, tail, like(v, 1.0) - tail)))


@kernel
def _gelu_tanh(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = within(load_inside(x, i), -40.0, np.inf)
        w = within(v, -40.0, 40.0)
        # (1 + tanh(u)) / 2 is σ(2u), which does not cancel where tanh(u) is near -1.
        store_inside(y, i, v * logistic(_SQRT_EIGHT_OVER_PI(v) * fma(_CUBIC(v) * w * w, w, w))[0])


@kernel
def _gelu_tanh_derivative(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        v = within(load_inside(x, i), -40.0, 40.0)
        square = _CUBIC(v) * v * v
        s, rest = logistic(_SQRT_EIGHT_OVER_PI(v) * fma(square, v, v))
        store_inside(y, i, fma(v * s * rest, _SQRT_EIGHT_OVER_PI(v) * fma(like(v, 3.0), square, like(v, 1.0)), s))
