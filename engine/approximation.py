"""The best network with one hidden layer of ReLU neurons that follows given points of a curve.

Such a network is a broken line; engine/network_lines.py searches for the best one. Here points come in and the line
goes out as a network, both in the units of the caller.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import flag, integer, seeded
from engine.broken_lines import Curve, Line, Search, curve_of, settled
from engine.facings import slope_changes, turns_of
from engine.hidden_layer import curve_points, exact, network_output, neuron_outputs
from engine.network_lines import Sides, best_line, with_ends

Array = NDArray[np.float64]

MOST = 2**27  # random numbers that one fit may draw


class Fit(NamedTuple):
    """The network output_bias + sum(output_weight * max(0, hidden_weight * x + hidden_bias)), neurons by their knots.

    Attributes
    ----------
    hidden_weight, hidden_bias, output_weight : ndarray, (D,), float64
        hidden_weight is 1 or -1: what else it might be, output_weight says.
    output_bias : float
    knots : ndarray, (D,), increasing
        Where each neuron's input is zero, the first point for one that only gives the line its first slope.
    rms : float
        The root of the mean squared error at the points fitted.
    """

    hidden_weight: Array
    hidden_bias: Array
    output_weight: Array
    output_bias: float
    knots: Array
    rms: float

    def neurons(self, x: ArrayLike) -> Array:
        """What each neuron adds at x, weighted: ndarray, (D, *x.shape)."""
        return neuron_outputs(self, x)

    def predict(self, x: ArrayLike) -> Array:
        """The network's output at x: ndarray of x's shape."""
        return network_output(self, x)


def fit_relu_network(x: ArrayLike, y: ArrayLike, hidden: int, *, hidden_bias: bool = True, seed: int = 0,
                     restarts: int = 12) -> Fit:
    """Fit a network of one input, `hidden` ReLU neurons and a linear output to points, by least squares.

    Parameters
    ----------
    x, y : array_like, (N,), finite
        In any order; x may repeat. The time grows as N.
    hidden : int, at least 1
        The number of neurons D.
    hidden_bias : bool
        False: neurons without bias, which all bend at 0, so that the network is a V at best.
    seed : int, 0 to 2**64 - 1
        Of the restarts.
    restarts : int, at least 0
        How often the search starts again from a shaken copy of its best network.

    Returns
    -------
    Fit(hidden_weight, hidden_bias, output_weight, output_bias, knots, rms), with `predict(x)` and `neurons(x)`
        Among networks whose squared errors are within 1 %, one whose neurons cancel each other little.

    Raises
    ------
    ValueError, TypeError
        x and y of different lengths, not finite, with fewer than hidden + 1 different x, or so large or small that
        slopes overflow; settings out of range.

    References
    ----------
    Cybenko (1989), doi:10.1007/BF02551274; Leshno, Lin, Pinkus & Schocken (1993), doi:10.1016/S0893-6080(05)80131-5.
    """
    function = "fit_relu_network"
    given = curve_points(function, exact(function, "x", x), exact(function, "y", y))
    points, values = (array.astype(np.float64) for array in given)
    hidden, restarts = integer(function, "hidden", hidden, 1), integer(function, "restarts", restarts, 0)
    seed = seeded(function, seed)
    different = np.unique(points).size
    if different <= hidden:
        raise ValueError(f"{function}: hidden={hidden} needs at least {hidden + 1} different x, not {different}")
    if restarts * hidden > MOST:
        raise ValueError(f"{function}: restarts * hidden must be at most {MOST}, not {restarts} * {hidden}")
    with_bias = flag(function, "hidden_bias", hidden_bias)
    # What overflows is infinite, or no number, at the end.
    with np.errstate(all="ignore"):
        fit = _fitted(points, values, hidden, with_bias, seed, restarts)
    if fit is None or not all(np.isfinite(part).all() for part in fit):
        raise ValueError(f"{function}: x and y must be such that slopes and squares are finite; bring them to about 1")
    return fit


def _fitted(points: Array, values: Array, hidden: int, hidden_bias: bool, seed: int, restarts: int) -> Fit | None:
    """The fit in the points' own units; None where they have no mean."""
    order = np.argsort(points, kind="stable")
    middle, half = 0.5 * points[order[0]] + 0.5 * points[order[-1]], 0.5 * points[order[-1]] - 0.5 * points[order[0]]
    u = np.clip((points[order] - middle) / half, -1.0, 1.0)
    offset = np.mean(values)
    scale = float(np.max(np.abs(values - offset))) or 1.0
    v = (values[order] - offset) / scale
    if not (np.isfinite(u).all() and np.isfinite(v).all()):
        return None
    if hidden_bias:
        bends, left, weights, start = _network(*best_line(curve_of(u, v), hidden, seed, restarts))
    else:
        bends, left, weights, start = _network_without_bias(curve_of(u, v), hidden, -middle / half)
    sign = np.where(left, -1.0, 1.0)
    knots = middle + half * bends if hidden_bias else np.zeros(hidden)
    fit = Fit(sign, 0.0 - sign * knots, weights * (scale / half), float(offset + scale * start), knots, 0.0)
    error = (fit.predict(points) - values) / scale
    return fit._replace(rms=scale * float(np.sqrt(np.mean(error * error))))


def _network(line: Line, left: Sides | None) -> tuple[Array, Sides, Array, float]:
    """A line's bends, which face left, output weights and bias; with one more at -1 where `left` is None."""
    changes, bends = slope_changes(line), line.nodes[1:-1]
    weights = changes[1:]
    if left is None:
        left = bends < 0.0
        first = changes[0] + np.sum(weights[left])
        bends, left, weights = np.append(-1.0, bends), np.append(False, left), np.append(first, weights)
    return bends, left, weights, float(line.heights[0] - np.sum((weights * (1.0 + bends))[left]))


def _network_without_bias(curve: Curve, hidden: int, zero: float) -> tuple[Any, Sides, Array, float]:
    """As `_network`, for neurons that all bend at `zero`; those that face one side share its slope."""
    left = np.arange(hidden) % 2 == 1
    still = Search(0.0, 1.0, 0.0)
    if not -1.0 < zero < 1.0:
        line = settled(curve, with_ends(np.empty(0)), np.zeros(1), still)
        left[:] = zero >= 1.0
    elif hidden == 1:
        nodes = with_ends(np.array([zero]))
        lines = [settled(curve, nodes, turns_of(np.array([side])), still) for side in (False, True)]
        left[:] = lines[1].loss < lines[0].loss
        line = lines[int(left[0])]
    else:
        line = settled(curve, with_ends(np.array([zero])), np.zeros(2), still)
    slopes = np.diff(line.heights) / np.diff(line.nodes)
    shares = np.where(left, -slopes[0] / max(int(np.sum(left)), 1), slopes[-1] / max(int(np.sum(~left)), 1))
    start = line.heights[1] if -1.0 < zero < 1.0 else line.heights[0] + slopes[0] * (zero + 1.0)
    return np.full(hidden, zero), left, shares, float(start)
