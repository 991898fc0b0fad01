"""What a row of the table is: a piece of work, who can do it, and how fast it should be."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import torch

from benchmarks.timing import Call
from engine.allocation import blank


class WrongResultError(AssertionError):
    """A peer that computes something else than the engine: its time would mean nothing."""


class Work(NamedTuple):
    """A row made ready: its arrays exist.

    Attributes
    ----------
    ours : function without arguments
    peers : mapping of str to function without arguments
    agree : function of (name, ours, theirs), the results of `ours` and of a peer
        Raises WrongResultError where they are not the same thing.
    flops, moved : float
        The least arithmetic and the least bytes, read and written once each, that the work takes.
    parts : int
        Into how many the time of a call is divided: the steps of a training.
    """

    ours: Call
    peers: Mapping[str, Call]
    agree: Callable[[str, Any, Any], None]
    flops: float
    moved: float
    parts: int = 1


class Row(NamedTuple):
    """One line of the table.

    Attributes
    ----------
    name, dtype : str
    must, aim : float
        Time of the engine over time of the best peer, one thread each.
    prepare : function without arguments
    divisible : bool
        Whether a second thread could help: it cannot where each step needs the one before.
    """

    name: str
    dtype: str
    must: float
    aim: float
    prepare: Callable[[], Work]
    divisible: bool = True


def into(function: Callable[..., Any], *data: Any, like: np.ndarray | None = None, **options: Any) -> Call:
    """A call of the engine's function, into the same array each time, of `like`'s shape or else of the result's."""
    if "out" in inspect.signature(function).parameters:
        example = function(*data, **options) if like is None else like
        options["out"] = blank(example.shape, example.dtype)
    return lambda: function(*data, **options)


def arrays(result: Any) -> list[np.ndarray]:
    """A result's parts as arrays, wherever they lie."""
    if isinstance(result, torch.Tensor):
        return [result.detach().numpy()]
    if isinstance(result, tuple | list):
        return [array for part in result for array in arrays(part)]
    return [np.asarray(result)]


def close(tolerance: float) -> Callable[[str, Any, Any], None]:
    """Agreement of every number, within `tolerance` of the largest of its array."""
    def agree(name: str, ours: Any, theirs: Any) -> None:
        one, other = arrays(ours), arrays(theirs)
        for a, b in zip(one, other, strict=True):
            if a.size != b.size:
                raise WrongResultError(f"{name}: {b.shape} instead of {a.shape}")
            error = float(np.max(np.abs(a - b.reshape(a.shape)))) / (float(np.max(np.abs(a))) or 1.0)
            if not error <= tolerance:
                raise WrongResultError(f"{name}: another result, by {error:.2g} of the largest number")
    return agree


def numbers(shape: tuple[int, ...], dtype: Any, seed: int = 0) -> np.ndarray:
    """Normal numbers, in an array of `blank`."""
    result = blank(shape, dtype)
    result[...] = np.random.default_rng(seed).standard_normal(shape)
    return result
