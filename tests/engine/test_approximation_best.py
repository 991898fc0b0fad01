"""Fits against two other searches: the best line with as many segments as neurons, coordinate search over networks."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest

from engine.approximation import fit_relu_network

X = np.linspace(-1, 1, 256)
TARGETS = {
    "sine": np.sin(2 * np.pi * X),
    "kinked": np.abs(np.sin(3 * X)) * np.exp(X),
    "steep": np.tanh(12 * X),
    "bump": np.exp(-8 * X**2) + 0.3 * X,
    "noisy": np.sin(3 * X) + np.random.default_rng(0).normal(scale=0.2, size=X.size),
}
PLACES, HEIGHTS, MOST = 65, 81, 16


def rms_of(bends, left, y, slope):
    """The error of the best network with these bends, and with a slope of its own where `slope` is true."""
    hinges = np.maximum(np.where(left, bends - X[:, None], X[:, None] - bends), 0.0)
    basis = np.concatenate([np.ones((X.size, 1)), hinges, X[:, None] * np.ones((1, int(slope)))], 1)
    basis /= np.sqrt(np.sum(basis * basis, axis=0)) + 1e-30
    matrix = basis.T @ basis + 1e-12 * np.eye(basis.shape[1])
    error = basis @ np.linalg.solve(matrix, basis.T @ y) - y
    return np.sqrt(np.mean(error * error))


def coordinate_search(bends, left, y, slope, turning):
    """The error to which bends come down that move one by one, by steps that shrink, or, `turning`, face about."""
    best, step = rms_of(bends, left, y, slope), 0.2
    while step > 3e-4:
        before = best
        for j, move in itertools.product(range(bends.size), (step, -step, 0.0) if turning else (step, -step)):
            moved, faces = bends.copy(), left.copy()
            moved[j] = np.clip(moved[j] + move, -1.0, 1.0)
            faces[j] ^= move == 0.0
            error = rms_of(moved, faces, y, slope)
            if error < best * (1 - 1e-5):
                best, bends, left = error, moved, faces
        step *= 0.5 if best == before else 1.0
    return best


@functools.cache
def recurrence(target):
    """Bellman's recurrence over a grid of places and heights: (segments, place, height) to the place and height before.

    cost[n, t, h] is the least squared error of n segments from the first place to place t at height h.
    """
    y, grid = TARGETS[target], np.linspace(-1, 1, PLACES)
    levels = np.linspace(y.min() - 0.1, y.max() + 0.1, HEIGHTS)
    cost = np.full((MOST + 1, PLACES, HEIGHTS), np.inf)
    parent = np.zeros((MOST + 1, PLACES, HEIGHTS, 2), int)
    cost[0, 0] = 0.0
    for t in range(1, PLACES):
        for s in range(t):
            inside = (grid[s] <= X) & ((grid[t] > X) | (t == PLACES - 1))
            p, v = (X[inside] - grid[s]) / (grid[t] - grid[s]), y[inside]
            # The squared error is a polynomial in both heights: no pass over the points for each pair of heights.
            a, b = levels[:, None], levels[None]
            error = (np.sum((1 - p) ** 2) * a * a + 2 * np.sum((1 - p) * p) * a * b + np.sum(p * p) * b * b
                     - 2 * np.sum((1 - p) * v) * a - 2 * np.sum(p * v) * b + np.sum(v * v))
            total = cost[:-1, s, :, None] + error
            least, which = total.min(axis=1), total.argmin(axis=1)
            better = least < cost[1:, t]
            cost[1:, t][better] = least[better]
            parent[1:, t][better] = np.stack([np.full_like(which, s), which], -1)[better]
    return grid, cost, parent


@functools.cache
def best_line(target, segments):
    """The error of the best broken line found by the recurrence, its bends then moved off the grid."""
    grid, cost, parent = recurrence(target)
    place, level, bends = PLACES - 1, cost[segments, PLACES - 1].argmin(), []
    for count in range(segments, 1, -1):
        place, level = parent[count, place, level]
        bends.append(grid[place])
    return coordinate_search(np.array(bends), np.zeros(len(bends), bool), TARGETS[target], True, False)


def test_the_recurrence_finds_the_best_line_of_the_exhaustive_search():
    y, grid = TARGETS["bump"], np.linspace(-1, 1, PLACES)[1:-1]
    for bends in (1, 2):
        rough = min(rms_of(np.array(places), np.zeros(bends, bool), y, True)
                    for places in itertools.combinations(grid[::bends], bends))
        assert best_line("bump", bends + 1) <= rough * (1 + 1e-4)


@pytest.mark.parametrize("target", TARGETS)
def test_no_line_with_as_many_segments_as_neurons_is_better(target):
    for hidden in (2, 3, 4, 5, 6, 7, 8, 16):
        assert fit_relu_network(X, TARGETS[target], hidden).rms <= best_line(target, hidden), hidden


# How far below the best line with D segments a plain coordinate search over knots and sides comes.
@pytest.mark.parametrize(("target", "shares"), [
    ("sine", {4: 0.54, 6: 0.87}), ("steep", {4: 0.46, 6: 0.64}), ("bump", {4: 0.75, 6: 0.66})])
def test_the_shares_of_the_best_line_that_a_search_over_networks_reaches(target, shares):
    for hidden, share in shares.items():
        assert fit_relu_network(X, TARGETS[target], hidden).rms <= 1.05 * share * best_line(target, hidden)


def random_target(seed):
    """Waves, or up to three jumps between straight lines; noise in some."""
    random = np.random.default_rng(seed)
    if seed % 2:
        heights, phases = random.normal(size=6) / np.arange(1, 7), random.uniform(0, 6, 6)
        y = np.sum(heights[:, None] * np.sin(2.2 * np.arange(1, 7)[:, None] * X + phases[:, None]), axis=0)
    else:
        places = np.sort(random.uniform(-1, 1, 1 + seed % 3))
        piece = np.searchsorted(places, X)
        y = random.normal(size=4)[piece] + random.normal(size=4)[piece] * X
    return y + (seed % 4 == 0) * random.normal(scale=0.1, size=X.size)


@pytest.mark.parametrize("seed", range(16))
@pytest.mark.parametrize("hidden", [2, 4, 6])
def test_coordinate_search_over_networks_is_not_better(seed, hidden):
    y, random = random_target(seed), np.random.default_rng(seed)
    starts = [np.linspace(-1, 1, hidden + 2)[1:-1], np.sort(random.uniform(-1, 1, hidden))]
    sides = [starts[0] < 0, random.random(hidden) < 0.5]
    best = min(coordinate_search(bends, left, y, False, True) for bends in starts for left in sides)
    assert fit_relu_network(X, y, hidden).rms <= 1.05 * best


@pytest.mark.parametrize("jump", [0.1, -0.93, 0.5])
@pytest.mark.parametrize("hidden", [2, 3, 8])
def test_a_jump_is_followed_by_two_neurons(jump, hidden):
    assert fit_relu_network(X, np.where(jump < X, 1.0, -2.0), hidden).rms < 1e-6
    assert fit_relu_network(X, np.where(jump < X, 0.0, 3.0) - X, hidden + 1).rms < 1e-6
