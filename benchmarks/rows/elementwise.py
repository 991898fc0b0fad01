"""Activations of many numbers, into an array that is there already wherever the library can."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import scipy.special
import torch

import engine
from benchmarks.rows.row import Row, Work, close, numbers
from benchmarks.timing import Call
from engine.allocation import blank

SIZES = {"10³": 10**3, "10⁶": 10**6, "10⁷": 10**7}
Peer = Callable[[np.ndarray, np.ndarray], Any]
"""Of x and the array that takes the result."""


class Function(NamedTuple):
    """An activation: its limits, its flops per element, PyTorch's function, the same into a tensor, other peers."""

    must: float
    aim: float
    flops: float
    torch: Callable[[torch.Tensor], torch.Tensor]
    torch_out: Callable[..., torch.Tensor]
    others: dict[str, Peer]
    sizes: tuple[str, ...] = tuple(SIZES)


def _leaky(x: np.ndarray, y: np.ndarray) -> Any:
    return np.maximum(x, np.multiply(x, np.float32(0.01), out=y), out=y)


def _elu(x: np.ndarray, y: np.ndarray) -> Any:
    return np.maximum(x, np.expm1(np.minimum(x, 0, out=y), out=y), out=y)


def _silu(x: np.ndarray, y: np.ndarray) -> Any:
    return np.multiply(x, scipy.special.expit(x, out=y), out=y)


# PyTorch's bindings without the Python around them, which takes no `out`.
_NN: Any = torch._C._nn
_F = torch.nn.functional


def _clamped(x: torch.Tensor, *, out: torch.Tensor) -> torch.Tensor:
    return torch.clamp_min(x, 0, out=out)


# An exponential of float32 to 1 or 2 ulp: 2 fused multiply-adds of reduction, 6 of polynomial, a scaling: 17 flops.
# The rest is counted on top by the shortest formula known for each; a division is one.
FUNCTIONS = {
    "relu": Function(1.0, 0.9, 1, torch.relu, _clamped, {"numpy": lambda x, y: np.maximum(x, 0, out=y)}),
    "leaky_relu": Function(1.0, 0.9, 2, _F.leaky_relu, _NN.leaky_relu, {"numpy": _leaky}),
    "sigmoid": Function(0.8, 0.4, 19, torch.sigmoid, torch.sigmoid, {
        "scipy": lambda x, y: scipy.special.expit(x, out=y)}),
    "elu": Function(0.8, 0.4, 19, _F.elu, _NN.elu, {"numpy": _elu}),
    "gelu": Function(0.8, 0.4, 37, _F.gelu, _NN.gelu, {}),
    "silu": Function(0.8, 0.4, 20, _F.silu, _NN.silu, {"scipy": _silu}),
    "softplus": Function(0.8, 0.4, 38, _F.softplus, _NN.softplus, {
        "numpy": lambda x, y: np.logaddexp(np.float32(0), x, out=y)}),
    "mish": Function(0.8, 0.4, 23, _F.mish, torch.ops.aten.mish.out, {}),
    "tanh": Function(1.1, 0.9, 20, torch.tanh, torch.tanh, {"numpy": lambda x, y: np.tanh(x, out=y)}, ("10⁶",)),
}


def elementwise(name: str, size: int) -> Work:
    """One activation of `size` normal numbers, threefold, so that both sides and their ends are met."""
    function = FUNCTIONS[name]
    x = numbers((size,), "float32")
    x *= 3
    source = torch.from_numpy(x)
    target = torch.empty_like(source)
    peers: dict[str, Call] = {
        "torch": lambda: function.torch(source),
        "torch out=": lambda: function.torch_out(source, out=target),
    }
    peers |= {peer: _into_array(call, x) for peer, call in function.others.items()}
    # Called as the peers are: unpacking arguments takes a tenth of the call at a thousand elements.
    ours, result = getattr(engine, name), blank(x.shape, x.dtype)
    return Work(lambda: ours(x, out=result), peers, close(3e-6), function.flops * size, 2.0 * x.nbytes)


def _into_array(call: Peer, x: np.ndarray) -> Call:
    y = blank(x.shape, x.dtype)
    return lambda: call(x, y)


ROWS = tuple(
    Row(f"{name} {size}", "float32", function.must, function.aim,
        functools.partial(elementwise, name, SIZES[size]))
    for name, function in FUNCTIONS.items() for size in function.sizes
)
