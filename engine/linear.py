"""Dense layers: every output is joined to every input."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.operands import operands
from engine.products import product


class LinearGradients(NamedTuple):
    """Gradient of the loss by a dense layer's input, by its weights and by its bias, each shaped like its subject."""

    x: NDArray[Any]
    weight: NDArray[Any]
    bias: NDArray[Any]


def linear(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> NDArray[Any]:
    """Weighted sums of the inputs, plus a bias: x Wᵀ + b, without BLAS.

    Each output starts at the bias and adds its products one by one, each with one rounding (fused multiply-add), in
    order of inputs: its bits depend neither on the other rows of x nor on the machine.

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
    return np.ascontiguousarray(product(weights, np.ascontiguousarray(values.T), *offset).T)


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
    return LinearGradients(linear_input_gradient(slope, weights), linear_weight_gradient(slope, values), slope.sum(0))


def linear_input_gradient(grad: ArrayLike, weight: ArrayLike) -> NDArray[Any]:
    """Gradient by the input, (N, inputs): a sum over outputs, in order. Arguments as in `linear_gradients`."""
    slope, weights = operands("linear_input_gradient", ("grad", grad, 2), ("weight", weight, 2))
    if slope.shape[1] != len(weights):
        raise ValueError(f"linear_input_gradient: grad has {slope.shape[1]} outputs {slope.shape} but weight "
                         f"{len(weights)} {weights.shape}")
    return product(slope, weights)


def linear_weight_gradient(grad: ArrayLike, x: ArrayLike) -> NDArray[Any]:
    """Gradient by the weights, (outputs, inputs): a sum over rows, in order. Arguments as in `linear_gradients`."""
    slope, values = operands("linear_weight_gradient", ("grad", grad, 2), ("x", x, 2))
    if len(slope) != len(values):
        raise ValueError(f"linear_weight_gradient: grad has {len(slope)} rows {slope.shape} but x {len(values)} "
                         f"{values.shape}")
    return product(np.ascontiguousarray(slope.T), values)


def _check_inputs(function: str, x: NDArray[Any], weight: NDArray[Any]) -> None:
    if x.shape[1] != weight.shape[1]:
        raise ValueError(f"{function}: x has {x.shape[1]} inputs {x.shape} but weight expects {weight.shape[1]} "
                         f"{weight.shape}")
