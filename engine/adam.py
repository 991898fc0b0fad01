"""Adam: gradient descent that gives each parameter a step of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel

MEAN_DECAY, SQUARE_DECAY, EPSILON = 0.9, 0.999, 1e-8


class Adam:
    """What Adam remembers of the gradients of some arrays, which it changes in place.

    Parameters
    ----------
    parameters : sequence of C-contiguous ndarray, float32 or float64
    learning_rate : float

    References
    ----------
    Kingma & Ba (2015), Adam: a method for stochastic optimization, arXiv:1412.6980, algorithm 1.
    """

    def __init__(self, parameters: Sequence[NDArray[Any]], learning_rate: float) -> None:
        self.parameters, self.learning_rate = list(parameters), learning_rate
        self.means = [np.zeros(parameter.size, parameter.dtype) for parameter in parameters]
        self.squares = [np.zeros(parameter.size, parameter.dtype) for parameter in parameters]
        # Powers of the decays, by repeated products: pow() has other bits on other machines.
        self.mean_left, self.square_left = 1.0, 1.0

    def step(self, gradients: Sequence[NDArray[Any]]) -> None:
        """Move every parameter against its gradient."""
        self.mean_left *= MEAN_DECAY
        self.square_left *= SQUARE_DECAY
        rate, scale = self.learning_rate / (1.0 - self.mean_left), 1.0 / np.sqrt(1.0 - self.square_left)
        for parameter, gradient, mean, square in zip(self.parameters, gradients, self.means, self.squares, strict=True):
            kind = parameter.dtype.type
            slope = np.ascontiguousarray(gradient).reshape(-1)
            _adam(parameter.reshape(-1), slope, mean, square, kind(rate), kind(scale))


@kernel
def _adam(parameter: NDArray[Any], gradient: NDArray[Any], mean: NDArray[Any], square: NDArray[Any], rate: Any,
          scale: Any) -> None:
    kind = parameter.dtype.type
    old, new, epsilon = kind(MEAN_DECAY), kind(1 - MEAN_DECAY), kind(EPSILON)
    old_square, new_square = kind(SQUARE_DECAY), kind(1 - SQUARE_DECAY)
    for i in range(parameter.size):
        mean[i] = old * mean[i] + new * gradient[i]
        square[i] = old_square * square[i] + new_square * (gradient[i] * gradient[i])
        parameter[i] -= rate * mean[i] / (np.sqrt(square[i]) * scale + epsilon)
