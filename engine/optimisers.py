"""Optimisers: how far each parameter moves against its gradient, at every step of a training."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arguments import flag, real
from engine.compile import kernel
from engine.received import parts_of, shown

Array = NDArray[Any]

_LARGEST = float(np.finfo(np.float32).max)


class Adam(NamedTuple):
    """Gradient descent that gives each parameter a step of its own.

    Attributes
    ----------
    learning_rate : float, at least 0
    betas : (float, float), each in [0, 1)
        How much of the running means of the gradients and of their squares each step keeps.
    eps : float, at least 0
        Added to the root of the mean square, so that a gradient of zero moves nothing.

    References
    ----------
    Kingma & Ba (2015), Adam: a method for stochastic optimization, arXiv:1412.6980, algorithm 1.
    """

    learning_rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8


class SGD(NamedTuple):
    """Stochastic gradient descent: steps along the gradient, and along those before it if there is momentum.

    Attributes
    ----------
    learning_rate : float, at least 0
    momentum : float, in [0, 1)
        The velocity is momentum times the one before, plus the gradient.
    nesterov : bool
        Whether the step looks ahead: the gradient plus momentum times the velocity, and not the velocity alone.

    References
    ----------
    Sutskever, Martens, Dahl & Hinton (2013), On the importance of initialization and momentum in deep learning, ICML.
    """

    learning_rate: float = 1e-2
    momentum: float = 0.0
    nesterov: bool = False


Optimizer = Adam | SGD


def setting(function: str, name: str, value: Any) -> float:
    """A float from 0 to the largest of float32, which parameters may be."""
    number = real(function, name, value, 0.0)
    if number > _LARGEST:
        raise ValueError(f"{function}: {name} must be finite in float32, not {shown(value)}")
    return number


def optimizer_of(function: str, optimizer: Any) -> Optimizer:
    """What a caller gave as `optimizer`, with its numbers checked."""
    if isinstance(optimizer, Adam):
        betas = parts_of(function, "betas", optimizer.betas)
        if betas is None or len(betas) != 2:
            raise TypeError(f"{function}: betas must be a pair of numbers, not {shown(optimizer.betas)}")
        first, second = (real(function, "betas", beta, 0.0, 1.0, open_high=True) for beta in betas)
        return Adam(setting(function, "learning_rate", optimizer.learning_rate), (first, second),
                    setting(function, "eps", optimizer.eps))
    if isinstance(optimizer, SGD):
        momentum = real(function, "momentum", optimizer.momentum, 0.0, 1.0, open_high=True)
        nesterov = flag(function, "nesterov", optimizer.nesterov)
        if nesterov and not momentum:
            raise ValueError(f"{function}: nesterov needs a momentum above 0")
        return SGD(setting(function, "learning_rate", optimizer.learning_rate), momentum, nesterov)
    raise TypeError(f"{function}: optimizer must be Adam(…) or SGD(…), not {shown(optimizer)}")


class AdamSteps:
    """What Adam remembers of the gradients of one flat array of parameters, which it changes in place."""

    def __init__(self, optimizer: Adam, parameters: Array) -> None:
        self.settings, self.parameters, kind = optimizer, parameters, parameters.dtype.type
        self.mean, self.square = np.zeros_like(parameters), np.zeros_like(parameters)
        # Powers of the betas, by repeated products: pow() has other bits on other machines.
        self.mean_left, self.square_left = 1.0, 1.0
        (first, second), eps = optimizer.betas, optimizer.eps
        self.constants = kind(first), kind(1.0 - first), kind(second), kind(1.0 - second), kind(eps)

    def step(self, gradient: Array) -> None:
        """Move every parameter against its gradient."""
        self.mean_left *= self.settings.betas[0]
        self.square_left *= self.settings.betas[1]
        kind = self.parameters.dtype.type
        rate, scale = self.settings.learning_rate / (1.0 - self.mean_left), 1.0 / np.sqrt(1.0 - self.square_left)
        # A rate may overflow: so do the parameters, which is seen at the end.
        with np.errstate(all="ignore"):
            first = kind(rate)
        _adam(self.parameters, gradient, self.mean, self.square, first, kind(scale), *self.constants)


class SGDSteps:
    """The velocity of one flat array of parameters, which gradient descent changes in place."""

    def __init__(self, optimizer: SGD, parameters: Array) -> None:
        kind, (rate, momentum, nesterov) = parameters.dtype.type, optimizer
        self.parameters, self.velocity = parameters, np.zeros_like(parameters)
        # One formula for both: the step is `own` times the gradient plus `share` times the velocity.
        self.constants = (kind(rate), kind(momentum), *((kind(1), kind(momentum)) if nesterov else (kind(0), kind(1))))

    def step(self, gradient: Array) -> None:
        """Move every parameter against its gradient."""
        _descend(self.parameters, gradient, self.velocity, *self.constants)


def steps_of(optimizer: Optimizer, parameters: Array) -> AdamSteps | SGDSteps:
    """The optimiser at work on one flat, C-contiguous array of float32 or float64."""
    return AdamSteps(optimizer, parameters) if isinstance(optimizer, Adam) else SGDSteps(optimizer, parameters)


@kernel
def _adam(parameters: Array, gradient: Array, mean: Array, square: Array, rate: Any, scale: Any, old: Any, new: Any,
          old_square: Any, new_square: Any, eps: Any) -> None:
    for i in range(parameters.size):
        mean[i] = old * mean[i] + new * gradient[i]
        square[i] = old_square * square[i] + new_square * (gradient[i] * gradient[i])
        parameters[i] -= rate * mean[i] / (np.sqrt(square[i]) * scale + eps)


@kernel
def _descend(parameters: Array, gradient: Array, velocity: Array, rate: Any, momentum: Any, own: Any,
             share: Any) -> None:
    for i in range(parameters.size):
        velocity[i] = momentum * velocity[i] + gradient[i]
        parameters[i] -= rate * (own * gradient[i] + share * velocity[i])
