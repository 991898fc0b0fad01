"""The two classifiers of the course, trained from scratch on labelled images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import integer, real, seeded
from engine.classifiers import LinearClassifier, Network, centred
from engine.generator import normal
from engine.layers import Convolution, Dense, Layer, Pooling
from engine.operands import labels_of
from engine.training import Schedule, train

# Stream of the seed that the first weights are drawn from, one a layer.
FIRST_WEIGHTS = 2**61

Labelled = tuple[ArrayLike, ArrayLike]


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
        Images that are not finite or not from 0 to 1, labels that do not match them, settings out of range.
    """
    name = "train_linear_classifier"
    schedule = _schedule(name, epochs, batch_size, learning_rate, weight_decay, seed)
    seen, right, unseen, classes = _data(name, images, labels, classes, held_out)
    layer = Dense(np.zeros((classes, seen[0].size), np.float32), np.zeros(classes, np.float32), rectified=False)
    history = train([layer], seen, right, schedule, unseen)
    return LinearClassifier(layer.weight, layer.bias, _image_shape(seen), history)


def train_convolutional_network(images: ArrayLike, labels: ArrayLike, *, seed: int, classes: int | None = None,
                                channels: Sequence[int] = (8, 16), kernel_size: int = 5, pool_size: int = 2,
                                hidden: int = 64, epochs: int = 6, batch_size: int = 64, learning_rate: float = 3e-3,
                                weight_decay: float = 0.0, held_out: Labelled | None = None) -> Network:
    """Train a small convolutional network: (convolution, ReLU, max pooling) repeated, then dense layers.

    Filters and weights start as He et al. draw them, biases at zero. Convolutions have no padding, poolings lie side by
    side. With the defaults, an image of 3 x 32 x 32 becomes 8 maps of 28 x 28, then of 14 x 14, 16 maps of 10 x 10,
    then of 5 x 5, then 64 neurons, then one score for each class.

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
    schedule = _schedule(name, epochs, batch_size, learning_rate, weight_decay, seed)
    seen, right, unseen, classes = _data(name, images, labels, classes, held_out)
    maps = [integer(name, "channels", count, 1) for count in _all(name, "channels", channels)]
    sides = integer(name, "kernel_size", kernel_size, 1), integer(name, "pool_size", pool_size, 1)
    neurons = integer(name, "hidden", hidden, 0)
    layers = _first_layers(name, _image_shape(seen), maps, sides, neurons, classes, schedule.seed)
    history = train(list(layers.values()), seen, right, schedule, unseen)
    return Network(layers, _image_shape(seen), history)


def _first_layers(function: str, image_shape: tuple[int, int, int], maps: list[int], sides: tuple[int, int],
                  hidden: int, classes: int, seed: int) -> dict[str, Layer]:
    layers: dict[str, Layer] = {}
    (before, height, width), (kernel, pool) = image_shape, sides
    for number, count in enumerate(maps, 1):
        if min(height, width) - kernel + 1 < pool:
            raise ValueError(f"{function}: maps of {height} x {width} are too small for convolution{number} "
                             f"({kernel} x {kernel}) and pooling{number} ({pool} x {pool})")
        weight = _he((count, before, kernel, kernel), seed, len(layers))
        layers[f"convolution{number}"] = Convolution(weight, np.zeros(count, np.float32))
        layers[f"pooling{number}"] = Pooling(pool)
        before, height, width = count, (height - kernel + 1) // pool, (width - kernel + 1) // pool
    inputs = before * height * width
    for name, outputs in ([("hidden", hidden)] if hidden else []) + [("scores", classes)]:
        weight = _he((outputs, inputs), seed, len(layers))
        layers[name] = Dense(weight, np.zeros(outputs, np.float32), rectified=name == "hidden")
        inputs = outputs
    return layers


def _he(shape: tuple[int, ...], seed: int, number: int) -> NDArray[Any]:
    """Normal numbers of variance 2 / inputs, which a ReLU passes on without a change of scale."""
    inputs = np.prod(shape[1:])
    return normal(shape, seed=seed, stream=FIRST_WEIGHTS + number, dtype=np.float32) * np.float32(np.sqrt(2.0 / inputs))


def _all(function: str, name: str, values: Any, count: int | None = None) -> tuple[Any, ...]:
    if not isinstance(values, Sequence) or not values or (count is not None and len(values) != count):
        given = f"{len(values)}" if isinstance(values, Sequence) else type(values).__name__
        raise TypeError(f"{function}: {name} must be a sequence of {count or 'one or more'}, not {given}")
    return tuple(values)


def _schedule(function: str, epochs: int, batch_size: int, learning_rate: float, weight_decay: float,
              seed: int) -> Schedule:
    return Schedule(integer(function, "epochs", epochs, 1), integer(function, "batch_size", batch_size, 1),
                    real(function, "learning_rate", learning_rate, 0.0),
                    real(function, "weight_decay", weight_decay, 0.0), seeded(function, seed))


def _image_shape(images: NDArray[Any]) -> tuple[int, int, int]:
    return images.shape[1], images.shape[2], images.shape[3]


Checked = tuple[NDArray[np.float32], NDArray[np.int64]]


def _data(function: str, images: ArrayLike, labels: ArrayLike, classes: int | None,
          held_out: Labelled | None) -> tuple[NDArray[np.float32], NDArray[np.int64], Checked | None, int]:
    seen = centred(function, "images", images)
    if not seen.size:
        raise ValueError(f"{function}: images {seen.shape} must hold at least one image")
    if classes is None:
        top = np.asarray(labels)
        classes = int(top.max()) + 1 if top.dtype.kind in "iu" and top.size else 1
    count = integer(function, "classes", classes, 1)
    right, unseen = labels_of(function, labels, len(seen), count), None
    if held_out is not None:
        other_images, other_labels = _all(function, "held_out", held_out, 2)
        others = centred(function, "held_out images", other_images, seen.shape[1:])
        unseen = others, labels_of(function, other_labels, len(others), count)
        if not len(others):
            raise ValueError(f"{function}: held_out must hold at least one image")
    return seen, right, unseen, count
