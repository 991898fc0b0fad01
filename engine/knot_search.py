"""Where a broken line that follows given points should bend, to begin with: dynamic programming over a grid of places.

A broken line is a chain: what its left part costs depends on the right part through nothing but the height where they
meet. As a function of that height the cost is a parabola for each choice of bends further left, so that Bellman's
recurrence carries, for each place of the grid and number of segments, the few parabolas with the lowest vertices, and
of those with equal ones the flattest.

References
----------
Bellman & Roth (1969), Curve fitting by segmented straight lines, doi:10.1080/01621459.1969.10501038.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel
from engine.straight import straight

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

KEPT = 4  # parabolas for each place and number of segments
FEWEST_PLACES, MOST_PLACES = 97, 257
JUMP = 4.0  # times the mean rise between neighbouring points
NEAREST = 0.5  # of the points' mean distance: how near two places may be
NOISE = 1e-9  # costs that differ by less are alike
TINY = 1e-12  # the weight of a height that no point holds


def promising_bends(x: Array, y: Array, count: int) -> tuple[Array, Array]:
    """Places on a grid for `count` bends, and for one fewer, of the broken lines that pass closest to the points.

    Parameters
    ----------
    x, y : ndarray, (N,), float64
        x in increasing order, from -1 to 1.
    count : int, at least 1

    Returns
    -------
    two ndarrays, (count,) and (count - 1,), increasing, inside (-1, 1)
    """
    places = _places(x, y, count)
    size = places.size
    stops = np.searchsorted(x, places)
    stops[-1] = x.size
    sums = np.zeros((x.size + 1, 6))
    np.cumsum(np.stack([np.ones(x.size), x, x * x, y, x * y, y * y], 1), axis=0, out=sums[1:])
    parents = np.zeros(size * (count + 2) * KEPT, np.int64)
    _recur(places, sums[stops].reshape(-1), np.full(4 * parents.size, np.inf), parents, KEPT)
    return _trace(count, places, parents), _trace(count - 1, places, parents)


def _places(x: Array, y: Array, count: int) -> Array:
    """A grid, with the points before and after each jump: a line that is to follow one bends at both."""
    size = max(min(max(4 * count, FEWEST_PLACES), MOST_PLACES), count + 2)
    grid = np.asarray(2.0 * np.arange(size) / (size - 1.0) - 1.0, np.float64)
    rises, nearest = np.abs(np.diff(y)), NEAREST / (x.size - 1.0)
    largest = np.argsort(-rises, kind="stable")[:count]
    before = np.sort(largest[rises[largest] > JUMP * np.mean(rises)])
    ends = np.unique(np.concatenate([x[before], x[before + 1]]))
    ends = ends[(ends > nearest - 1.0) & (ends < 1.0 - nearest)]
    ends = ends[np.diff(ends, prepend=-1.0) > nearest]
    if not ends.size:
        return grid
    after = np.minimum(np.searchsorted(ends, grid), ends.size - 1)
    free = np.minimum(np.abs(ends[after] - grid), np.abs(ends[np.maximum(after - 1, 0)] - grid)) > nearest
    return np.sort(np.concatenate([grid[free], ends]))


def _trace(count: int, places: Array, parents: Rows) -> Array:
    """The bends of the best line from the first place to the last."""
    counts = parents.size // (places.size * KEPT)
    row = ((places.size - 1) * counts + count + 1) * KEPT
    bends = np.empty(count)
    for i in range(count - 1, -1, -1):
        row = int(parents[row])
        bends[i] = places[row // (KEPT * counts)]
    return bends


@straight
def _segment(s: float, t: float, n: float, sx: float, sxx: float, sy: float,
             sxy: float) -> tuple[float, float, float, float, float]:
    """What the points from s to t weigh on the heights at s, at t and on both, and how they pull at t and at s."""
    scale = 1.0 / (t - s)
    return ((sxx - 2.0 * t * sx + t * t * n) * scale * scale, (sxx - 2.0 * s * sx + s * s * n) * scale * scale,
            ((s + t) * sx - sxx - s * t * n) * scale * scale, (s * sy - sxy) * scale, (t * sy - sxy) * scale)


@straight
def _extended(a: float, b: float, c: float, near: float, far: float, both: float, lift: float, sink: float,
              yielding: float) -> tuple[float, float, float, float]:
    """The best height at s being chosen, the cost by the height at t, and what ranks it."""
    inverse, pull = 1.0 / (a + near + TINY), b - sink
    a, b = far - both * both * inverse, lift - both * pull * inverse
    c = c - pull * pull * inverse
    return a, b, c, (c - b * b / (a + TINY) + NOISE) * (1.0 + a * yielding)


@kernel
def _recur(places: Array, sums: Array, parabolas: Array, parents: Rows, kept: int) -> None:
    """Fill the rows (place, segments, rank): a, b, c of the cost a h**2 + 2 b h + c of height h, and what ranks it."""
    size = places.size
    counts = parents.size // (size * kept)
    # Of lines that fit alike, the next segment is served best by the one whose end gives way.
    ease = 1.0 / sums[6 * size - 6]
    parabolas[0], parabolas[1], parabolas[2], parabolas[3] = 0.0, 0.0, 0.0, 0.0
    for g in range(1, size):
        yielding = ease if g < size - 1 else 0.0
        for h in range(g - 1, -1, -1):
            s, t, i, j = places[h], places[g], 6 * h, 6 * g
            near, far, both, lift, sink = _segment(
                s, t, sums[j] - sums[i], sums[j + 1] - sums[i + 1], sums[j + 2] - sums[i + 2],
                sums[j + 3] - sums[i + 3], sums[j + 4] - sums[i + 4])
            syy = sums[j + 5] - sums[i + 5]
            for row in range(h * counts * kept, ((h + 1) * counts - 1) * kept):
                first = ((g - h) * counts + row // kept + 1) * kept
                k = 4 * row
                # One more segment lowers no cost: what is above the last of the best already will not be below.
                if parabolas[k + 3] >= parabolas[4 * (first + kept) - 1] * (1.0 + parabolas[k] * ease):
                    continue
                a, b, c, lowest = _extended(
                    parabolas[k], parabolas[k + 1], parabolas[k + 2] + syy, near, far, both, lift, sink, yielding)
                slot = first + kept
                while slot > first and lowest < parabolas[4 * slot - 1]:
                    slot -= 1
                for k in range(4 * (first + kept) - 1, 4 * slot + 3, -1):
                    parabolas[k] = parabolas[k - 4]
                for k in range(first + kept - 1, slot, -1):
                    parents[k] = parents[k - 1]
                if slot < first + kept:
                    parents[slot] = row
                    k = 4 * slot
                    parabolas[k], parabolas[k + 1], parabolas[k + 2], parabolas[k + 3] = a, b, c, lowest
