"""The best network with one hidden layer of ReLU neurons that follows given points of a curve.

Such a network is a broken line that bends where a neuron's input crosses zero. Any D neurons make D bends, but the
first slope must then be what the neurons that face left add up to (engine/facings.py); or one neuron gives the line any
first slope, by standing at its start, and the others make D - 1 bends. The best of both is searched for, each with its
best places for the bends and its best heights.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import integer, seeded
from engine.broken_lines import Curve, Line, Search, curve_of, settled, squared_errors
from engine.facings import MODESTY, extravagance, likely_facings, slope_changes, turns_of
from engine.generator import normal, uniform
from engine.hidden_layer import curve_points, exact, network_output, neuron_outputs
from engine.knot_search import promising_bends

Array = NDArray[np.float64]
Sides = NDArray[np.bool_]
Candidate = tuple[Line, NDArray[np.bool_] | None, float]  # a line, which bends face left, how far neurons cancel

CALM = 3e-2  # how much more loss neurons are worth, relatively, that do not cancel each other at all
JITTER = 0.3  # of the distance to the nearest other bend: how far a restart moves them


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
        x and y of different lengths, not finite, with fewer than hidden + 1 different x; hidden below 1.

    References
    ----------
    Cybenko (1989), doi:10.1007/BF02551274; Leshno, Lin, Pinkus & Schocken (1993), doi:10.1016/S0893-6080(05)80131-5.
    """
    function = "fit_relu_network"
    points, values = (array.astype(np.float64) for array in curve_points(function, exact(x), exact(y)))
    hidden, restarts = integer(function, "hidden", hidden, 1), integer(function, "restarts", restarts, 0)
    seed = seeded(function, seed)
    different = np.unique(points).size
    if different <= hidden:
        raise ValueError(f"{function}: hidden={hidden} needs at least {hidden + 1} different x, not {different}")
    order = np.argsort(points, kind="stable")
    middle, half = 0.5 * points[order[0]] + 0.5 * points[order[-1]], 0.5 * points[order[-1]] - 0.5 * points[order[0]]
    u = np.clip((points[order] - middle) / half, -1.0, 1.0)
    offset = np.mean(values)
    scale = float(np.max(np.abs(values - offset))) or 1.0
    v = (values[order] - offset) / scale
    if hidden_bias:
        bends, left, weights, start = _network(*_best_line(curve_of(u, v), hidden, seed, restarts))
    else:
        bends, left, weights, start = _network_without_bias(curve_of(u, v), hidden, -middle / half)
    sign = np.where(left, -1.0, 1.0)
    knots = middle + half * bends if hidden_bias else np.zeros(hidden)
    fit = Fit(sign, 0.0 - sign * knots, weights * (scale / half), float(offset + scale * start), knots, 0.0)
    error = fit.predict(points) - values
    return fit._replace(rms=float(np.sqrt(np.mean(error * error))))


def _network(line: Line, left: Sides | None) -> tuple[Array, Sides, Array, float]:
    """A line's bends, which face left, output weights and bias; with one more at -1 where `left` is None."""
    changes, bends = slope_changes(line), line.nodes[1:-1]
    weights = changes[1:]
    if left is None:
        left = bends < 0.0
        first = changes[0] + np.sum(weights[left])
        bends, left, weights = np.append(-1.0, bends), np.append(False, left), np.append(first, weights)
    return bends, left, weights, float(line.heights[0] - np.sum((weights * (1.0 + bends))[left]))


