"""What a training was given, checked: labelled images, the number of classes, the schedule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arguments import integer, real, seeded
from engine.classifiers import centred, images_of
from engine.operands import labels_of
from engine.optimisers import optimizer_of
from engine.training import Examples, Schedule

Labelled = tuple[ArrayLike, ArrayLike]


class Data(NamedTuple):
    """What is learnt from, as it was given, what is held out, centred, and how many classes there are."""

    seen: Examples
    held_out: Examples | None
    classes: int

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W)."""
        return self.seen.images.shape[1], self.seen.images.shape[2], self.seen.images.shape[3]


def data(function: str, images: ArrayLike, labels: ArrayLike, classes: Any, held_out: Labelled | None,
         dtype: Any = np.float32) -> Data:
    """Labelled images; without `classes` there are as many as the largest label says."""
    kind = np.dtype(dtype)
    if kind not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise TypeError(f"{function}: dtype must be float32 or float64, not {kind}")
    seen = images_of(function, "images", images, kind)
    if not seen.size:
        raise ValueError(f"{function}: images {seen.shape} must hold at least one image")
    if classes is None:
        top = np.asarray(labels)
        classes = int(top.max()) + 1 if top.dtype.kind in "iu" and top.size else 1
    count = integer(function, "classes", classes, 1)
    right, unseen = labels_of(function, labels, len(seen), count), None
    if held_out is not None:
        other_images, other_labels = several(function, "held_out", held_out, 2)
        others = centred(function, "held_out images", other_images, kind, seen.shape[1:])
        unseen = Examples(others, labels_of(function, other_labels, len(others), count))
        if not len(others):
            raise ValueError(f"{function}: held_out must hold at least one image")
    return Data(Examples(seen, right), unseen, count)


def schedule(function: str, epochs: Any, batch_size: Any, optimizer: Any, weight_decay: Any, seed: Any) -> Schedule:
    """How long and how to learn."""
    return Schedule(integer(function, "epochs", epochs, 1), integer(function, "batch_size", batch_size, 1),
                    optimizer_of(function, optimizer), real(function, "weight_decay", weight_decay, 0.0),
                    seeded(function, seed))


def several(function: str, name: str, values: Any, count: int | None = None) -> tuple[Any, ...]:
    """A sequence of `count`, or of one or more."""
    if not isinstance(values, Sequence) or not values or (count is not None and len(values) != count):
        given = f"{len(values)}" if isinstance(values, Sequence) else type(values).__name__
        raise TypeError(f"{function}: {name} must be a sequence of {count or 'one or more'}, not {given}")
    return tuple(values)
