"""The layers of a trained network: `parameters`, weights before biases, and `forward(x)`, the output for a batch.

How they learn is in engine/stages.py, what they were asked to be in engine/architecture.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from engine.convolution import conv2d
from engine.linear import linear
from engine.pooling import avg_pool2d, max_pool2d
from engine.rectifiers import relu

Array = NDArray[Any]
Sides = tuple[tuple[int, int], tuple[int, int]]


class Convolution(NamedTuple):
    """Filters that slide over the image, then a ReLU if `rectified`: (N, C, H, W) to (N, K, H', W')."""

    weight: Array
    bias: Array
    stride: tuple[int, int] = (1, 1)
    padding: Sides = ((0, 0), (0, 0))
    rectified: bool = True

    @property
    def parameters(self) -> tuple[Array, ...]:
        """The filters (K, C, R, S) and their biases (K,)."""
        return self.weight, self.bias

    def forward(self, x: Array) -> Array:
        """The feature maps."""
        maps = conv2d(x, self.weight, self.bias, stride=self.stride, padding=self.padding)
        return relu(maps) if self.rectified else maps


class Pooling(NamedTuple):
    """The largest value, or with `average` the mean, of each window: (N, C, H, W) to (N, C, H', W')."""

    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    average: bool = False

    @property
    def size(self) -> int:
        """Side of the windows, where they are square."""
        return self.kernel_size[0]

    @property
    def parameters(self) -> tuple[Array, ...]:
        """None: nothing is learnt."""
        return ()

    def forward(self, x: Array) -> Array:
        """The pooled maps."""
        return (avg_pool2d if self.average else max_pool2d)(x, self.kernel_size, stride=self.stride)


class Dense(NamedTuple):
    """Every output sees every input: (N, …) to (N, outputs), with a ReLU if `rectified`."""

    weight: Array
    bias: Array
    rectified: bool

    @property
    def parameters(self) -> tuple[Array, ...]:
        """The weights (outputs, inputs) and the biases (outputs,)."""
        return self.weight, self.bias

    def forward(self, x: Array) -> Array:
        """The weighted sums."""
        sums = linear(x.reshape(len(x), self.weight.shape[1]), self.weight, self.bias)
        return relu(sums) if self.rectified else sums


class Activated(NamedTuple):
    """An activation of the table `ACTIVATIONS`, at its default parameters, on every number."""

    activation: str

    @property
    def parameters(self) -> tuple[Array, ...]:
        """None: nothing is learnt."""
        return ()

    def forward(self, x: Array) -> Array:
        """The activated numbers, in the shape of x."""
        return ACTIVATIONS[self.activation].function(x)


class Thinned(NamedTuple):
    """Dropout with probability p while the network learnt; once trained, the identity."""

    p: float

    @property
    def parameters(self) -> tuple[Array, ...]:
        """None: nothing is learnt."""
        return ()

    def forward(self, x: Array) -> Array:
        """What came in."""
        return x


Layer = Convolution | Pooling | Dense | Activated | Thinned
KINDS: dict[str, type[Layer]] = {kind.__name__: kind for kind in (Convolution, Pooling, Dense, Activated, Thinned)}


def as_arrays(layer: Layer) -> dict[str, NDArray[Any]]:
    """A layer as arrays by name, for `numpy.savez`."""
    fields = {field: np.asarray(value) for field, value in layer._asdict().items()}
    return {"kind": np.array(type(layer).__name__), **fields}


def from_arrays(arrays: dict[str, NDArray[Any]]) -> Layer:
    """The layer whose `as_arrays` these are."""
    kind = KINDS[str(arrays["kind"])]
    fields: dict[str, Any] = {field: arrays[field] for field in kind._fields}
    return kind(**{field: value if field in ("weight", "bias") else _plain(value) for field, value in fields.items()})


def _plain(value: NDArray[Any]) -> Any:
    """Tuples of Python's numbers rather than arrays."""
    def tupled(item: Any) -> Any:
        return tuple(map(tupled, item)) if isinstance(item, list) else item

    return tupled(value.tolist())
