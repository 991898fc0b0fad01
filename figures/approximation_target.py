"""What the networks of slide 7 approach: a named function, the caller's own, or measured points."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.activations import sigmoid, tanh
from engine.arguments import choice, real
from engine.elementary import exp, sin

Array = NDArray[np.float64]
Function = Callable[[Array], ArrayLike]


class Target(NamedTuple):
    """What to approach, in the order of x, and what it is called.

    Attributes
    ----------
    x, y : ndarray, (points,)
        What the networks learn.
    curve : ndarray, (2, points + 2)
        What is drawn: the same points and the ends of the interval.
    name, formula, plain : str
        One of `NAMED`, "function" or "points"; typeset; for the alternative text.
    """

    x: Array
    y: Array
    curve: Array
    name: str
    formula: str = ""
    plain: str = ""

    @property
    def interval(self) -> tuple[float, float]:
        """Where the approximation is made."""
        return float(self.curve[0, 0]), float(self.curve[0, -1])


class _Named(NamedTuple):
    function: Function
    formula: str
    plain: str


NAMED = {
    "square": _Named(lambda x: x * x, r"$x^2$", "x²"),
    "absolute": _Named(np.abs, r"$|x|$", "|x|"),
    "sine": _Named(lambda x: sin(np.pi * x), r"$\sin(\pi x)$", "sin(πx)"),
    "tanh": _Named(lambda x: tanh(4.0 * x), r"$\tanh(4x)$", "tanh(4x)"),
    "bump": _Named(lambda x: exp(-8.0 * x * x), r"$e^{-8x^2}$", "exp(−8x²)"),
    # Steep, not broken: the theorem speaks of continuous functions.
    "step": _Named(lambda x: sigmoid(20.0 * x), r"$1/(1+e^{-20x})$", "1/(1 + exp(−20x))"),
}  # fmt: skip


def points_of(caller: str, target: Any, interval: Any, points: int) -> Target:
    """The points that a figure's `target`, `interval` and `points` stand for.

    Raises
    ------
    TypeError, ValueError
        No such name, a function that does not give a finite number for each x, arrays that do not match.
    """
    if isinstance(target, str):
        named = NAMED[choice(caller, "target", target, NAMED)]
        return _sampled(caller, named.function, interval, points)._replace(
            name=target, formula=named.formula, plain=named.plain)  # fmt: skip
    return _sampled(caller, target, interval, points) if callable(target) else _measured(caller, target)


def _sampled(caller: str, function: Function, interval: Any, points: int) -> Target:
    """A function at the middles of equal parts of the interval, so that a mean is nearly the integral."""
    if isinstance(interval, str) or not isinstance(interval, (Sequence, np.ndarray)) or len(interval) != 2:
        raise TypeError(f"{caller}: interval must be a pair of numbers, not {interval!r}")
    low, high = (real(caller, "interval", end) for end in interval)
    if not low < high:
        raise ValueError(f"{caller}: interval must go from a lower to a higher number, not {low:g} to {high:g}")
    parts = np.concatenate([[0.0], (np.arange(points) + 0.5) / points, [1.0]])
    x = low * parts[::-1] + high * parts  # the same on both sides of the middle, to the last bit
    y = _numbers(caller, "target(x)", _called(caller, function, x))
    return Target(x[1:-1], y[1:-1], np.stack([x, y]), "function")


def _called(caller: str, function: Function, x: Array) -> ArrayLike:
    """A function of all x at once, or, where it cannot take them so, of one after the other."""
    with np.errstate(all="ignore"):  # what is not finite is told by its value
        found: Any = None
        with contextlib.suppress(Exception):
            found = np.asarray(function(x.copy()))
        if found is not None and found.shape == x.shape:
            return np.asarray(found)
        values = [_one(caller, function, number, found) for number in x.tolist()]
    return np.array(values)


def _one(caller: str, function: Function, x: float, together: NDArray[Any] | None) -> Any:
    rule = f"{caller}: target must give one number for each x"
    try:
        value = np.asarray(function(x))  # type: ignore[arg-type]
    except Exception as error:
        if together is not None and together.size != 1:
            raise ValueError(f"{rule}, not {together.shape} for {x:g}, …") from error
        told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise ValueError(f"{rule}; it raised {told} at x = {x:g}") from error
    if value.shape != ():
        raise ValueError(f"{rule}, not {value.shape} at x = {x:g}")
    return value.item()


def _numbers(caller: str, name: str, value: Any) -> Array:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{caller}: {name} must hold real numbers, not {array.dtype}")
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{caller}: {name} must be finite; it holds {array[~np.isfinite(array)].flat[0]}")
    return array


def _measured(caller: str, pair: Any) -> Target:
    if not isinstance(pair, (tuple, list, np.ndarray)) or len(pair) != 2:
        raise TypeError(f"{caller}: target must be a name, a function or a pair of arrays (x, y), not {pair!r}")
    x, y = _numbers(caller, "x", pair[0]), _numbers(caller, "y", pair[1])
    if x.ndim != 1 or x.shape != y.shape or x.size < 4:
        raise ValueError(f"{caller}: x and y must be two rows of at least 4 numbers, not {x.shape} and {y.shape}")
    order = np.argsort(x, kind="stable")
    if not x[order[0]] < x[order[-1]]:
        raise ValueError(f"{caller}: x must hold more than one value, not only {x[0]:g}")
    return Target(x[order], y[order], np.stack([x[order], y[order]]), "points")
