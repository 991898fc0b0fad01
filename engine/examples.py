"""What a training was given, checked: labelled images, the number of classes, the schedule."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arguments import float_type, integer, seeded
from engine.classifiers import centred, images_of
from engine.operands import integers, labels_of
from engine.optimisers import optimizer_of, setting
from engine.received import MOST_AXES, parts_of
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
    kind = float_type(function, dtype)
    seen = images_of(function, "images", images, kind)
    if not seen.size:
        raise ValueError(f"{function}: images {seen.shape} must hold at least one image")
    named = integers(function, "labels", labels)
    if classes is None:
        # Labels of another shape are refused below: some claim to be more than anybody could look through.
        classes = max(int(named.max()) + 1, 1) if named.shape == seen.shape[:1] else 1
    count = integer(function, "classes", classes, 1)
    right, unseen = labels_of(function, named, len(seen), count), None
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
                    optimizer_of(function, optimizer), setting(function, "weight_decay", weight_decay),
                    seeded(function, seed))


def several(function: str, name: str, values: Any, count: int | None = None) -> tuple[Any, ...]:
    """A sequence of `count`, or of one or more."""
    parts = tuple(values) if isinstance(values, (list, tuple)) else parts_of(function, name, values)
    # `parts_of` stops there, and what it left of a longer iterator is not all.
    cut = not isinstance(values, (list, tuple)) and parts is not None and len(parts) > MOST_AXES
    if not parts or cut or (count is not None and len(parts) != count):
        given = type(values).__name__ if parts is None or cut else len(parts)
        raise TypeError(f"{function}: {name} must be a sequence of {count or 'one or more'}, not {given}")
    return parts
