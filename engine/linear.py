"""Dense layers: every output is joined to every input."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.dense_kernels import mix, weigh
from engine.operands import operands
from engine.received import allocatable


class LinearGradients(NamedTuple):
    """Gradient of the loss by a dense layer's input, by its weights and by its bias, each shaped like its subject."""

    x: NDArray[Any]
    weight: NDArray[Any]
    bias: NDArray[Any]


def linear(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> NDArray[Any]:
    """Weighted sums of the inputs, plus a bias: x Wᵀ + b, without BLAS.

    An output is the sum of as many partial sums as a vector of 64 bytes has lanes (16 in float32, 8 in float64): lane l
    adds its products one by one, each with one rounding (fused multiply-add), for the inputs l, l + lanes, …, as far as
    they fill vectors. The lanes are added by halves, then the products that are left over, in order, then the bias. Its
    bits depend neither on the other rows of x nor on the machine.

    Parameters
    ----------
    x : array_like, (N, inputs)
        float32 and float64 are kept, integers and float16 become float32; where x, weight and bias differ, the wider.
    weight : array_like, (outputs, inputs)
    bias : array_like, (outputs,), optional

    Returns
    -------
    ndarray, (N, outputs)

    Raises
    ------
    ValueError, TypeError
        Shapes that do not match, arrays that hold no real numbers.
    """
    given = [("x", x, 2), ("weight", weight, 2)] + ([] if bias is None else [("bias", bias, 1)])
    values, weights, *offset = operands("linear", *given)
    _check_inputs("linear", values, weights)
    if offset and offset[0].shape != weights.shape[:1]:
        raise ValueError(f"linear: bias {offset[0].shape} must hold one number for each row of weight {weights.shape}")
    out = _table("linear", len(values), len(weights), values)
    if out.size:
        offsets = offset[0] if offset else np.zeros(len(weights), values.dtype)
        weigh(values.reshape(-1), weights.reshape(-1), offsets, out.reshape(-1), len(values))
    return out


def linear_gradients(grad: ArrayLike, x: ArrayLike, weight: ArrayLike) -> LinearGradients:
    """All three gradients of `linear(x, weight, bias)`, given the gradient by what it returned.

    Parameters
    ----------
    grad : array_like, (N, outputs)
        Gradient of the loss by the output of linear.
    x : array_like, (N, inputs)
    weight : array_like, (outputs, inputs)

    Returns
    -------
    LinearGradients (x, weight, bias)

    Raises
    ------
    ValueError, TypeError
        Shapes that do not match, arrays that hold no real numbers.
    """
    slope, values, weights = operands("linear_gradients", ("grad", grad, 2), ("x", x, 2), ("weight", weight, 2))
    _check_inputs("linear_gradients", values, weights)
    # Infinities of both signs have no sum, and need no warning to say so.
    with np.errstate(all="ignore"):
        by_bias = slope.sum(0)
    return LinearGradients(_by_input("linear_gradients", slope, weights), _by_weight("linear_gradients", slope, values),
                           by_bias)


def linear_input_gradient(grad: ArrayLike, weight: ArrayLike) -> NDArray[Any]:
    """Gradient by the input, (N, inputs): a sum over outputs, in order. Arguments as in `linear_gradients`."""
    return _by_input("linear_input_gradient",
                     *operands("linear_input_gradient", ("grad", grad, 2), ("weight", weight, 2)))


def linear_weight_gradient(grad: ArrayLike, x: ArrayLike) -> NDArray[Any]:
    """Gradient by the weights, (outputs, inputs): a sum over rows, in order. Arguments as in `linear_gradients`."""
    return _by_weight("linear_weight_gradient",
                      *operands("linear_weight_gradient", ("grad", grad, 2), ("x", x, 2)))


def _by_input(function: str, slope: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    if slope.shape[1] != len(weights):
        raise ValueError(f"{function}: grad has {slope.shape[1]} outputs {slope.shape} but weight "
                         f"{len(weights)} {weights.shape}")
    return _mixed(function, slope, (slope.shape[1], 1), weights, len(slope))


def _by_weight(function: str, slope: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    if len(slope) != len(values):
        raise ValueError(f"{function}: grad has {len(slope)} rows {slope.shape} but x {len(values)} {values.shape}")
    return _mixed(function, slope, (1, slope.shape[1]), values, slope.shape[1])


def _mixed(function: str, share: NDArray[Any], steps: tuple[int, int], x: NDArray[Any], rows: int) -> NDArray[Any]:
    out = _table(function, rows, x.shape[1], x)
    if out.size:
        mix(share.reshape(-1), *steps, x.reshape(-1), out.reshape(-1), rows, len(x))
    return out


def _table(function: str, rows: int, columns: int, like: NDArray[Any]) -> NDArray[Any]:
    # Rows of no numbers take no memory, however many there are: only of these can there be too many.
    shape = rows, columns
    return np.empty(shape if like.size else allocatable(function, shape, like.dtype), like.dtype)


def _check_inputs(function: str, x: NDArray[Any], weight: NDArray[Any]) -> None:
    if x.shape[1] != weight.shape[1]:
        raise ValueError(f"{function}: x has {x.shape[1]} inputs {x.shape} but weight expects {weight.shape[1]} "
                         f"{weight.shape}")
