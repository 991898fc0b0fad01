"""A network of one's own, from PyTorch or NumPy: what it shows is what PyTorch computes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import figures
from figures import network_layers
from figures.own_weights import dense_layers

W1, W2 = np.arange(12.0).reshape(4, 3) / 12, np.array([[1.0, -1, 0.5, 0.25], [0.5, 1, -1, 0]])
B1, B2 = np.array([0.1, -0.2, 0.3, 0.4]), np.array([0.5, -0.5])


def model() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(3, 4), nn.ReLU(), nn.Dropout(), nn.Linear(4, 2), nn.Sigmoid())


def facts(weights: Any, **others: Any) -> dict[str, Any]:
    found: dict[str, Any] = network_layers(weights=weights, **others).facts["networks"][0]
    return found


def test_a_module_shows_what_pytorch_computes() -> None:
    network = model().eval()
    found = facts(network)
    assert found["sizes"] == [3, 4, 2]
    assert (found["weights"], found["biases"], found["parameters"]) == (20, 6, 26)
    with torch.no_grad():
        expected = network(torch.tensor([found["inputs"]], dtype=torch.float32))[0]
    np.testing.assert_allclose(found["outputs"], expected.numpy(), rtol=1e-6)


def test_the_same_network_in_any_form_is_the_same_drawing() -> None:
    network = model()
    forms = [network, network.state_dict(),
             [(network[1].weight, network[1].bias), (network[4].weight, network[4].bias)],
             [(network[1].weight.detach().numpy(), network[1].bias.tolist()),
              (network[4].weight.tolist(), network[4].bias.detach().numpy())]]  # fmt: skip
    shown = [facts(form) for form in forms]
    assert shown[0] == shown[1] == shown[2] == shown[3]


def test_biases_may_be_absent() -> None:
    found = facts([W1, W2])
    hidden = np.maximum(W1 @ found["inputs"], 0)
    np.testing.assert_allclose(found["activations"][1], hidden, rtol=1e-6)
    np.testing.assert_allclose(found["outputs"], 1 / (1 + np.exp(-W2 @ hidden)), rtol=1e-6)
    assert (found["biases"], found["parameters"]) == (0, 20)
    assert facts(W1)["sizes"] == [3, 4]
    assert facts(W1.tolist())["sizes"] == [3, 4]
    assert facts(nn.Linear(5, 1, bias=False))["sizes"] == [5, 1]
    assert facts({"weight": W1, "bias": B1})["biases"] == 4
    assert facts(W1, seed=6)["inputs"] != facts(W1)["inputs"]


def test_an_image_says_of_which_network_it_is() -> None:
    network = model()
    first, second = (network_layers(weights=weights) for weights in (network, network.state_dict()))
    assert first.origin["Description"] != network_layers().origin["Description"]
    assert first.svg() == network_layers(weights=network).svg()
    assert "0x" not in first.origin["Description"] + second.origin["Description"]
    with torch.no_grad():
        network[1].bias[0] += 1
    assert network_layers(weights=network).origin["Identifier"] != first.origin["Identifier"]


def test_pytorch_is_not_imported() -> None:
    code = "import figures, sys; figures.network_layers(weights=[[1.0, 2.0]]); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(figures.__file__).parent.parent)


@pytest.mark.parametrize(
    ("weights", "kind", "message"),
    [
        (3, TypeError, "weights must be a matrix (outputs, inputs), a list of them, a state_dict or a module, not 3"),
        (np.zeros(3), TypeError, "weights must be a matrix"),
        (np.zeros((8, 1, 3, 3)), TypeError, "a module, not (8, 1, 3, 3)"),
        ([], ValueError, "weights must be 1 to 15 layers, not 0"),
        ({}, ValueError, "weights must be 1 to 15 layers, not 0"),
        ([W1] * 16, ValueError, "weights must be 1 to 15 layers, not 16"),
        ([W1, W1], ValueError, "weights[1] (4, 3) must take the 4 outputs of the layer before it, not 3"),
        ([(W1, B2)], ValueError, "weights[0] (4, 3) needs 4 biases, not 2"),
        ([W1, "b"], TypeError, "weights[1] must hold real numbers"),
        (np.full((2, 2), np.nan), ValueError, "weights must be finite; it holds nan"),
        (np.full((2, 2), 1e9), ValueError, "weights must lie within ±1e+06, not 1e+09"),
        (np.zeros((0, 3)), ValueError, "weights must have 1 to 1000 rows and columns, not (0, 3)"),
        (np.zeros((1001, 3)), ValueError, "weights must have 1 to 1000 rows and columns, not (1001, 3)"),
        (np.zeros((2, 2), complex), TypeError, "weights must hold real numbers, not complex128"),
        (nn.Conv2d(1, 8, 3), ValueError, "weights['weight'] must have 2 axes, not 4 (8, 1, 3, 3)"),
        (nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)), ValueError, "must name a weight or a bias, not '1."),
        (nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1)), ValueError, "ReLU inside, which the figure "
                                                                                 "computes, not Tanh"),
        ({"a.running_mean": B1}, ValueError, "weights must name a weight or a bias, not 'a.running_mean'"),
        (nn.ReLU(), ValueError, "weights must be 1 to 15 layers, not 0"),
    ],
)  # fmt: skip
def test_what_is_no_dense_network_is_told(weights: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=f"^f: .*{re.escape(message)}"):
        dense_layers("f", weights, 16)


def test_sizes_and_weights_exclude_each_other() -> None:
    with pytest.raises(TypeError, match="network_layers: give sizes or weights, not both"):
        network_layers(sizes=(3, 4), weights=W1)
