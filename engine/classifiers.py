"""Image classifiers: what a trained network is, what it answers, and how it is put away as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import floating
from engine.layers import Dense, Layer, as_arrays, from_arrays
from engine.operands import labels_of
from engine.softmax import softmax
from engine.training import History, activations, scores_of

# What networks see is centred: colours from 0 to 1 become numbers from -0.5 to 0.5.
CENTRE = 0.5


class Network(NamedTuple):
    """A trained image classifier.

    Attributes
    ----------
    layers : dict of str to Layer
        By name, in order: convolution1, pooling1, convolution2, …, hidden, scores. Each has its `parameters`; those of
        convolutions and dense layers are `weight` and `bias`. A ReLU right after one of these is part of it
        (`rectified`).
    image_shape : (C, H, W)
        Of the images that it takes.
    history : History
        How its training went.
    """

    layers: dict[str, Layer]
    image_shape: tuple[int, int, int]
    history: History

    @property
    def classes(self) -> int:
        """How many classes it tells apart."""
        return len(self.layers["scores"].parameters[1])

    @property
    def parameters(self) -> int:
        """How many numbers training has set."""
        return sum(self.parameters_by_layer.values())

    @property
    def parameters_by_layer(self) -> dict[str, int]:
        """How many of them each layer has; none for pooling."""
        return {name: sum(array.size for array in layer.parameters) for name, layer in self.layers.items()}

    def forward(self, images: ArrayLike) -> dict[str, NDArray[Any]]:
        """What every layer gives, by name and in order, ReLU included.

        Parameters
        ----------
        images : array_like, (N, C, H, W), from 0 to 1

        Returns
        -------
        dict of str to ndarray, of the network's dtype, float32 unless it was asked to be float64
            Maps (N, maps, rows, columns) for convolutions and poolings, (N, outputs) for dense layers.
        """
        outputs = activations(list(self.layers.values()), self._centred("forward", images))
        return dict(zip(self.layers, outputs[1:], strict=True))

    def scores(self, images: ArrayLike) -> NDArray[Any]:
        """One score for each class, (N, classes), the highest for the class it believes in."""
        return self._scores("scores", images)

    def probabilities(self, images: ArrayLike) -> NDArray[Any]:
        """One probability for each class, (N, classes): the softmax of the scores."""
        return softmax(self._scores("probabilities", images), axis=1)

    def predict(self, images: ArrayLike) -> NDArray[np.int64]:
        """The class it believes in, (N,) int64."""
        return self._answers("predict", images)

    def accuracy(self, images: ArrayLike, labels: ArrayLike) -> float:
        """Share of the images, at least one, that it gives their own label."""
        answers = self._answers("accuracy", images)
        right = labels_of("accuracy", labels, len(answers), self.classes)
        if not len(answers):
            raise ValueError("accuracy: images must hold at least one image")
        return float((answers == right).mean())

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything it is, as arrays by name, for `numpy.savez`; `from_arrays` gives it back."""
        kept = {"layers": np.array(list(self.layers)), "image_shape": np.array(self.image_shape)}
        kept |= {f"history.{name}": array for name, array in self.history._asdict().items()}
        for name, layer in self.layers.items():
            kept |= {f"{name}.{field}": value for field, value in as_arrays(layer).items()}
        return kept

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Network:
        """The network whose `arrays` these are."""
        layers: dict[str, Layer] = {}
        for name in map(str, arrays["layers"]):
            start = f"{name}."
            fields = {key.removeprefix(start): arrays[key] for key in arrays if key.startswith(start)}
            layers[name] = from_arrays(fields)
        channels, height, width = map(int, arrays["image_shape"])
        return cls(layers, (channels, height, width), History(*(arrays[f"history.{name}"] for name in History._fields)))

    def _centred(self, function: str, images: ArrayLike) -> NDArray[Any]:
        return centred(function, "images", images, self.layers["scores"].parameters[1].dtype, self.image_shape)

    def _scores(self, function: str, images: ArrayLike) -> NDArray[Any]:
        return scores_of(list(self.layers.values()), self._centred(function, images))

    def _answers(self, function: str, images: ArrayLike) -> NDArray[np.int64]:
        answers: NDArray[np.int64] = self._scores(function, images).argmax(1)
        return answers


class LinearClassifier(NamedTuple):
    """A trained classifier without hidden layers: each class has one weight for each number of the image.

    Attributes
    ----------
    weight : ndarray, (classes, C * H * W), float32
    bias : ndarray, (classes,), float32
    image_shape : (C, H, W)
    history : History
    """

    weight: NDArray[Any]
    bias: NDArray[Any]
    image_shape: tuple[int, int, int]
    history: History

    @property
    def network(self) -> Network:
        """The same as a network of one dense layer."""
        return Network({"scores": Dense(self.weight, self.bias, rectified=False)}, self.image_shape, self.history)

    @property
    def parameters(self) -> int:
        """How many numbers training has set."""
        return self.weight.size + self.bias.size

    @property
    def templates(self) -> NDArray[Any]:
        """The weights as images, (classes, C, H, W): what each class would like to see."""
        return self.weight.reshape(-1, *self.image_shape)

    def scores(self, images: ArrayLike) -> NDArray[Any]:
        """As `Network.scores`: weight times (image - 0.5), plus bias."""
        return self.network.scores(images)

    def probabilities(self, images: ArrayLike) -> NDArray[Any]:
        """As `Network.probabilities`."""
        return self.network.probabilities(images)

    def predict(self, images: ArrayLike) -> NDArray[np.int64]:
        """As `Network.predict`."""
        return self.network.predict(images)

    def accuracy(self, images: ArrayLike, labels: ArrayLike) -> float:
        """As `Network.accuracy`."""
        return self.network.accuracy(images, labels)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """As `Network.arrays`."""
        return self.network.arrays()

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> LinearClassifier:
        """The classifier whose `arrays` these are."""
        layers, image_shape, history = Network.from_arrays(arrays)
        weight, bias = layers["scores"].parameters
        return cls(weight, bias, image_shape, history)


def centred(function: str, name: str, images: ArrayLike, dtype: np.dtype[Any],
            image_shape: tuple[int, ...] | None = None) -> NDArray[Any]:
    """Images as networks of a dtype see them, after the check of `images_of`."""
    result: NDArray[Any] = images_of(function, name, images, dtype, image_shape) - CENTRE
    return result


def images_of(function: str, name: str, images: ArrayLike, dtype: np.dtype[Any],
              image_shape: tuple[int, ...] | None = None) -> NDArray[Any]:
    """What a caller gave as images, of a dtype; from 0 to 1, and of the shape (C, H, W) given if any."""
    array = floating(function, name, images, 4)
    if image_shape is not None and array.shape[1:] != image_shape:
        expected = ", ".join(map(str, image_shape))
        raise ValueError(f"{function}: {name} must have the shape (N, {expected}), not {array.shape}")
    # NaN is neither; only then is it looked for, in a pass of its own.
    if array.size and not (array.min() >= 0 and array.max() <= 1):
        floating(function, name, array, finite=True)
        raise ValueError(f"{function}: {name} must lie from 0 to 1, not from {array.min():g} to {array.max():g}")
    return array.astype(dtype, copy=False)
