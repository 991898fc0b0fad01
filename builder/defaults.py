"""The parameters that `deck.toml` gives to figures: of all, of one, and the deck's seed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deck.faults import DeckError, Fault
from deck.manifest import Manifest
from deck.manifest_checks import kind
from deck.nearest import nearest
from figures.palette import palettes
from figures.registry import names
from figures.signatures import parameters

Keys = tuple[str, ...]


class Default(NamedTuple):
    """A value, and the keys that lead to it in `deck.toml`."""

    value: Any
    keys: Keys


class Defaults(NamedTuple):
    """What a call that leaves a parameter out gets for it: by the figure's name what is for it alone."""

    manifest: Manifest
    general: Mapping[str, Default]
    own: Mapping[str, Mapping[str, Default]]

    def given(self, name: str, written: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of a call with the deck's among them; its own win."""
        return {**{key: default.value for key, default in self._of(name).items()}, **written}

    def place(self, name: str, given: Mapping[str, Any], told: str) -> tuple[Path, int] | None:
        """The line of `deck.toml` that a fault of a call is about, if it names a parameter that comes from there."""
        for key, default in self._of(name).items():
            if given.get(key) == default.value and re.search(rf"\b{re.escape(key)}\b", told):
                return self.manifest.file.path, self.manifest.file.line(default.keys)
        return None

    def _of(self, name: str) -> dict[str, Default]:
        if not isinstance(name, str):  # a template may write anything; binding the call tells
            return {}
        has = {*parameters(name, _folder(self.manifest)), "palette"} if self.general else ()
        return {**{key: default for key, default in self.general.items() if key in has}, **self.own.get(name, {})}


def read(manifest: Manifest) -> Defaults:
    """The defaults of a deck, checked against the figures that there are.

    Raises
    ------
    DeckError
        A figure or parameter that there is not, a value that no figure takes.
    """
    if faults := list(_faults(manifest)):
        raise DeckError(faults)
    seed = {} if manifest.seed is None else {"seed": Default(manifest.seed, ("deck", "seed"))}
    # What stands for all figures is a value, what stands for one figure is a table.
    general = {key: Default(value, ("figures", key)) for key, value in manifest.figures.items()
               if not isinstance(value, Mapping)}  # fmt: skip
    own = {name: {key: Default(value, ("figures", name, key)) for key, value in table.items()}
           for name, table in manifest.figures.items() if isinstance(table, Mapping)}  # fmt: skip
    return Defaults(manifest, {**seed, **general}, own)


def _faults(manifest: Manifest) -> Iterator[Fault]:
    folder = _folder(manifest)
    there = names(folder) if manifest.figures else []
    for name, value in manifest.figures.items():
        if not isinstance(value, Mapping):
            yield from _general(manifest, name, value, there)
        elif name not in there:
            yield manifest.file.fault(("figures", name), f"no figure {name!r}{nearest(name, there)}")
        else:
            for key, part in value.items():
                yield from _one(manifest, ("figures", name, key), part, [*parameters(name, folder), "palette"])


def _folder(manifest: Manifest) -> Path:
    return manifest.file.path.parent


def _general(manifest: Manifest, name: str, value: Any, there: Sequence[str]) -> Iterator[Fault]:
    if name in there:
        message = f"{name} is a figure: write [figures.{name}] and its parameters below, not {kind(value)}"
        yield manifest.file.fault(("figures", name), message)
        return
    every = sorted({"palette", *(parameter for figure in there for parameter in parameters(figure, _folder(manifest)))})
    yield from _one(manifest, ("figures", name), value, every)


def _one(manifest: Manifest, keys: Keys, value: Any, there: Sequence[str]) -> Iterator[Fault]:
    *above, name = keys
    if name not in there:
        of = f"{above[1]}: no parameter" if len(above) > 1 else "no figure has a parameter"
        yield manifest.file.fault(keys, f"{of} {name!r}{nearest(name, there)}")
    elif name == "palette" and value not in palettes():
        yield manifest.file.fault(keys, f"no palette {kind(value)}{nearest(str(value), sorted(palettes()))}")
    elif _has_date(value):
        message = f"{name}: figures take numbers, texts, truth values, lists and tables, not a date or time"
        yield manifest.file.fault(keys, message)


def _has_date(value: Any) -> bool:
    if isinstance(value, (Mapping, list)):
        return any(map(_has_date, value.values() if isinstance(value, Mapping) else value))
    return isinstance(value, (datetime.date, datetime.time))
