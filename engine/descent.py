"""Adam on the mean squared error of a network with one input, one hidden layer of ReLU neurons and one output.

All steps are one kernel: a network of four neurons takes 0.2 µs a step, as long as one call from Python. Its parameters
lie in one array: H hidden weights, H hidden biases, H output weights, the output bias, then zeros up to a whole vector.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.intrinsics import fma
from engine.optimisers import Adam
from engine.vector_roots import divide, square_root
from engine.vectors import add, lane_sum, lanes, load, multiply, splat, store, subtract, where_positive

Array = NDArray[Any]

(MEAN_DECAY, SQUARE_DECAY), EPSILON = Adam().betas, Adam().eps
VECTORS = 4  # vectors of points that are computed with together: one alone would wait for its own sums
LANES = 16  # of the narrower type


def padded(values: Array) -> Array:
    """The values, then zeros up to a whole number of what is computed with together."""
    whole = np.zeros(-(-values.size // (VECTORS * LANES)) * VECTORS * LANES, values.dtype)
    whole[:values.size] = values
    return whole


def descend(x: Array, y: Array, parameters: Array, hidden: int, steps: int, learning_rate: float) -> Array:
    """Change the parameters, in place, by `steps` steps of Adam; the mean squared error before each step, and at last.

    Parameters
    ----------
    x, y : ndarray, (N,), float32 or float64
    parameters : ndarray, `padded`, same dtype
    hidden, steps : int
    learning_rate : float

    Returns
    -------
    ndarray, (steps + 1,), same dtype
    """
    losses, pulls = np.empty(steps + 1, x.dtype), padded(np.full(x.size, 2.0 / x.size, x.dtype))
    gradient, mean, square = np.zeros((3, parameters.size), x.dtype)
    _descend(padded(x), padded(y), pulls, parameters, hidden, learning_rate, losses, gradient, mean, square,
             np.empty_like(pulls))
    return losses


@kernel
def _descend(x: Array, y: Array, pulls: Array, theta: Array, hidden: int, learning_rate: float, losses: Array,
             gradient: Array, mean: Array, square: Array, errors: Array) -> None:
    mean_left, square_left, last = 1.0, 1.0, losses.size - 1
    for step in range(last):
        losses[step] = _measure(x, y, pulls, theta, hidden, errors, gradient)
        _differentiate(x, errors, theta, hidden, gradient)
        mean_left, square_left = mean_left * MEAN_DECAY, square_left * SQUARE_DECAY
        _move(theta, gradient, mean, square, learning_rate / (1.0 - mean_left), 1.0 / np.sqrt(1.0 - square_left))
    losses[last] = _measure(x, y, pulls, theta, hidden, errors, gradient)


@kernel
def _measure(x: Array, y: Array, pulls: Array, theta: Array, hidden: int, errors: Array, gradient: Array) -> float:
    """The loss; its derivatives by the outputs go to `errors`, that by the output bias to `gradient`."""
    width, start, loss = lanes(x), splat(theta[3 * hidden]), splat(x[0] - x[0])
    total = loss
    for i in range(0, x.size, 4 * width):
        a, b, c, d = load(x, i), load(x, i + width), load(x, i + 2 * width), load(x, i + 3 * width)
        p, q, r, s = start, start, start, start
        for h in range(hidden):
            weight, bias, out = splat(theta[h]), splat(theta[hidden + h]), splat(theta[2 * hidden + h])
            reach, other = fma(weight, a, bias), fma(weight, b, bias)
            p, q = fma(out, where_positive(reach, reach), p), fma(out, where_positive(other, other), q)
            reach, other = fma(weight, c, bias), fma(weight, d, bias)
            r, s = fma(out, where_positive(reach, reach), r), fma(out, where_positive(other, other), s)
        store(errors, i, p)
        store(errors, i + width, q)
        store(errors, i + 2 * width, r)
        store(errors, i + 3 * width, s)
    for i in range(0, x.size, width):
        error = subtract(load(errors, i), load(y, i))
        # The points that fill the last vectors up have a pull of zero: no branch tells them from the others.
        pull = multiply(error, load(pulls, i))
        loss, total = fma(error, pull, loss), add(total, pull)
        store(errors, i, pull)
    gradient[3 * hidden] = lane_sum(total)
    half: float = x.dtype.type(0.5) * lane_sum(loss)
    return half


@kernel
def _differentiate(x: Array, errors: Array, theta: Array, hidden: int, gradient: Array) -> None:
    """The loss's derivatives by all parameters but the output bias."""
    width, zero = lanes(x), splat(x[0] - x[0])
    for h in range(hidden):
        weight, bias, out = splat(theta[h]), splat(theta[hidden + h]), theta[2 * hidden + h]
        slope, rise, other, climb = zero, zero, zero, zero
        for i in range(0, x.size, 2 * width):
            a, b = load(x, i), load(x, i + width)
            pull = where_positive(fma(weight, a, bias), load(errors, i))
            tug = where_positive(fma(weight, b, bias), load(errors, i + width))
            slope, other, rise, climb = fma(pull, a, slope), fma(tug, b, other), add(rise, pull), add(climb, tug)
        by_weight, by_bias = lane_sum(add(slope, other)), lane_sum(add(rise, climb))
        gradient[h], gradient[hidden + h] = out * by_weight, out * by_bias
        # Where it is open, a neuron is weight x + bias: no third sum over the points.
        gradient[2 * hidden + h] = fma(theta[h], by_weight, theta[hidden + h] * by_bias)


@kernel
def _move(theta: Array, gradient: Array, mean: Array, square: Array, rate: float, scale: float) -> None:
    """One step of Adam, as engine/adam.py takes it."""
    kind = theta.dtype.type
    keep, keep_square, epsilon = splat(kind(MEAN_DECAY)), splat(kind(SQUARE_DECAY)), splat(kind(EPSILON))
    take, take_square = splat(kind(1 - MEAN_DECAY)), splat(kind(1 - SQUARE_DECAY))
    for i in range(0, theta.size, lanes(theta)):
        force = load(gradient, i)
        drift = fma(keep, load(mean, i), multiply(take, force))
        size = fma(keep_square, load(square, i), multiply(take_square, multiply(force, force)))
        store(mean, i, drift)
        store(square, i, size)
        way = divide(multiply(splat(kind(rate)), drift), fma(square_root(size), splat(kind(scale)), epsilon))
        store(theta, i, subtract(load(theta, i), way))
