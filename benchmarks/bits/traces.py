"""Traces of a setting: results that other instructions change, taken outside the engine."""

from __future__ import annotations

import hashlib
import math
import re
from typing import Any

import numba
import numpy as np

from engine.compile import OPTIONS
from engine.intrinsics import fma


def _probe(x: Any, y: Any) -> None:
    for i in range(x.size):
        y[i] = fma(x[i], x[i], y[i])


def traces() -> dict[str, str]:
    """The widest register and the multiply-add of kernels, and digests of what libm, numpy and its BLAS compute."""
    x = np.linspace(-3.0, 3.0, 4_000)
    # Compiled here as the engine's kernels are, not one of them: from the cache on disk, none shows its instructions.
    probe = numba.njit(**OPTIONS)(_probe)
    probe(x, x.copy())
    code = "".join(probe.inspect_asm().values())
    width = next((bits for name, bits in (("zmm", 512), ("ymm", 256)) if re.search(rf"%{name}\d", code)), 128)
    square = x[:3600].reshape(60, 60)
    return {
        "kernels": f"{width} bits, {'fma' if 'vfmadd' in code else 'no fma'}",
        "libm": _digest(np.array([math.exp(value) for value in x])),
        "numpy": _digest(np.exp(x.astype(np.float32))) + _digest(np.tanh(x)),
        "blas": _digest(square @ square.T[::-1]),
    }


def _digest(values: Any) -> str:
    return hashlib.sha256(values.tobytes()).hexdigest()[:4]
