"""What slide 15 shows of a convolutional network: the maps of one image, layer after layer, and what made them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.classifiers import Network
from engine.layers import Convolution, Dense, Pooling
from figures.depth import by_contrast
from figures.network_layout import Field


class Stage(NamedTuple):
    """Maps (K, H, W) that a convolution or a pooling gives, the side of its window and its number of parameters."""

    convolution: bool
    window: int
    parameters: int
    maps: NDArray[Any]

    @property
    def stride(self) -> int:
        """From one window to the next: poolings lie side by side, convolutions overlap."""
        return 1 if self.convolution else self.window


class Layers(NamedTuple):
    """A network taken apart: stages of maps, outputs of the hidden dense layer if there is one, dense layers' sizes."""

    stages: list[Stage]
    hidden: NDArray[Any] | None
    sizes: list[int]
    dense_parameters: int

    @property
    def flat(self) -> NDArray[Any]:
        """The last maps, number after number."""
        return self.stages[-1].maps.ravel()


def taken_apart(network: Network, image: NDArray[Any]) -> Layers:
    """The layers of a network with what each gives for one image, (C, H, W)."""
    outputs, counts = network.forward(image[None]), network.parameters_by_layer
    stages = []
    for name, layer in network.layers.items():
        if isinstance(layer, (Convolution, Pooling)):
            window = layer.weight.shape[2] if isinstance(layer, Convolution) else layer.size
            stages.append(Stage(isinstance(layer, Convolution), window, counts[name], outputs[name][0]))
    dense = [layer for layer in network.layers.values() if isinstance(layer, Dense)]
    sizes = [dense[0].weight.shape[1], *(layer.weight.shape[0] for layer in dense)]
    parameters = sum(layer.weight.size + layer.bias.size for layer in dense)
    return Layers(stages, outputs["hidden"][0] if len(dense) > 1 else None, sizes, parameters)


def seated(stages: list[Stage], places: list[Field]) -> list[NDArray[Any]]:
    """The maps of each stage, each divided by its highest number, in the order in which they are drawn.

    The order of maps means nothing to a network: those of most contrast come where they are seen best. But pooling
    keeps maps apart: its maps sit as those that they come from.
    """
    drawn, order = [], np.zeros(0, np.int64)
    for stage, place in zip(stages, places, strict=True):
        highest = stage.maps.max(axis=(1, 2), keepdims=True)
        maps = stage.maps / np.where(highest > 0, highest, 1)
        if stage.convolution:
            order = np.empty(len(maps), np.int64)
            order[place.seats(len(maps))] = by_contrast(maps)
        drawn.append(maps[order])
    return drawn


class Link(NamedTuple):
    """One number of a stage (its row and column) and the window (top, left, side) that it is computed from."""

    row: int
    column: int
    top: int
    left: int
    side: int


def followed(stages: list[Stage]) -> list[Link]:
    """The way back from the last maps to the image, one link for each stage.

    It starts half-way down their right edge: there no nearer map covers a farther one, and the beam leaves the
    picture of the image without crossing it. Before each stage it goes on from the middle of the window.
    """
    row, column = stages[-1].maps.shape[1] // 2, stages[-1].maps.shape[2] - 1
    links = []
    for stage in reversed(stages):
        top, left = row * stage.stride, column * stage.stride
        links.append(Link(row, column, top, left, stage.window))
        row, column = top + stage.window // 2, left + stage.window // 2
    return links[::-1]
