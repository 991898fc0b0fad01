"""exp, log, erf, sin, … of arrays, in place of NumPy's, which give other bits on other CPUs.

float32 and float64 are kept, integers and float16 become float32; any shape, any strides; the result is a new array
or `out`.
What holds of the errors and the special values is written in engine/scalar.py. The hyperbolic tangent is among the
activations.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import scalar
from engine.arguments import floating
from engine.circular import LARGEST_ANGLE
from engine.compile import kernel
from engine.elementwise import at_once, each
from engine.vector_arithmetic import load_inside, store_inside
from engine.vectors import lanes


@at_once(lambda: _exp)
def exp(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """e**x, element by element.

    Parameters
    ----------
    x : array_like
        Real numbers of any shape.
    out : ndarray, optional
        Where the result is written: a C-contiguous array of the result's shape and dtype, x itself allowed.

    Returns
    -------
    ndarray
        float32 or float64, of x's shape.
    """
    return each("exp", _exp, x, out)


@at_once(lambda: _expm1)
def expm1(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """e**x - 1 without the cancellation near zero; otherwise as `exp`."""
    return each("expm1", _expm1, x, out)


@at_once(lambda: _log)
def log(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """The natural logarithm: -inf at 0 and NaN below, without a warning; otherwise as `exp`."""
    return each("log", _log, x, out)


@at_once(lambda: _log1p)
def log1p(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """log(1 + x) without the cancellation near zero: -inf at -1 and NaN below; otherwise as `exp`."""
    return each("log1p", _log1p, x, out)


@at_once(lambda: _erf)
def erf(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """The error function 2 / √π ∫ exp(-t²) dt from 0 to x; otherwise as `exp`."""
    return each("erf", _erf, x, out)


def sin(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """The sine of x radians; otherwise as `exp`.

    Raises
    ------
    ValueError
        A finite |x| above 2**45, where this reduction to one turn would lose digits.
    """
    return each("sin", _sin, _angles("sin", x), out)


def cos(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """The cosine of x radians; otherwise as `sin`."""
    return each("cos", _cos, _angles("cos", x), out)


def _angles(function: str, x: Any) -> NDArray[Any]:
    angles = floating(function, "x", x)
    beyond = angles[(np.abs(angles) > LARGEST_ANGLE) & np.isfinite(angles)]
    if beyond.size:
        raise ValueError(f"{function}: x must be within ±2**45 = {LARGEST_ANGLE:.0f} radians; it holds {beyond[0]}")
    return angles


@kernel
def _exp(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        store_inside(y, i, scalar.exp(load_inside(x, i)))


@kernel
def _expm1(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        store_inside(y, i, scalar.expm1(load_inside(x, i)))


@kernel
def _log(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        store_inside(y, i, scalar.log(load_inside(x, i)))


@kernel
def _log1p(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        store_inside(y, i, scalar.log1p(load_inside(x, i)))


@kernel
def _erf(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(0, x.size, lanes(x)):
        store_inside(y, i, scalar.erf(load_inside(x, i)))


@kernel
def _sin(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        y[i] = scalar.sin(np.float64(x[i]))


@kernel
def _cos(x: NDArray[Any], y: NDArray[Any]) -> None:
    for i in range(x.size):
        y[i] = scalar.cos(np.float64(x[i]))
