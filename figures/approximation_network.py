"""A fitted ReLU network as slide 7 shows it: a broken line, its knots, and what each neuron adds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.approximation import Fit, fit_relu_network
from figures.approximation_target import Target

Array = NDArray[np.float64]
NEAR = 0.01  # of the interval: two knots that are nearer may be one on a slide
UNSEEN = 0.005  # of the target's range: about a pixel of the drawing
FLAT = 1e-3  # of the range over the interval: a smaller change of slope is none


class Approximation(NamedTuple):
    """What a network of `width` hidden neurons makes of a target.

    Attributes
    ----------
    ends : ndarray, (segments + 1,)
        Where its segments begin and end, from the first point to the last.
    values : ndarray, (segments + 1,)
        The network there.
    """

    width: int
    hidden_bias: bool
    fit: Fit
    ends: Array
    values: Array

    @property
    def knots(self) -> Array:
        """Where the broken line changes direction."""
        return self.ends[1:-1]

    @property
    def segments(self) -> int:
        """Straight pieces of the broken line."""
        return self.ends.size - 1


def approximation(target: Target, width: int, *, hidden_bias: bool, seed: int) -> Approximation:
    """The network that the engine fits to the target."""
    fit = fit_relu_network(target.x, target.y, width, hidden_bias=hidden_bias, seed=seed)
    ends = np.array([target.x[0], *_knots(fit, target), target.x[-1]])
    return Approximation(width, hidden_bias, fit, ends, fit.predict(ends))


def _knots(fit: Fit, target: Target) -> list[float]:
    """The neurons' knots at which the network can be seen to turn, from left to right."""
    span, height = target.x[-1] - target.x[0], float(np.ptp(target.y))
    # A neuron that only gives the line its first slope has its knot at the first point.
    inside = (fit.knots > target.x[0] + 1e-6 * span) & (fit.knots < target.x[-1] - 1e-6 * span)
    turning = np.abs(fit.hidden_weight * fit.output_weight) > FLAT * height / span
    knots = np.unique(fit.knots[inside & turning]).tolist()
    k = 0
    while k + 1 < len(knots):
        # Two knots between neighbouring points are one to the data: it is up to rounding how the fit parts them.
        between = 0.5 * (knots[k] + knots[k + 1])
        first, middle, second = fit.predict([knots[k], between, knots[k + 1]])
        sagging = max(abs(middle - first), abs(middle - second))
        if knots[k + 1] - knots[k] < NEAR * span and sagging < UNSEEN * height:
            knots[k : k + 2] = [between]
        else:
            k += 1
    return [float(knot) for knot in knots]
