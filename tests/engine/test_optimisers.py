"""Adam and gradient descent against torch's, step by step."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from engine.optimisers import SGD, Adam, optimizer_of, steps_of

CASES = [
    (Adam(3e-3), lambda p: torch.optim.Adam(p, 3e-3)),
    (Adam(0.1, (0.5, 0.75), 1e-3), lambda p: torch.optim.Adam(p, 0.1, (0.5, 0.75), 1e-3)),
    (Adam(0.1, (0.0, 0.0)), lambda p: torch.optim.Adam(p, 0.1, (0.0, 0.0))),
    (SGD(0.1), lambda p: torch.optim.SGD(p, 0.1)),
    (SGD(0.1, 0.9), lambda p: torch.optim.SGD(p, 0.1, 0.9)),
    (SGD(0.1, 0.9, True), lambda p: torch.optim.SGD(p, 0.1, 0.9, nesterov=True)),
]


@pytest.mark.parametrize(("settings", "torchs"), CASES, ids=[str(settings) for settings, _ in CASES])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_thirty_steps_are_torchs(settings, torchs, dtype):
    rng = np.random.default_rng(0)
    ours = rng.normal(size=203).astype(dtype)
    start, theirs = ours.copy(), torch.tensor(ours.astype(np.float64))
    steps, right = steps_of(settings, ours), torchs([theirs])
    for step in range(30):
        gradient = (10.0 ** (step % 4 - 3) * rng.normal(size=ours.size)).astype(dtype)
        theirs.grad = torch.tensor(gradient.astype(np.float64))
        steps.step(gradient)
        right.step()
        # Relative to how far it went: numbers near zero would blow up the error of the others.
        reach = np.abs(theirs.numpy()).max()
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=reach * (1e-12 if dtype == np.float64 else 3e-6))
    assert np.abs(ours - start).min() > 0


@pytest.mark.parametrize("settings", [Adam(1.0), SGD(1.0, 0.9)])
def test_a_gradient_of_zero_moves_nothing(settings):
    parameters = np.ones(3, np.float32)
    steps_of(settings, parameters).step(np.zeros(3, np.float32))
    assert (parameters == 1).all()


@pytest.mark.parametrize(("settings", "error", "message"), [
    (Adam(-1.0), ValueError, "train: learning_rate must be at least 0.0, not -1.0"),
    (Adam(np.nan), ValueError, "train: learning_rate must be at least 0.0, not nan"),
    (Adam("fast"), TypeError, "train: learning_rate must be a number, not 'fast'"),
    (Adam(betas=(0.9, 1.0)), ValueError, "train: betas must be in [0.0, 1.0), not 1.0"),
    (Adam(betas=0.9), TypeError, "train: betas must be a pair of numbers, not 0.9"),
    (Adam(betas=(0.9, 0.9, 0.9)), TypeError, "train: betas must be a pair of numbers"),
    (Adam(eps=-1e-8), ValueError, "train: eps must be at least 0.0, not -1e-08"),
    (SGD(np.inf), ValueError, "train: learning_rate must be at least 0.0, not inf"),
    (SGD(momentum=1.0), ValueError, "train: momentum must be in [0.0, 1.0), not 1.0"),
    (SGD(nesterov=True), ValueError, "train: nesterov needs a momentum above 0"),
    ("adam", TypeError, "train: optimizer must be Adam(…) or SGD(…), not 'adam'"),
    (Adam, TypeError, "train: optimizer must be Adam(…) or SGD(…), not <class"),
])
def test_settings_out_of_range_are_refused(settings, error, message):
    with pytest.raises(error, match=re.escape(message)):
        optimizer_of("train", settings)


def test_settings_become_pythons_numbers():
    assert optimizer_of("train", Adam(np.float32(0.5), [0, np.float64(0.25)], 0)) == Adam(0.5, (0.0, 0.25), 0.0)
    assert optimizer_of("train", SGD(1, np.float64(0.5), np.True_)) == SGD(1.0, 0.5, True)
