"""Trained networks: Adam's path against torch's, gradients against differences, what is refused, bits and threads."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.approximation import fit_relu_network
from engine.descent import descend, padded
from engine.generator import normal, uniform
from engine.relu_training import Training, train_relu_network
from engine.threads import get_num_threads, set_num_threads

X = np.linspace(-1, 1, 256)


def start_of(hidden, seed=0, dtype=np.float64):
    return padded(uniform(3 * hidden + 1, seed=seed, low=-1.0, high=1.0).astype(dtype))


def torchs_path(x, y, start, hidden, steps, learning_rate):
    """Losses and last parameters of torch.optim.Adam, from the same parameters."""
    flat = [torch.tensor(start[i * hidden:(i + 1) * hidden].copy(), requires_grad=True) for i in range(3)]
    bias = torch.tensor(start[3 * hidden].item(), dtype=flat[0].dtype, requires_grad=True)
    optimiser = torch.optim.Adam([*flat, bias], lr=learning_rate)
    points, values, losses = torch.tensor(x.copy())[:, None], torch.tensor(y.copy()), []
    for step in range(steps + 1):
        output = torch.relu(points * flat[0] + flat[1]) @ flat[2] + bias
        loss = torch.nn.functional.mse_loss(output, values)
        losses.append(loss.item())
        if step < steps:
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return np.array(losses), np.concatenate([*(part.detach().numpy() for part in flat), [bias.item()]])


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 150), st.integers(1, 40), st.integers(0, 99), st.sampled_from([1e-3, 1e-2, 0.1]))
def test_the_path_is_torchs(count, hidden, seed, learning_rate):
    x, y = uniform(count, seed=seed, stream=1, low=-2.0, high=2.0), normal(count, seed=seed, stream=2)
    parameters = start_of(hidden, seed)
    expected = torchs_path(x, y, parameters, hidden, 60, learning_rate)
    losses = descend(x, y, parameters, hidden, 60, learning_rate)
    np.testing.assert_allclose(losses, expected[0], rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(parameters[:3 * hidden + 1], expected[1], rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize(("hidden", "dtype", "tolerance"), [
    (4, np.float64, 1e-9), (64, np.float64, 1e-9), (4, np.float32, 1e-3)])
def test_the_path_stays_torchs_over_hundreds_of_steps(hidden, dtype, tolerance):
    x, y, parameters = X.astype(dtype), np.sin(4 * X).astype(dtype), start_of(hidden, dtype=dtype)
    expected, _ = torchs_path(x, y, parameters, hidden, 400, 1e-2)
    losses = descend(x, y, parameters, hidden, 400, 1e-2)
    assert losses.dtype == dtype
    np.testing.assert_allclose(losses, expected, rtol=tolerance)


@pytest.mark.parametrize("count", [1, 5, 64, 100])
def test_the_first_step_goes_against_the_slope_of_the_loss(count):
    x, y, hidden = uniform(count, seed=3, low=-1.0), normal(count, seed=4), 3
    start, flat = start_of(hidden, 7), 3 * hidden + 1

    def loss_at(parameters):
        return descend(x, y, parameters, hidden, 0, 0.0)[0]

    slopes = np.empty(flat)
    for i in range(flat):
        ahead, behind = start.copy(), start.copy()
        ahead[i], behind[i] = start[i] + 1e-6, start[i] - 1e-6
        slopes[i] = (loss_at(ahead) - loss_at(behind)) / 2e-6
    moved, rate = start.copy(), 1e-3
    descend(x, y, moved, hidden, 1, rate)
    # Adam's first step is rate * slope / (|slope| + 1e-8): its direction, and a zero where the slope is zero.
    np.testing.assert_allclose((start - moved)[:flat], rate * slopes / (np.abs(slopes) + 1e-8), atol=2e-6)


def test_the_first_weights_are_torchs_distribution():
    weights = train_relu_network(X, X, 4000, steps=0, seed=5)
    for values, bound in ((weights.hidden_weight, 1.0), (weights.hidden_bias, 1.0),
                          (weights.output_weight, 4000**-0.5)):
        assert np.abs(values).max() <= bound
        np.testing.assert_allclose([values.mean(), values.var()], [0.0, bound**2 / 3], atol=0.03 * bound)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("count", [1, 2, 63, 64, 65, 300])
def test_what_a_training_holds(count, dtype):
    x = uniform(count, seed=1, low=-1.0, dtype=dtype)
    trained = train_relu_network(x, x * x, 5, steps=30)
    assert isinstance(trained, Training)
    for array in (*trained[:3], trained.loss, trained.predict(x), trained.neurons(x)):
        assert array.dtype == dtype
    assert trained.loss.shape == (31,)
    assert isinstance(trained.output_bias, float)
    error = trained.predict(x).astype(np.float64) - x.astype(np.float64) ** 2
    np.testing.assert_allclose(trained.rms, np.sqrt(np.mean(error**2)), rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(trained.loss[-1], trained.rms**2, rtol=1e-6)
    np.testing.assert_allclose(trained.neurons(x).sum(axis=0) + dtype(trained.output_bias), trained.predict(x),
                               atol=1e-6)
    assert trained.predict(0.5).shape == ()
    assert trained.predict(np.zeros((2, 3))).shape == (2, 3)


def test_no_steps_change_nothing_and_no_rate_neither():
    start = train_relu_network(X, X**2, 4, steps=0)
    still = train_relu_network(X, X**2, 4, steps=50, learning_rate=0.0)
    for first, second in zip(start[:4], still[:4], strict=True):
        np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(still.loss, np.repeat(start.loss, 51))


def test_the_best_of_several_starts_is_kept_and_the_fit_is_better():
    alone = [train_relu_network(X, X**2, 4, seed=2, starts=starts).rms for starts in (1, 2, 4, 8)]
    assert (np.diff(alone) <= 0).all()
    assert alone[-1] < alone[0]
    assert fit_relu_network(X, X**2, 4).rms < alone[-1] < 0.05


def test_the_bits_are_the_same_everywhere_and_with_any_number_of_threads():
    x = uniform(201, seed=1, low=-2.0, high=3.0)
    y = x * x + 0.3 * normal(201, seed=2)
    before, digests = get_num_threads(), []
    try:
        for count in (1, 2, 4):
            set_num_threads(count)
            digest = hashlib.sha256()
            for dtype in (np.float32, np.float64):
                trained = train_relu_network(x.astype(dtype), y.astype(dtype), 9, steps=200, starts=5)
                digest.update(b"".join(np.asarray(value).tobytes() for value in trained))
            digests.append(digest.hexdigest())
    finally:
        set_num_threads(before)
    assert set(digests) == {"128a96e640849dd47e100d3eed9fba9d7682c1944e57dd458fc4a9a07fda3039"}


def test_points_come_in_any_type_and_layout_and_stay():
    x, y = X.copy(), np.cos(X)
    x.flags.writeable = y.flags.writeable = False
    plain = train_relu_network(x, y, 3, steps=20)
    for given_x, given_y in ((x.astype(">f8"), y.astype(">f8")), (x.tolist(), y.tolist()),
                             (np.stack([x, x], 1)[:, 0], np.flip(y)[::-1])):
        again = train_relu_network(given_x, given_y, 3, steps=20)
        for first, second in zip(plain, again, strict=True):
            np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(x, X)
    assert train_relu_network([0, 1, 2], [0, 1, 4], 2, steps=1).loss.dtype == np.float32
    assert train_relu_network(X.astype(np.float32), X, 2, steps=1).loss.dtype == np.float64


@pytest.mark.parametrize(("arguments", "error", "message"), [
    ({"y": X[1:]}, ValueError, "train_relu_network: x and y must have the same length, not 256 and 255"),
    ({"x": [], "y": []}, ValueError, "train_relu_network: x and y must hold at least one point"),
    ({"hidden": 0}, ValueError, "train_relu_network: hidden must be at least 1, not 0"),
    ({"hidden": 2.0}, TypeError, "train_relu_network: hidden must be an integer, not 2.0"),
    ({"hidden": 10**18}, ValueError, "train_relu_network: (3 * hidden + steps) * starts must be at most"),
    ({"steps": -1}, ValueError, "train_relu_network: steps must be at least 0, not -1"),
    ({"steps": 10**12}, ValueError, "train_relu_network: (3 * hidden + steps) * starts must be at most"),
    ({"starts": 0}, ValueError, "train_relu_network: starts must be at least 1, not 0"),
    ({"starts": True}, TypeError, "train_relu_network: starts must be an integer, not True"),
    ({"seed": 2**64}, ValueError, "train_relu_network: seed must be below 2**64"),
    ({"learning_rate": -1.0}, ValueError, "train_relu_network: learning_rate must be at least 0.0, not -1.0"),
    ({"learning_rate": np.nan}, ValueError, "train_relu_network: learning_rate must be at least 0.0, not nan"),
    ({"learning_rate": "fast"}, TypeError, "train_relu_network: learning_rate must be a number, not 'fast'"),
    ({"x": np.full(256, np.nan)}, ValueError, "train_relu_network: x must be finite; it holds nan"),
    ({"y": np.full(256, np.inf)}, ValueError, "train_relu_network: y must be finite; it holds inf"),
    ({"x": X[:, None]}, ValueError, "train_relu_network: x must have 1 axes, not 2 (256, 1)"),
    ({"x": 1.0}, ValueError, "train_relu_network: x must have 1 axes, not 0 ()"),
    ({"x": X + 0j}, TypeError, "train_relu_network: x must hold real numbers, not complex128"),
    ({"y": 1e200 * X}, ValueError, "train_relu_network: the error overflows float64; learning_rate=0.01"),
    ({"learning_rate": 1e300}, ValueError, "train_relu_network: the error overflows float64; learning_rate=1e+300"),
])
def test_bad_input(arguments, error, message):
    with pytest.raises(error) as caught:
        train_relu_network(**({"x": X, "y": X, "hidden": 2, "steps": 3} | arguments))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("network", [train_relu_network(X, X, 2, steps=1), fit_relu_network(X, X, 2)])
def test_bad_points_to_predict(network):
    for given_x in (["a"], [1j], None):
        with pytest.raises(TypeError, match="x must hold real numbers"):
            network.predict(given_x)
    assert network.predict([]).shape == (0,)
    assert network.predict(np.broadcast_to(np.float32(1.0), (2, 2)).byteswap().view(">f4")).shape == (2, 2)
