"""A convolution within a step of training: prepared once for the shape of its images, then run on flat arrays."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from engine.convolution import conv2d
from engine.convolution_gradients import conv2d_input_gradient, conv2d_weight_gradient
from engine.layers import Convolution

Array = NDArray[Any]


class ConvolutionStep:
    """What a convolution gives and its gradients, for batches of one shape (N, C, H, W), written into ready arrays."""

    def __init__(self, layer: Convolution, shape: tuple[int, ...], output: tuple[int, ...]) -> None:
        self.layer, self.shape, self.output = layer, shape, output
        self.options: dict[str, Any] = {"stride": layer.stride, "padding": layer.padding}

    def forward(self, x: Array, out: Array) -> None:
        """Fill `out` with the maps, not yet rectified."""
        layer = self.layer
        out.reshape(self.output)[...] = conv2d(x.reshape(self.shape), layer.weight, layer.bias, **self.options)

    def weight_gradient(self, grad: Array, x: Array, out: Array) -> None:
        """Fill `out` with the gradient by the filters."""
        slope, values = grad.reshape(self.output), x.reshape(self.shape)
        out[:] = conv2d_weight_gradient(slope, values, self.layer.weight.shape, **self.options).reshape(-1)

    def input_gradient(self, grad: Array, out: Array) -> None:
        """Fill `out` with the gradient by the images."""
        slope = grad.reshape(self.output)
        out.reshape(self.shape)[...] = conv2d_input_gradient(slope, self.layer.weight, self.shape, **self.options)
