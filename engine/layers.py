"""The layers of a network. Each has the same three things:

`parameters`, the arrays that training changes in place, weights before biases; `forward(x)`, the output for a batch;
`backward(grad, x, y, input_too=…)`, the gradients by parameters and input, from the gradient by the output y of x.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from engine.convolution import conv2d
from engine.convolution_gradients import conv2d_input_gradient, conv2d_weight_gradient
from engine.linear import linear, linear_input_gradient, linear_weight_gradient
from engine.pooling import max_pool2d
from engine.pooling_gradients import max_pool2d_gradient
from engine.rectifiers import relu

Array = NDArray[Any]


class Backward(NamedTuple):
    """Gradient of the loss by a layer's input, None where nobody asked, and by each of its parameters."""

    x: Array | None
    parameters: tuple[Array, ...]


class Convolution(NamedTuple):
    """Filters that slide over the image without padding, then a ReLU: (N, C, H, W) to (N, K, H - R + 1, W - S + 1)."""

    weight: Array
    bias: Array

    @property
    def parameters(self) -> tuple[Array, ...]:
        """The filters (K, C, R, S) and their biases (K,)."""
        return self.weight, self.bias

    def forward(self, x: Array) -> Array:
        """The feature maps, rectified."""
        return relu(conv2d(x, self.weight, self.bias))

    def backward(self, grad: Array, x: Array, y: Array, *, input_too: bool) -> Backward:
        """Gradients by the image, the filters and the biases."""
        grad = grad * (y > 0)
        before = conv2d_input_gradient(grad, self.weight, x.shape) if input_too else None
        return Backward(before, (conv2d_weight_gradient(grad, x, self.weight.shape), grad.sum((0, 2, 3))))


class Pooling(NamedTuple):
    """The largest value of each size x size window, side by side: (N, C, H, W) to (N, C, H // size, W // size)."""

    size: int

    @property
    def parameters(self) -> tuple[Array, ...]:
        """None: nothing is learnt."""
        return ()

    def forward(self, x: Array) -> Array:
        """The pooled maps."""
        return max_pool2d(x, self.size)

    def backward(self, grad: Array, x: Array, y: Array, *, input_too: bool) -> Backward:
        """Each window's gradient goes to its winner."""
        # Found again rather than remembered: it costs a hundredth of a step and keeps `forward` plain.
        winners = max_pool2d(x, self.size, return_indices=True).indices
        return Backward(max_pool2d_gradient(grad, winners, x.shape), ())


class Dense(NamedTuple):
    """Every output sees every input: (N, …) to (N, outputs), with a ReLU if `rectified`."""

    weight: Array
    bias: Array
    rectified: bool

    @property
    def parameters(self) -> tuple[Array, ...]:
        """The weights (outputs, inputs) and the biases (outputs,)."""
        return self.weight, self.bias

    def forward(self, x: Array) -> Array:
        """The weighted sums."""
        sums = linear(x.reshape(len(x), self.weight.shape[1]), self.weight, self.bias)
        return relu(sums) if self.rectified else sums

    def backward(self, grad: Array, x: Array, y: Array, *, input_too: bool) -> Backward:
        """Gradients by the input, the weights and the biases."""
        if self.rectified:
            grad = grad * (y > 0)
        before = linear_input_gradient(grad, self.weight).reshape(x.shape) if input_too else None
        flat = x.reshape(len(x), self.weight.shape[1])
        return Backward(before, (linear_weight_gradient(grad, flat), grad.sum(0)))


Layer = Convolution | Pooling | Dense