def _best_line(curve: Curve, hidden: int, seed: int, restarts: int) -> tuple[Line, Sides | None]:
    """The best line that `hidden` neurons make and which of its bends face left; None where its first slope is free."""
    spacing = 2.0 / (curve.x.size - 1)
    search = Search(reach=4.0 * spacing, finest=spacing / 64.0, gap=0.25 * spacing)
    most, fewer = promising_bends(curve.x, curve.y, hidden)
    equal = np.asarray(2.0 * np.arange(1, hidden + 1) / (hidden + 1.0) - 1.0, np.float64)
    noise, draws = normal((restarts, hidden), seed=seed), uniform((restarts, 2), seed=seed, stream=1)
    best = settled(curve, _nodes(fewer), np.zeros(hidden), search)
    found: list[Candidate] = [(best, None, 1.0)]
    for attempt in range(restarts + 2):
        if attempt < 2:
            bends, choices = (most, equal)[attempt], max(3, 24 // hidden)
        else:
            bends, choices = _shaken(curve, best, noise[attempt - 2], draws[attempt - 2], attempt), max(1, 8 // hidden)
        nodes = _nodes(_apart(bends, search.gap))
        free = settled(curve, nodes, np.zeros(hidden + 1), search._replace(reach=0.0))
        for sides in likely_facings(free, choices):
            line = settled(curve, nodes, turns_of(sides), search)
            if line.loss < best.loss or best.nodes.size < nodes.size:
                best = line
            found.append((line, sides, float(extravagance(line, sides))))
    return _calm(found)


def _calm(found: list[Candidate]) -> tuple[Line, Sides | None]:
    """Of the lines that are nearly the best, the one that trades the least loss for neurons that cancel each other."""
    bound = (1.0 + MODESTY) * min(line.loss for line, _, _ in found)
    near = [candidate for candidate in found if candidate[0].loss <= bound]
    line, left, _ = min(near, key=lambda candidate: candidate[0].loss * (1.0 + CALM * candidate[2]))
    return line, left


def _shaken(curve: Curve, line: Line, noise: Array, draws: Array, attempt: int) -> Array:
    """Bends moved a little each, or every second time one of them moved to where the line is rather far off."""
    bends = line.nodes[1:-1]
    if attempt % 2 == 0 or bends.size == 1:
        widths = np.diff(line.nodes)
        return bends + JITTER * noise * np.minimum(widths[:-1], widths[1:])
    total = np.cumsum(squared_errors(curve, line))
    segment = min(int(np.searchsorted(total, draws[1] * total[-1])), bends.size)
    others = np.delete(bends, int(draws[0] * bends.size))
    return np.append(others, 0.5 * (line.nodes[segment] + line.nodes[segment + 1]))


def _apart(bends: Array, gap: float) -> Array:
    """The bends in order, moved until each is `gap` from the next and from the ends."""
    ramp = gap * np.arange(1, bends.size + 1)
    pressed = np.maximum.accumulate(np.maximum(np.sort(bends) - ramp, -1.0))
    apart: Array = np.minimum(pressed, 1.0 - gap * (bends.size + 1)) + ramp
    return apart


def _nodes(bends: Array) -> Array:
    return np.concatenate([[-1.0], bends, [1.0]])


def _network_without_bias(curve: Curve, hidden: int, zero: float) -> tuple[Any, Sides, Array, float]:
    """As `_network`, for neurons that all bend at `zero`; those that face one side share its slope."""
    left = np.arange(hidden) % 2 == 1
    still = Search(0.0, 1.0, 0.0)
    if not -1.0 < zero < 1.0:
        line = settled(curve, _nodes(np.empty(0)), np.zeros(1), still)
        left[:] = zero >= 1.0
    elif hidden == 1:
        lines = [settled(curve, _nodes(np.array([zero])), turns_of(np.array([side])), still) for side in (False, True)]
        left[:] = lines[1].loss < lines[0].loss
        line = lines[int(left[0])]
    else:
        line = settled(curve, _nodes(np.array([zero])), np.zeros(2), still)
    slopes = np.diff(line.heights) / np.diff(line.nodes)
    shares = np.where(left, -slopes[0] / max(int(np.sum(left)), 1), slopes[-1] / max(int(np.sum(~left)), 1))
    start = line.heights[1] if -1.0 < zero < 1.0 else line.heights[0] + slopes[0] * (zero + 1.0)
    return np.full(hidden, zero), left, shares, float(start)
