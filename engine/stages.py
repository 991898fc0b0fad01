"""How layers learn: each, or a convolution with the pooling after it, is a stage that is planned once for its shapes.

A stage owns `y`, what it gives, and `grad`, the gradient by it, both flat. `forward(x)` fills y; `backward(x, before)`
sets out from grad, fills the gradients by the parameters and, unless it is None, `before`, the gradient by x.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from engine.convolution_step import ConvolutionStep
from engine.dense_kernels import mix, weigh
from engine.dropout import WORDS_OF_A_BLOCK, drop
from engine.dropout_step import let_through
from engine.gating import gated_sums
from engine.layers import Activated, Convolution, Dense, Pooling, Thinned
from engine.pooling_stages import PoolingStage, pooling_stage
from engine.slack import with_slack

Array = NDArray[Any]
Shape = tuple[int, ...]


class Stage(Protocol):
    """What every stage has; `shape` is that of y, (images, …)."""

    @property
    def shape(self) -> Shape: ...

    @property
    def y(self) -> Array: ...

    @property
    def grad(self) -> Array: ...

    def forward(self, x: Array) -> None: ...

    def backward(self, x: Array, before: Array | None) -> None: ...


class ConvolutionStage:
    """Convolution, ReLU if it has one, and the pooling after it: the ReLU sees what has been pooled, a quarter or less.

    The largest of rectified numbers is the rectified largest, and the gradient passes the same way.
    """

    def __init__(self, layer: Convolution, pooling: Pooling | None, shape: Shape, gradients: Sequence[Array]) -> None:
        kind = layer.weight.dtype
        self.convolution, self.gradients = ConvolutionStep(layer, shape), gradients
        maps = self.convolution.output
        self.maps, self.maps_grad = with_slack(maps, kind), with_slack(maps, kind)
        self.rectified, self.floor = layer.rectified, kind.type(0 if layer.rectified else -np.inf)
        self.pooling: PoolingStage | None = None
        self.shape, self.y, self.grad = maps, self.maps, self.maps_grad
        if pooling is not None:
            self.pooling = pooling_stage(pooling, maps, kind, self.floor)
            self.shape, self.y, self.grad = self.pooling.shape, self.pooling.y, self.pooling.grad
        self.pixels = self.shape[2] * self.shape[3]

    def forward(self, x: Array) -> None:
        self.convolution.forward(x, self.maps)
        if self.pooling is not None:
            self.pooling.forward(self.maps)
        elif self.rectified:
            np.maximum(self.maps, 0, out=self.maps)

    def backward(self, x: Array, before: Array | None) -> None:
        weight, bias = self.gradients
        # Each window hands its gradient to one pixel: the sum for the bias is the same before and after.
        gated_sums(self.y, self.grad, self.floor, bias, self.pixels)
        if self.pooling is not None:
            self.pooling.backward(self.maps, self.maps_grad)
        self.convolution.weight_gradient(self.maps_grad, weight)
        if before is not None:
            self.convolution.input_gradient(self.maps_grad, before)


class DenseStage:
    """Weighted sums of all inputs, and a ReLU if the layer has one."""

    def __init__(self, layer: Dense, shape: Shape, gradients: Sequence[Array]) -> None:
        (self.outputs, self.inputs), kind = layer.weight.shape, layer.weight.dtype
        self.shape, self.rectified, self.gradients = (shape[0], self.outputs), layer.rectified, gradients
        self.weight, self.bias = layer.weight.reshape(-1), layer.bias
        self.y, self.grad = with_slack(self.shape, kind), with_slack(self.shape, kind)
        self.rows = self.grad.reshape(self.shape)

    def forward(self, x: Array) -> None:
        weigh(x, self.weight, self.bias, self.y, self.shape[0])
        if self.rectified:
            np.maximum(self.y, 0, out=self.y)

    def backward(self, x: Array, before: Array | None) -> None:
        weight, bias = self.gradients
        if self.rectified:
            np.putmask(self.grad, self.y <= 0, 0)
        np.add.reduce(self.rows, axis=0, out=bias)
        mix(self.grad, 1, self.outputs, x, weight, self.outputs, self.shape[0])
        if before is not None:
            mix(self.grad, self.outputs, 1, self.weight, before, self.shape[0], self.outputs)


class ActivationStage:
    """An activation on every number."""

    def __init__(self, layer: Activated, shape: Shape, kind: np.dtype[Any]) -> None:
        self.activation, self.shape = ACTIVATIONS[layer.activation], shape
        self.y, self.grad = with_slack(shape, kind), with_slack(shape, kind)

    def forward(self, x: Array) -> None:
        self.y[:] = self.activation.function(x)

    def backward(self, x: Array, before: Array | None) -> None:
        if before is not None:
            np.multiply(self.activation.derivative(x), self.grad, out=before)


class DropoutStage:
    """Numbers silenced at random, anew at every step."""

    def __init__(self, layer: Thinned, shape: Shape, kind: np.dtype[Any], seed: int, stream: int) -> None:
        self.shape, self.seed, self.stream = shape, np.uint64(seed), stream
        self.threshold = np.uint32(min(round(layer.p * 2.0**32), 2**32 - 1))
        self.scale = kind.type(1.0 / (1.0 - layer.p))
        self.y, self.grad = with_slack(shape, kind), with_slack(shape, kind)
        self.mask, self.step, self.first = np.empty(self.y.size, np.bool_), 0, 0

    def at(self, step: int, image: int) -> None:
        """Which step it is, and which image of the batch comes first: the draw follows them, and not the chunk."""
        self.step, self.first = step, image * (self.y.size // self.shape[0])

    def forward(self, x: Array) -> None:
        drop(x, self.y, self.mask, np.uint64(self.first // WORDS_OF_A_BLOCK), self.threshold, self.scale,
             np.uint64(self.stream + self.step), self.seed)

    def backward(self, x: Array, before: Array | None) -> None:
        if before is not None:
            let_through(self.grad, self.mask, self.scale, before)
