"""All layers of a network at work on a fixed number of images: forward, loss, and back to the gradients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.cross_entropy import surprise
from engine.layers import Activated, Convolution, Dense, Pooling
from engine.parameters import Parameters
from engine.pooling_stages import pooling_stage
from engine.slack import with_slack
from engine.stages import ActivationStage, ConvolutionStage, DenseStage, DropoutStage, Stage

Array = NDArray[Any]

# Streams of the seed that dropout draws from: one a step, and so many steps a layer.
DROPPED, STEPS = 2**60, 2**40


class Chain:
    """The stages of all layers, planned for one number of images, with memory of their own.

    Parameters
    ----------
    parameters : Parameters
    shape : (images, C, H, W)
    gradient : ndarray, flat, as long as the parameters
        Where `run` leaves the gradient.
    seed : int
        Of what dropout silences.
    """

    def __init__(self, parameters: Parameters, shape: tuple[int, ...], gradient: Array, seed: int) -> None:
        self.parameters, self.gradient, self.seed = parameters, gradient, seed
        self.x = with_slack(shape, parameters.flat.dtype)
        self.images = self.x.reshape(shape[0], -1)
        self.stages: list[Stage] = []
        number = 0
        while number < len(parameters.layers):
            stage, number = self._stage(number, shape)
            shape = stage.shape
            self.stages.append(stage)
        self.powers = np.empty(shape[1])
        self.draws = [stage for stage in self.stages if isinstance(stage, DropoutStage)]
        # Before the first stage that learns, no gradient is wanted.
        learns = next(k for k, stage in enumerate(self.stages) if isinstance(stage, (ConvolutionStage, DenseStage)))
        xs = [self.x, *(stage.y for stage in self.stages)]
        grads = [None, *(stage.grad for stage in self.stages)]
        self.back = [(self.stages[k].backward, xs[k], grads[k] if k > learns else None)
                     for k in reversed(range(learns, len(self.stages)))]

    def _stage(self, number: int, shape: tuple[int, ...]) -> tuple[Stage, int]:
        """The stage that begins with layer `number`, and the number of the layer after it."""
        layers, kind = self.parameters.layers, self.parameters.flat.dtype
        layer, gradients = layers[number], [self.gradient[place] for place in self.parameters.places[number]]
        if isinstance(layer, Convolution):
            after = layers[number + 1]
            pooling = after if isinstance(after, Pooling) and not after.average else None
            return ConvolutionStage(layer, pooling, shape, gradients), number + (1 if pooling is None else 2)
        if isinstance(layer, Dense):
            return DenseStage(layer, (shape[0], math.prod(shape[1:])), gradients), number + 1
        if isinstance(layer, Pooling):
            return pooling_stage(layer, shape, kind), number + 1
        if isinstance(layer, Activated):
            return ActivationStage(layer, shape, kind), number + 1
        return DropoutStage(layer, shape, kind, self.seed, DROPPED + number * STEPS), number + 1

    def run(self, labels: NDArray[np.int64], batch: int, measured: NDArray[np.float64]) -> None:
        """From `x` to the gradient of the sum of the losses, divided by `batch`; `measured` as in `surprise`."""
        x = self.x
        for stage in self.stages:
            stage.forward(x)
            x = stage.y
        surprise(x, labels, self.stages[-1].grad, self.powers, batch, measured)
        for backward, before, grad in self.back:
            backward(before, grad)
