"""The loss of a classifier: how surprised its probabilities are by the right answer."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.compile import kernel
from engine.operands import labels_of, operands
from engine.scalar import exp, log


class CrossEntropy(NamedTuple):
    """Mean loss in nats, and its gradient by the scores, (N, classes)."""

    loss: float
    gradient: NDArray[Any]


def cross_entropy(scores: ArrayLike, labels: ArrayLike) -> CrossEntropy:
    """Mean of -log softmax(scores)[label] over the images, and its gradient: (softmax - one at the label) / N.

    Each row is shifted by its largest score, so that no score is too large to be exponentiated; sums run in float64.

    Parameters
    ----------
    scores : array_like, (N, classes), N at least 1
        float32 and float64 are kept, integers and float16 become float32. -inf is a probability of zero.
    labels : array_like of integers, (N,), from 0 to classes - 1

    Returns
    -------
    CrossEntropy (loss, gradient)

    Raises
    ------
    ValueError, TypeError
        No image or no class, labels that are not integers, of another length or out of range.
    """
    [values] = operands("cross_entropy", ("scores", scores, 2))
    if not values.size:
        raise ValueError(f"cross_entropy: scores {values.shape} must hold at least one image and one class")
    right = labels_of("cross_entropy", labels, *values.shape)
    gradient, measured = np.empty_like(values), np.zeros(2)
    surprise(values.reshape(-1), right, gradient.reshape(-1), np.empty(values.shape[1]), len(values), measured)
    return CrossEntropy(float(measured[0]) / len(values), gradient)


@kernel
def surprise(scores: NDArray[Any], labels: NDArray[np.int64], gradient: NDArray[Any], powers: NDArray[np.float64],
             batch: int, measured: NDArray[np.float64]) -> None:
    """Add to `measured` the sum of the losses and the number of right answers; the gradient is of the sum / batch."""
    classes, images = powers.size, float(batch)
    for n in range(labels.size):
        first, right = n * classes, n * classes + labels[n]
        largest, answer, total = np.float64(scores[first]), first, 0.0
        for j in range(first + 1, first + classes):
            value = np.float64(scores[j])
            if value > largest:
                largest, answer = value, j
        for j in range(classes):
            power = exp(np.float64(scores[first + j]) - largest)
            powers[j] = power
            total += power
        measured[0] += log(total) - (np.float64(scores[right]) - largest)
        if answer == right:
            measured[1] += 1.0
        for j in range(classes):
            gradient[first + j] = powers[j] / total / images
        gradient[right] = (powers[labels[n]] / total - 1.0) / images
