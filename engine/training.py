"""Training: a network sees images batch by batch, and its parameters move so that the loss falls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.generator import permutation
from engine.layers import Layer
from engine.minibatch import Batch, Minibatches
from engine.optimisers import Optimizer, steps_of
from engine.parameters import gathered

# Streams of the seed: far from the small numbers that callers choose, and from those of other parts of the engine.
ORDER = 2**62

# Images that run through the layers together where nothing is learnt; the result does not depend on it.
TOGETHER = 128


class History(NamedTuple):
    """What was measured after each epoch, (epochs,) each but the last.

    Attributes
    ----------
    loss, accuracy : ndarray, float64
        Mean cross-entropy (nats, without weight decay) and share of right answers on the images learnt from, each batch
        measured just before it was learnt from.
    held_out_accuracy : ndarray, float64
        Share of right answers on images never learnt from, after the epoch; empty if there were none.
    step_loss : ndarray, float64, (epochs * batches,)
        Mean cross-entropy of each batch just before it was learnt from.
    """

    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    held_out_accuracy: NDArray[np.float64]
    step_loss: NDArray[np.float64]


class Schedule(NamedTuple):
    """How long and how to learn."""

    epochs: int
    batch_size: int
    optimizer: Optimizer
    weight_decay: float
    seed: int


class Examples(NamedTuple):
    """Images, (N, C, H, W), and their labels, (N,)."""

    images: NDArray[Any]
    labels: NDArray[np.int64]


def train(layers: Sequence[Layer], seen: Examples, schedule: Schedule, held_out: Examples | None,
          centre: float) -> tuple[list[Layer], History]:
    """The layers as they are after training on shuffled batches, and how it went.

    `centre` is subtracted from the images seen; those held out are as networks see them.
    """
    parameters = gathered(layers)
    work = Minibatches(parameters, seen.images.shape[1:], schedule.seed, schedule.weight_decay, centre)
    optimizer, images = steps_of(schedule.optimizer, parameters.flat), seen.images.reshape(len(seen.images), -1)
    losses, shares, held_out_shares, step_losses = [], [], [], []
    for epoch in range(schedule.epochs):
        order, loss, right = permutation(len(images), seed=schedule.seed, stream=ORDER + epoch), 0.0, 0
        for start in range(0, len(images), schedule.batch_size):
            chosen = order[start:start + schedule.batch_size]
            measured = work.gradients(Batch(images, seen.labels, chosen))
            optimizer.step(work.gradient)
            loss, right = loss + measured[0], right + measured[1]
            step_losses.append(measured[0] / len(chosen))
        losses.append(loss / len(images))
        shares.append(right / len(images))
        if held_out is not None:
            answers = scores_of(parameters.layers, held_out.images).argmax(1)
            held_out_shares.append(float((answers == held_out.labels).mean()))
    return parameters.layers, History(*map(np.array, (losses, shares, held_out_shares, step_losses)))


def activations(layers: Sequence[Layer], x: NDArray[Any]) -> list[NDArray[Any]]:
    """The input and every layer's output, in order."""
    outputs = [x]
    for layer in layers:
        outputs.append(layer.forward(outputs[-1]))
    return outputs


def scores_of(layers: Sequence[Layer], images: NDArray[Any]) -> NDArray[Any]:
    """The last layer's output for any number of images, without keeping what lies between."""
    starts = range(0, max(1, len(images)), TOGETHER)
    return np.concatenate([activations(layers, images[start:start + TOGETHER])[-1] for start in starts])
