"""The two networks that slides 8 and 15 train, remembered from one build to the next, and the image that each shows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arguments import integer, real
from engine.classifiers import LinearClassifier, Network
from engine.networks import train_convolutional_network, train_linear_classifier
from engine.pictogram_catalogue import CLASSES
from figures.labelled import Lesson
from figures.language import Words
from figures.remembered import remembered


class Example(NamedTuple):
    """One held-out image: its place among them, (3, 32, 32) pixels, what it shows, what the network answers."""

    place: int
    image: NDArray[np.float32]
    label: int
    scores: NDArray[Any]
    probabilities: NDArray[Any]


class Examination(NamedTuple):
    """How a network does on the held-out images: how many it was asked, how many are right, the one to be shown.

    `eligible` images meet the rule by which the one shown was chosen: it is the first of them.
    """

    right: int
    asked: int
    example: Example
    eligible: int

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        return self.right / self.asked


def linear_classifier(data: Lesson, *, seed: int, epochs: int) -> LinearClassifier:
    """The linear classifier of these images, trained now or in an earlier build."""
    return remembered(train_linear_classifier, LinearClassifier.from_arrays, images=data.images, labels=data.labels,
                      seed=seed, epochs=epochs)  # fmt: skip


def convolutional_network(data: Lesson, **settings: Any) -> Network:
    """The convolutional network of these images and of settings of the engine's, trained now or in an earlier build."""
    return remembered(train_convolutional_network, Network.from_arrays, images=data.images, labels=data.labels,
                      **settings)  # fmt: skip


def examine(network: LinearClassifier | Network, data: Lesson, confidence: tuple[float, float]) -> Examination:
    """Ask a network about every held-out image, and choose the one to show by `telling`."""
    scores, probabilities = network.scores(data.held_images), network.probabilities(data.held_images)
    labels = data.held_labels
    right = int((scores.argmax(axis=1) == labels).sum())
    k = telling(probabilities, labels, confidence)
    example = Example(k, data.held_images[k], int(labels[k]), scores[k], probabilities[k])
    return Examination(right, len(labels), example, int((_astray(probabilities, labels, confidence) == 0).sum()))


def telling(probabilities: NDArray[Any], labels: NDArray[np.int64], confidence: tuple[float, float]) -> int:
    """The first image that is classified right with a probability within `confidence`.

    Failing that, of those classified right the one nearest to `confidence`; failing that, the one whose right class
    has the highest probability.
    """
    return int(np.argmin(_astray(probabilities, labels, confidence)))


def _astray(probabilities: NDArray[Any], labels: NDArray[np.int64], confidence: tuple[float, float]) -> NDArray[Any]:
    """How far each image is from the rule: 0 where it is met, 1 and more where the answer is wrong."""
    given = probabilities[np.arange(len(labels)), labels].astype(float)
    right = probabilities.argmax(axis=1) == labels
    low, high = confidence
    return np.where(right, np.maximum(low - given, given - high).clip(0), 2 - given)


def confidence_range(function: str, confidence: Any) -> tuple[float, float]:
    """A pair of probabilities, the lower one first."""
    if not isinstance(confidence, (list, tuple)) or len(confidence) != 2:
        rule = "confidence must be a pair of probabilities such as (0.55, 0.75)"
        raise TypeError(f"{function}: {rule}, not {confidence!r}")
    low, high = (real(function, "confidence", value, 0.0, 1.0) for value in confidence)
    if low > high:
        raise ValueError(f"{function}: confidence must go from the lower to the higher, not {low} to {high}")
    return low, high


def class_names(function: str, words: Words, names: Any, data: Lesson) -> list[str]:
    """The classes' names: those given, the pictograms', or for other images numbers."""
    if names is None and data.synthetic:
        return [words.say(f"classes.{name}") for name in CLASSES]
    if names is None:
        return [str(number) for number in range(data.classes)]
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) and name for name in names):
        raise TypeError(f"{function}: names must list the classes' names, not {names!r}")
    if len(names) != data.classes:
        raise ValueError(f"{function}: names must be as many as the {data.classes} classes, not {len(names)}")
    return list(names)


def passes(function: str, epochs: Any) -> int:
    """How often the network sees each image: at least once."""
    return integer(function, "epochs", epochs, 1)
