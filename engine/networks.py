"""Classifiers trained from scratch on labelled images: any list of layers, and the two of the course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from engine.architecture import Conv2d, Description, Linear, MaxPool2d, ReLU, first_layers
from engine.arguments import integer
from engine.classifiers import CENTRE, LinearClassifier, Network
from engine.examples import Data, Labelled, data, schedule, several
from engine.generator import normal
from engine.layers import Dense, Layer
from engine.optimisers import Adam, Optimizer
from engine.received import allocatable
from engine.training import Schedule, train

# Stream of the seed that the first weights are drawn from, one a layer.
FIRST_WEIGHTS = 2**61
ADAM = Adam()


def train_network(images: ArrayLike, labels: ArrayLike, layers: Sequence[Description], *, seed: int,
                  classes: int | None = None, optimizer: Optimizer = ADAM, epochs: int = 10, batch_size: int = 64,
                  weight_decay: float = 0.0, held_out: Labelled | None = None,
                  dtype: DTypeLike = np.float32) -> Network:
    """Train a network of the given layers on labelled images.

    Filters and weights start as He et al. draw them, biases at zero. Every step follows the gradient of the mean
    cross-entropy of a batch plus weight_decay * sum(weight ** 2). No bit of the result depends on the machine or on
    the number of threads that share a batch.

    Parameters
    ----------
    images : array_like, (N, C, H, W), from 0 to 1
        The network sees images - 0.5.
    labels : array_like of integers, (N,), from 0 to classes - 1
    layers : sequence of Conv2d, MaxPool2d, AvgPool2d, Linear, ReLU, ActivationLayer, DropoutLayer, Flatten
        In order. The last is Linear(classes).
    seed : int, 0 to 2**64 - 1
        Of the first weights, of the order in which images are seen and of what dropout silences.
    classes : int, optional
        The outputs of the last layer if it is not given.
    optimizer : Adam or SGD
    epochs, batch_size : int, at least 1
    weight_decay : float, at least 0
    held_out : (images, labels), optional
        Images that are not learnt from, on which the history measures the accuracy after every epoch.
    dtype : float32 or float64
        Of all parameters and sums.

    Returns
    -------
    Network (layers, image_shape, history)

    Raises
    ------
    ValueError, TypeError
        Images that are not finite or not from 0 to 1, labels that do not match them, settings out of range, maps that
        are too small for a layer, a last layer that does not give one score for each class, parameters that overflow.

    References
    ----------
    He, Zhang, Ren & Sun (2015), Delving deep into rectifiers, arXiv:1502.01852, for the start.

    Examples
    --------
    >>> layers = [Conv2d(8, 3, padding=1), ReLU(), MaxPool2d(2), Linear(10)]  # doctest: +SKIP
    >>> train_network(images, labels, layers, seed=0, optimizer=SGD(0.05, momentum=0.9))  # doctest: +SKIP
    """
    name = "train_network"
    described = several(name, "layers", layers)
    plan = schedule(name, epochs, batch_size, optimizer, weight_decay, seed)
    if classes is None and isinstance(described[-1], Linear):
        classes = described[-1].out_features
    return _learnt(name, described, data(name, images, labels, classes, held_out, dtype), plan)


def train_linear_classifier(images: ArrayLike, labels: ArrayLike, *, seed: int, classes: int | None = None,
                            epochs: int = 10, batch_size: int = 64, learning_rate: float = 5e-4,
                            weight_decay: float = 1e-2, held_out: Labelled | None = None) -> LinearClassifier:
    """Train a classifier without hidden layers: scores = weight (image - 0.5) + bias.

    It starts at zero, where every class is as likely, and follows Adam on the mean cross-entropy plus
    weight_decay * sum(weight ** 2), which keeps the weights smooth enough to be looked at.

    Parameters
    ----------
    images : array_like, (N, C, H, W), from 0 to 1
    labels : array_like of integers, (N,), from 0 to classes - 1
    seed : int, 0 to 2**64 - 1
        Of the order in which images are seen. The same seed gives the same bytes on every machine.
    classes : int, optional
        The largest label plus one if it is not given.
    epochs, batch_size : int, at least 1
    learning_rate, weight_decay : float, at least 0
    held_out : (images, labels), optional
        Images that are not learnt from, on which the history measures the accuracy after every epoch.

    Returns
    -------
    LinearClassifier (weight, bias, image_shape, history)

    Raises
    ------
    ValueError, TypeError
        Images that are not finite or not from 0 to 1, labels that do not match them, settings out of range, parameters
        that overflow.
    """
    name = "train_linear_classifier"
    plan = schedule(name, epochs, batch_size, Adam(learning_rate), weight_decay, seed)
    given = data(name, images, labels, classes, held_out)
    shape = allocatable(name, (given.classes, given.seen.images[0].size), np.float32)
    zeros = Dense(np.zeros(shape, np.float32), np.zeros(given.classes, np.float32), rectified=False)
    network = _trained(name, {"scores": zeros}, given, plan)
    weight, bias = network.layers["scores"].parameters
    return LinearClassifier(weight, bias, network.image_shape, network.history)


def train_convolutional_network(images: ArrayLike, labels: ArrayLike, *, seed: int, classes: int | None = None,
                                channels: Sequence[int] = (8, 16), kernel_size: int = 5, pool_size: int = 2,
                                hidden: int = 64, epochs: int = 6, batch_size: int = 64, learning_rate: float = 3e-3,
                                weight_decay: float = 0.0, held_out: Labelled | None = None) -> Network:
    """Train a small convolutional network: (convolution, ReLU, max pooling) repeated, then dense layers.

    It is `train_network` with these layers and Adam. Convolutions have no padding, poolings lie side by side. With the
    defaults, an image of 3 x 32 x 32 becomes 8 maps of 28 x 28, then of 14 x 14, 16 maps of 10 x 10, then of 5 x 5,
    then 64 neurons, then one score for each class.

    Parameters
    ----------
    images, labels, classes, epochs, batch_size, learning_rate, weight_decay, held_out
        As in `train_linear_classifier`.
    seed : int, 0 to 2**64 - 1
        Of the first weights and of the order in which images are seen. The same seed gives the same bytes everywhere.
    channels : sequence of int, each at least 1
        How many maps each convolution gives, hence how many convolutions there are.
    kernel_size, pool_size : int, at least 1
        Side of the filters and of the pooling windows.
    hidden : int, at least 0
        Neurons of the dense layer before the scores; 0 for none.

    Returns
    -------
    Network (layers, image_shape, history)

    Raises
    ------
    ValueError, TypeError
        What `train_linear_classifier` refuses, and images that are too small for so many layers.

    References
    ----------
    LeCun, Bottou, Bengio & Haffner (1998), Gradient-based learning applied to document recognition,
    doi:10.1109/5.726791. He, Zhang, Ren & Sun (2015), Delving deep into rectifiers, arXiv:1502.01852, for the start.
    """
    name = "train_convolutional_network"
    plan = schedule(name, epochs, batch_size, Adam(learning_rate), weight_decay, seed)
    given = data(name, images, labels, classes, held_out)
    maps = [integer(name, "channels", count, 1) for count in several(name, "channels", channels)]
    side, window = integer(name, "kernel_size", kernel_size, 1), integer(name, "pool_size", pool_size, 1)
    neurons = integer(name, "hidden", hidden, 0)
    described: list[Description] = []
    for count in maps:
        described += [Conv2d(count, side), ReLU(), MaxPool2d(window)]
    described += [Linear(neurons), ReLU()] if neurons else []
    return _learnt(name, [*described, Linear(given.classes)], given, plan)


def _learnt(function: str, described: Sequence[Description], given: Data, plan: Schedule) -> Network:
    """A network that starts as He et al. propose: normal numbers of variance 2 / inputs, which a ReLU passes on."""
    kind = given.seen.images.dtype

    def draw(shape: tuple[int, ...], number: int) -> NDArray[Any]:
        allocatable(function, shape)
        scale = kind.type(np.sqrt(2.0 / np.prod(shape[1:])))
        weights: NDArray[Any] = normal(shape, seed=plan.seed, stream=FIRST_WEIGHTS + number, dtype=kind) * scale
        return weights

    return _trained(function, first_layers(function, described, given.image_shape, given.classes, draw), given, plan)


def _trained(function: str, layers: dict[str, Layer], given: Data, plan: Schedule) -> Network:
    learnt, history = train(list(layers.values()), given.seen, plan, given.held_out, CENTRE)
    if not all(np.isfinite(array).all() for layer in learnt for array in layer.parameters):
        raise ValueError(f"{function}: the parameters overflow {given.seen.images.dtype}; learning_rate="
                         f"{plan.optimizer.learning_rate} or weight_decay={plan.weight_decay} is too large")
    return Network(dict(zip(layers, learnt, strict=True)), given.image_shape, history)
