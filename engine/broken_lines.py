"""Least squares with a broken line: its heights by a tridiagonal system, its bends by a search along the axes.

A broken line is given by its nodes, which are both ends and the bends between, and by its heights there. The points of
one segment couple two neighbouring nodes only, and all that counts of them are a few sums, each the difference of two
running sums: the best heights for given bends, and what they leave, cost the nodes once, however many points there are.
What the bends are worth is then a function of the bends alone (Golub and Pereyra's variable projection). It is
continuous, but has a kink wherever a bend passes a point, at which methods that follow a gradient stop.

References
----------
Golub & Pereyra (1973), The differentiation of pseudo-inverses and nonlinear least squares problems whose variables
separate, doi:10.1137/0710036.
Kolda, Lewis & Torczon (2003), Optimization by direct search, doi:10.1137/S003614450242889: compass search.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.precision import formula
from engine.segments import eliminated, segment

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

RIDGE = 1e-13  # of the mean weight of a node: enough to hold a node that no point does
GAIN = 1e-7  # the least relative gain for which a bend moves
NOISE = 1e-14  # of the squares of the heights: what a loss, their difference, may be wrong by


class Curve(NamedTuple):
    """Points, (N,) each, x increasing from -1 to 1, and the sums of x, x**2, y, x y, y**2 before each, (5 N + 5,)."""

    x: Array
    y: Array
    sums: Array


class Line(NamedTuple):
    """A broken line: its nodes and heights, (bends + 2,) each, and the sum of its squared errors.

    The heights of a free line solve equations with the matrix L D L': `weights` are 1 / D, `couplings` L D's diagonal
    below the main one, (bends + 2,) each with a zero at the end.
    """

    nodes: Array
    heights: Array
    loss: float
    weights: Array
    couplings: Array


class Search(NamedTuple):
    """How far a bend moves at first and at last, and how near two nodes may come."""

    reach: float
    finest: float
    gap: float


def curve_of(x: Array, y: Array) -> Curve:
    """The points with their sums.

    Parameters
    ----------
    x, y : ndarray, (N,), float64, x in increasing order from -1 to 1
    """
    sums = np.zeros((x.size + 1, 5))
    np.cumsum(np.stack([x, x * x, y, x * y, y * y], 1), axis=0, out=sums[1:])
    return Curve(x, y, sums.reshape(-1))


def settled(curve: Curve, nodes: Array, turns: Array, search: Search) -> Line:
    """The broken line to which the bends come down from where they stand, with `sum(turns * slopes) == 0` throughout.

    Parameters
    ----------
    curve : Curve
    nodes : ndarray, (M,), increasing from -1 to 1
    turns : ndarray, (M - 1,)
        All zeros for a line that is free.
    search : Search
        Without bends, or with a reach below the finest step, the heights alone are fitted.
    """
    nodes, heights, stops = nodes.copy(), np.empty_like(nodes), np.zeros(nodes.size, np.int64)
    stops[-1] = curve.x.size
    work, moved = np.empty(4 * nodes.size + 1), np.empty_like(nodes)
    loss = _settle(*curve, nodes, heights, turns, *search, stops, work, moved)
    return Line(nodes, heights, loss, work[:nodes.size], work[3 * nodes.size:4 * nodes.size])


def squared_errors(curve: Curve, line: Line) -> Array:
    """The sum of the squared errors of each segment, (M - 1,)."""
    segment = np.minimum(np.searchsorted(line.nodes[1:], curve.x, "right"), line.nodes.size - 2)
    slopes = np.diff(line.heights) / np.diff(line.nodes)
    errors = line.heights[segment] + slopes[segment] * (curve.x - line.nodes[segment]) - curve.y
    sums: Array = np.asarray(np.bincount(segment, errors * errors, line.nodes.size - 1), np.float64)
    return sums


@formula
def _loss(x: Array, y: Array, sums: Array, nodes: Array, turns: Array, stops: Rows, work: Array) -> float:
    """What the best heights leave; `work` is given the elimination that finds them, from the first node to the last.

    `stops` are the nodes' places among the points the last time, near to where they are now. In `work` come M numbers
    each: 1 / weight, height, pull on the equation, coupling with the next node; then the price of the equation.
    """
    count, ridge, total = nodes.size, RIDGE * x.size / nodes.size, sums[sums.size - 1]
    weight, height, pull, excess, give, stop = ridge, 0.0, 0.0, 0.0, 0.0, stops[0]
    for s in range(count):
        both, right, lift, turn = 0.0, 0.0, 0.0, 0.0
        if s < count - 1:
            start, near, far = stop, nodes[s], nodes[s + 1]
            stop = x.size
            if s < count - 2:
                stop = start
                if stops[s + 1] > start:
                    stop = stops[s + 1]
                while stop < x.size and x[stop] < far:
                    stop += 1
                while stop > start and x[stop - 1] >= far:
                    stop -= 1
                stops[s + 1] = stop
            left, both, right, sink, lift = segment(x, y, sums, near, far, start, stop)
            turn = turns[s] / (far - near)
            weight, height, pull = weight + left, height + sink, pull - turn
        work[count + s], work[2 * count + s], work[3 * count + s] = height, pull, both
        work[s], taken, more, held, rest, height, pull = eliminated(
            weight, height, pull, both, ridge + right, lift, turn)
        weight, total, excess, give = rest, total - taken, excess + more, give + held
    price = excess / give if give > 0.0 else 0.0
    work[4 * count] = price
    loss = total + excess * price
    return 0.0 if loss < 0.0 else loss


@formula
def _propose(nodes: Array, moved: Array, move: int, step: float) -> float:
    """Give `moved` the nodes after a move, and return how near two of them come; move -1 leaves all where they are."""
    # Each bend moves alone, and with all the bends before it: bends that each hold the next move in a row.
    last, shift, narrowest, before = (move >> 2) + 1, step, 2.0, -4.0
    first = 1 if move & 1 else last
    if move & 2:
        shift = -step
    for s in range(nodes.size):
        place = nodes[s]
        if first <= s and s <= last:
            place += shift
        if place - before < narrowest:
            narrowest = place - before
        moved[s] = place
        before = place
    return narrowest


@kernel
def _settle(x: Array, y: Array, sums: Array, nodes: Array, heights: Array, turns: Array, reach: float, finest: float,
            gap: float, stops: Rows, work: Array, moved: Array) -> float:
    count, loss, noise = nodes.size, np.inf, NOISE * sums[sums.size - 1]
    # Numba compiles what is called with a number of the program for that number first, and then for others.
    moves, idle, step, settled = 4 * (count - 2), 0, reach, False
    move: Any = np.int64(-1)
    while True:
        narrowest, lower = _propose(nodes, moved, move, step), np.inf
        if move < 0 or narrowest >= gap:
            lower = _loss(x, y, sums, moved, turns, stops, work)
        if settled:
            break
        idle += 1
        move += 1
        if lower < loss * (1.0 - GAIN) - noise or move == 0:
            loss, idle = lower, 0
            if move:
                move -= 1
            for s in range(count):
                nodes[s] = moved[s]
        if move >= moves:
            move = 0
        if idle >= moves:
            idle, step = 0, 0.25 * step
        if step < finest or moves == 0 or loss <= noise:
            # Once more where the bends are, for what it leaves in `work`.
            settled, move = True, np.int64(-1)
    height = 0.0
    for s in range(count - 1, -1, -1):
        pull = work[4 * count] * work[2 * count + s]
        height = (work[count + s] - pull - work[3 * count + s] * height) * work[s]
        heights[s] = height
    return loss
