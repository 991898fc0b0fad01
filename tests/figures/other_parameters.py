"""Calls of every figure that together say every word: by a title, the figure's name and its parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.activations import ACTIVATIONS
from figures.registry import MAKING
from figures.sources import homes

OWN = {"images": "own", "confidence": (0, 1)}  # a file of images that the test makes
_ACTIVATIONS = sorted(ACTIVATIONS)
_PAIRS = list(zip(_ACTIVATIONS, _ACTIVATIONS[1:] + _ACTIVATIONS[:1], strict=True))[::2]

_OTHERS: list[tuple[str, dict[str, Any]]] = [
    *(("activation_pair", {"names": pair, "reach": 4}) for pair in _PAIRS),
    ("activation_gallery", {"names": _ACTIVATIONS[:12]}),
    ("activation_gallery", {"names": ["relu"]}),
    ("neuron", {"inputs": [2], "weights": [0.5]}),
    ("neuron", {"inputs": [1 / 3, 1], "weights": [0.5, -1.25], "bias": 1 / 3, "activation": "sigmoid"}),
    ("network_layers", {"sizes": ((3, 1),)}),
    ("network_layers", {"sizes": ((2, 5, 5, 5, 1), (3, 4, 4, 1))}),
    ("network_layers", {"sizes": ((12, 20, 3),)}),
    ("network_layers", {"sizes": ((2,) * 8, (3,) * 8)}),
    ("universal_approximation", {"widths": (1,)}),
    ("universal_approximation", {"hidden_bias": False}),
    ("universal_approximation", {"widths": (1, 2, 4, 8)}),
    ("universal_approximation", {"target": "sine", "widths": (2, 4, 8, 16)}),
    ("universal_approximation", {"target": "step"}),
    ("universal_approximation", {"target": "absolute", "widths": (1, 3)}),
    ("universal_approximation", {"target": ([0, 1, 2, 3, 4, 5], [0, 1, 4, 9, 16, 25]), "widths": (2, 3)}),
    ("universal_approximation", {"target": np.sin, "widths": (3, 4)}),
    ("max_pooling", {"stride": 1}),
    ("max_pooling", {"stride": (1, 2)}),
    ("max_pooling", {"kernel_size": 3}),
    ("max_pooling", {"grid": [[1000, 2.5, 3], [4, -5, 6], [7, 8, 9]], "kernel_size": (2, 3), "stride": 1}),
    ("dropout", {"p": 0.3}),
    ("dropout", {"sizes": (3, 2, 1)}),
    ("dropout", {"sizes": (2, 1, 2), "p": 0.1}),
    ("convolution_sweep", {"kernel": [[1, 0], [0, -1]]}),
    ("convolution_sweep", {"kernel": [[1]]}),
    ("convolution_pixel", {"kernel": [[0.25, 1.5], [0, -2]]}),
    ("image_kernels", {"kernels": ("blur",)}),
    ("linear_classifier", OWN),
    ("convolutional_network", {**OWN, "epochs": 1}),
    ("convolutional_network", {**OWN, "epochs": 1, "channels": (4, 4, 4), "hidden": 20, "kernel_size": 3}),
    ("convolutional_network", {**OWN, "epochs": 1, "channels": (24,), "hidden": 300}),
]
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    **{name: (name, {}) for name in sorted(homes("figures")) if homes("figures")[name] not in MAKING},
    **{f"{name} {number}": (name, given) for number, (name, given) in enumerate(_OTHERS)},
}
