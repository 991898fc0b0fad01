"""The catalogues of visible words as they stand in the files: read without anything that draws."""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "words"


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@functools.cache
def catalogue(language: str) -> Mapping[str, Any]:
    """The words of one language."""
    path = FOLDER / f"{language}.toml"
    if not path.is_file():
        raise ValueError(f"figures: no words for language {language!r}; there are {', '.join(languages())}")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def entry(language: str, key: str) -> Any:
    """What the catalogue has under a dotted key: a sentence, or a mapping of plural forms.

    Raises
    ------
    KeyError
        A key that is not there, with the nearest one.
    """
    found: Any = catalogue(language)
    for part in key.split("."):
        if not isinstance(found, Mapping) or part not in found:
            near = difflib.get_close_matches(key, _keys(catalogue(language)), 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise KeyError(f"words/{language}.toml: no entry {key!r}{hint}")
        found = found[part]
    return found


def _keys(entries: Mapping[str, Any], prefix: str = "") -> list[str]:
    found = []
    for key, value in entries.items():
        found.append(prefix + key)
        if isinstance(value, Mapping):
            found += _keys(value, f"{prefix}{key}.")
    return found
