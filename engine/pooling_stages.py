"""Poolings within a step of training, each planned for one shape of maps; what stages are is in engine/stages.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.layers import Pooling
from engine.pooling_step import (
    mean_windows,
    pool_pairs,
    pool_windows,
    spread_windows,
    unpool_pairs,
    unpool_windows,
)
from engine.slack import with_slack

Array = NDArray[Any]
Shape = tuple[int, ...]


class _Pooled:
    """What poolings have in common: the shape of what they give, memory for it, where their windows lie."""

    def __init__(self, layer: Pooling, shape: Shape, kind: np.dtype[Any]) -> None:
        images, channels, height, width = shape
        (tall, wide), (down, across) = layer.kernel_size, layer.stride
        self.shape = images, channels, (height - tall) // down + 1, (width - wide) // across + 1
        self.windows = (images * channels, height, width, *self.shape[2:], tall, wide, down, across)
        self.y, self.grad = with_slack(self.shape, kind), with_slack(self.shape, kind)


class PairPooling(_Pooled):
    """The largest of 2 x 2 windows side by side, on maps of even height and width with slack behind them."""

    def __init__(self, layer: Pooling, shape: Shape, kind: np.dtype[Any], floor: Any) -> None:
        super().__init__(layer, shape, kind)
        self.floor, self.width = floor, shape[3]

    def forward(self, x: Array) -> None:
        pool_pairs(x, self.y, self.floor, self.width)

    def backward(self, x: Array, before: Array | None) -> None:
        if before is not None:
            unpool_pairs(x, self.grad, before, self.width)


class WindowPooling(_Pooled):
    """The largest of windows of any size and stride."""

    def __init__(self, layer: Pooling, shape: Shape, kind: np.dtype[Any], floor: Any) -> None:
        super().__init__(layer, shape, kind)
        self.floor, self.winners = floor, np.zeros(self.y.size, np.int64)

    def forward(self, x: Array) -> None:
        pool_windows(x, self.y, self.winners, self.floor, *self.windows)

    def backward(self, x: Array, before: Array | None) -> None:
        if before is not None:
            unpool_windows(self.winners, self.grad, before)


class MeanPooling(_Pooled):
    """The mean of windows of any size and stride."""

    def __init__(self, layer: Pooling, shape: Shape, kind: np.dtype[Any]) -> None:
        super().__init__(layer, shape, kind)
        self.share = kind.type(1.0 / (layer.kernel_size[0] * layer.kernel_size[1]))

    def forward(self, x: Array) -> None:
        mean_windows(x, self.y, self.share, *self.windows)

    def backward(self, x: Array, before: Array | None) -> None:
        if before is not None:
            spread_windows(self.grad, before, self.share, *self.windows)


PoolingStage = PairPooling | WindowPooling | MeanPooling


def pooling_stage(layer: Pooling, shape: Shape, kind: np.dtype[Any], floor: float = -np.inf) -> PoolingStage:
    """The stage of a pooling; of the largest, `floor` is the least."""
    if layer.average:
        return MeanPooling(layer, shape, kind)
    pairs = layer.kernel_size == layer.stride == (2, 2) and shape[2] % 2 == shape[3] % 2 == 0
    return (PairPooling if pairs else WindowPooling)(layer, shape, kind, kind.type(floor))
