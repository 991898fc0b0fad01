"""Activations that let the positive half pass: relu, leaky_relu, elu, selu, celu; and their derivatives.

float32 is computed in float32. Where a function has a kink its derivative is torch's: the one from the left. The
derivative of NaN is NaN.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from engine.cache_lines import before_line
from engine.compile import kernel
from engine.elementwise import SIMPLE, at_once, each, finite
from engine.exponential import exp_falling, expm1_falling
from engine.precision import like
from engine.straight import straight
from engine.vector_arithmetic import load_inside, select, store_inside
from engine.vectors import lanes, load, store

SELU_ALPHA = 1.6732632423543772
"""The pair for which zero mean and unit variance are the fixed point of a layer (Klambauer et al. 2017)."""
SELU_SCALE = 1.0507009873554805
_SLOPE = 0.01


@at_once(lambda: _relu, least=SIMPLE)
def relu(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """max(0, x).

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
    Nair & Hinton (2010), Rectified linear units improve restricted Boltzmann machines, ICML.
    """
    return each("relu", _relu, x, out, least=SIMPLE)


@at_once(lambda: _leaky_relu_derivative, 0.0, least=SIMPLE)
def relu_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """1 where x > 0, 0 elsewhere."""
    return each("relu", _leaky_relu_derivative, x, out, 0.0, least=SIMPLE)


@at_once(lambda: _leaky_relu, _SLOPE, least=SIMPLE)
def leaky_relu(x: Any, *, negative_slope: float = _SLOPE, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x where x > 0, negative_slope * x elsewhere; otherwise as `relu`.

    References
    ----------
    Maas, Hannun & Ng (2013), Rectifier nonlinearities improve neural network acoustic models, ICML workshop.
    """
    # Known good by default: the check takes a tenth of the call at a thousand elements.
    slope = _SLOPE if negative_slope is _SLOPE else finite("leaky_relu", "negative_slope", negative_slope)
    return each("leaky_relu", _leaky_relu, x, out, slope, least=SIMPLE)


@at_once(lambda: _leaky_relu_derivative, _SLOPE, least=SIMPLE)
def leaky_relu_derivative(x: Any, *, negative_slope: float = _SLOPE, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """1 where x > 0, negative_slope elsewhere."""
    slope = finite("leaky_relu", "negative_slope", negative_slope)
    return each("leaky_relu", _leaky_relu_derivative, x, out, slope, least=SIMPLE)


@at_once(lambda: _exponential, 1.0, 1.0, 1.0)
def elu(x: Any, *, alpha: float = 1.0, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x where x > 0, alpha * (exp(x) - 1) elsewhere; otherwise as `relu`.

    References
    ----------
    Clevert, Unterthiner & Hochreiter (2016), Fast and accurate deep network learning by exponential linear units,
    arXiv:1511.07289.
    """
    return each("elu", _exponential, x, out, 1.0, finite("elu", "alpha", alpha), 1.0)


@at_once(lambda: _exponential_derivative, 1.0, 1.0, 1.0)
def elu_derivative(x: Any, *, alpha: float = 1.0, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """1 where x > 0, alpha * exp(x) elsewhere."""
    return each("elu", _exponential_derivative, x, out, 1.0, finite("elu", "alpha", alpha), 1.0)


@at_once(lambda: _exponential, SELU_SCALE, SELU_SCALE * SELU_ALPHA, 1.0)
def selu(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """SELU_SCALE * elu(x, alpha=SELU_ALPHA); otherwise as `relu`.

    References
    ----------
    Klambauer, Unterthiner, Mayr & Hochreiter (2017), Self-normalizing neural networks, arXiv:1706.02515.
    """
    return each("selu", _exponential, x, out, SELU_SCALE, SELU_SCALE * SELU_ALPHA, 1.0)


@at_once(lambda: _exponential_derivative, SELU_SCALE, SELU_SCALE * SELU_ALPHA, 1.0)
def selu_derivative(x: Any, *, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """SELU_SCALE where x > 0, SELU_SCALE * SELU_ALPHA * exp(x) elsewhere."""
    return each("selu", _exponential_derivative, x, out, SELU_SCALE, SELU_SCALE * SELU_ALPHA, 1.0)


@at_once(lambda: _exponential, 1.0, 1.0, 1.0)
def celu(x: Any, *, alpha: float = 1.0, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x where x > 0, alpha * (exp(x / alpha) - 1) elsewhere, whose slope has no jump; otherwise as `relu`.

    Raises
    ------
    ValueError
        An alpha that is not positive.

    References
    ----------
    Barron (2017), Continuously differentiable exponential linear units, arXiv:1704.07483.
    """
    alpha = positive("celu", "alpha", alpha)
    return each("celu", _exponential, x, out, 1.0, alpha, 1.0 / alpha)


def celu_derivative(x: Any, *, alpha: float = 1.0, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """1 where x > 0, exp(x / alpha) elsewhere."""
    return each("celu", _exponential_derivative, x, out, 1.0, 1.0, 1.0 / positive("celu", "alpha", alpha))


def positive(function: str, name: str, value: Any) -> float:
    """A finite Python float above zero."""
    number = finite(function, name, value)
    if number <= 0.0:
        raise ValueError(f"{function}: {name} must be positive, not {value!r}")
    return number


@straight
def _above_zero(v: float) -> float:
    return select(v <= 0.0, like(v, 0.0), v)


@straight
def _bent(v: float, slope: float) -> float:
    return select(v > 0.0, v, like(v, slope) * v)


# These two cost less than their way to memory: a test for each vector would show, and so would vectors that lie across
# two lines of the cache. The first vector may overlap the second, and is written last since y may be x.


@kernel
def _relu(x: NDArray[Any], y: NDArray[Any]) -> None:
    count, i, start = lanes(x), before_line(y), _above_zero(load_inside(x, 0))
    while i + count <= x.size:
        store(y, i, _above_zero(load(x, i)))
        i += count
    if i < x.size:
        store_inside(y, i, _above_zero(load_inside(x, i)))
    store_inside(y, 0, start)


@kernel
def _leaky_relu(x: NDArray[Any], y: NDArray[Any], slope: float) -> None:
    count, i, start = lanes(x), before_line(y), _bent(load_inside(x, 0), slope)
    while i + count <= x.size:
        store(y, i, _bent(load(x, i), slope))
        i += count
    if i < x.size:
        store_inside(y, i, _bent(load_inside(x, i), slope))
    store_inside(y, 0, start)


@kernel
def _leaky_relu_derivative(x: NDArray[Any], y: NDArray[Any], slope: float) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        store_inside(y, i, select(v > 0.0, like(v, 1.0), select(v <= 0.0, like(v, slope), v)))


@kernel
def _exponential(x: NDArray[Any], y: NDArray[Any], slope: float, depth: float, rate: float) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        low = like(v, rate) * select(v > 0.0, like(v, 0.0), v)
        store_inside(y, i, select(v > 0.0, like(v, slope) * v, like(v, depth) * expm1_falling(low)))


@kernel
def _exponential_derivative(x: NDArray[Any], y: NDArray[Any], right: float, left: float, rate: float) -> None:
    for i in range(0, x.size, lanes(x)):
        v = load_inside(x, i)
        low = like(v, rate) * select(v > 0.0, like(v, 0.0), v)
        store_inside(y, i, select(v > 0.0, like(v, right), like(v, left) * exp_falling(low)))
