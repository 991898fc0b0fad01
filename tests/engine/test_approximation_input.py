"""Networks fitted to curves: what units, order and type of the points, seed and machine change, and what is refused."""

from __future__ import annotations

import hashlib
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.approximation import fit_relu_network
from engine.generator import normal, uniform

X = np.linspace(-1, 1, 256)
BUMP = np.exp(-8 * X**2) + 0.3 * X
KINKED = np.abs(np.sin(3 * X)) * np.exp(X)
NOISY = np.sin(3 * X) + np.random.default_rng(0).normal(scale=0.2, size=X.size)
CALM = 1.006  # a fit may be this much worse than the best for neurons that cancel each other less


@settings(deadline=None, max_examples=12)
@given(st.floats(1e-3, 1e3), st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.floats(-1e3, 1e3), st.booleans())
def test_units_do_not_matter(stretch, shift, factor, offset, mirrored):
    plain = fit_relu_network(X, BUMP, 3, restarts=0)
    x = stretch * (-X if mirrored else X) + shift
    fit = fit_relu_network(x, factor * BUMP + offset, 3, restarts=0)
    np.testing.assert_allclose(fit.rms, factor * plain.rms, rtol=5e-3)
    assert x.min() <= fit.knots[0]
    assert fit.knots[-1] <= x.max()


def test_points_come_in_any_order_type_and_layout():
    order = np.random.default_rng(0).permutation(X.size)
    y = NOISY
    plain = fit_relu_network(X, y, 4)
    for x_given, y_given in ((X[order], y[order]), (X[::-1], y[::-1]), (X.astype(">f8"), y.astype(">f8")),
                             (X.tolist(), y.tolist()), (np.stack([X, X], 1)[:, 0], np.stack([y, y], 1)[:, 1])):
        np.testing.assert_allclose(fit_relu_network(x_given, y_given, 4).rms, plain.rms, rtol=1e-12)
    single = fit_relu_network(X.astype(np.float32), y.astype(np.float32), 4)
    np.testing.assert_allclose(single.rms, plain.rms, rtol=1e-3)
    np.testing.assert_array_equal(fit_relu_network([3, 0, 1, 2, 1], [9, 0, 1, 4, 1], 2).knots >= 0, True)


def test_the_callers_arrays_stay_and_may_be_read_only():
    x, y = X.copy(), NOISY.copy()
    x.flags.writeable = y.flags.writeable = False
    fit_relu_network(x, y, 3)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, NOISY)


@pytest.mark.parametrize("hidden", [1, 2, 5, 9])
def test_as_few_points_as_allowed_are_met(hidden):
    x = np.sort(uniform(hidden + 1, seed=1))
    y = normal(hidden + 1, seed=1)
    fit = fit_relu_network(x, y, hidden)
    assert fit.rms < 1e-6
    assert np.isfinite(fit.predict(x)).all()


@pytest.mark.parametrize("y", [np.full(256, 3.0), 2 - 5 * X, np.zeros(256)])
@pytest.mark.parametrize("hidden", [1, 2, 8])
def test_straight_lines_are_met(y, hidden):
    fit = fit_relu_network(X, y, hidden)
    assert fit.rms < 1e-8
    np.testing.assert_allclose(fit.predict(X), y, atol=1e-7)


def test_a_seed_gives_one_network_and_its_restarts_help():
    y = KINKED
    one, same = fit_relu_network(X, y, 6, seed=3), fit_relu_network(X, y, 6, seed=3)
    for first, second in zip(one, same, strict=True):
        np.testing.assert_array_equal(first, second)
    errors = [fit_relu_network(X, y, 6, seed=3, restarts=restarts).rms for restarts in (0, 4, 30)]
    assert errors[1] <= errors[0] * CALM
    assert errors[2] <= errors[1] * CALM
    assert any(fit_relu_network(X, y, 6, seed=seed).rms != one.rms for seed in range(4, 10))


def test_the_bits_are_the_same_everywhere():
    x = uniform(200, seed=1, low=-2.0, high=3.0)
    y = x * x + 0.3 * normal(200, seed=2)
    digest = hashlib.sha256()
    for hidden, hidden_bias in ((1, True), (4, True), (9, True), (3, False)):
        fit = fit_relu_network(x, y, hidden, hidden_bias=hidden_bias)
        digest.update(b"".join(np.asarray(value).tobytes() for value in fit))
    assert digest.hexdigest() == "9258ca1a71935cc44ebbd31bc6097c96b4f23f90a18d5aa31c71331e22a13ba5"


def test_sixteen_neurons_take_a_moment():
    fit_relu_network(X, X**2, 16)
    elapsed = []
    for _ in range(10):
        # The time of this process, whatever else the machine is doing.
        start = time.process_time()
        fit_relu_network(X, KINKED, 16)
        elapsed.append(time.process_time() - start)
    assert min(elapsed) < 0.05


