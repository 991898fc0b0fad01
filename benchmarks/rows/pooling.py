"""Max pooling with windows of 2 x 2 side by side."""

from __future__ import annotations

import functools

import numpy as np
import torch

import engine
from benchmarks.rows.row import Row, Work, close, into, numbers
from benchmarks.timing import Call
from engine.allocation import blank

MUST, AIM = 0.2, 0.12


def max_pooling(shape: tuple[int, ...]) -> Work:
    """Against PyTorch in both layouts, and NumPy's maximum of the four pixels' slices."""
    x = numbers(shape, "float32")
    contiguous = torch.from_numpy(x)
    last = contiguous.contiguous(memory_format=torch.channels_last)
    peers: dict[str, Call] = {
        "torch": lambda: torch.nn.functional.max_pool2d(contiguous, 2),
        "torch channels-last": lambda: torch.nn.functional.max_pool2d(last, 2),
        "numpy": _slices(x),
    }
    return Work(into(engine.max_pool2d, x, 2), peers, close(0.0), 0.75 * x.size, 1.25 * x.nbytes)


def _slices(x: np.ndarray) -> Call:
    corners = [x[..., row::2, column::2] for row in (0, 1) for column in (0, 1)]
    upper, lower = blank(corners[0].shape, x.dtype), blank(corners[0].shape, x.dtype)

    def pooled() -> np.ndarray:
        np.maximum(corners[0], corners[1], out=upper)
        np.maximum(corners[2], corners[3], out=lower)
        np.maximum(upper, lower, out=upper)
        return upper

    return pooled


ROWS = tuple(
    Row(f"max_pool2d 2×2 {'×'.join(map(str, shape))}", "float32", MUST, AIM, functools.partial(max_pooling, shape))
    for shape in ((64, 8, 32, 32), (1, 1, 4096, 4096))
)
