"""Calls of every public function with some of their arguments spoilt."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import numpy as np

import engine
from benchmarks.fuzz_good import Arguments, good
from benchmarks.fuzz_values import HUGE, anything, disturbed

# As many rounds as the caller likes: a call that would take years is no malformed one.
ROUNDS = ("epochs", "restarts", "steps", "starts")


class Call(NamedTuple):
    """A function, the word that its messages begin with, and what it is given."""

    function: Callable[..., Any]
    name: str
    arguments: Arguments


@functools.cache
def functions() -> dict[str, Callable[..., Any]]:
    """Every public function, the derivative of each activation, and the methods of classifiers and fits.

    The name of one begins with the word that its messages begin with, before a dot if there is one.
    """
    found = {name: getattr(engine, name) for name in engine.__all__ if inspect.isfunction(getattr(engine, name))}
    found |= {f"{a.function.__name__}.derivative": a.derivative for a in engine.ACTIVATIONS.values()}
    classifier, one = _classifier(), np.array([1.0, -1.0])
    fit, training = engine.Fit(one, one, one, 0.5, one, 0.0), engine.Training(one, one, one, 0.5, one, 0.0)
    found |= {f"{name}.network": getattr(classifier, name)
              for name in ("forward", "scores", "probabilities", "predict", "accuracy")}
    return found | {f"{name}.{kind}": getattr(line, name) for kind, line in (("fit", fit), ("training", training))
                    for name in ("neurons", "predict")}


def _classifier() -> engine.Network:
    """One of two classes, which has learnt nothing."""
    none = np.zeros(0)
    weight = np.array([[k % 3 - 1.0 for k in range(9)], [0.5] * 9], np.float32)
    return engine.LinearClassifier(weight, np.zeros(2, np.float32), (1, 3, 3),
                                   engine.History(none, none, none, none)).network


def _result(function: Callable[..., Any], arguments: Arguments, random: Random) -> Any:
    """An array that fits as `out`, or is an input, which some functions may write over."""
    if random.random() < 0.3:
        return next(value for value in arguments.values() if isinstance(value, np.ndarray))
    result = function(**arguments)
    return np.zeros_like(result[0] if isinstance(result, tuple) else result)


def _spoilt(value: Any, random: Random) -> Any:
    """Something else in the place of a good value, or the same with something wrong in it."""
    if isinstance(value, np.ndarray) and random.random() < 0.7:
        return disturbed(value, random)
    if isinstance(value, (tuple, list)) and value and random.random() < 0.5:
        parts = [_other(part, random) if random.random() < 0.4 else part for part in value]
        return value._make(parts) if hasattr(value, "_make") else type(value)(parts)
    return anything(random)


def _other(part: Any, random: Random) -> Any:
    """A part of a sequence, spoilt; sizes mostly by other sizes."""
    if isinstance(part, int) and random.random() < 0.7:
        return random.choice((*HUGE, 0, -1, 1, 2))
    return _spoilt(part, random)


def call(name: str, random: Random) -> Call:
    """A call of a public function of which none, some or all arguments are spoilt."""
    function = functions()[name]
    arguments = good(name, random)
    parameters = list(inspect.signature(function).parameters)
    if "out" in parameters and random.random() < 0.4:
        arguments["out"] = _result(function, arguments, random)
    for _ in range(random.choice((0, 1, 1, 1, 2, 3)) if parameters else 0):
        spoilt = random.choice(parameters)
        arguments[spoilt] = _spoilt(arguments.get(spoilt), random)
        rounds = arguments[spoilt] if spoilt in ROUNDS else 0
        if isinstance(rounds, (int, np.integer)) and rounds > 9:
            arguments[spoilt] = 2
    return Call(function, name.split(".")[0], arguments)