@pytest.mark.parametrize("size", [1e-200, 1e150, 1e300])
def test_sizes_whose_squares_leave_the_range(size):
    plain = fit_relu_network(X, BUMP, 3).rms
    for x, y in ((X, size * BUMP), (size * X, size * BUMP)):
        np.testing.assert_allclose(fit_relu_network(x, y, 3).rms / size, plain, rtol=1e-6)
    np.testing.assert_allclose(fit_relu_network(size * X, BUMP, 3).rms, plain, rtol=1e-6)


def test_more_points_of_a_curve_change_little():
    few = fit_relu_network(X, KINKED, 5).rms
    x = np.linspace(-1, 1, 20_000)
    np.testing.assert_allclose(fit_relu_network(x, np.abs(np.sin(3 * x)) * np.exp(x), 5).rms, few, rtol=0.05)


def test_large_integers_do_not_run_together():
    seconds = 1_700_000_000 + np.arange(30)
    fit = fit_relu_network(seconds, np.abs(np.arange(30) - 12), 2)
    assert fit.rms < 0.01
    assert fit.predict(seconds[5:6])[0] == pytest.approx(7.0, abs=0.02)


@pytest.mark.parametrize("crowd", [1e-3, 1e-6, 1e-9])
def test_points_that_crowd_together(crowd):
    x = np.concatenate([np.linspace(-1, 1, 40), 0.3 + crowd * uniform(200, seed=1)])
    y = np.abs(x - 0.1) + np.abs(x + 0.5) - 0.5 * x
    assert fit_relu_network(x, y, 3).rms < 1e-4


@pytest.mark.parametrize(("arguments", "error", "message"), [
    ({"x": X, "y": X[1:], "hidden": 2}, ValueError,
     "fit_relu_network: x and y must have the same length, not 256 and 255"),
    ({"x": X, "y": X, "hidden": 0}, ValueError, "fit_relu_network: hidden must be at least 1, not 0"),
    ({"x": X, "y": X, "hidden": 2.0}, TypeError, "fit_relu_network: hidden must be an integer, not 2.0"),
    ({"x": X[:4], "y": X[:4], "hidden": 4}, ValueError,
     "fit_relu_network: hidden=4 needs at least 5 different x, not 4"),
    ({"x": [1, 1, 1], "y": [1, 2, 3], "hidden": 1}, ValueError,
     "fit_relu_network: hidden=1 needs at least 2 different x, not 1"),
    ({"x": [], "y": [], "hidden": 1}, ValueError, "fit_relu_network: hidden=1 needs at least 2 different x, not 0"),
    ({"x": [0, np.nan, 1], "y": [0, 1, 2], "hidden": 1}, ValueError,
     "fit_relu_network: x must be finite; it holds nan"),
    ({"x": [0, 1, 2], "y": [0, np.inf, 2], "hidden": 1}, ValueError,
     "fit_relu_network: y must be finite; it holds inf"),
    ({"x": X[:, None], "y": X, "hidden": 1}, ValueError, "fit_relu_network: x must have 1 axes, not 2 (256, 1)"),
    ({"x": ["a", "b"], "y": [1, 2], "hidden": 1}, TypeError, "fit_relu_network: x must hold real numbers"),
    ({"x": X, "y": X, "hidden": 1, "seed": -1}, ValueError, "fit_relu_network: seed must be at least 0, not -1"),
    ({"x": X, "y": X, "hidden": 1, "restarts": -1}, ValueError,
     "fit_relu_network: restarts must be at least 0, not -1"),
    ({"x": X, "y": X, "hidden": 2, "restarts": 10**12}, ValueError,
     "fit_relu_network: restarts * hidden must be at most 134217728, not 1000000000000 * 2"),
    ({"x": X, "y": X, "hidden": 1, "hidden_bias": "no"}, TypeError,
     "fit_relu_network: hidden_bias must be True or False, not 'no'"),
    ({"x": X, "y": X, "hidden": True}, TypeError, "fit_relu_network: hidden must be an integer, not True"),
    ({"x": X + 0j, "y": X, "hidden": 1}, TypeError, "fit_relu_network: x must hold real numbers, not complex128"),
    ({"x": [[1], [1, 2]], "y": X, "hidden": 1}, ValueError, "fit_relu_network: x must be an array of real numbers"),
    ({"x": 0.0, "y": 1.0, "hidden": 1}, ValueError, "fit_relu_network: x must have 1 axes, not 0 ()"),
    ({"x": X, "y": 1.7e308 * X, "hidden": 1}, ValueError,
     "fit_relu_network: x and y must be such that slopes and squares are finite"),
    ({"x": 1.7e308 * X, "y": X, "hidden": 1}, ValueError,
     "fit_relu_network: x and y must be such that slopes and squares are finite"),
    ({"x": 1e-308 * X, "y": X, "hidden": 3}, ValueError,
     "fit_relu_network: x and y must be such that slopes and squares are finite"),
])
def test_bad_input(arguments, error, message):
    with pytest.raises(error) as caught:
        fit_relu_network(**arguments)
    assert str(caught.value).startswith(message)
