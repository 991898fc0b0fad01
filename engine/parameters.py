"""The parameters of all layers in one flat array, so that an optimiser moves them in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.layers import Convolution, Dense, Layer

Array = NDArray[Any]


class Parameters(NamedTuple):
    """All parameters of some layers in one flat array, into which those of the layers are views."""

    layers: list[Layer]
    flat: Array
    places: list[list[slice]]

    @property
    def weights(self) -> NDArray[np.bool_]:
        """Which of them are weights and not biases."""
        chosen = np.zeros(self.flat.size, np.bool_)
        for layer, places in zip(self.layers, self.places, strict=True):
            for parameter, place in zip(layer.parameters, places, strict=True):
                chosen[place] = parameter.ndim > 1
        return chosen


def gathered(layers: Sequence[Layer]) -> Parameters:
    """The same layers with parameters that lie one after the other, copied from theirs."""
    flat = np.concatenate([parameter.reshape(-1) for layer in layers for parameter in layer.parameters])
    moved: list[Layer] = []
    places, start = [], 0
    for layer in layers:
        found = []
        for parameter in layer.parameters:
            found.append(slice(start, start + parameter.size))
            start += parameter.size
        places.append(found)
        if isinstance(layer, (Convolution, Dense)):
            weight, bias = (flat[place].reshape(parameter.shape)
                            for place, parameter in zip(found, layer.parameters, strict=True))
            moved.append(layer._replace(weight=weight, bias=bias))
        else:
            moved.append(layer)
    return Parameters(moved, flat, places)
