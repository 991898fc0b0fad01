"""Slow computations, remembered apart from the drawings that show them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from figures import store
from figures.canonical import canonical, digest
from figures.sources import source_digest
from figures.versions import OF_NUMBERS, versions


class Kept(Protocol):
    """A result that can be taken apart into arrays and put together again."""

    def arrays(self) -> dict[str, NDArray[Any]]: ...


Result = TypeVar("Result", bound=Kept)


def remembered(compute: Callable[..., Result], restore: Callable[[Mapping[str, NDArray[Any]]], Result],
               **parameters: Any) -> Result:
    """``compute(**parameters)``, or its result from an earlier time.

    The key holds the sources that `compute` reaches, its parameters and the versions of numpy and numba, and nothing
    of how the result is drawn: a change of colour trains no network again.
    """
    key = digest(compute.__module__, compute.__qualname__, source_digest(compute.__module__),
                 json.dumps(versions(OF_NUMBERS)), canonical(parameters))
    if (data := store.get("results", key)) is not None:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return restore(dict(stored))
    result = compute(**parameters)
    buffer = io.BytesIO()
    np.savez(buffer, **cast(Any, result.arrays()))
    store.keep("results", key, buffer.getvalue())
    return result
