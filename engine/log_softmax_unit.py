"""log_softmax of one score against one rival: what a figure draws of a function of many scores."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import floating, real
from engine.elementary import exp, log1p
from engine.elementwise import written
from engine.squashing import sigmoid


def log_softmax_unit(x: Any, *, rival: float = 0.0, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """x − ln(eˣ + eʳ): the logarithm of the probability that softmax gives a score x beside a rival score r.

    Parameters
    ----------
    x : array_like
        Real numbers of any shape; float32 and float64 are kept, integers and float16 become float32.
    rival : float
        The other score.
    out : ndarray, optional
        Where the result is written: a C-contiguous array of the result's shape and dtype, x itself allowed.
    """
    x = floating("log_softmax_unit", "x", x)
    # A rival may be further off than float32 reaches: the answer is then infinite.
    with np.errstate(all="ignore"):
        lead = _lead(x, rival)
        # The exponential of minus the distance never overflows, on either side.
        return written("log_softmax_unit", np.minimum(lead, 0) - log1p(exp(-np.abs(lead))), x, out)


def log_softmax_unit_derivative(x: Any, *, rival: float = 0.0, out: NDArray[Any] | None = None) -> NDArray[Any]:
    """1 − p, where p is the probability of the score: what the rival has."""
    x = floating("log_softmax_unit", "x", x)
    with np.errstate(all="ignore"):
        return written("log_softmax_unit", sigmoid(-_lead(x, rival)), x, out)


def _lead(x: NDArray[Any], rival: float) -> NDArray[np.float64]:
    return np.asarray(np.asarray(x, np.float64) - real("log_softmax_unit", "rival", rival))
