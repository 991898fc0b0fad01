"""Calls of every public function that it should answer."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

import engine

Arguments = dict[str, Any]


def _numbers(random: Random, *shape: int) -> np.ndarray:
    dtype = random.choice((np.float32, np.float64))
    count = int(np.prod(shape))
    return np.array([random.randint(-8, 8) / 4 for _ in range(count)], dtype).reshape(shape)


def _labels(random: Random, count: int, classes: int) -> np.ndarray:
    return np.array([random.randrange(classes) for _ in range(count)], random.choice((np.int64, np.uint8)))


def _some(random: Random, **options: Any) -> Arguments:
    return {name: value for name, value in options.items() if random.random() < 0.4}


def _elementwise(random: Random) -> Arguments:
    return {"x": _numbers(random, *(random.randint(0, 4) for _ in range(random.randint(0, 3))))}


def _windows(random: Random) -> Arguments:
    return _some(random, stride=random.choice((1, 2, (2, 1))), dilation=random.choice((1, (1, 2))),
                 padding=random.choice((0, 1, (1, 2), ((0, 1), (2, 0)))))


def _convolution(random: Random) -> Arguments:
    groups, share, filters = random.choice((1, 1, 2)), random.randint(1, 2), random.randint(1, 2)
    x = _numbers(random, random.randint(1, 2), groups * share, random.randint(4, 6), random.randint(4, 6))
    weight = _numbers(random, groups * filters, share, random.randint(1, 3), random.randint(1, 2))
    return {"x": x, "weight": weight, "groups": groups, **_windows(random)}


def _conv2d(random: Random) -> Arguments:
    given = _convolution(random)
    return given | _some(random, bias=_numbers(random, len(given["weight"])))


def _conv2d_gradients(random: Random) -> Arguments:
    given = _convolution(random)
    return {"grad": np.ones_like(engine.conv2d(**given)), **given}


def _conv2d_input_gradient(random: Random) -> Arguments:
    given = _conv2d_gradients(random)
    return {"input_shape": given.pop("x").shape, **given}


def _conv2d_weight_gradient(random: Random) -> Arguments:
    given = _conv2d_gradients(random)
    return {"weight_shape": given.pop("weight").shape, **given}


def _pooling(random: Random, *, average: bool = False) -> Arguments:
    x = _numbers(random, random.randint(1, 2), random.randint(1, 2), random.randint(5, 7), random.randint(5, 7))
    given = _some(random, stride=random.choice((1, 2, (2, 3))), padding=random.choice((0, 1, (1, 0))),
                  ceil_mode=random.random() < 0.5)
    other = {"count_include_pad": random.random() < 0.5} if average else {"dilation": random.choice((1, (2, 1)))}
    return {"x": x, "kernel_size": random.choice((2, 3, (2, 3))), **given, **_some(random, **other)}


def _max_pool2d(random: Random) -> Arguments:
    return _pooling(random) | _some(random, return_indices=True)


def _max_pool2d_gradient(random: Random) -> Arguments:
    given = _pooling(random)
    pooled = engine.max_pool2d(**given, return_indices=True)
    return {"grad": pooled.output, "indices": pooled.indices, "input_shape": given["x"].shape}


def _avg_pool2d(random: Random) -> Arguments:
    return _pooling(random, average=True)


def _avg_pool2d_gradient(random: Random) -> Arguments:
    given = _pooling(random, average=True)
    return {"grad": engine.avg_pool2d(**given), "input_shape": given.pop("x").shape, **given}


def _linear(random: Random) -> Arguments:
    x, weight = _numbers(random, 3, 2), _numbers(random, 4, 2)
    return {"x": x, "weight": weight} | _some(random, bias=_numbers(random, 4))


def _drawn(random: Random) -> Arguments:
    shape = tuple(random.randint(0, 4) for _ in range(random.randint(0, 3)))
    return {"shape": random.choice((shape, random.randint(0, 9))), "seed": random.randrange(2**64)} | _some(
        random, stream=random.randrange(2**64), dtype=random.choice((np.float32, np.float64, "float32")))


def _images(random: Random, side: int) -> Arguments:
    images = np.array([random.random() for _ in range(4 * side * side)], np.float32).reshape(4, 1, side, side)
    return {"images": images, "labels": _labels(random, 4, 2), "seed": random.randrange(9), "epochs": 1} | _some(
        random, batch_size=random.randint(1, 5), classes=random.randint(2, 3), learning_rate=0.01, weight_decay=0.1,
        held_out=(images, _labels(random, 4, 2)))


def _scores(random: Random) -> Arguments:
    return {"scores": _numbers(random, 3, 4), "labels": _labels(random, 3, 4)}


def _matched(random: Random) -> Arguments:
    return {"y": _numbers(random, 2, 3), "gradient": _numbers(random, 2, 3)} | _some(random, axis=random.randint(-2, 1))


def _relu_network(random: Random) -> Arguments:
    return {"x": np.arange(6.0) / 6, "y": _numbers(random, 6), "hidden": random.randint(1, 3), "steps": 2} | _some(
        random, learning_rate=0.1, seed=random.randrange(9), starts=random.randint(1, 2))


def _network(random: Random) -> Arguments:
    given = _images(random, 4) | {"classes": 3}
    given.pop("learning_rate", None)
    between = [engine.ReLU(), engine.ActivationLayer("tanh"), engine.DropoutLayer(0.25), engine.MaxPool2d(2, (1, 2)),
               engine.AvgPool2d(2), engine.Flatten()]
    layers = [engine.Conv2d(2, 3, 1, (1, 2)), random.choice(between), engine.Linear(2), engine.Linear(3)]
    optimizer = random.choice((engine.SGD(0.1, 0.5, True), engine.Adam(0.01, (0.5, 0.5), 1e-6)))
    return given | {"layers": layers} | _some(random, optimizer=optimizer, dtype=random.choice(("f4", np.float64)))


def _looked_at(random: Random) -> Arguments:
    return {"images": _images(random, 3)["images"]}


# What a function takes that is told neither by its parameters nor by `_elementwise`.
GOOD: dict[str, Callable[[Random], Arguments]] = {
    "conv2d": _conv2d,
    "conv2d_gradients": _conv2d_gradients,
    "conv2d_input_gradient": _conv2d_input_gradient,
    "conv2d_weight_gradient": _conv2d_weight_gradient,
    "max_pool2d": _max_pool2d,
    "max_pool2d_gradient": _max_pool2d_gradient,
    "avg_pool2d": _avg_pool2d,
    "avg_pool2d_gradient": _avg_pool2d_gradient,
    "linear": _linear,
    "linear_gradients": lambda random: {"grad": _numbers(random, 3, 4), "x": _numbers(random, 3, 2),
                                        "weight": _numbers(random, 4, 2)},
    "linear_input_gradient": lambda random: {"grad": _numbers(random, 3, 4), "weight": _numbers(random, 4, 2)},
    "linear_weight_gradient": lambda random: {"grad": _numbers(random, 3, 4), "x": _numbers(random, 3, 2)},
    "conv2d_output_size": lambda random: {"size": random.randint(3, 9), "kernel_size": random.randint(1, 2)},
    "max_pool2d_output_size": lambda random: {"size": random.randint(3, 9), "kernel_size": random.randint(2, 3)},
    "conv2d_parameters": lambda random: {"in_channels": 2, "out_channels": 4, "kernel_size": random.randint(1, 9)},
    "linear_parameters": lambda random: {"in_features": random.randint(1, 9), "out_features": 3},
    "cross_entropy": _scores,
    "softmax": lambda random: {"x": _numbers(random, 2, 3)} | _some(random, axis=random.randint(-2, 1)),
    "log_softmax": lambda random: {"x": _numbers(random, 2, 3)} | _some(random, axis=random.randint(-2, 1)),
    "softmax_gradient": _matched,
    "log_softmax_gradient": _matched,
    "maxout": lambda random: {"x": _numbers(random, 2, 4, 3), "pieces": random.choice((1, 2, 4))},
    "dropout": lambda random: _elementwise(random) | {"seed": random.randrange(2**64)} | _some(
        random, p=random.random(), stream=1, training=False, return_mask=True),
    "dropout_gradient": lambda random: {"grad": _numbers(random, 3, 2), "mask": _numbers(random, 3, 2) > 0,
                                        "p": random.random()},
    "uniform": lambda random: _drawn(random) | _some(random, low=-1.0, high=2.0),
    "normal": _drawn,
    "permutation": lambda random: {"count": random.randint(0, 20), "seed": random.randrange(2**64)},
    "fit_relu_network": lambda random: {"x": np.arange(6.0), "y": _numbers(random, 6), "hidden": random.randint(1, 3),
                                        "restarts": 0} | _some(random, hidden_bias=False),
    "weather_pictograms": lambda random: {"count": random.randint(0, 4), "seed": random.randrange(9)} | _some(
        random, noise=0.2, shift=1.0, tilt=5.0, pale=0.5),
    "train_linear_classifier": lambda random: _images(random, 3),
    "set_num_threads": lambda random: {"count": random.randint(1, 3)},
    "get_num_threads": lambda random: {},
    "train_relu_network": _relu_network,
    "train_network": _network,
    "forward.network": _looked_at, "scores.network": _looked_at, "probabilities.network": _looked_at,
    "predict.network": _looked_at,
    "accuracy.network": lambda random: {**_looked_at(random), "labels": _labels(random, 4, 2)},
    "train_convolutional_network": lambda random: _images(random, 4) | {
        "channels": (1,), "kernel_size": 3, "pool_size": 1, "hidden": random.randint(0, 2)},
}


def good(name: str, random: Random) -> Arguments:
    """Arguments that a public function takes."""
    return GOOD.get(name, _elementwise)(random)
