"""A dense network of the user's own, from NumPy arrays or from PyTorch, which is never imported here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import floating
from engine.received import shown
from figures.flow import LARGEST, Dense

# The figure has ReLU inside and a sigmoid at the end.
FOREIGN = {"Tanh", "GELU", "ELU", "LeakyReLU", "SiLU", "Softplus", "Mish", "SELU", "PReLU", "Hardswish", "CELU"}

MOST = 1e6  # a network is computed in float32


class Module(Protocol):
    """What is asked of a `torch.nn.Module`."""

    def state_dict(self) -> Any: ...
    def modules(self) -> Any: ...


Weights = ArrayLike | Sequence[ArrayLike | tuple[ArrayLike, ArrayLike]] | Mapping[str, Any] | Module


def dense_layers(function: str, weights: Any, most: int) -> list[Dense]:
    """The layers of a network, inputs first.

    Parameters
    ----------
    function : str
        The figure's name, for the messages.
    weights : array_like (outputs, inputs), sequence of them or of (weight, bias), mapping of names, or module
        A mapping is a `state_dict`: each "….weight" is a layer, with the "….bias" of its name. A module has one.
    most : int
        How many layers of neurons a slide has room for.

    Raises
    ------
    TypeError, ValueError
        Weights that are no finite matrices, that do not follow each other, too many layers, activation functions that
        the figure does not have.
    """
    if hasattr(weights, "state_dict") and hasattr(weights, "modules"):
        _same_functions(function, weights)
        weights = weights.state_dict()
    named = list(_named(function, weights))
    if not 1 <= len(named) < most:
        raise ValueError(f"{function}: weights must be 1 to {most - 1} layers, not {len(named)}")
    layers = [_layer(function, *layer) for layer in named]
    for (name, _, _), before, (weight, _) in zip(named[1:], layers, layers[1:], strict=False):
        if weight.shape[1] != before.weight.shape[0]:
            raise ValueError(f"{function}: {name} {weight.shape} must take the {before.weight.shape[0]} outputs of the "
                             f"layer before it, not {weight.shape[1]}")  # fmt: skip
    return layers


def _same_functions(function: str, module: Any) -> None:
    kinds = [type(part).__name__ for part in module.modules()]
    if foreign := [kind for kind in kinds if kind in FOREIGN]:
        raise ValueError(f"{function}: weights must be of a network with ReLU inside, which the figure computes, "
                         f"not {foreign[0]}; give its state_dict() to see it with ReLU")  # fmt: skip


def _named(function: str, weights: Any) -> Iterator[tuple[str, Any, Any]]:
    """The name, the weights and the biases of each layer."""
    if isinstance(weights, Mapping):
        for key, value in weights.items():
            stem, _, kind = str(key).rpartition(".")
            if kind == "weight":
                yield f"weights[{key!r}]", value, weights.get(f"{stem}.bias" if stem else "bias")
            elif kind != "bias":
                raise ValueError(f"{function}: weights must name a weight or a bias, not {key!r}")
    elif _axes(weights) == 2:
        yield "weights", weights, None
    elif isinstance(weights, (list, tuple)):
        for k, layer in enumerate(weights):
            pair = isinstance(layer, (list, tuple)) and len(layer) == 2 and (_axes(layer[0]), _axes(layer[1])) == (2, 1)
            yield f"weights[{k}]", *(layer if pair else (layer, None))
    else:
        rule = "weights must be a matrix (outputs, inputs), a list of them, a state_dict or a module"
        told = f"{weights.shape}" if hasattr(weights, "shape") else shown(weights)
        raise TypeError(f"{function}: {rule}, not {told}")


def _axes(value: Any) -> int | None:
    """How many axes an array has, or lists of lists; None for what is neither."""
    if hasattr(value, "ndim"):
        return int(value.ndim)
    if not isinstance(value, (list, tuple)) or not value:
        return None if isinstance(value, (list, tuple)) or not isinstance(value, (int, float)) else 0
    inner = {_axes(part) for part in value}
    first = inner.pop()
    return None if inner or first is None else first + 1


def _layer(function: str, name: str, weight: Any, bias: Any) -> Dense:
    matrix = _plain(function, name, weight, 2)
    if 0 in matrix.shape or max(matrix.shape) > LARGEST:
        raise ValueError(f"{function}: {name} must have 1 to {LARGEST} rows and columns, not {matrix.shape}")
    if bias is None:
        return Dense(matrix, np.zeros(0))
    row = _plain(function, f"the bias of {name}", bias, 1)
    if row.shape != matrix.shape[:1]:
        raise ValueError(f"{function}: {name} {matrix.shape} needs {matrix.shape[0]} biases, not {row.size}")
    return Dense(matrix, row)


def _plain(function: str, name: str, value: Any, axes: int) -> NDArray[np.float64]:
    for step in ("detach", "cpu"):  # a tensor that keeps track of gradients, or lies on another device
        value = getattr(value, step)() if hasattr(value, step) else value
    array = floating(function, name, value, axes, finite=True).astype(np.float64)
    if array.size and np.abs(array).max() > MOST:
        raise ValueError(f"{function}: {name} must lie within ±{MOST:g}, not {np.abs(array).max():g}")
    return array
