"""What a network shall be: descriptions of layers, and the layers that are made of them before anything is learnt."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from engine.arguments import choice, integer, pair, real
from engine.layers import Activated, Convolution, Dense, Layer, Pooling, Thinned
from engine.received import allocatable, shown
from engine.windows import Padding, Pair, padded_sides


class Conv2d(NamedTuple):
    """A convolution: `out_channels` filters that slide over all maps. Names and meanings are torch's."""

    out_channels: int
    kernel_size: Pair
    stride: Pair = 1
    padding: Padding = 0


class MaxPool2d(NamedTuple):
    """The largest value of each window; windows lie side by side unless a stride is given."""

    kernel_size: Pair
    stride: Pair | None = None


class AvgPool2d(NamedTuple):
    """The mean of each window; windows lie side by side unless a stride is given."""

    kernel_size: Pair
    stride: Pair | None = None


class Linear(NamedTuple):
    """A dense layer: every output sees every number of what comes before, flattened if it is maps."""

    out_features: int


class ReLU(NamedTuple):
    """max(0, x)."""


class ActivationLayer(NamedTuple):
    """An activation by its name in `ACTIVATIONS`, at its default parameters."""

    name: str


class DropoutLayer(NamedTuple):
    """While the network learns, each number is zero with probability p and the others are divided by 1 - p."""

    p: float = 0.5


class Flatten(NamedTuple):
    """Maps become one row of numbers, which they become before `Linear` anyway."""


Description = Conv2d | MaxPool2d | AvgPool2d | Linear | ReLU | ActivationLayer | DropoutLayer | Flatten
Shape = tuple[int, ...]
_WORDS = {Conv2d: "convolution", MaxPool2d: "pooling", AvgPool2d: "pooling", Linear: "hidden", ReLU: "activation",
          ActivationLayer: "activation", DropoutLayer: "dropout", Flatten: "flatten"}
# Draws the first weights of a layer, from their shape and the number of the layer.
Draw = Callable[[Shape, int], NDArray[Any]]


class _Building:
    """The layers so far, by name, and the shape of what the last of them gives for one image."""

    def __init__(self, function: str, shape: Shape, draw: Draw) -> None:
        self.function, self.shape, self.draw = function, shape, draw
        self.layers: dict[str, Layer] = {}
        self.last: Description | None = None
        self.counts = dict.fromkeys(_WORDS.values(), 0)

    def named(self, described: Description) -> str:
        """convolution1, pooling1, convolution2, …"""
        word = _WORDS[type(described)]
        self.counts[word] += 1
        return f"{word}{self.counts[word]}"

    def add(self, described: Any, name: str | None) -> None:
        """One more layer, named by its kind without a name. A ReLU after a convolution or dense layer joins it."""
        if isinstance(described, Flatten):
            self.shape = (math.prod(self.shape),)
            return
        before = next(reversed(self.layers), None)
        rectifies = isinstance(described, ReLU) or (
            isinstance(described, ActivationLayer) and isinstance(described.name, str) and described.name == "relu")
        if rectifies and before is not None and isinstance(self.last, (Conv2d, Linear)):
            layer = self.layers[before]
            assert isinstance(layer, (Convolution, Dense))
            self.layers[before] = layer._replace(rectified=True)
            self.last = described
            return
        name = name or self.named(described)
        if isinstance(described, Conv2d):
            self.layers[name] = self._convolution(described, name)
        elif isinstance(described, (MaxPool2d, AvgPool2d)):
            self.layers[name] = self._pooling(described, name)
        elif isinstance(described, Linear):
            outputs = integer(self.function, "out_features", described.out_features, 1)
            weight = self.draw((outputs, math.prod(self.shape)), len(self.layers))
            self.layers[name], self.shape = Dense(weight, np.zeros(outputs, weight.dtype), rectified=False), (outputs,)
        elif isinstance(described, DropoutLayer):
            self.layers[name] = Thinned(real(self.function, "p", described.p, 0.0, 1.0, open_high=True))
        else:
            activation = "relu" if isinstance(described, ReLU) else described.name
            self.layers[name] = Activated(choice(self.function, "activation", activation, ACTIVATIONS))
        self.last = described

    def _convolution(self, described: Conv2d, name: str) -> Convolution:
        channels, height, width = self._maps(described, name)
        count = integer(self.function, "out_channels", described.out_channels, 1)
        size = pair(self.function, "kernel_size", described.kernel_size, 1)
        stride = pair(self.function, "stride", described.stride, 1)
        sides = padded_sides(self.function, described.padding, size, stride, (1, 1))
        plane = height + sum(sides[0]), width + sum(sides[1])
        self.shape = count, *self._placed(name, size, stride, plane)
        for maps in ((channels, *plane), self.shape):
            allocatable(self.function, maps)
        weight = self.draw((count, channels, *size), len(self.layers))
        return Convolution(weight, np.zeros(count, weight.dtype), stride, sides, rectified=False)

    def _pooling(self, described: MaxPool2d | AvgPool2d, name: str) -> Pooling:
        channels, height, width = self._maps(described, name)
        size = pair(self.function, "kernel_size", described.kernel_size, 1)
        stride = size if described.stride is None else pair(self.function, "stride", described.stride, 1)
        self.shape = channels, *self._placed(name, size, stride, (height, width))
        return Pooling(size, stride, average=isinstance(described, AvgPool2d))

    def _maps(self, described: Description, name: str) -> tuple[int, int, int]:
        if len(self.shape) != 3:
            raise ValueError(f"{self.function}: {name}, {shown(described)}, needs maps, but what comes before it gives "
                             f"{self.shape[0]} numbers in a row")
        return self.shape[0], self.shape[1], self.shape[2]

    def _placed(self, name: str, size: tuple[int, int], stride: tuple[int, int],
                plane: tuple[int, int]) -> tuple[int, int]:
        if plane[0] < size[0] or plane[1] < size[1]:
            raise ValueError(f"{self.function}: maps of {plane[0]} x {plane[1]} are too small for {name} "
                             f"({size[0]} x {size[1]})")
        return (plane[0] - size[0]) // stride[0] + 1, (plane[1] - size[1]) // stride[1] + 1


def first_layers(function: str, described: Sequence[Any], image_shape: Shape, classes: int,
                 draw: Draw) -> dict[str, Layer]:
    """The layers by name, in order, with first weights and biases of zero.

    The last is called scores, and a dense layer that is alone before it hidden.
    """
    for layer in described:
        if type(layer) not in _WORDS:
            kinds = ", ".join(kind.__name__ for kind in _WORDS)
            raise TypeError(f"{function}: layers must be {kinds}, not {shown(layer)}")
    building, alone = _Building(function, image_shape, draw), sum(isinstance(layer, Linear) for layer in described) == 2
    for layer in described[:-1]:
        building.add(layer, "hidden" if isinstance(layer, Linear) and alone else None)
    last = described[-1]
    if not isinstance(last, Linear) or integer(function, "out_features", last.out_features, 1) != classes:
        raise ValueError(f"{function}: the last layer must be Linear({classes}), one score for each class, "
                         f"not {shown(last)}")
    building.add(last, "scores")
    return building.layers
