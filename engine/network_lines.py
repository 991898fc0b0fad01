"""The best broken line that a number of ReLU neurons make.

Neurons bend the line where their input crosses zero. Any D neurons make D bends, but the first slope must then be what
the neurons that face left add up to (engine/facings.py); or one neuron gives the line any first slope, by standing at
its start, and the others make D - 1 bends. The best of both is searched for, each with its best places for the bends
and its best heights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.broken_lines import NOISE, Curve, Line, Search, settled, squared_errors
from engine.facings import MODESTY, extravagance, likely_facings, turns_of
from engine.generator import normal, uniform
from engine.knot_search import promising_bends

Array = NDArray[np.float64]
Sides = NDArray[np.bool_]
Candidate = tuple[Line, NDArray[np.bool_] | None, float]  # a line, which bends face left, how far neurons cancel

CALM = 3e-2  # how much more loss neurons are worth, relatively, that do not cancel each other at all
JITTER = 0.3  # of the distance to the nearest other bend: how far a restart moves them
REACH, FINEST = 2.0**-6, 2.0**-15  # of a bend's first and last moves, where points lie closer than these ask for


def best_line(curve: Curve, hidden: int, seed: int, restarts: int) -> tuple[Line, Sides | None]:
    """The best line that `hidden` neurons make and which of its bends face left; None where its first slope is free.

    Parameters
    ----------
    curve : Curve
    hidden : int
        The number of neurons.
    seed, restarts : int
        How often, and by which random numbers, the search starts again from a shaken copy of its best line.
    """
    spacing = 2.0 / (curve.x.size - 1)
    search = Search(reach=max(4.0 * spacing, REACH), finest=max(spacing / 64.0, FINEST), gap=0.25 * spacing)
    most, fewer = promising_bends(curve.x, curve.y, hidden)
    equal = np.asarray(2.0 * np.arange(1, hidden + 1) / (hidden + 1.0) - 1.0, np.float64)
    noise, draws = normal((restarts, hidden), seed=seed), uniform((restarts, 2), seed=seed, stream=1)
    best = settled(curve, with_ends(fewer), np.zeros(hidden), search)
    found: list[Candidate] = [(best, None, 1.0)]
    for attempt in range(restarts + 2):
        if attempt < 2:
            bends, choices = (most, equal)[attempt], max(3, 24 // hidden)
        else:
            bends, choices = _shaken(curve, best, noise[attempt - 2], draws[attempt - 2], attempt), max(1, 8 // hidden)
        nodes = with_ends(_apart(bends, search.gap))
        free = settled(curve, nodes, np.zeros(hidden + 1), search._replace(reach=0.0))
        for sides in likely_facings(free, choices):
            line = settled(curve, nodes, turns_of(sides), search)
            if line.loss < best.loss or best.nodes.size < nodes.size:
                best = line
            found.append((line, sides, float(extravagance(line, sides))))
    return _calm(found, NOISE * float(curve.sums[-1]))


def _calm(found: list[Candidate], noise: float) -> tuple[Line, Sides | None]:
    """Of the lines that are nearly the best, the one that trades the least loss for neurons that cancel each other."""
    bound = max((1.0 + MODESTY) * min(line.loss for line, _, _ in found), noise)
    near = [candidate for candidate in found if candidate[0].loss <= bound]
    line, left, _ = min(near, key=lambda candidate: max(candidate[0].loss, noise) * (1.0 + CALM * candidate[2]))
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


def with_ends(bends: Array) -> Array:
    """The nodes of a line with these bends."""
    return np.concatenate([[-1.0], bends, [1.0]])
