"""Which side each neuron of a broken line faces.

A neuron bends the line and is zero on one side. Left of every bend, the slope of a network is thus that of the neurons
that face left: the first slope plus the changes of slope at their bends is zero. That is one linear equation in the
heights for each choice of sides, and what it costs is known from the best line without it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.broken_lines import Line
from engine.compile import kernel

Array = NDArray[np.float64]

PIVOTS = 4  # how many bends are tried as the last one that faces left
WINDOW = 6  # bends around it whose sides are all tried
MODESTY = 1e-2  # how much larger a loss may be, relatively, for neurons that all but vanish
TINY = 1e-30  # stands for zero where it divides


def turns_of(left: NDArray[np.bool_]) -> Array:
    """What weighs the slopes in the sum that is zero when the bends marked in `left` face left."""
    faces = left.astype(np.float64)
    turns: Array = np.concatenate([[1.0], faces]) - np.concatenate([faces, [0.0]])
    return turns


def slope_changes(line: Line) -> Array:
    """The first slope, then the change of slope at each bend, (bends + 1,)."""
    slopes = np.diff(line.heights) / np.diff(line.nodes)
    changes: Array = np.concatenate([slopes[:1], np.diff(slopes)])
    return changes


def extravagance(line: Line, left: NDArray[np.bool_]) -> Array:
    """How large the neurons grow for what they bend, 0 to 1: of lines that fit alike, the calmest shows how it is done.

    Parameters
    ----------
    line : Line, with nodes from -1 to 1
    left : ndarray of bool, (..., bends)
    """
    changes, bends = np.abs(slope_changes(line)[1:]), line.nodes[1:-1]
    reach = np.where(left, 1.0 + bends, 1.0 - bends)
    calm: Array = np.sum(changes * reach, axis=-1) / (2.0 * max(float(np.sum(changes)), TINY))
    return calm


def likely_facings(line: Line, most: int) -> NDArray[np.bool_]:
    """The choices of sides that add least to the loss of a line that is free, best first, (choices, bends).

    Parameters
    ----------
    line : Line
        The best for its nodes, with no equation to satisfy.
    most : int
        The number of choices at most.
    """
    changes, freedom = slope_changes(line), _freedom(line)
    pivots = np.tri(changes.size, changes.size - 1, -1, dtype=np.bool_)
    order = np.argsort(_losses(line, pivots, changes, freedom), kind="stable")[:PIVOTS]
    width = min(WINDOW, changes.size - 1)
    flips = (np.arange(2**width)[:, None] >> np.arange(width)) % 2 == 1
    every = np.repeat(pivots[order], len(flips), 0)
    for pivot, choices in zip(order, np.split(every, len(order)), strict=True):
        start = min(max(int(pivot) - width // 2, 0), changes.size - 1 - width)
        choices[:, start:start + width] ^= flips
    best: dict[bytes, int] = {}
    for choice in np.argsort(_losses(line, every, changes, freedom), kind="stable"):
        best.setdefault(every[choice].tobytes(), int(choice))
        if len(best) == most:
            break
    return every[list(best.values())]


def _losses(line: Line, left: NDArray[np.bool_], changes: Array, freedom: Array) -> Array:
    """The loss of each choice, raised by its extravagance."""
    faces = np.concatenate([np.ones((len(left), 1)), left], 1)
    excess, give = np.sum(faces * changes, axis=1), np.empty(len(faces))
    _quadratic_forms(faces, freedom, give)
    losses: Array = line.loss + excess * excess / np.maximum(give, TINY)
    return losses * (1.0 + MODESTY * extravagance(line, left))


@kernel
def _quadratic_forms(rows: Array, matrix: Array, out: Array) -> None:
    for c in range(rows.shape[0]):
        total = 0.0
        for d in range(rows.shape[1]):
            if rows[c, d] != 0.0:
                inner = 0.0
                for e in range(rows.shape[1]):
                    inner += matrix[d, e] * rows[c, e]
                total += rows[c, d] * inner
        out[c] = total


def _freedom(line: Line) -> Array:
    """The covariance of the first slope and the slope changes, (bends + 1, bends + 1), for noise of variance 1."""
    scale = 1.0 / np.diff(line.nodes)[:, None]
    changes = np.diff(np.diff(np.eye(line.nodes.size), axis=0) * scale, axis=0, prepend=0.0)
    # The heights' covariance times the changes' gradients, by the tridiagonal L D L' once more.
    answer, ratios = changes.T.copy(), line.couplings * line.weights
    for s in range(1, len(answer)):
        answer[s] -= ratios[s - 1] * answer[s - 1]
    answer *= line.weights[:, None]
    for s in range(len(answer) - 2, -1, -1):
        answer[s] -= ratios[s] * answer[s + 1]
    freedom: Array = np.diff(np.diff(answer, axis=0) * scale, axis=0, prepend=0.0)
    return freedom
