"""Training of any list of layers: whole runs against torch's loop, what is built, what is refused, files, threads."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
import torch
from torch import nn

from engine.architecture import (
    ActivationLayer,
    AvgPool2d,
    Conv2d,
    DropoutLayer,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
)
from engine.classifiers import Network
from engine.generator import permutation
from engine.layers import Activated, Convolution, Dense, Pooling, Thinned
from engine.networks import train_convolutional_network, train_network
from engine.optimisers import SGD, Adam
from engine.threads import get_num_threads, set_num_threads
from engine.training import ORDER

# Several threads would wait for each other longer than these small sums take.
torch.set_num_threads(1)

RNG = np.random.default_rng(0)
IMAGES, LABELS = RNG.random((53, 2, 12, 14)), RNG.integers(0, 3, 53)
DEEP = [Conv2d(4, 3, padding=1), ReLU(), MaxPool2d(2), Conv2d(5, (3, 2), stride=2, padding=(0, 1)),
        ActivationLayer("tanh"), AvgPool2d(2, 1), Flatten(), Linear(7), ReLU(), Linear(3)]
SHORT = {"seed": 3, "epochs": 2, "batch_size": 20}


def torchs_deep() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 5, (3, 2), stride=2, padding=(0, 1)),
        nn.Tanh(), nn.AvgPool2d(2, 1), nn.Flatten(), nn.Linear(15, 7), nn.ReLU(), nn.Linear(7, 3)).double()


def all_of(network: Network) -> list[np.ndarray]:
    return [parameter for layer in network.layers.values() for parameter in layer.parameters]


@pytest.mark.parametrize(("optimizer", "torchs"), [
    (Adam(3e-3), lambda p: torch.optim.Adam(p, 3e-3)),
    (SGD(0.05, 0.9), lambda p: torch.optim.SGD(p, 0.05, 0.9)),
    (SGD(0.05, 0.9, nesterov=True), lambda p: torch.optim.SGD(p, 0.05, 0.9, nesterov=True)),
], ids=["adam", "sgd", "nesterov"])
def test_a_whole_training_is_torchs(optimizer, torchs):
    options = {**SHORT, "epochs": 4, "weight_decay": 0.01, "dtype": np.float64}
    first = train_network(IMAGES, LABELS, DEEP, **options | {"optimizer": SGD(0.0), "epochs": 1})
    ours = train_network(IMAGES, LABELS, DEEP, optimizer=optimizer, **options)
    net = torchs_deep()
    with torch.no_grad():
        for theirs, start in zip(net.parameters(), all_of(first), strict=True):
            theirs.copy_(torch.tensor(start))
    steps, losses, right = torchs(net.parameters()), [], []
    x, y = torch.tensor(IMAGES) - 0.5, torch.tensor(LABELS)
    for epoch in range(4):
        order = permutation(53, seed=3, stream=ORDER + epoch)
        for batch in (order[:20], order[20:40], order[40:]):
            scores = net(x[batch])
            loss = nn.functional.cross_entropy(scores, y[batch])
            decay = sum((p**2).sum() for p in net.parameters() if p.ndim > 1)
            steps.zero_grad()
            (loss + 0.01 * decay).backward()
            steps.step()
            losses.append(loss.item())
            right.append((scores.argmax(1) == y[batch]).sum().item())
    np.testing.assert_allclose(ours.history.step_loss, losses, rtol=1e-9)
    np.testing.assert_allclose(ours.history.loss, np.reshape(losses, (4, 3)) @ [20 / 53, 20 / 53, 13 / 53], rtol=1e-9)
    np.testing.assert_array_equal(ours.history.accuracy, np.reshape(right, (4, 3)).sum(1) / 53)
    for theirs, found in zip(net.parameters(), all_of(ours), strict=True):
        np.testing.assert_allclose(found, theirs.detach(), rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(ours.scores(IMAGES), net(x).detach(), rtol=1e-7, atol=1e-9)
    assert ours.scores(IMAGES).dtype == np.float64


ALL = [Conv2d(4, 3, padding="same"), ReLU(), AvgPool2d(2), DropoutLayer(0.2), Conv2d(3, 2), MaxPool2d(2, 1),
       ActivationLayer("gelu"), Linear(9), ReLU(), DropoutLayer(), Linear(8),
       ActivationLayer("relu"), ReLU(), Linear(3)]


@pytest.fixture(scope="module")
def network() -> Network:
    return train_network(IMAGES, LABELS, ALL, optimizer=Adam(1e-2), **SHORT)


def test_layers_are_what_was_described(network):
    assert [(name, type(layer)) for name, layer in network.layers.items()] == [
        ("convolution1", Convolution), ("pooling1", Pooling), ("dropout1", Thinned), ("convolution2", Convolution),
        ("pooling2", Pooling), ("activation1", Activated), ("hidden1", Dense), ("dropout2", Thinned),
        ("hidden2", Dense), ("activation2", Activated), ("scores", Dense)]
    rectified = {name: layer.rectified for name, layer in network.layers.items() if hasattr(layer, "rectified")}
    assert rectified == {"convolution1": True, "convolution2": False, "hidden1": True, "hidden2": True, "scores": False}
    assert network.layers["pooling1"] == Pooling((2, 2), (2, 2), average=True)
    assert network.layers["pooling2"] == Pooling((2, 2), (1, 1))
    assert network.layers["convolution1"].padding == ((1, 1), (1, 1))
    shapes = {name: output.shape[1:] for name, output in network.forward(IMAGES).items()}
    assert shapes["convolution1"] == (4, 12, 14)
    assert shapes["activation1"] == shapes["pooling2"] == (3, 4, 5)
    assert network.parameters == 4 * 2 * 9 + 4 + 3 * 4 * 4 + 3 + 9 * 60 + 9 + 8 * 9 + 8 + 3 * 8 + 3


def test_dropout_leaves_a_trained_network_alone(network):
    outputs = network.forward(IMAGES)
    np.testing.assert_array_equal(outputs["dropout1"], outputs["pooling1"])
    np.testing.assert_array_equal(network.scores(IMAGES), network.scores(IMAGES))


def test_it_survives_a_file(network):
    file = io.BytesIO()
    np.savez(file, **network.arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        back = Network.from_arrays(arrays)
    assert back.scores(IMAGES).tobytes() == network.scores(IMAGES).tobytes()
    for name, layer in network.layers.items():
        for field, value in layer._asdict().items():
            again = getattr(back.layers[name], field)
            assert type(again) is type(value)
            np.testing.assert_array_equal(again, value)


def test_a_training_has_the_same_bytes_on_any_number_of_threads_and_other_bytes_for_another_seed(network):
    def told(**changes):
        again = train_network(IMAGES, LABELS, ALL, **{"optimizer": Adam(1e-2), **SHORT, **changes})
        return {name: array.tobytes() for name, array in again.arrays().items()}

    before, expected = get_num_threads(), {name: array.tobytes() for name, array in network.arrays().items()}
    try:
        for threads in (1, 2, 3):
            set_num_threads(threads)
            assert told() == expected
    finally:
        set_num_threads(before)
    assert told(seed=4)["scores.weight"] != expected["scores.weight"]


def test_dropout_is_drawn_from_the_seed():
    with_it = [Flatten(), DropoutLayer(0.5), Linear(3)]
    losses = [train_network(IMAGES, LABELS, with_it, **SHORT | {"seed": seed}).history.loss for seed in (1, 1, 2)]
    np.testing.assert_array_equal(losses[0], losses[1])
    assert (losses[0] != losses[2]).all()


def test_the_convolutional_network_is_a_list_of_layers():
    described = [Conv2d(3, 3), ReLU(), MaxPool2d(2), Linear(6), ReLU(), Linear(3)]
    options = {**SHORT, "held_out": (IMAGES[:9], LABELS[:9])}
    one = train_convolutional_network(IMAGES, LABELS, channels=(3,), kernel_size=3, hidden=6, **options)
    other = train_network(IMAGES, LABELS, described, optimizer=Adam(3e-3), **options)
    assert {name: array.tobytes() for name, array in one.arrays().items()} == {
        name: array.tobytes() for name, array in other.arrays().items()}


def test_a_network_learns_what_a_linear_classifier_cannot():
    # The class is whether two halves are alike: no weighted sum of pixels tells that.
    rng = np.random.default_rng(1)
    signs = rng.integers(0, 2, (200, 2))
    images = 0.2 + 0.6 * np.repeat(signs, 8, axis=1).reshape(200, 1, 1, 16) + 0.1 * rng.random((200, 1, 4, 16))
    labels = (signs[:, 0] == signs[:, 1]).astype(int)
    options = {"seed": 0, "optimizer": SGD(0.1, 0.9), "epochs": 40, "batch_size": 20}
    deep = train_network(images, labels, [Linear(8), ActivationLayer("tanh"), Linear(2)], **options)
    straight = train_network(images, labels, [Linear(2)], **options)
    assert deep.accuracy(images, labels) == 1 > 0.8 > straight.accuracy(images, labels)
    assert deep.history.loss[-1] < 0.05 < straight.history.loss[-1]


@pytest.mark.parametrize(("layers", "error", "message"), [
    ([Linear(4)], None, ""),
    ([], TypeError, "layers must be a sequence of one or more, not 0"),
    (Linear, TypeError, "layers must be a sequence of one or more, not type"),
    (["relu", Linear(3)], TypeError, "layers must be Conv2d, MaxPool2d, AvgPool2d, Linear, ReLU, ActivationLayer, "
                                     "DropoutLayer, Flatten, not 'relu'"),
    ([Linear(3), ReLU()], ValueError, "the last layer must be Linear(3), one score for each class, not ReLU()"),
    ([Linear(3), Conv2d(2, 3), Linear(3)], ValueError,
     "convolution1, Conv2d(out_channels=2, kernel_size=3, stride=1, padding=0), needs maps, but what comes before it "
     "gives 3 numbers in a row"),
    ([Flatten(), MaxPool2d(2), Linear(3)], ValueError, "pooling1, MaxPool2d(kernel_size=2, stride=None), needs maps"),
    ([Conv2d(2, 13), Linear(3)], ValueError, "maps of 12 x 14 are too small for convolution1 (13 x 13)"),
    ([MaxPool2d(2), AvgPool2d((2, 8)), Linear(3)], ValueError, "maps of 6 x 7 are too small for pooling2 (2 x 8)"),
    ([Conv2d(0, 3), Linear(3)], ValueError, "out_channels must be at least 1, not 0"),
    ([Conv2d(2, 3, stride=0), Linear(3)], ValueError, "stride must be at least 1, not 0"),
    ([Conv2d(2, 3, padding=-1), Linear(3)], ValueError, "padding must be at least 0, not -1"),
    ([Conv2d(2, 3, 2, "same"), Linear(3)], ValueError, "padding 'same' needs stride 1, not (2, 2)"),
    ([Conv2d(2, (3, 3, 3)), Linear(3)], ValueError, "kernel_size must be an int or a pair of ints, not (3, 3, 3)"),
    ([MaxPool2d(2.0), Linear(3)], TypeError, "kernel_size must be an integer, not 2.0"),
    ([DropoutLayer(1.0), Linear(3)], ValueError, "p must be in [0.0, 1.0), not 1.0"),
    ([ActivationLayer("rleu"), Linear(3)], ValueError, "no activation 'rleu'; did you mean 'relu'?"),
    ([Linear(2.5), Linear(3)], TypeError, "out_features must be an integer, not 2.5"),
    ([Linear(True)], TypeError, "classes must be an integer, not True"),
])
def test_layers_that_make_no_classifier_are_refused(layers, error, message):
    if error is None:
        # More scores than labels is no fault: some class may have no image.
        assert train_network(IMAGES, LABELS, layers, seed=0, epochs=1).classes == 4
        return
    with pytest.raises(error, match=re.escape(f"train_network: {message}")):
        train_network(IMAGES, LABELS, layers, seed=0)


@pytest.mark.parametrize(("change", "error", "message"), [
    ({"classes": 5}, ValueError, "the last layer must be Linear(5), one score for each class, not Linear("),
    ({"labels": LABELS + 1}, ValueError, "labels must lie from 0 to 2, not 3"),
    ({"images": IMAGES - 1}, ValueError, "images must lie from 0 to 1"),
    ({"dtype": np.float16}, TypeError, "dtype must be float64 or float32, not float16"),
    ({"optimizer": "adam"}, TypeError, "optimizer must be Adam(…) or SGD(…), not 'adam'"),
    ({"weight_decay": -1}, ValueError, "weight_decay must be at least 0.0, not -1"),
    ({"epochs": 1.5}, TypeError, "epochs must be an integer, not 1.5"),
    ({"seed": 2**64}, ValueError, "seed must be below 2**64"),
    ({"held_out": (IMAGES[:, :1], LABELS)}, ValueError, "held_out images must have the shape (N, 2, 12, 14)"),
])
def test_bad_arguments_are_refused(change, error, message):
    with pytest.raises(error, match=re.escape(f"train_network: {message}")):
        train_network(**{"images": IMAGES, "labels": LABELS, "layers": [Linear(3)], "seed": 0} | change)
