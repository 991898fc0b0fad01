"""Convolutions that keep the image's size, and their gradients."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import cv2
import numpy as np
import scipy.signal
import torch

import engine
from benchmarks.rows.row import Row, Work, close, into, numbers
from benchmarks.timing import Call
from engine.allocation import blank


class Geometry(NamedTuple):
    """A batch of square images and filters, and how fast the convolution must and should be in float32."""

    images: int
    channels: int
    side: int
    filters: int
    window: int
    must: float
    aim: float

    @property
    def name(self) -> str:
        """As in the issue's table."""
        filters = f" → {self.filters}" if self.filters > 1 else ""
        return f"{self.images}×{self.channels}×{self.side}×{self.side}{filters} k{self.window}"

    @property
    def flops(self) -> float:
        """Multiplications and additions of every window, those of the border included."""
        return 2.0 * self.images * self.filters * self.channels * (self.window * self.side) ** 2

    def operands(self, dtype: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Images, filters, biases."""
        return (numbers((self.images, self.channels, self.side, self.side), dtype),
                numbers((self.filters, self.channels, self.window, self.window), dtype, 1),
                numbers((self.filters,), dtype, 2))


GEOMETRIES = (
    Geometry(1, 1, 8, 1, 3, 0.6, 0.4),
    Geometry(1, 1, 28, 1, 5, 0.6, 0.4),
    Geometry(1, 3, 32, 16, 3, 0.6, 0.4),
    Geometry(1, 1, 512, 1, 3, 1.0, 0.8),
    Geometry(1, 1, 512, 1, 5, 1.0, 0.8),
    Geometry(64, 3, 32, 8, 3, 0.6, 0.4),
    Geometry(64, 8, 16, 16, 3, 1.05, 0.95),
    Geometry(8, 64, 56, 64, 3, 1.15, 1.0),
)
FLOAT64 = 0.6, 0.4
GRADIENTS = 0.8, 0.4
TOLERANCE = {"float32": 2e-5, "float64": 1e-12}
LAYOUTS = {"torch": torch.contiguous_format, "torch channels-last": torch.channels_last}


def forward(geometry: Geometry, dtype: str) -> Work:
    """The convolution with bias."""
    x, weight, bias = geometry.operands(dtype)
    padding = geometry.window // 2
    ours = into(engine.conv2d, x, weight, bias, padding=padding)
    peers = {name: _torch(x, weight, bias, padding, layout) for name, layout in LAYOUTS.items()}
    if geometry.images == geometry.channels == geometry.filters == 1:
        peers |= _single(x[0, 0], weight[0, 0], float(bias[0]))
    moved = x.nbytes + weight.nbytes + bias.nbytes + x.nbytes / geometry.channels * geometry.filters
    return Work(ours, peers, close(TOLERANCE[dtype]), geometry.flops, moved)


def _torch(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, padding: int, layout: Any) -> Call:
    image, filters = (torch.from_numpy(array).contiguous(memory_format=layout) for array in (x, weight))
    offsets = torch.from_numpy(bias)
    return lambda: torch.nn.functional.conv2d(image, filters, offsets, padding=padding)


def _single(x: np.ndarray, weight: np.ndarray, bias: float) -> dict[str, Call]:
    """Peers for one channel and one filter."""
    y = blank(x.shape, x.dtype)
    with_border = cv2.BORDER_CONSTANT  # of zeros
    return {
        "OpenCV": lambda: cv2.filter2D(x, -1, weight, dst=y, delta=bias, borderType=with_border),
        "scipy": lambda: scipy.signal.correlate2d(x, weight, "same") + x.dtype.type(bias),
    }


def backward(geometry: Geometry, dtype: str) -> Work:
    """The gradients by images, filters and biases."""
    x, weight, _ = geometry.operands(dtype)
    padding = geometry.window // 2
    grad = numbers((geometry.images, geometry.filters, geometry.side, geometry.side), dtype, 3)
    peers = {name: _torch_backward(grad, x, weight, padding, layout) for name, layout in LAYOUTS.items()}
    moved = 2 * x.nbytes + 2 * weight.nbytes + grad.nbytes
    # Sums over all images: more terms, more rounding.
    return Work(lambda: engine.conv2d_gradients(grad, x, weight, padding=padding), peers,
                close(10 * TOLERANCE[dtype]), 2 * geometry.flops, moved)


def _torch_backward(grad: np.ndarray, x: np.ndarray, weight: np.ndarray, padding: int, layout: Any) -> Call:
    """What autograd calls, without its bookkeeping."""
    tensors = [torch.from_numpy(array).contiguous(memory_format=layout) for array in (grad, x, weight)]
    operator, filters = torch.ops.aten.convolution_backward, weight.shape[0]
    return lambda: operator(*tensors, [filters], [1, 1], [padding, padding], [1, 1], False, [0, 0], 1, [True] * 3)


def _row(geometry: Geometry, dtype: str) -> Row:
    must, aim = (geometry.must, geometry.aim) if dtype == "float32" else FLOAT64
    return Row(f"conv2d {geometry.name}", dtype, must, aim, functools.partial(forward, geometry, dtype))


def _gradient_row(geometry: Geometry) -> Row:
    return Row(f"conv2d gradients {geometry.name}", "float32", *GRADIENTS,
               functools.partial(backward, geometry, "float32"))


ROWS = (
    *(_row(geometry, dtype) for dtype in ("float32", "float64") for geometry in GEOMETRIES),
    *(_gradient_row(geometry) for geometry in GEOMETRIES if geometry.images == 64),
)
