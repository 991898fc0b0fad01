"""One step of training: a batch is cut into chunks that run through all layers, side by side on several threads.

The cut depends on the batch alone, and the gradients of its parts are added in order: so no bit depends on the threads.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.chains import Chain
from engine.parameters import Parameters
from engine.slack import with_slack
from engine.threads import get_num_threads, shared

Array = NDArray[Any]

# Images that run through the layers together: their maps stay in the second-level cache.
CHUNK = 16
# Parts of a batch whose gradients are kept apart until they are added: as many threads may share one batch.
PARTS = 16

class _Worker:
    """What one thread needs: chains for as many images as its chunks hold, and their common gradient."""

    def __init__(self, parameters: Parameters, image_shape: tuple[int, ...], seed: int) -> None:
        self.parameters, self.image_shape, self.seed = parameters, image_shape, seed
        self.gradient = with_slack(parameters.flat.shape, parameters.flat.dtype)
        self.chains: dict[int, Chain] = {}

    def chain(self, count: int) -> Chain:
        """The chain for `count` images, planned when it is first needed."""
        if count not in self.chains:
            self.chains[count] = Chain(self.parameters, (count, *self.image_shape), self.gradient, self.seed)
        return self.chains[count]


class Batch(NamedTuple):
    """A batch to learn from: the rows `chosen` of all images, (N, numbers), and of all labels."""

    images: Array
    labels: NDArray[np.int64]
    chosen: NDArray[np.int64]


class Minibatches:
    """Layers that learn from one batch after the other.

    Parameters
    ----------
    parameters : Parameters
    image_shape : (C, H, W)
    seed : int
        Of what dropout silences.
    weight_decay : float
        How much of the sum of the squares of all weights is added to the loss.
    centre : float
        What is subtracted from the images, chunk by chunk.
    """

    def __init__(self, parameters: Parameters, image_shape: tuple[int, ...], seed: int, weight_decay: float,
                 centre: float = 0.0) -> None:
        self.centre = parameters.flat.dtype.type(centre)
        self.parameters, self.image_shape, self.seed, self.steps = parameters, image_shape, seed, 0
        # Only weights decay: a bias multiplies nothing, so that its size does no harm.
        with np.errstate(over="ignore"):
            self.decay = (2.0 * weight_decay * parameters.weights).astype(parameters.flat.dtype)
        self.decays = weight_decay > 0.0
        self.workers: list[_Worker] = []
        self.plans: dict[tuple[int, int], tuple[list[range], list[_Worker]]] = {}
        self.sums = np.zeros((0, parameters.flat.size), parameters.flat.dtype)
        self.gradient = np.empty_like(parameters.flat)

    def gradients(self, batch: Batch) -> tuple[float, int]:
        """Fill `gradient` with that of the mean loss and the decay.

        Returns
        -------
        (float, int)
            The sum of the losses, without the decay, and the number of right answers.
        """
        parts, workers = self._planned(len(batch.chosen), get_num_threads())
        measured = np.zeros((len(parts), 2))

        def run(k: int) -> None:
            # What overflows is seen at the end of the training; each thread has its own settings.
            with np.errstate(all="ignore"):
                for number in range(k, len(parts), len(workers)):
                    self._learn(workers[k], batch, parts[number], self.sums[number], measured[number])

        shared(run, [(k,) for k in range(len(workers))])
        self.steps += 1
        with np.errstate(all="ignore"):
            np.add.reduce(self.sums[:len(parts)], axis=0, out=self.gradient)
            if self.decays:
                self.gradient += self.decay * self.parameters.flat
        loss = right = 0.0
        for part in measured.tolist():
            loss, right = loss + part[0], right + part[1]
        return loss, int(right)

    def _planned(self, count: int, threads: int) -> tuple[list[range], list[_Worker]]:
        """The parts of a batch of `count` images and those who share them, with all their memory.

        It is done on one thread: convolutions compile as they are planned, which several threads may not do at once.
        """
        if (count, threads) not in self.plans:
            parts = cut(count)
            while len(self.workers) < min(threads, len(parts)):
                self.workers.append(_Worker(self.parameters, self.image_shape, self.seed))
            workers = self.workers[:min(threads, len(parts))]
            for number, part in enumerate(parts):
                for start in part:
                    workers[number % len(workers)].chain(min(CHUNK, count - start))
            if len(self.sums) < len(parts):
                self.sums = np.zeros((len(parts), self.gradient.size), self.gradient.dtype)
            self.plans[count, threads] = parts, workers
        return self.plans[count, threads]

    def _learn(self, worker: _Worker, batch: Batch, part: range, total: Array, measured: NDArray[np.float64]) -> None:
        """The sum over one part of a batch, chunk after chunk."""
        for start in part:
            chosen = batch.chosen[start:start + CHUNK]
            chain = worker.chain(len(chosen))
            np.take(batch.images, chosen, axis=0, out=chain.images, mode="clip")
            chain.x -= self.centre
            for stage in chain.draws:
                stage.at(self.steps, start)
            chain.run(batch.labels[chosen], len(batch.chosen), measured)
            if start == part[0]:
                total[:] = worker.gradient
            else:
                total += worker.gradient


def cut(count: int) -> list[range]:
    """The parts of a batch of `count` images, each the first images of its chunks."""
    length = -(-count // (CHUNK * PARTS)) * CHUNK
    return [range(start, min(start + length, count), CHUNK) for start in range(0, count, length)]
