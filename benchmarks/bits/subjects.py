"""What the digest is taken over: each subject calls its share of the engine's public functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.bits.record import Record

TYPES = (np.float32, np.float64)
# Where functions change their ways: zeros, subnormals, the ends of exp's range, and what is no number.
SPECIAL = (0.0, -0.0, 1.0, -1.0, 1e-45, -1e-40, 5e-324, 1e-20, 88.7, -87.4, -104.0, 709.8, -745.2, 3e38, -1e308,
           np.inf, -np.inf, np.nan)  # fmt: skip


LARGEST_ANGLE = 2.0**45  # rad, of sin and cos


class Sizes(NamedTuple):
    """How much of each subject is computed."""

    elements: int
    images: int
    side: int
    steps: int
    points: int


SHORT = Sizes(elements=1_000, images=3, side=12, steps=200, points=64)
FULL = Sizes(elements=1_200_000, images=64, side=32, steps=200, points=256)


def numbers(shape: int | tuple[int, ...], low: float = -1.0, high: float = 1.0, *, start: int = 1) -> NDArray[Any]:
    """Scattered float64 that owe nothing to the engine: multiples of an odd number, modulo 2**32."""
    size = int(np.prod(shape))
    scattered = (np.arange(start, start + size, dtype=np.uint64) * np.uint64(2654435761)) % np.uint64(2**32)
    return (low + (high - low) * (scattered / 2.0**32)).reshape(shape)


def _line(kind: Any, elements: int, low: float = -12.0, high: float = 12.0) -> NDArray[Any]:
    with np.errstate(over="ignore", under="ignore"):
        return np.concatenate([SPECIAL, numbers(elements, low, high)]).astype(kind)


def elementary(e: Record, sizes: Sizes) -> None:
    """The functions that libraries and machines disagree on."""
    for kind in TYPES:
        near, far = _line(kind, sizes.elements), _line(kind, sizes.elements, -1.0, 90.0)
        for x in (near, far):
            for name in ("exp", "expm1", "log", "log1p", "erf"):
                getattr(e, name)(x)
            for name in ("sin", "cos"):
                getattr(e, name)(x[np.abs(x) < LARGEST_ANGLE])


def activations(e: Record, sizes: Sizes) -> None:
    """Every activation and derivative, into new arrays and in place."""
    for kind in TYPES:
        x = _line(kind, sizes.elements)
        for activation in e.ACTIVATIONS.values():
            name = activation.function.__name__
            getattr(e, name)(x)
            e.keep(activation.derivative.__name__, activation.derivative(x))
            if e.accepts(name, "out"):
                getattr(e, name)(own := x.copy(), out=own)
        e.gelu(x, approximate="tanh")
        e.elu(x, alpha=0.5)
        e.softplus(x, beta=2.0)
        e.maxout(x[:4 * (x.size // 4)].reshape(-1, 4), 2)


def softmax(e: Record, sizes: Sizes) -> None:
    """Softmax along either axis, its logarithm, their gradients, the cross-entropy."""
    for kind in TYPES:
        scores = numbers((sizes.elements // 40, 10), -30.0, 30.0).astype(kind)
        grad = numbers(scores.shape, start=7).astype(kind)
        for axis in (-1, 0):
            e.softmax_gradient(e.softmax(scores, axis=axis), grad, axis=axis)
            e.log_softmax_gradient(e.log_softmax(scores, axis=axis), grad, axis=axis)
        e.cross_entropy(scores, np.arange(len(scores)) % 10)


def convolution(e: Record, sizes: Sizes) -> None:
    """Windows of several shapes, with both gradients: (C, H, W), (K, R, S) and options."""
    n, side = sizes.images, sizes.side
    cases: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
        ((n, 3, side, side), (8, 3, 3), {"padding": 1}),
        ((n, 8, side // 2, side // 2), (16, 3, 3), {"padding": "same"}),
        ((1, 1, 4 * side, 4 * side + 5), (1, 5, 5), {}),
        ((2, 6, side, side + 3), (4, 3, 2), {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 2), "groups": 2}),
    ]
    e.conv2d_output_size(side, 5, padding=2, stride=2)
    e.conv2d_parameters(6, 4, (3, 2), groups=2)
    e.linear_parameters(side, n)
    for kind in TYPES:
        for shape, (filters, *window), options in cases:
            x = numbers(shape).astype(kind)
            channels = shape[1] // options.get("groups", 1)
            weight = numbers((filters, channels, *window), start=5).astype(kind)
            y = e.conv2d(x, weight, numbers(filters).astype(kind), **options)
            grad = numbers(y.shape, start=11).astype(kind)
            e.conv2d_gradients(grad, x, weight, **options)
            e.conv2d_input_gradient(grad, weight, x.shape, **options)
            e.conv2d_weight_gradient(grad, x, weight.shape, **options)


def pooling(e: Record, sizes: Sizes) -> None:
    """Largest values and means of windows side by side and overlapping, with gradients."""
    e.max_pool2d_output_size(sizes.side, 3, stride=2, padding=1, ceil_mode=True)
    for kind in TYPES:
        x = numbers((sizes.images, 8, sizes.side, sizes.side)).astype(kind)
        for size, options in ((2, {}), (3, {"stride": 2, "padding": 1, "ceil_mode": True}), ((2, 5), {"stride": 1})):
            e.max_pool2d(x, size, **options)
            pooled = e.max_pool2d(x, size, return_indices=True, **options)
            grad = numbers(pooled.output.shape, start=3).astype(kind)
            e.max_pool2d_gradient(grad, pooled.indices, x.shape)
            e.avg_pool2d(x, size, **options)
            e.avg_pool2d_gradient(grad, x.shape, size, **options)


def chance(e: Record, sizes: Sizes) -> None:
    """Numbers drawn from a seed, dropout, and the pictograms drawn with them."""
    for kind in TYPES:
        e.uniform((sizes.elements,), seed=3, low=-1.0, high=2.0, dtype=kind)
        e.normal((sizes.elements,), seed=2**64 - 1, stream=5, dtype=kind)
        x = numbers(sizes.elements).astype(kind)
        e.dropout(x, 0.3, seed=9)
        dropped = e.dropout(x, 0.5, seed=9, stream=1, return_mask=True)
        e.dropout_gradient(x, dropped.mask, 0.5)
    e.permutation(sizes.elements, seed=4)
    e.weather_pictograms(sizes.images, seed=1)
    e.keep("CLASSES", e.CLASSES)


def linear(e: Record, sizes: Sizes) -> None:
    """Dense layers, with all their gradients."""
    for kind in TYPES:
        x, weight = numbers((sizes.images, 5 * sizes.side)).astype(kind), numbers((10, 5 * sizes.side)).astype(kind)
        y = e.linear(x, weight, numbers(10).astype(kind))
        e.linear_gradients(y, x, weight)
        e.linear_input_gradient(y, weight)
        e.linear_weight_gradient(y, x)


def training(e: Record, sizes: Sizes) -> None:
    """200 steps of each classifier, and all that it answers."""
    batch = max(2, sizes.images // 2)
    images = numbers((3 * batch, 3, sizes.side, sizes.side), 0.0, 1.0).astype(np.float32)
    labels = np.arange(len(images)) % 4
    epochs = -(-sizes.steps // 3)
    linear = e.train_linear_classifier(images, labels, seed=1, epochs=epochs, batch_size=batch)
    network = e.train_convolutional_network(images, labels, seed=1, epochs=epochs, batch_size=batch, kernel_size=3,
                                            channels=(4, 8), hidden=16, held_out=(images[:4], labels[:4]))
    for name, trained in (("LinearClassifier", linear), ("Network", network)):
        e.keep(name, (trained.scores(images), trained.probabilities(images), trained.predict(images)))
    e.keep("Network", network.forward(images[:2]))
    _any_layers(e, images, labels, epochs, batch)


def _any_layers(e: Record, images: NDArray[Any], labels: NDArray[Any], epochs: int, batch: int) -> None:
    """A network of every kind of layer, by either optimiser, in either type."""
    layers = [e.Conv2d(4, 3, padding=1), e.ReLU(), e.MaxPool2d(2), e.Conv2d(6, 3, stride=2), e.ActivationLayer("gelu"),
              e.AvgPool2d(2), e.Flatten(), e.DropoutLayer(0.25), e.Linear(4)]
    for kind, optimizer in zip(TYPES, (e.SGD(0.05, momentum=0.9), e.Adam()), strict=True):
        network = e.train_network(images, labels, layers, seed=2, optimizer=optimizer, epochs=epochs, batch_size=batch,
                                  weight_decay=1e-3, dtype=kind)
        e.keep("Network", network.scores(images))


def approximation(e: Record, sizes: Sizes) -> None:
    """Networks fitted to a curve."""
    x = np.linspace(-1.0, 1.0, sizes.points)
    for target in (x * x, numbers(sizes.points) + x, np.abs(x) - x * x * x):
        for hidden in (1, 4):
            fit = e.fit_relu_network(x, target, hidden, restarts=2)
            e.keep("Fit", (fit.predict(x), fit.neurons(x)))
    e.fit_relu_network(x, x * x, 3, hidden_bias=False)
    for kind in TYPES:
        trained = e.train_relu_network(x.astype(kind), (x * x).astype(kind), 5, steps=sizes.steps, starts=2)
        e.keep("Training", (trained.predict(x), trained.neurons(x)))


SUBJECTS: dict[str, Callable[[Record, Sizes], None]] = {
    subject.__name__: subject
    for subject in (elementary, activations, softmax, convolution, pooling, chance, linear, training, approximation)
}
