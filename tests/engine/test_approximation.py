"""Networks fitted to curves: the closed form of the parabola, exhaustive searches, torch, what a fit holds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from engine.approximation import Fit, fit_relu_network
from engine.generator import normal, uniform

X = np.linspace(-1, 1, 256)
TARGETS = {
    "sine": np.sin(2 * np.pi * X),
    "kinked": np.abs(np.sin(3 * X)) * np.exp(X),
    "steep": np.tanh(12 * X),
    "bump": np.exp(-8 * X**2) + 0.3 * X,
    "noisy": np.sin(3 * X) + np.random.default_rng(0).normal(scale=0.2, size=X.size),
}
CALM = 1.006  # a fit may be this much worse than the best for neurons that cancel each other less


def least_squares_rms(basis, y):
    error = basis @ np.linalg.lstsq(basis, y)[0] - y
    return np.sqrt(np.mean(error * error))


def hinge(bends, left=False):
    return np.maximum(np.where(left, bends - X[:, None], X[:, None] - bends), 0)


@pytest.mark.parametrize(("hidden", "knots"), [
    (2, [-1 / 3, 1 / 3]), (4, [-3 / 5, -1 / 5, 1 / 5, 3 / 5]), (8, np.arange(-7, 8, 2) / 9), (16, None)])
def test_the_parabola_has_the_error_of_equal_segments(hidden, knots):
    fit = fit_relu_network(X, X**2, hidden)
    width = 2 / (hidden + 1)
    assert abs(fit.rms / (width**2 / np.sqrt(180)) - 1) < 0.02
    if knots is not None:
        np.testing.assert_allclose(fit.knots, knots, atol=1e-2)
        np.testing.assert_array_equal(fit.hidden_weight, np.repeat([-1.0, 1.0], hidden // 2))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("hidden", [1, 2, 3])
def test_no_network_on_a_coarse_grid_is_better(target, hidden):
    y, grid = TARGETS[target], np.linspace(-1, 1, 23)[1:-1]
    best = np.inf
    for bends in itertools.combinations(grid, hidden):
        for left in itertools.product([False, True], repeat=hidden):
            basis = np.concatenate([np.ones((X.size, 1)), hinge(np.array(bends), np.array(left))], 1)
            normal_matrix = basis.T @ basis + 1e-12 * np.eye(hidden + 1)
            error = basis @ np.linalg.solve(normal_matrix, basis.T @ y) - y
            best = min(best, np.sqrt(np.mean(error * error)))
    assert fit_relu_network(X, y, hidden).rms <= best * CALM


@pytest.mark.parametrize("target", TARGETS)
def test_more_neurons_are_never_worse(target):
    errors = [fit_relu_network(X, TARGETS[target], hidden).rms for hidden in (1, 2, 3, 4, 5, 6, 8, 12)]
    for fewer, more in itertools.pairwise(errors):
        assert more <= fewer * CALM


@pytest.mark.parametrize("hidden_bias", [True, False])
@pytest.mark.parametrize("hidden", [1, 2, 5, 16])
def test_predict_is_torchs_linear_relu_linear(hidden, hidden_bias):
    fit = fit_relu_network(X, TARGETS["kinked"], hidden, hidden_bias=hidden_bias)
    model = torch.nn.Sequential(torch.nn.Linear(1, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 1)).double()
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), (fit.hidden_weight[:, None], fit.hidden_bias,
                                                         fit.output_weight[None], [fit.output_bias]), strict=True):
            parameter.copy_(torch.tensor(np.array(value)))
        points = np.linspace(-2, 2, 77)
        expected = model(torch.tensor(points)[:, None])[:, 0].numpy()
    scale = np.abs(fit.output_weight).max() * 3
    np.testing.assert_allclose(fit.predict(points), expected, atol=1e-13 * scale)
    np.testing.assert_allclose(fit.rms, np.sqrt(np.mean((fit.predict(X) - TARGETS["kinked"]) ** 2)), rtol=1e-12)


def test_the_neurons_add_up():
    fit = fit_relu_network(X, TARGETS["sine"], 5)
    assert isinstance(fit, Fit)
    for points in (0.3, X, X.reshape(16, 16)):
        parts = fit.neurons(points)
        assert parts.shape == (5, *np.shape(points))
        np.testing.assert_allclose(parts.sum(axis=0) + fit.output_bias, fit.predict(points), atol=1e-12)
        assert fit.predict(points).shape == np.shape(points)
    np.testing.assert_allclose(np.diag(fit.neurons(fit.knots)), 0.0, atol=1e-13)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("hidden", [1, 3, 7, 16])
def test_what_a_fit_holds(target, hidden):
    fit = fit_relu_network(X, TARGETS[target], hidden)
    for array in fit[:3]:
        assert array.shape == (hidden,)
        assert array.dtype == np.float64
    assert isinstance(fit.output_bias, float)
    assert isinstance(fit.rms, float)
    assert (np.diff(fit.knots) > 0).all()
    assert fit.knots[0] >= -1
    assert fit.knots[-1] < 1
    np.testing.assert_array_equal(np.abs(fit.hidden_weight), 1.0)
    np.testing.assert_allclose(fit.hidden_weight * fit.knots + fit.hidden_bias, 0.0, atol=1e-15)


def test_the_output_layer_is_the_best_for_its_hidden_layer():
    for target, hidden in itertools.product(TARGETS, (2, 5, 16)):
        fit = fit_relu_network(X, TARGETS[target], hidden)
        basis = np.concatenate([np.ones((X.size, 1)), hinge(fit.knots, fit.hidden_weight < 0)], 1)
        np.testing.assert_allclose(fit.rms, least_squares_rms(basis, TARGETS[target]), rtol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_a_network_is_found_again(seed):
    knots = np.sort(uniform(3, seed=seed, low=-0.8, high=0.8))
    y = 0.5 + np.sum(normal((3, 1), seed=seed) * hinge(knots, np.array([True, False, False])).T, axis=0)
    assert fit_relu_network(X, y, 3).rms < 2e-3 * y.std()


def test_without_hidden_biases_the_best_is_a_v():
    fit = fit_relu_network(X, np.abs(X) - 0.25, 2, hidden_bias=False)
    np.testing.assert_allclose(np.sort(fit.hidden_weight), [-1.0, 1.0])
    np.testing.assert_allclose(fit.output_weight, 1.0, rtol=1e-9)
    assert fit.rms < 1e-9
    for name, hidden in itertools.product(TARGETS, (2, 3, 6)):
        fit = fit_relu_network(X, TARGETS[name], hidden, hidden_bias=False)
        np.testing.assert_array_equal(fit.knots, np.zeros(hidden))
        np.testing.assert_array_equal(fit.hidden_bias, np.zeros(hidden))
        basis = np.stack([np.ones_like(X), np.maximum(X, 0), np.maximum(-X, 0)], 1)
        np.testing.assert_allclose(fit.rms, least_squares_rms(basis, TARGETS[name]), rtol=1e-9)


def test_one_neuron_without_bias_faces_the_better_side():
    for y in (np.maximum(X, 0), np.maximum(-X, 0), 1 - 2 * np.maximum(-X, 0)):
        assert fit_relu_network(X, y, 1, hidden_bias=False).rms < 1e-9


@pytest.mark.parametrize("shift", [1.0, 5.0, -1.0, -5.0])
def test_without_hidden_biases_and_zero_outside_a_straight_line(shift):
    fit = fit_relu_network(X + shift, X**2 + X, 2, hidden_bias=False)
    straight = least_squares_rms(np.stack([np.ones_like(X), X], 1), X**2 + X)
    np.testing.assert_allclose(fit.rms, straight, rtol=1e-7)
    np.testing.assert_array_equal(fit.knots, 0.0)
