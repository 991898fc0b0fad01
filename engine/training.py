"""Training: layers see images batch by batch and are changed, in place, so that the loss falls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.adam import Adam
from engine.cross_entropy import cross_entropy
from engine.generator import permutation
from engine.layers import Layer

# Streams of the seed: far from the small numbers that callers choose, and from those of other parts of the engine.
ORDER = 2**62

# Images that run through the layers together where nothing is learnt; the result does not depend on it.
TOGETHER = 128


class History(NamedTuple):
    """What was measured after each epoch, (epochs,) each.

    Attributes
    ----------
    loss, accuracy : ndarray, float64
        Mean cross-entropy (nats, without weight decay) and share of right answers on the images learnt from, each batch
        measured just before it was learnt from.
    held_out_accuracy : ndarray, float64
        Share of right answers on images never learnt from, after the epoch; empty if there were none.
    """

    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    held_out_accuracy: NDArray[np.float64]


class Schedule(NamedTuple):
    """How long and how fast to learn."""

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    seed: int


def train(layers: Sequence[Layer], images: NDArray[Any], labels: NDArray[np.int64], schedule: Schedule,
          held_out: tuple[NDArray[Any], NDArray[np.int64]] | None) -> History:
    """Change the layers' parameters, in place, by Adam on shuffled batches."""
    adam = Adam([parameter for layer in layers for parameter in layer.parameters], schedule.learning_rate)
    losses, shares, held_out_shares = [], [], []
    for epoch in range(schedule.epochs):
        order, loss, right = permutation(len(images), seed=schedule.seed, stream=ORDER + epoch), 0.0, 0
        for start in range(0, len(images), schedule.batch_size):
            batch = order[start:start + schedule.batch_size]
            outputs = activations(layers, images[batch])
            measured = cross_entropy(outputs[-1], labels[batch])
            loss += measured.loss * len(batch)
            right += int((outputs[-1].argmax(1) == labels[batch]).sum())
            adam.step(gradients(layers, outputs, measured.gradient, schedule.weight_decay))
        losses.append(loss / len(images))
        shares.append(right / len(images))
        if held_out is not None:
            held_out_shares.append(float((scores_of(layers, held_out[0]).argmax(1) == held_out[1]).mean()))
    return History(np.array(losses), np.array(shares), np.array(held_out_shares))


def activations(layers: Sequence[Layer], x: NDArray[Any]) -> list[NDArray[Any]]:
    """The input and every layer's output, in order."""
    outputs = [x]
    for layer in layers:
        outputs.append(layer.forward(outputs[-1]))
    return outputs


def gradients(layers: Sequence[Layer], outputs: Sequence[NDArray[Any]], grad: NDArray[Any],
              weight_decay: float) -> list[NDArray[Any]]:
    """Gradient of the loss plus weight_decay * sum(weights ** 2) by every parameter, in the order of the layers."""
    found: list[NDArray[Any]] = []
    for k in reversed(range(len(layers))):
        back = layers[k].backward(grad, outputs[k], outputs[k + 1], input_too=k > 0)
        # Only weights decay: a bias multiplies nothing, so that its size does no harm.
        found[:0] = [slope + slope.dtype.type(2 * weight_decay) * parameter if parameter.ndim > 1 else slope
                     for parameter, slope in zip(layers[k].parameters, back.parameters, strict=True)]
        if back.x is not None:
            grad = back.x
    return found


def scores_of(layers: Sequence[Layer], images: NDArray[Any]) -> NDArray[Any]:
    """The last layer's output for any number of images, without keeping what lies between."""
    starts = range(0, max(1, len(images)), TOGETHER)
    return np.concatenate([activations(layers, images[start:start + TOGETHER])[-1] for start in starts])
