"""A training step: 64 images of 3 x 32 x 32, convolution to 8, pooling, convolution to 16, pooling, dense, Adam."""

from __future__ import annotations

import copy
import functools
from typing import Any

import numpy as np
import torch

import engine
from benchmarks.rows.row import Row, Work, WrongResultError, numbers
from benchmarks.timing import Call

BATCH, STEPS, CLASSES, RATE = 64, 10, 10, 1e-3
# Multiplications and additions of the two convolutions and the dense layer, forwards and twice backwards, without
# the gradient by the first image.
FORWARD = 2.0 * BATCH * (8 * 27 * 32 * 32 + 16 * 72 * 16 * 16 + CLASSES * 1024)
FLOPS = 3 * FORWARD - 2.0 * BATCH * 8 * 27 * 32 * 32
# Images and maps forwards, maps and their gradients backwards.
MOVED = 4.0 * BATCH * 3 * (3 * 1024 + 8 * 1024 + 8 * 256 + 16 * 256 + 1024)

def ours(images: np.ndarray, labels: np.ndarray, rate: float, epochs: int) -> Any:
    """The engine's network after some epochs."""
    layers: list[Any] = [engine.Conv2d(8, 3, padding=1), engine.ReLU(), engine.MaxPool2d(2),
                         engine.Conv2d(16, 3, padding=1), engine.ReLU(), engine.MaxPool2d(2), engine.Linear(CLASSES)]
    return engine.train_network(images, labels, layers, seed=1, epochs=epochs, batch_size=BATCH,
                                optimizer=engine.Adam(rate))


class Peer:
    """The same network in PyTorch, from the first weights of the engine's."""

    def __init__(self, first: Any, layout: Any) -> None:
        weights = [torch.tensor(array) for layer in first.layers.values() for array in layer.parameters]
        nn, (side,) = torch.nn, weights[4].shape[1:]
        self.model = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                   nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                                   nn.Linear(side, CLASSES))
        with torch.no_grad():
            for parameter, value in zip(self.model.parameters(), weights, strict=True):
                parameter.copy_(value)
        self.model = self.model.to(memory_format=layout)  # type: ignore[call-overload]
        self.layout = layout

    def train(self, images: np.ndarray, labels: np.ndarray, epochs: int) -> list[float]:
        """The loss of each epoch, from the first weights again."""
        with torch.inference_mode(False), torch.enable_grad():
            model, losses = copy.deepcopy(self.model), []
            adam = torch.optim.Adam(model.parameters(), RATE, fused=True)
            seen = torch.from_numpy(images).contiguous(memory_format=self.layout) - 0.5
            right = torch.from_numpy(labels)
            for _ in range(epochs):
                order, total = torch.randperm(len(images)), 0.0
                for start in range(0, len(images), BATCH):
                    batch = order[start:start + BATCH]
                    loss = torch.nn.functional.cross_entropy(model(seen[batch]), right[batch])
                    adam.zero_grad()
                    loss.backward()  # type: ignore[no-untyped-call]
                    adam.step()
                    total += float(loss.detach()) * len(batch)
                losses.append(total / len(images))
            return losses


def step() -> Work:
    """One epoch of ten batches, divided by ten."""
    images = np.clip(0.5 + 0.2 * numbers((STEPS * BATCH, 3, 32, 32), "float32"), 0, 1)
    labels = np.arange(len(images)) % CLASSES
    first = ours(images[:BATCH], labels[:BATCH], 0.0, 1)
    layouts = {"torch": torch.contiguous_format, "torch channels-last": torch.channels_last}
    with torch.inference_mode(False):
        learners = {name: Peer(first, layout) for name, layout in layouts.items()}

    def agree(name: str, _: Any, __: Any) -> None:
        """One batch, in which the order is nothing: the losses of five steps."""
        losses = ours(images[:BATCH], labels[:BATCH], RATE, 5).history.loss
        error = np.max(np.abs(np.subtract(losses, learners[name].train(images[:BATCH], labels[:BATCH], 5))))
        if not error < 1e-3:
            raise WrongResultError(f"{name}: another loss, by {error:.2g}")

    peers: dict[str, Call] = {name: functools.partial(learner.train, images, labels, 1)
                              for name, learner in learners.items()}
    return Work(lambda: ours(images, labels, RATE, 1), peers, agree, STEPS * FLOPS, STEPS * MOVED, parts=STEPS)


ROWS = (Row("training step of a small network", "float32", 0.5, 0.35, step),)
