"""Where a broken line that follows given points should bend, to begin with: dynamic programming over a grid of places.

A broken line is a chain: what its left part costs depends on the right part through nothing but the height where they
meet. As a function of that height the cost is a parabola for each choice of bends further left, so that Bellman's
recurrence carries, for each place of the grid and number of segments, the few parabolas with the lowest vertices.

References
----------
Bellman & Roth (1969), Curve fitting by segmented straight lines, doi:10.1080/01621459.1969.10501038.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compile import kernel

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

KEPT = 4  # parabolas for each place and number of segments
FEWEST_PLACES, MOST_PLACES = 97, 257
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
    size = max(min(max(4 * count, FEWEST_PLACES), MOST_PLACES), count + 2)
    places = np.asarray(2.0 * np.arange(size) / (size - 1.0) - 1.0, np.float64)
    stops = np.searchsorted(x, places)
    stops[-1] = x.size
    sums = np.zeros((x.size + 1, 6))
    np.cumsum(np.stack([np.ones(x.size), x, x * x, y, x * y, y * y], 1), axis=0, out=sums[1:])
    parabolas = np.full(((count + 2) * size * KEPT, 4), np.inf)
    parents = np.zeros(len(parabolas), np.int64)
    _recur(places, sums[stops], parabolas, parents, KEPT)
    return _trace(count, places, parents), _trace(count - 1, places, parents)


def _trace(count: int, places: Array, parents: Rows) -> Array:
    """The bends of the best line from the first place to the last."""
    row = ((count + 1) * places.size + places.size - 1) * KEPT
    bends = np.empty(count)
    for i in range(count - 1, -1, -1):
        row = int(parents[row])
        bends[i] = places[row // KEPT % places.size]
    return bends


@kernel
def _recur(places: Array, sums: Array, parabolas: Array, parents: Rows, kept: int) -> None:
    """Fill the rows (segments, place, rank): a, b, c of the cost a h**2 + 2 b h + c of height h, and its minimum."""
    size = places.size
    parabolas[0, 0], parabolas[0, 1], parabolas[0, 2], parabolas[0, 3] = 0.0, 0.0, 0.0, 0.0
    for end in range(size, parabolas.shape[0] // kept):
        g = end % size
        for h in range(g):
            start = (end - size - g + h) * kept
            for row in range(start, start + kept):
                if parabolas[row, 3] == np.inf:
                    break
                a, b, c = _extend(parabolas, row, places[h], places[g], sums, h, g)
                lowest = c - b * b / (a + TINY)
                slot = (end + 1) * kept
                while slot > end * kept and lowest < parabolas[slot - 1, 3]:
                    slot -= 1
                for j in range((end + 1) * kept - 1, slot, -1):
                    parents[j] = parents[j - 1]
                    for k in range(4):
                        parabolas[j, k] = parabolas[j - 1, k]
                if slot < (end + 1) * kept:
                    parents[slot] = row
                    parabolas[slot, 0], parabolas[slot, 1], parabolas[slot, 2], parabolas[slot, 3] = a, b, c, lowest


@kernel
def _extend(parabolas: Array, row: int, s: float, t: float, sums: Array, h: int, g: int) -> tuple[float, float, float]:
    """The cost by the height at t, the best height at s being chosen, when one more segment joins the two."""
    width = t - s
    n, sx, sxx = sums[g, 0] - sums[h, 0], sums[g, 1] - sums[h, 1], sums[g, 2] - sums[h, 2]
    sy, sxy, syy = sums[g, 3] - sums[h, 3], sums[g, 4] - sums[h, 4], sums[g, 5] - sums[h, 5]
    near = (sxx - 2.0 * t * sx + t * t * n) / (width * width)
    both = ((s + t) * sx - sxx - s * t * n) / (width * width)
    far = (sxx - 2.0 * s * sx + s * s * n) / (width * width)
    stiff, pull = parabolas[row, 0] + near + TINY, parabolas[row, 1] - (t * sy - sxy) / width
    return (far - both * both / stiff, (s * sy - sxy) / width - both * pull / stiff,
            parabolas[row, 2] + syy - pull * pull / stiff)
