"""The numbers of a small fully connected network: its weights drawn from a seed, and what flows through it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from engine.arguments import integer
from engine.generator import normal, uniform
from figures.lean import weighted

INSIDE, END = "relu", "sigmoid"  # the activation functions of the hidden layers and of the outputs
LARGEST = 1000
CANDIDATES, ACTIVE = 64, 0.75
SHOWN = 0.05  # the least activation that is not written as 0,0


class Dense(NamedTuple):
    """The numbers of one layer: weight (neurons, neurons before it) and bias (neurons,) or none (0,), float64."""

    weight: NDArray[Any]
    bias: NDArray[Any]


class Flow(NamedTuple):
    """A network and what flows through it: the activations of each layer, (neurons,), inputs first."""

    seed: int
    layers: list[Dense]
    values: list[NDArray[Any]]

    @property
    def counts(self) -> dict[str, int]:
        """Weights, biases and all parameters, counted from the arrays."""
        weights, biases = sum(d.weight.size for d in self.layers), sum(d.bias.size for d in self.layers)
        return {"weights": weights, "biases": biases, "parameters": weights + biases}


def layer_sizes(function: str, name: str, sizes: Any, most: int, *, hidden: int = 0) -> tuple[int, ...]:
    """The sizes of at most `most` layers, at least `hidden` of them hidden, each of 1 to 1000 neurons."""
    if not isinstance(sizes, (list, tuple, np.ndarray)):
        raise TypeError(f"{function}: {name} must list the neurons of each layer, such as (3, 4, 2), not {sizes!r}")
    counts = tuple(integer(function, name, size, 1) for size in sizes)
    if not 2 + hidden <= len(counts) <= most:
        raise ValueError(f"{function}: {name} must have {2 + hidden} to {most} layers, not {len(counts)} {counts}")
    if max(counts) > LARGEST:
        raise ValueError(f"{function}: {name} must have at most {LARGEST} neurons in a layer, not {counts}")
    return counts


def drawn_weights(sizes: Sequence[int], *, seed: int, stream: int = 0) -> list[Dense]:
    """A network at its start: weights normal with variance 2 / (neurons before), as He et al. (2015) start ReLU layers.

    Biases are normal with deviation 1/5, so that they show that they are there.
    """
    layers = []
    for k, (before, after) in enumerate(itertools.pairwise(sizes)):
        draws = normal((after, before + 1), seed=seed, stream=stream + k)
        layers.append(Dense(draws[:, :before] * np.sqrt(2 / before), draws[:, before] / 5))
    return layers


def forward(layers: Sequence[Dense], inputs: NDArray[Any]) -> list[NDArray[Any]]:
    """The activations of each layer, inputs first: ReLU inside, sigmoid at the end."""
    values = [inputs]
    for k, (weight, bias) in enumerate(layers):
        total = weighted(values[-1][None], weight, bias if bias.size else np.zeros(len(weight)))[0]
        values.append(ACTIVATIONS[END if k == len(layers) - 1 else INSIDE].function(total))
    return values


def lively(sizes: Sequence[int], *, seed: int, stream: int = 0) -> Flow:
    """Of the 64 seeds from `seed` on, the one whose forward pass shows most.

    The share of active neurons (0.05 or more) in each hidden layer is nearest to 3/4, so that ReLU is seen at work;
    among equals the outputs are furthest apart; then the first. All networks of a seed have the same inputs, uniform
    on [0.2, 1).
    """
    inputs = uniform(sizes[0], seed=seed, low=0.2)
    flows = []
    for candidate in range(seed, min(seed + CANDIDATES, 2**64)):
        layers = drawn_weights(sizes, seed=candidate, stream=stream)
        flows.append(Flow(candidate, layers, forward(layers, inputs)))
    return min(flows, key=_dullness)


def _dullness(flow: Flow) -> tuple[float, float]:
    far = sum(abs(float(np.mean(value >= SHOWN)) - ACTIVE) for value in flow.values[1:-1])
    outputs = flow.values[-1]
    return far, float(outputs.min() - outputs.max())
