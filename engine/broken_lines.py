"""Least squares with a broken line: its heights by a tridiagonal system, its bends by a search along the axes.

A broken line is given by its nodes, which are both ends and the bends between, and by its heights there. The points of
one segment couple two neighbouring nodes only, so that the best heights for given bends cost the points once and the
nodes once. What the bends are worth is then a function of the bends alone (Golub and Pereyra's variable projection). It
is continuous, but has a kink wherever a bend passes a point, at which methods that follow a gradient stop.

References
----------
Golub & Pereyra (1973), The differentiation of pseudo-inverses and nonlinear least squares problems whose variables
separate, doi:10.1137/0710036.
Kolda, Lewis & Torczon (2003), Optimization by direct search, doi:10.1137/S003614450242889: compass search.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel

Array = NDArray[np.float64]

RIDGE = 1e-13  # of the mean weight of a node: enough to hold a node that no point does
GAIN = 1e-9  # the least relative gain for which a bend moves


class Line(NamedTuple):
    """A broken line: its nodes and heights, (bends + 2,) each, and the sum of its squared errors."""

    nodes: Array
    heights: Array
    loss: float


class Search(NamedTuple):
    """How far a bend moves at first and at last, and how near two nodes may come."""

    reach: float
    finest: float
    gap: float


def settled(x: Array, y: Array, nodes: Array, turns: Array, search: Search) -> Line:
    """The broken line to which the bends come down from where they stand, with `sum(turns * slopes) == 0` throughout.

    Parameters
    ----------
    x, y : ndarray, (N,), float64, x in increasing order
    nodes : ndarray, (M,), increasing from x's first to its last
    turns : ndarray, (M - 1,)
        All zeros for a line that is free.
    search : Search
        Without bends, or with a reach below the finest step, the heights alone are fitted.
    """
    nodes, heights = nodes.copy(), np.empty_like(nodes)
    loss = _settle(x, y, nodes, heights, turns, *search, np.empty((10, nodes.size)))
    return Line(nodes, heights, loss)


def sums(x: Array, y: Array, nodes: Array) -> Array:
    """For each segment, with p from 0 to 1 along it: the sums of (1-p)**2, p (1-p) and p**2, (3, M - 1)."""
    work = np.empty((10, nodes.size))
    _sum_segments(x, y, nodes, work)
    return work[:3, :-1]


@kernel
def _sum_segments(x: Array, y: Array, nodes: Array, work: Array) -> None:
    i, last = 0, nodes.size - 2
    for s in range(last + 1):
        a, b, c, d, e = 0.0, 0.0, 0.0, 0.0, 0.0
        scale = 1.0 / (nodes[s + 1] - nodes[s])
        while i < x.size and (x[i] < nodes[s + 1] or s == last):
            p = (x[i] - nodes[s]) * scale
            q = 1.0 - p
            a, b, c, d, e = a + q * q, b + p * q, c + p * p, d + q * y[i], e + p * y[i]
            i += 1
        work[0, s], work[1, s], work[2, s], work[3, s], work[4, s] = a, b, c, d, e


@kernel
def _fit_heights(x: Array, y: Array, nodes: Array, heights: Array, turns: Array, work: Array) -> float:
    """Fill the best heights and return their loss."""
    _sum_segments(x, y, nodes, work)
    last, ridge = nodes.size - 1, RIDGE * x.size / nodes.size
    # The matrix is L D L': D goes to work[5], L to work[6]; the gradient of the sum to work[7], its answer to work[8].
    for s in range(last + 1):
        weight, height, pull = ridge, 0.0, 0.0
        if s < last:
            weight, height, pull = weight + work[0, s], work[3, s], -turns[s] / (nodes[s + 1] - nodes[s])
        if s > 0:
            weight, height = weight + work[2, s - 1], height + work[4, s - 1]
            pull += turns[s - 1] / (nodes[s] - nodes[s - 1])
        work[7, s] = pull
        if s > 0:
            ratio = work[6, s - 1]
            weight, height, pull = (weight - ratio * work[1, s - 1], height - ratio * heights[s - 1],
                                    pull - ratio * work[8, s - 1])
        work[5, s], heights[s], work[8, s] = weight, height, pull
        work[6, s] = work[1, s] / weight if s < last else 0.0
    excess, give = 0.0, 0.0
    for s in range(last, -1, -1):
        heights[s], work[8, s] = heights[s] / work[5, s], work[8, s] / work[5, s]
        if s < last:
            heights[s] -= work[6, s] * heights[s + 1]
            work[8, s] -= work[6, s] * work[8, s + 1]
        excess, give = excess + work[7, s] * heights[s], give + work[7, s] * work[8, s]
    for s in range(last + 1):
        heights[s] -= work[8, s] * (excess / give if give > 0.0 else 0.0)
    return _loss(x, y, nodes, heights)


@kernel
def _loss(x: Array, y: Array, nodes: Array, heights: Array) -> float:
    loss, i, last = 0.0, 0, nodes.size - 2
    for s in range(last + 1):
        slope = (heights[s + 1] - heights[s]) / (nodes[s + 1] - nodes[s])
        while i < x.size and (x[i] < nodes[s + 1] or s == last):
            error = heights[s] + slope * (x[i] - nodes[s]) - y[i]
            loss += error * error
            i += 1
    return loss


@kernel
def _settle(x: Array, y: Array, nodes: Array, heights: Array, turns: Array, reach: float, finest: float, gap: float,
            work: Array) -> float:
    moved, loss = work[9], np.inf
    # Each bend moves alone, and with all the bends before it: bends that each hold the next move in a row.
    moves = 4 * (nodes.size - 2)
    move, idle, step = -1, 0, reach
    while True:
        narrowest = gap
        for s in range(nodes.size):
            shift = 0.0
            if move >= 0 and 0 < s < nodes.size - 1 and (s == move // 4 + 1 or (s <= move // 4 and move % 2 == 1)):
                shift = step if move % 4 < 2 else -step
            moved[s] = nodes[s] + shift
            if s > 0:
                narrowest = min(narrowest, moved[s] - moved[s - 1])
        lower = _fit_heights(x, y, moved, heights, turns, work) if move < 0 or narrowest >= gap else np.inf
        if lower < loss * (1.0 - GAIN):
            loss, idle = lower, 0
            for s in range(nodes.size):
                nodes[s] = moved[s]
            move = max(move, 0)
        else:
            idle, move = idle + 1, (move + 1) % max(moves, 1)
        if idle >= moves:
            idle, step = 0, 0.25 * step
        if step < finest or moves == 0 or loss == 0.0:
            break
    _fit_heights(x, y, nodes, heights, turns, work)
    return loss
