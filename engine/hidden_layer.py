"""Networks of one input, one hidden layer of ReLU neurons and one output: the points they follow, what they give."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import floating

Array = NDArray[Any]


class Layers(Protocol):
    """The network output_bias + sum(output_weight * max(0, hidden_weight * x + hidden_bias))."""

    @property
    def hidden_weight(self) -> Array: ...
    @property
    def hidden_bias(self) -> Array: ...
    @property
    def output_weight(self) -> Array: ...
    @property
    def output_bias(self) -> float: ...


def curve_points(function: str, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Points to follow, checked: two arrays of one length and dtype, finite."""
    points, values = floating(function, "x", x, 1, finite=True), floating(function, "y", y, 1, finite=True)
    if points.size != values.size:
        raise ValueError(f"{function}: x and y must have the same length, not {points.size} and {values.size}")
    kind = np.result_type(points, values)
    return points.astype(kind, copy=False), values.astype(kind, copy=False)


def neuron_outputs(network: Layers, x: ArrayLike) -> Array:
    """What each neuron adds at x, weighted: ndarray, (D, *x.shape), of the network's dtype."""
    points = floating("neurons", "x", exact(x)).reshape(np.shape(x)).astype(network.hidden_weight.dtype, copy=False)
    column = (-1,) + (1,) * points.ndim
    inputs = network.hidden_weight.reshape(column) * points + network.hidden_bias.reshape(column)
    outputs: Array = network.output_weight.reshape(column) * np.maximum(inputs, 0.0)
    return outputs


def network_output(network: Layers, x: ArrayLike) -> Array:
    """The network's output at x: ndarray of x's shape."""
    outputs = neuron_outputs(network, x)
    total: Array = outputs.dtype.type(network.output_bias) + np.sum(outputs, axis=0)
    return total


def exact(values: ArrayLike) -> ArrayLike:
    """Integers as float64: in float32, which they would become, numbers above 2**24 run together."""
    try:
        array: Any = np.asarray(values)
    except (ValueError, TypeError):
        return values  # to be refused in the words of the function that it was given to
    return array.astype(np.float64) if array.dtype.kind in "iu" else values
