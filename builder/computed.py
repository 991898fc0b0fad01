"""What templates computed with `engine`, remembered: a change of text compiles nothing, and imports no numba."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from builder import functions
from builder.functions import Spend, table
from deck.functions import Functions
from figures import store
from figures.canonical import digest, file_digest
from figures.sources import source_digest
from figures.versions import OF_NUMBERS, versions


class Memory:
    """The results of one template's calls, by their text: read when one is first asked for."""

    def __init__(self, deck: Path, language: str) -> None:
        self._place = str(deck), language
        self._asked: dict[str, Any] = {}
        self._fresh = False

    @functools.cached_property
    def _key(self) -> str:
        return digest("functions", file_digest(functions.__file__), source_digest("engine"),
                      json.dumps(versions(OF_NUMBERS)), *self._place)

    @functools.cached_property
    def _known(self) -> dict[str, Any]:
        data = store.get("results", self._key)
        return json.loads(data) if data else {}

    def engine(self) -> Functions:
        """What a template finds under `engine`."""
        return Functions("engine", {name: self.over(name, run) for name, run in table().items()})

    def over(self, name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        """The function, that computes what it did not before; the budget pays either way, so that builds agree."""

        @functools.wraps(run)
        def call(spend: Spend, *arguments: Any, **named: Any) -> Any:
            asked = json.dumps([name, arguments, dict(sorted(named.items()))])
            if (known := self._asked.get(asked) or self._known.get(asked)) is None:
                spent: list[int] = []

                def count(units: int) -> None:
                    spent.append(units)
                    spend(units)

                result = run(count, *arguments, **named)
                known, self._fresh = [sum(spent), result], True
            else:
                spend(known[0])
            self._asked[asked] = known
            return known[1]

        return call

    def keep(self) -> None:
        """Put the calls of this filling into the store, if there are new ones."""
        if self._fresh:
            store.keep("results", self._key, json.dumps(self._asked).encode())
