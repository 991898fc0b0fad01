"""log_softmax of one score against one rival: what a figure draws of a function of many scores."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import floating, real
from engine.elementary import exp, log1p
from engine.squashing import sigmoid


def log_softmax_unit(x: Any, *, rival: float = 0.0) -> NDArray[Any]:
    """x − ln(eˣ + eʳ): the logarithm of the probability that softmax gives a score x beside a rival score r.

    Parameters
    ----------
    x : array_like
        Real numbers of any shape; float32 and float64 are kept, integers and float16 become float32.
    rival : float
        The other score.
    """
    x = floating("log_softmax_unit", "x", x)
    lead = _lead(x, rival)
    # The exponential of minus the distance never overflows, on either side.
    return np.asarray(np.minimum(lead, 0) - log1p(exp(-np.abs(lead))), x.dtype)


def log_softmax_unit_derivative(x: Any, *, rival: float = 0.0) -> NDArray[Any]:
    """1 − p, where p is the probability of the score: what the rival has."""
    x = floating("log_softmax_unit", "x", x)
    return np.asarray(sigmoid(-_lead(x, rival)), x.dtype)


def _lead(x: NDArray[Any], rival: float) -> NDArray[np.float64]:
    return np.asarray(np.asarray(x, np.float64) - real("log_softmax_unit", "rival", rival))
