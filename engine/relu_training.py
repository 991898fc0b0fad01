"""A network with one hidden layer of ReLU neurons trained as networks usually are.

The best one is found by engine/approximation.py. This one starts at random and follows its gradient, and what it
reaches depends on the start: a neuron whose knot leaves the points on its closed side learns nothing any more.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import integer, real, seeded
from engine.descent import descend, padded
from engine.generator import uniform
from engine.hidden_layer import curve_points, network_output, neuron_outputs
from engine.threads import shared

Array = NDArray[Any]

FIRST_WEIGHTS = 2**60  # stream of the seed, one a start; far from those of other parts of the engine
MOST = 2**27  # numbers that one call may keep


class Training(NamedTuple):
    """The network output_bias + sum(output_weight * max(0, hidden_weight * x + hidden_bias)), and how it got there.

    Attributes
    ----------
    hidden_weight, hidden_bias, output_weight : ndarray, (D,), of the points' dtype
    output_bias : float
    loss : ndarray, (steps + 1,), of the points' dtype
        The mean squared error before each step, and after the last.
    rms : float
        The root of the last of them.
    """

    hidden_weight: Array
    hidden_bias: Array
    output_weight: Array
    output_bias: float
    loss: Array
    rms: float

    def neurons(self, x: ArrayLike) -> Array:
        """What each neuron adds at x, weighted: ndarray, (D, *x.shape)."""
        return neuron_outputs(self, x)

    def predict(self, x: ArrayLike) -> Array:
        """The network's output at x: ndarray of x's shape."""
        return network_output(self, x)


def train_relu_network(x: ArrayLike, y: ArrayLike, hidden: int, *, steps: int = 2000, learning_rate: float = 1e-2,
                       seed: int = 0, starts: int = 1) -> Training:
    """Train a network of one input, `hidden` ReLU neurons and a linear output, by Adam on the mean squared error.

    Every step sees all points. The first weights are drawn as torch.nn.Linear draws them, for which x and y should be
    of the order of 1: they are taken as they are.

    Parameters
    ----------
    x, y : array_like, (N,), finite, N at least 1
        float32 is computed in float32, and so are integers; if either is float64, all is float64.
    hidden : int, at least 1
        The number of neurons D.
    steps : int, at least 0
    learning_rate : float, at least 0
    seed : int, 0 to 2**64 - 1
        Of the first weights.
    starts : int, at least 1
        How many networks are trained, side by side; the one with the least error at the end is kept.

    Returns
    -------
    Training(hidden_weight, hidden_bias, output_weight, output_bias, loss, rms), with `predict(x)` and `neurons(x)`

    Raises
    ------
    ValueError, TypeError
        x and y of different lengths, empty, not finite; settings out of range; an error too large for the dtype.

    References
    ----------
    Kingma & Ba (2015), Adam: a method for stochastic optimization, arXiv:1412.6980, algorithm 1.
    """
    function = "train_relu_network"
    points, values = curve_points(function, x, y)
    hidden, steps = integer(function, "hidden", hidden, 1), integer(function, "steps", steps, 0)
    starts, seed = integer(function, "starts", starts, 1), seeded(function, seed)
    rate = real(function, "learning_rate", learning_rate, 0.0)
    if not points.size:
        raise ValueError(f"{function}: x and y must hold at least one point")
    if (3 * hidden + steps) * starts > MOST:
        raise ValueError(f"{function}: (3 * hidden + steps) * starts must be at most {MOST}, not "
                         f"(3 * {hidden} + {steps}) * {starts}")
    networks = [_first_weights(hidden, seed, start, points.dtype) for start in range(starts)]
    losses = shared(descend, [(points, values, network, hidden, steps, rate) for network in networks])
    # A network that overflowed has no error to compare.
    last = [float(loss[-1]) if np.isfinite(loss[-1]) else np.inf for loss in losses]
    best = int(np.argmin(last))
    if last[best] == np.inf:
        raise ValueError(f"{function}: the error overflows {points.dtype}; learning_rate={rate} is too large, or x "
                         "and y are")
    layers = networks[best][:3 * hidden].reshape(3, hidden)
    return Training(layers[0], layers[1], layers[2], float(networks[best][3 * hidden]), losses[best],
                    float(np.sqrt(last[best])))


def _first_weights(hidden: int, seed: int, start: int, dtype: Any) -> Array:
    """Even draws within 1 / sqrt(inputs) of 0, the number of inputs being 1 for a neuron, `hidden` for the output."""
    draws = uniform(3 * hidden + 1, seed=seed, stream=FIRST_WEIGHTS + start, low=-1.0, high=1.0)
    draws[2 * hidden:] *= 1.0 / np.sqrt(hidden)
    return padded(draws.astype(dtype))
