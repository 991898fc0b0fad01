"""Broken lines against dense least squares: heights with and without an equation, sides of neurons, knots on a grid."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from engine.broken_lines import Search, curve_of, settled
from engine.facings import extravagance, likely_facings, slope_changes, turns_of
from engine.knot_search import promising_bends

STILL = Search(0.0, 1.0, 0.0)
X = np.linspace(-1, 1, 101)
TARGETS = {
    "square": X**2,
    "sine": np.sin(2 * np.pi * X),
    "steep": np.tanh(12 * X),
    "noisy": np.sin(3 * X) + np.random.default_rng(0).normal(scale=0.2, size=X.size),
}


def nodes_of(*bends):
    return np.array([-1.0, *bends, 1.0])


def free_loss(y, bends):
    basis = np.stack([np.ones_like(X), X, *(np.maximum(X - bend, 0) for bend in bends)], 1)
    error = basis @ np.linalg.lstsq(basis, y)[0] - y
    return error @ error


def network_loss(y, bends, left):
    columns = [np.maximum(bend - X if faces else X - bend, 0) for bend, faces in zip(bends, left, strict=True)]
    basis = np.stack([np.ones_like(X), *columns], 1)
    error = basis @ np.linalg.lstsq(basis, y)[0] - y
    return error @ error


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("bends", [(), (0.1,), (-0.52, 0.3), (-0.9, -0.4, 0.015, 0.5, 0.8), (0.2, 0.2001, 0.2002)])
def test_heights_of_a_free_line(target, bends):
    line = settled(curve_of(X, TARGETS[target]), nodes_of(*bends), np.zeros(len(bends) + 1), STILL)
    np.testing.assert_allclose(line.loss, free_loss(TARGETS[target], bends), rtol=1e-6)
    error = np.interp(X, line.nodes, line.heights) - TARGETS[target]
    np.testing.assert_allclose(line.loss, error @ error, rtol=1e-9)
    np.testing.assert_array_equal(line.nodes, nodes_of(*bends))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("bends", [(0.1,), (-0.52, 0.3), (-0.6, -0.1, 0.33, 0.7)])
def test_heights_of_a_networks_line(target, bends):
    for left in itertools.product([False, True], repeat=len(bends)):
        line = settled(curve_of(X, TARGETS[target]), nodes_of(*bends), turns_of(np.array(left)), STILL)
        np.testing.assert_allclose(line.loss, network_loss(TARGETS[target], bends, left), rtol=1e-7)
        changes = slope_changes(line)
        assert abs(changes[0] + changes[1:][list(left)].sum()) < 1e-9


@pytest.mark.parametrize("target", TARGETS)
def test_likely_facings_are_the_best_of_all(target):
    bends = (-0.62, -0.31, 0.02, 0.4, 0.77)
    nodes, y = nodes_of(*bends), TARGETS[target]
    line = settled(curve_of(X, y), nodes, np.zeros(6), STILL)
    every = np.array(list(itertools.product([False, True], repeat=5)))
    found = likely_facings(line, 32)
    assert len(np.unique(found, axis=0)) == 32
    losses = np.array([network_loss(y, bends, left) * (1 + 1e-2 * extravagance(line, left)) for left in found])
    np.testing.assert_allclose(losses, np.sort(losses), rtol=1e-6)
    best = min(network_loss(y, bends, left) * (1 + 1e-2 * extravagance(line, left)) for left in every)
    np.testing.assert_allclose(losses[0], best, rtol=1e-6)


def test_outward_neurons_are_the_calmest():
    line = settled(curve_of(X, X**2), nodes_of(-0.6, -0.2, 0.2, 0.6), np.zeros(5), STILL)
    every = np.array(list(itertools.product([False, True], repeat=4)))
    calm = extravagance(line, every)
    assert calm.min() > 0
    assert calm.max() <= 1
    np.testing.assert_array_equal(every[calm.argmin()], [True, True, False, False])


@pytest.mark.parametrize("target", TARGETS)
def test_the_search_ends_where_no_small_move_helps(target):
    y = TARGETS[target]
    search = Search(reach=0.08, finest=0.02 / 64, gap=0.005)
    start = nodes_of(-0.5, 0.1, 0.45)
    line = settled(curve_of(X, y), start, np.zeros(4), search)
    assert line.loss <= settled(curve_of(X, y), start, np.zeros(4), STILL).loss
    for bend, step in itertools.product(range(3), (-0.02, -0.005, -0.0005, 0.0005, 0.005, 0.02)):
        bends = line.nodes[1:-1].copy()
        bends[bend] += step
        if (np.diff(nodes_of(*bends)) > 0.005).all():
            assert free_loss(y, bends) > line.loss * (1 - 1e-3)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("count", [1, 2])
def test_the_best_bends_on_the_grid(target, count):
    y, grid = TARGETS[target], np.linspace(-1, 1, 97)[1:-1]
    most, fewer = promising_bends(X, y, count)
    assert most.size == count
    assert fewer.size == count - 1
    chosen = grid if count == 1 else grid[::3]
    best = min(free_loss(y, bends) for bends in itertools.combinations(chosen, count))
    assert free_loss(y, most) <= best * (1 + 1e-9)
    assert np.abs(grid[:, None] - most[None]).min(axis=0).max() < 1e-12


def test_more_bends_than_places():
    x = np.linspace(-1, 1, 400)
    most, fewer = promising_bends(x, np.sin(9 * x), 300)
    assert (np.diff(most) > 0).all()
    assert (np.diff(fewer) > 0).all()
