"""A convolution within a step of training: prepared once for the shape of its images, then run on ready arrays.

It runs on the calling thread alone, which may itself be one of several that share a batch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.convolution_gradients import conv2d_input_gradient
from engine.convolution_plan import forward_plan, input_gradient_plan
from engine.correlating import correlate_images
from engine.layers import Convolution
from engine.weight_gradient_plan import weight_gradient_plan
from engine.windows import deal, windows

Array = NDArray[Any]


class ConvolutionStep:
    """What a convolution gives and its gradients, for images of one shape (N, C, H, W).

    Arrays are flat, and vectors may read beyond their ends: `engine.slack.with_slack` makes such arrays.
    """

    def __init__(self, layer: Convolution, shape: tuple[int, ...]) -> None:
        self.layer, self.shape, kind = layer, shape, layer.weight.dtype
        size = layer.weight.shape[2], layer.weight.shape[3]
        self.where = windows("train", (shape[2], shape[3]), size, layer.stride, layer.padding, (1, 1))
        planned = shape[0], shape[1], len(layer.weight), 1, self.where, kind
        self.output = shape[0], len(layer.weight), *self.where.output
        self.sums, self.weights = forward_plan(*planned), weight_gradient_plan(*planned)
        self.back = input_gradient_plan(*planned) if layer.stride == (1, 1) else None
        self.seen = np.zeros(shape, kind)

    def forward(self, x: Array, out: Array) -> None:
        """Fill `out` with the maps, not yet rectified."""
        self.seen = x.reshape(self.shape)
        if self.sums.phases is not None:
            self.seen = deal(self.seen, self.where, self.sums.phases)
        self.sums.slide(self.seen, self.layer.weight, self.layer.bias, out.reshape(self.output), self.sums.geometry)

    def weight_gradient(self, grad: Array, out: Array) -> None:
        """Fill `out` with the gradient by the filters, for the images of the last `forward`."""
        plan = self.weights
        correlate_images(self.seen, grad.reshape(self.output), out.reshape(self.layer.weight.shape), plan.geometry, 0,
                         self.shape[0])

    def input_gradient(self, grad: Array, out: Array) -> None:
        """Fill `out` with the gradient by the images."""
        slope = grad.reshape(self.output)
        if self.back is not None:
            self.back.slide(slope, self.layer.weight, self.back.no_bias, out.reshape(self.shape), self.back.geometry)
        else:
            options: dict[str, Any] = {"stride": self.layer.stride, "padding": self.layer.padding}
            out.reshape(self.shape)[...] = conv2d_input_gradient(slope, self.layer.weight, self.shape, **options)
