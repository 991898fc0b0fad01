"""The trained classifiers: gradients against torch, training, determinism, what they answer and what they refuse."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.classifiers import LinearClassifier, Network
from engine.networks import train_convolutional_network, train_linear_classifier
from engine.pictograms import weather_pictograms

# Several threads would wait for each other longer than these small sums take.
torch.set_num_threads(1)


@pytest.fixture(scope="module")
def few() -> tuple[np.ndarray, np.ndarray]:
    """Twenty small images of four classes: a bright quarter each, under noise."""
    rng = np.random.default_rng(0)
    labels = np.arange(20) % 4
    images = 0.3 * rng.random((20, 2, 12, 13))
    for image, label in zip(images, labels, strict=True):
        image[:, 6 * (label // 2):6 * (label // 2) + 6, 6 * (label % 2):6 * (label % 2) + 6] += 0.4
    return images.astype(np.float32), labels


SMALL = {"channels": (6, 8), "kernel_size": 3, "hidden": 16, "epochs": 60, "batch_size": 7, "seed": 5}


@pytest.fixture(scope="module")
def network(few) -> Network:
    return train_convolutional_network(*few, **SMALL, held_out=(few[0][:6], few[1][:6]))


@pytest.fixture(scope="module")
def classifier(few) -> LinearClassifier:
    return train_linear_classifier(*few, epochs=30, batch_size=7, learning_rate=1e-2, weight_decay=1e-3, seed=5)


def test_a_small_network_learns_twenty_images_by_heart(network, few):
    assert network.accuracy(*few) == 1
    assert network.history.loss[-1] < 0.05 < network.history.loss[0]
    assert network.history.accuracy[-1] == 1
    assert network.history.held_out_accuracy[-1] == network.accuracy(few[0][:6], few[1][:6])
    steps = network.history.step_loss
    assert {h.shape for h in network.history[:3]} == {(60,)}
    assert steps.shape == (180,)
    np.testing.assert_allclose(network.history.loss, steps.reshape(60, 3) @ [7 / 20, 7 / 20, 6 / 20], rtol=1e-12)


def test_the_linear_classifiers_loss_falls(classifier, few):
    assert (np.diff(classifier.history.loss[:10]) < 0).all()
    assert classifier.accuracy(*few) > 0.9
    assert classifier.history.held_out_accuracy.shape == (0,)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(network, few):
    again = train_convolutional_network(*few, **SMALL)
    other = train_convolutional_network(*few, **SMALL | {"seed": 6})
    kept, repeated, different = network.arrays(), again.arrays(), other.arrays()
    # Held-out images are measured and never learnt from.
    for name in kept.keys() - {"history.held_out_accuracy"}:
        assert kept[name].tobytes() == repeated[name].tobytes(), name
    assert kept["hidden.weight"].tobytes() != different["hidden.weight"].tobytes()


def test_callers_arrays_are_left_alone_however_they_lie(network, few):
    images, labels = few
    backwards = images.astype(">f8")[:, :, ::-1].copy()[:, :, ::-1]
    backwards.flags.writeable = False
    other = train_convolutional_network(backwards, labels.astype(np.uint8), **SMALL)
    assert other.arrays()["scores.weight"].tobytes() == network.arrays()["scores.weight"].tobytes()
    np.testing.assert_array_equal(backwards, images)


def torchs(network: Network, images: np.ndarray) -> tuple[dict[str, torch.Tensor], list[torch.Tensor]]:
    """The same network in torch, in float64: what each layer gives, and the parameters."""
    x, outputs, leaves = torch.tensor(images.astype(np.float64)) - 0.5, {}, []
    for name, layer in network.layers.items():
        weights = [torch.tensor(p.astype(np.float64), requires_grad=True) for p in layer.parameters]
        leaves += weights
        if name.startswith("convolution"):
            x = functional.conv2d(x, *weights).relu()
        elif name.startswith("pooling"):
            x = functional.max_pool2d(x, layer.size)
        else:
            x = functional.linear(x.flatten(1), *weights)
            x = x.relu() if name == "hidden" else x
        outputs[name] = x
    return outputs, leaves


def test_every_map_is_torchs(network, few):
    ours, (theirs, _) = network.forward(few[0]), torchs(network, few[0])
    assert list(ours) == ["convolution1", "pooling1", "convolution2", "pooling2", "hidden", "scores"]
    for name, output in ours.items():
        assert output.dtype == np.float32
        np.testing.assert_allclose(output, theirs[name].detach(), rtol=1e-5, atol=1e-5)
    assert ours["convolution1"].shape == (20, 6, 10, 11)
    assert ours["pooling2"].shape == (20, 8, 1, 1)
    assert (ours["convolution1"] >= 0).all()
    assert (ours["hidden"] >= 0).all()


def test_three_steps_of_the_linear_classifier_are_torchs(few):
    # Classes of unequal size: a first slope of exactly zero would be blown up by Adam, rounding and all.
    images, labels = few[0][:17], few[1][:17]
    settings = {"batch_size": 17, "learning_rate": 1e-2, "weight_decay": 0.05}
    ours = train_linear_classifier(images, labels, epochs=3, seed=0, **settings)
    weight, bias = torch.zeros(4, 312, requires_grad=True), torch.zeros(4, requires_grad=True)
    adam, losses = torch.optim.Adam([weight, bias], 1e-2), []
    for _ in range(3):
        x = torch.tensor(images).flatten(1) - 0.5
        loss = functional.cross_entropy(functional.linear(x, weight, bias), torch.tensor(labels))
        losses.append(loss.item())
        adam.zero_grad()
        (loss + 0.05 * (weight**2).sum()).backward()
        adam.step()
    np.testing.assert_allclose(ours.weight, weight.detach(), atol=2e-5)
    np.testing.assert_allclose(ours.bias, bias.detach(), atol=2e-5)
    np.testing.assert_allclose(ours.history.loss, losses, rtol=1e-5)


def test_answers_agree_with_each_other(network, classifier, few):
    images, labels = few
    for trained in (network, classifier):
        scores, probabilities = trained.scores(images), trained.probabilities(images)
        assert scores.shape == probabilities.shape == (20, 4)
        np.testing.assert_allclose(probabilities.sum(1), 1, atol=1e-6)
        np.testing.assert_array_equal(trained.predict(images), probabilities.argmax(1))
        assert trained.predict(images).dtype == np.int64
        assert trained.accuracy(images, labels) == np.mean(scores.argmax(1) == labels)
        # Together or alone, in one piece or in several: the same bytes.
        many = np.concatenate([images] * 13)
        assert trained.scores(many)[-1].tobytes() == trained.scores(images[-1:])[0].tobytes()
        assert trained.scores(images[:0]).shape == (0, 4)
    by_hand = (images - 0.5).reshape(20, -1).astype(np.float64) @ classifier.weight.T + classifier.bias
    np.testing.assert_allclose(classifier.scores(images), by_hand, atol=1e-5)
    np.testing.assert_array_equal(classifier.templates[2].ravel(), classifier.weight[2])


def test_parameters_are_counted(network, classifier):
    assert network.parameters_by_layer == {
        "convolution1": 6 * 2 * 9 + 6, "pooling1": 0, "convolution2": 8 * 6 * 9 + 8, "pooling2": 0,
        "hidden": 8 * 16 + 16, "scores": 16 * 4 + 4,
    }
    assert network.parameters == sum(network.parameters_by_layer.values())
    assert classifier.parameters == 4 * 2 * 12 * 13 + 4
    assert network.classes == 4


def test_trained_classifiers_survive_a_file(network, classifier, few):
    for trained in (network, classifier):
        file = io.BytesIO()
        np.savez(file, **trained.arrays())
        file.seek(0)
        with np.load(file, allow_pickle=False) as arrays:
            back = type(trained).from_arrays(arrays)
        assert back.scores(few[0]).tobytes() == trained.scores(few[0]).tobytes()
        assert back.image_shape == trained.image_shape
        assert [h.tolist() for h in back.history] == [h.tolist() for h in trained.history]
    assert list(Network.from_arrays(network.arrays()).layers) == list(network.layers)


@pytest.mark.parametrize("hidden", [0, 5])
@pytest.mark.parametrize("channels", [(2,), (2, 3)])
def test_the_architecture_is_the_one_asked_for(few, channels, hidden):
    trained = train_convolutional_network(*few, channels=channels, kernel_size=2, hidden=hidden, epochs=1, seed=0)
    assert [len(trained.layers[f"convolution{k}"].weight) for k in range(1, len(channels) + 1)] == list(channels)
    assert ("hidden" in trained.layers) == bool(hidden)
    assert trained.layers["scores"].weight.shape == (4, hidden or {1: 2 * 5 * 6, 2: 3 * 2 * 2}[len(channels)])


def test_first_weights_are_hes(few):
    wide = {"channels": (40,), "kernel_size": 5, "hidden": 300}
    kept = train_convolutional_network(*few, **wide, epochs=1, learning_rate=0, seed=9)
    for layer, inputs in ((kept.layers["convolution1"], 50), (kept.layers["hidden"], 40 * 4 * 4)):
        assert layer.weight.std() == pytest.approx(np.sqrt(2 / inputs), rel=0.05)
        assert abs(layer.weight.mean()) < 0.01
        assert not layer.bias.any()


@pytest.fixture(scope="module")
def pictograms():
    return weather_pictograms(4000, seed=1), weather_pictograms(1000, seed=2)


def test_on_pictograms_the_convolutional_network_is_right_and_the_linear_classifier_is_not(pictograms):
    learnt, held_out = pictograms
    convolutional = train_convolutional_network(*learnt, epochs=3, seed=0).accuracy(*held_out)
    straight = train_linear_classifier(*learnt, seed=0)
    assert straight.parameters == 30730
    assert straight.accuracy(*held_out) > 0.5
    assert convolutional >= 0.9
    assert convolutional >= straight.accuracy(*held_out) + 0.2


IMAGES, LABELS = np.full((4, 1, 8, 8), 0.5), np.array([0, 1, 0, 1])
BAD = [
    ({"images": IMAGES[0]}, ValueError, "images must have 4 axes, not 3 (1, 8, 8)"),
    ({"images": IMAGES * 255}, ValueError, "images must lie from 0 to 1, not from 127.5 to 127.5"),
    ({"images": IMAGES * np.nan}, ValueError, "images must be finite; it holds nan"),
    ({"images": IMAGES[:0], "labels": LABELS[:0]}, ValueError, "images (0, 1, 8, 8) must hold at least one image"),
    ({"images": IMAGES.astype(str)}, TypeError, "images must hold real numbers"),
    ({"labels": LABELS[:3]}, ValueError, "labels (3,) must hold one class for each of the 4 images"),
    ({"labels": LABELS * 0.5}, TypeError, "labels must be integers, not float64"),
    ({"labels": LABELS - 1}, ValueError, "labels must lie from 0 to 0, not -1"),
    ({"classes": 1}, ValueError, "labels must lie from 0 to 0, not 1"),
    ({"classes": 2.0}, TypeError, "classes must be an integer, not 2.0"),
    ({"epochs": 0}, ValueError, "epochs must be at least 1, not 0"),
    ({"batch_size": 0}, ValueError, "batch_size must be at least 1, not 0"),
    ({"learning_rate": -1e-3}, ValueError, "learning_rate must be at least 0.0, not -0.001"),
    ({"weight_decay": np.inf}, ValueError, "weight_decay must be at least 0.0, not inf"),
    ({"seed": -1}, ValueError, "seed must be at least 0, not -1"),
    ({"held_out": (IMAGES,)}, TypeError, "held_out must be a sequence of 2, not 1"),
    ({"held_out": (IMAGES[:, :, 1:], LABELS)}, ValueError, "held_out images must have the shape (N, 1, 8, 8)"),
    ({"held_out": (IMAGES[:0], LABELS[:0])}, ValueError, "held_out must hold at least one image"),
    ({"held_out": (IMAGES, LABELS + 1)}, ValueError, "labels must lie from 0 to 1, not 2"),
]
ONLY_CONVOLUTIONAL = [
    ({"channels": ()}, TypeError, "channels must be a sequence of one or more, not 0"),
    ({"channels": 8}, TypeError, "channels must be a sequence of one or more, not int"),
    ({"channels": (8, 0)}, ValueError, "channels must be at least 1, not 0"),
    ({"hidden": -1}, ValueError, "hidden must be at least 0, not -1"),
    ({"kernel_size": 9, "channels": (2,)}, ValueError, "maps of 8 x 8 are too small for convolution1 (9 x 9)"),
    ({"kernel_size": 3}, ValueError, "maps of 1 x 1 are too small for pooling2 (2 x 2)"),
    ({"kernel_size": 2, "channels": (2, 2, 2)}, ValueError, "maps of 1 x 1 are too small for convolution3 (2 x 2)"),
    ({"pool_size": 0}, ValueError, "pool_size must be at least 1, not 0"),
]


@pytest.mark.parametrize(("train", "change", "error", "message"), [
    *((train_linear_classifier, *row) for row in BAD), *((train_convolutional_network, *row) for row in BAD),
    *((train_convolutional_network, *row) for row in ONLY_CONVOLUTIONAL),
])
def test_bad_arguments_are_refused_with_the_rule_and_the_values(train, change, error, message):
    with pytest.raises(error, match=f"{train.__name__}: {re.escape(message)}"):
        train(**({"images": IMAGES, "labels": LABELS, "seed": 0} | change))


def test_a_trained_network_refuses_images_of_another_shape_or_range(network, few):
    message = "predict: images must have the shape (N, 2, 12, 13), not (4, 1, 8, 8)"
    with pytest.raises(ValueError, match=re.escape(message)):
        network.predict(IMAGES)
    with pytest.raises(ValueError, match="probabilities: images must lie from 0 to 1"):
        network.probabilities(few[0] + 1)
    with pytest.raises(ValueError, match="accuracy: labels must lie from 0 to 3, not 4"):
        network.accuracy(few[0], few[1] + 1)
    with pytest.raises(ValueError, match="accuracy: images must hold at least one image"):
        network.accuracy(few[0][:0], few[1][:0])
