"""Softplus, the smooth rectifier, and its derivative."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from engine.compile import kernel
from engine.elementwise import at_once, each, finite
from engine.exponential import exp_falling, log1p_unit, logistic
from engine.precision import like
from engine.rectifiers import positive
from engine.vector_arithmetic import load_inside, select, store_inside
from engine.vectors import lanes


@at_once(lambda: _softplus, 1.0, 20.0)
def softplus(x: Any, *, beta: float = 1.0, threshold: float = 20.0, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """log(1 + exp(beta * x)) / beta, and x itself where beta * x > threshold; otherwise as `engine.relu`.

    Raises
    ------
    ValueError
        A beta that is not positive.

    References
    ----------
    Dugas et al. (2001), Incorporating second-order functional knowledge for better option pricing, NIPS 13.
    """
    beta, threshold = positive("softplus", "beta", beta), finite("softplus", "threshold", threshold)
    return each("softplus", _softplus, x, out, beta, threshold)


@at_once(lambda: _softplus_derivative, 1.0, 20.0)
def softplus_derivative(x: Any, *, beta: float = 1.0, threshold: float = 20.0,
                        out: NDArray[Any] | None = None) -> NDArray[Any]:
    """sigmoid(beta * x), and 1 where beta * x > threshold."""
    beta, threshold = positive("softplus", "beta", beta), finite("softplus", "threshold", threshold)
    return each("softplus", _softplus_derivative, x, out, beta, threshold)


@kernel
def _softplus(x: NDArray[Any], y: NDArray[Any], beta: float, threshold: float) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        z = like(v, beta) * v
        # exp of -|z| never overflows, and log1p keeps what is left of it in the left tail.
        rest = log1p_unit(exp_falling(-abs(z)))
        store_inside(y, i, select(z > threshold, v, (select(z > 0.0, z, like(v, 0.0)) + rest) * like(v, 1.0 / beta)))


@kernel
def _softplus_derivative(x: NDArray[Any], y: NDArray[Any], beta: float, threshold: float) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        z = like(v, beta) * v
        store_inside(y, i, select(z > threshold, like(v, 1.0), logistic(z)[0]))
