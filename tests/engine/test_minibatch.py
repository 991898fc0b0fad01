"""What one step of training computes: gradients of any list of layers against autograd, whatever the threads."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from torch.nn import functional

from engine.architecture import (
    ActivationLayer,
    AvgPool2d,
    Conv2d,
    Description,
    DropoutLayer,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    first_layers,
)
from engine.chains import DROPPED, STEPS
from engine.dropout import dropout
from engine.layers import Activated, Convolution, Dense, Layer, Pooling, Thinned
from engine.minibatch import CHUNK, PARTS, Batch, Minibatches, cut
from engine.parameters import gathered
from engine.threads import get_num_threads, set_num_threads

# Several threads would wait for each other longer than these small sums take.
torch.set_num_threads(1)

CLASSES = 4
TORCHS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "softplus": functional.softplus,
          "gelu": functional.gelu, "elu": functional.elu, "hard_swish": functional.hardswish}


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = get_num_threads()
    yield
    set_num_threads(before)


def begun(described: list[Description], image_shape: tuple[int, ...], dtype: Any, seed: int) -> list[Layer]:
    """Layers with weights and biases that are all drawn."""
    rng = np.random.default_rng(seed)

    def draw(shape: tuple[int, ...], number: int) -> np.ndarray:
        return (rng.normal(size=shape) / math.sqrt(math.prod(shape[1:]))).astype(dtype)

    layers = list(first_layers("test", described, image_shape, CLASSES, draw).values())
    for layer in layers:
        if layer.parameters:
            layer.parameters[1][:] = 0.3 * rng.normal(size=layer.parameters[1].shape)
    return layers


def torchs(layers: list[Layer], x: np.ndarray, labels: np.ndarray,
           masks: dict[int, np.ndarray] | None = None) -> tuple[float, int, np.ndarray]:
    """The loss, the right answers and the gradient by all parameters, flat, by autograd in float64."""
    y, leaves = torch.tensor(x.astype(np.float64)), []
    for k, layer in enumerate(layers):
        weights = [torch.tensor(p.astype(np.float64), requires_grad=True) for p in layer.parameters]
        leaves += weights
        if isinstance(layer, Convolution):
            (top, bottom), (left, right) = layer.padding
            y = functional.conv2d(functional.pad(y, (left, right, top, bottom)), *weights, stride=layer.stride)
        elif isinstance(layer, Dense):
            y = functional.linear(y.flatten(1), *weights)
        elif isinstance(layer, Pooling):
            y = (functional.avg_pool2d if layer.average else functional.max_pool2d)(y, layer.kernel_size, layer.stride)
        elif isinstance(layer, Activated):
            y = TORCHS[layer.activation](y)
        else:
            assert isinstance(layer, Thinned)
            y = y * torch.tensor(masks[k] / (1 - layer.p))
        if isinstance(layer, (Convolution, Dense)) and layer.rectified:
            y = y.relu()
    loss = functional.cross_entropy(y, torch.tensor(labels), reduction="sum")
    (loss / len(labels)).backward()
    return loss.item(), int((y.argmax(1).numpy() == labels).sum()), np.concatenate([p.grad.ravel() for p in leaves])


def images_of(count: int, shape: tuple[int, ...], dtype: Any, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, *shape)).astype(dtype), rng.integers(0, CLASSES, count)


def computed(layers: list[Layer], x: np.ndarray, labels: np.ndarray, decay: float = 0.0,
             seed: int = 0) -> tuple[float, int, np.ndarray]:
    work = Minibatches(gathered(layers), x.shape[1:], seed, decay)
    loss, right = work.gradients(Batch(x.reshape(len(x), -1), labels, np.arange(len(x))))
    return loss, right, work.gradient


sides = st.integers(1, 3)
pairs = st.one_of(sides, st.tuples(sides, sides))
LAYERS = st.one_of(
    st.builds(Conv2d, st.integers(1, 5), pairs, pairs, st.one_of(st.just("valid"), st.integers(0, 2))),
    st.builds(MaxPool2d, pairs, st.one_of(st.none(), pairs)), st.just(MaxPool2d(2)),
    st.builds(AvgPool2d, pairs, st.one_of(st.none(), pairs)),
    st.builds(ReLU), st.builds(ActivationLayer, st.sampled_from(sorted(TORCHS))))


@settings(max_examples=80, deadline=None)
@given(st.lists(LAYERS, max_size=5), st.lists(st.sampled_from([Linear(5), Linear(17), ReLU(), Flatten()]), max_size=3),
       st.tuples(st.integers(1, 3), st.integers(4, 20), st.integers(4, 36)), st.integers(1, 20), st.integers(0, 2**32))
def test_gradients_of_any_layers_are_autograds(maps, flat, shape, count, seed):
    try:
        layers = begun([*maps, *flat, Linear(CLASSES)], shape, np.float64, seed)
    except ValueError:
        reject()
    x, labels = images_of(count, shape, np.float64, seed)
    loss, right, gradient = computed(layers, x, labels)
    expected = torchs(layers, x, labels)
    assert loss == pytest.approx(expected[0], rel=1e-11)
    assert right == expected[1]
    np.testing.assert_allclose(gradient, expected[2], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("plane", [(16, 32), (16, 16), (12, 28), (8, 48), (6, 68), (4, 4), (2, 2), (7, 10), (9, 33)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pooling_of_pairs_is_autograds_on_maps_of_any_width(plane, dtype):
    shape = (2, *plane)
    layers = begun([Conv2d(3, 3, padding=1), ReLU(), MaxPool2d(2), Linear(CLASSES)], shape, dtype, 0)
    x, labels = images_of(5, shape, dtype, 1)
    np.testing.assert_allclose(computed(layers, x, labels)[2], torchs(layers, x, labels)[2],
                               rtol=0, atol=1e-6 if dtype == np.float32 else 1e-14)


def test_among_equal_pixels_the_first_gets_the_gradient():
    shape = (1, 4, 32)
    layers = begun([Conv2d(2, 1), MaxPool2d(2), Linear(CLASSES)], shape, np.float64, 0)
    x, labels = images_of(3, shape, np.float64, 1)
    x = np.rint(x)
    np.testing.assert_allclose(computed(layers, x, labels)[2], torchs(layers, x, labels)[2], rtol=1e-12, atol=1e-15)


DEEP = [Conv2d(8, 3, padding=1), ReLU(), MaxPool2d(2), DropoutLayer(0.3), Conv2d(6, 3), ActivationLayer("tanh"),
        AvgPool2d(2), Linear(9), ReLU(), DropoutLayer(0.5), Linear(CLASSES)]


@pytest.mark.parametrize("count", [1, 15, 16, 17, 50, CHUNK * PARTS + 40])
def test_no_bit_depends_on_the_number_of_threads(count):
    shape = (2, 10, 12)
    layers, (x, labels) = begun(DEEP, shape, np.float32, 0), images_of(count, shape, np.float32, 1)
    results = []
    for threads in (1, 2, 3, 7):
        set_num_threads(threads)
        loss, right, gradient = computed(layers, x, labels, 0.1)
        results.append((loss, right, gradient.tobytes()))
    assert len(set(results)) == 1


def test_a_layer_may_share_its_own_work_while_the_batch_is_shared():
    # The gradient by the input of a strided convolution, and an activation, are large enough to ask for threads.
    shape = (2, 34, 34)
    described = [Conv2d(12, 3, padding=1), ReLU(), Conv2d(16, 5, stride=2), ActivationLayer("tanh"), Linear(CLASSES)]
    layers, (x, labels) = begun(described, shape, np.float32, 0), images_of(64, shape, np.float32, 1)
    results = []
    for threads in (1, 2, 3):
        set_num_threads(threads)
        results.append(computed(layers, x, labels)[2].tobytes())
    assert len(set(results)) == 1


def test_dropout_silences_what_the_public_function_silences():
    shape, count, seed = (2, 10, 12), 37, 11
    layers, (x, labels) = begun(DEEP, shape, np.float64, 0), images_of(count, shape, np.float64, 1)
    sizes = {2: 8 * 5 * 6, 7: 9}
    assert all(isinstance(layers[k], Thinned) for k in sizes)
    work = Minibatches(gathered(layers), shape, seed, 0.0)
    batch, gradients = Batch(x.reshape(count, -1), labels, np.arange(count)), []
    for step in range(2):
        masks = {k: dropout(np.ones((count, size)), layers[k].p, seed=seed, stream=DROPPED + k * STEPS + step,
                            return_mask=True).mask for k, size in sizes.items()}
        masks[2] = masks[2].reshape(count, 8, 5, 6)
        loss, right = work.gradients(batch)
        expected = torchs(layers, x, labels, masks)
        assert (loss, right) == (pytest.approx(expected[0], rel=1e-12), expected[1])
        np.testing.assert_allclose(work.gradient, expected[2], rtol=1e-9, atol=1e-13)
        gradients.append(work.gradient.copy())
    assert not np.array_equal(*gradients)


def test_weights_decay_and_biases_do_not():
    shape = (2, 10, 12)
    layers, (x, labels) = begun(DEEP, shape, np.float64, 0), images_of(9, shape, np.float64, 1)
    parameters = gathered(layers)
    extra = computed(layers, x, labels, 0.25)[2] - computed(layers, x, labels)[2]
    np.testing.assert_allclose(extra[parameters.weights], 0.5 * parameters.flat[parameters.weights], atol=1e-14)
    assert not extra[~parameters.weights].any()
    assert (~parameters.weights).sum() == 8 + 6 + 9 + CLASSES


def test_the_rows_chosen_are_learnt_from():
    shape = (2, 10, 12)
    layers, (x, labels) = begun(DEEP[4:], shape, np.float64, 0), images_of(40, shape, np.float64, 1)
    chosen = np.array([3, 39, 0, 3, 17])
    work = Minibatches(gathered(layers), shape, 0, 0.0)
    found = work.gradients(Batch(x.reshape(40, -1), labels, chosen))
    again = computed(layers, x[chosen], labels[chosen])
    assert found == again[:2]
    np.testing.assert_array_equal(work.gradient, again[2])


@given(st.integers(1, 5000))
def test_the_cut_holds_every_image_once_and_at_most_so_many_parts(count):
    parts = cut(count)
    assert len(parts) <= PARTS
    assert [start for part in parts for start in part] == list(range(0, count, CHUNK))
