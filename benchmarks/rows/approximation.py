"""2000 Adam steps of a network with one input, some ReLU neurons and one output, on 256 points at a time."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor

import engine
from benchmarks.rows.row import Row, Work, WrongResultError

STEPS, POINTS, RATE = 2000, 256, 1e-2
MUST, AIM = 0.03, 0.01


def fit(hidden: int) -> Work:
    """All from the same first weights, which are the engine's after no step."""
    x = np.linspace(-1, 1, POINTS, dtype=np.float32)
    y = np.sin(3 * x)
    first = engine.train_relu_network(x, y, hidden, steps=0)
    peers = {
        "torch": lambda: _torch(x, y, first),
        "scikit-learn": lambda: _scikit_learn(x, y, first),
    }

    def agree(name: str, result: Any, theirs: np.ndarray) -> None:
        """2000 steps amplify a rounding: the errors at the end are alike, the networks need not be."""
        rms = float(np.sqrt(np.mean((theirs - y) ** 2)))
        if not abs(rms - result.rms) <= 0.05 * result.rms + 0.005:
            raise WrongResultError(f"{name}: an error of {rms:.4f} at the end instead of {result.rms:.4f}")

    # Forwards 4 flops a neuron and point, backwards 8; all points stay in the nearest cache.
    return Work(lambda: engine.train_relu_network(x, y, hidden, steps=STEPS, learning_rate=RATE), peers, agree,
                12.0 * hidden * POINTS * STEPS, 2.0 * x.nbytes)


def _torch(x: np.ndarray, y: np.ndarray, first: Any) -> np.ndarray:
    """The outputs after all steps."""
    with torch.inference_mode(False), torch.enable_grad():
        inputs, wanted = torch.from_numpy(x)[:, None], torch.from_numpy(y)[:, None]
        weights = [torch.tensor(array, requires_grad=True) for array in (
            first.hidden_weight[:, None], first.hidden_bias, first.output_weight[None],
            np.array([first.output_bias], np.float32))]
        adam, linear = torch.optim.Adam(weights, RATE, fused=True), torch.nn.functional.linear
        for _ in range(STEPS):
            output = linear(torch.relu(linear(inputs, weights[0], weights[1])), weights[2], weights[3])
            adam.zero_grad()
            torch.nn.functional.mse_loss(output, wanted).backward()  # type: ignore[no-untyped-call]
            adam.step()
        return linear(torch.relu(linear(inputs, weights[0], weights[1])), *weights[2:]).detach().numpy()[:, 0]


class _From(MLPRegressor):  # type: ignore[misc]
    """scikit-learn's network with given first weights, which it has no parameter for."""

    weights: Iterator[tuple[np.ndarray, np.ndarray]]

    def _init_coef(self, *_: Any) -> tuple[np.ndarray, np.ndarray]:
        coefficients, offsets = next(self.weights)
        return coefficients.astype(np.float32), offsets.astype(np.float32)


def _scikit_learn(x: np.ndarray, y: np.ndarray, first: Any) -> np.ndarray:
    """The outputs after all steps: as many epochs of one batch, none left out."""
    network = _From(hidden_layer_sizes=first.hidden_weight.shape, solver="adam", alpha=0.0, batch_size=POINTS, tol=0.0,
                    shuffle=False, learning_rate_init=RATE, max_iter=STEPS, n_iter_no_change=STEPS + 1)
    network.weights = iter([(first.hidden_weight[None], first.hidden_bias),
                            (first.output_weight[:, None], np.array([first.output_bias]))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(x[:, None], y)
    if network.n_iter_ != STEPS:
        raise WrongResultError(f"scikit-learn: {network.n_iter_} steps instead of {STEPS}")
    return np.asarray(network.predict(x[:, None]))


ROWS = tuple(
    Row(f"{STEPS} Adam steps of a 1-{hidden}-1 network", "float32", MUST, AIM, functools.partial(fit, hidden),
        divisible=False)
    for hidden in (4, 64)
)
