"""Dropout of ten million numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

import engine
from benchmarks.rows.row import Row, Work, WrongResultError, arrays, into, numbers

SIZE, P = 10**7, 0.5


def dropout() -> Work:
    """Against PyTorch's function and the operator below it, which gives the mask as well."""
    x = numbers((SIZE,), "float32")
    tensor = torch.from_numpy(x)
    peers = {
        "torch": lambda: torch.nn.functional.dropout(tensor, P),
        "torch native_dropout": lambda: torch.native_dropout(tensor, P, True)[0],
    }
    # Counted: a comparison and a product a number; drawing it is the method's own affair.
    return Work(into(engine.dropout, x, P, seed=1, like=x), peers, _agree(x), 2.0 * SIZE, 2.0 * x.nbytes)


def _agree(x: np.ndarray) -> Any:
    """Chance is each library's own: the same is that every number is silenced or scaled, in the right share."""
    def agree(name: str, ours: Any, theirs: Any) -> None:
        for result in (*arrays(ours), *arrays(theirs)):
            kept = result != 0
            if not np.allclose(result[kept], x[kept] / (1 - P), rtol=1e-6) or abs(kept.mean() - (1 - P)) > 1e-3:
                raise WrongResultError(f"{name}: no dropout with p = {P}")
    return agree


ROWS = (Row("dropout 10⁷", "float32", 0.05, 0.02, dropout),)
