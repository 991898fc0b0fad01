"""Networks of one input, one hidden layer of ReLU neurons and one output: the points they follow, what they give."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import floating
from engine.received import allocatable, array_of

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


def neuron_outputs(network: Layers, x: ArrayLike, function: str = "neurons") -> Array:
    """What each neuron adds at x, weighted: ndarray, (D, *x.shape), of the network's dtype."""
    given = floating(function, "x", exact(function, "x", x))
    column = (-1,) + (1,) * given.ndim
    # Infinite or far x has infinite outputs, or none: that is said by them, not by a warning.
    with np.errstate(all="ignore"):
        points = given.astype(network.hidden_weight.dtype, copy=False)
        inputs = network.hidden_weight.reshape(column) * points + network.hidden_bias.reshape(column)
        outputs: Array = network.output_weight.reshape(column) * np.maximum(inputs, 0.0)
    return outputs


def network_output(network: Layers, x: ArrayLike) -> Array:
    """The network's output at x: ndarray of x's shape."""
    outputs = neuron_outputs(network, x, "predict")
    with np.errstate(all="ignore"):
        total: Array = outputs.dtype.type(network.output_bias) + np.sum(outputs, axis=0)
    return total


def exact(function: str, name: str, values: ArrayLike) -> NDArray[Any]:
    """An array, integers as float64: in float32, which they would become, numbers above 2**24 run together."""
    array = array_of(function, name, values)
    if array.dtype.kind not in "iu":
        return array
    allocatable(function, array.shape)
    return array.astype(np.float64)
