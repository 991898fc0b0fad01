"""Slow computations, remembered apart from the drawings that show them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from figures import store
from figures.canonical import canonical, digest
from figures.registry import deck
from figures.sources import Home, source_digest
from figures.versions import OF_NUMBERS, versions


class Kept(Protocol):
    """A result that can be taken apart into arrays and put together again."""

    def arrays(self) -> dict[str, NDArray[Any]]: ...


Result = TypeVar("Result", bound=Kept)


def remembered(compute: Callable[..., Result], restore: Callable[[Mapping[str, NDArray[Any]]], Result],
               **parameters: Any) -> Result:
    """``compute(**parameters)``, or its result from an earlier time.

    The key holds the sources that `compute` reaches, its parameters and the versions of numpy and numba, and nothing
    of how the result is drawn: a change of colour trains no network again. What a deck brings along is best computed in
    a file of its own beside its figures.py, for the same reason.
    """
    name, home = _home(compute)
    key = digest(name, compute.__qualname__, source_digest(home),
                 json.dumps(versions(OF_NUMBERS)), canonical(parameters))
    if (data := store.get("results", key)) is not None:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return restore(dict(stored))
    result = compute(**parameters)
    buffer = io.BytesIO()
    np.savez(buffer, **cast(Any, result.arrays()))
    store.keep("results", key, buffer.getvalue())
    return result


def _home(compute: Callable[..., Any]) -> tuple[str, Home]:
    """Where a function is written; of what a deck brings along, by a name that it has wherever the deck lies."""
    folder, file = deck(), getattr(sys.modules[compute.__module__], "__file__", None)
    if folder is not None and file is not None and Path(file).is_relative_to(folder):
        return f"own:{Path(file).relative_to(folder).as_posix()}", Path(file)
    return compute.__module__, compute.__module__
