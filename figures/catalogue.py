"""The catalogues of visible words as they stand in the files: read without anything that draws."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from figures.used import unnoted

FOLDER = Path(__file__).parent / "words"


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def others(language: str) -> str:
    """What to do about a language that has no catalogue."""
    return f"there are {', '.join(languages())}, and any that the deck has a catalogue words/{language}.toml of"


def speaker(language: str, deck: Path | None) -> Path | None:
    """The deck, if it brings along the words of a language that is none of `languages()`: for stock figures too."""
    if deck is None or language in languages():
        return None
    return deck if (deck / "words" / f"{language}.toml").is_file() else None


@functools.cache
def catalogue(language: str) -> Mapping[str, Any]:
    """The words of one language."""
    path = FOLDER / f"{language}.toml"
    if not path.is_file():
        raise ValueError(f"figures: no words for language {language!r}; {others(language)}")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def extended(language: str, deck: Path) -> Mapping[str, Any]:
    """The words of one language for the figures that a deck brings along: its own besides those of every figure.

    Raises
    ------
    CatalogueError
        A file that is no TOML, or that has a word which every figure has already.
    """
    stock = catalogue(language) if language in languages() else {}
    path = deck / "words" / f"{language}.toml"
    with unnoted():  # each word counts by itself
        data = path.read_bytes() if path.is_file() else b""
    try:
        own = _parsed(data)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise CatalogueError(f"no catalogue of words: {error}", path, int(line[1]) if line else 1) from error
    return _merged(stock, own, path)


@functools.lru_cache(16)
def _parsed(data: bytes) -> Mapping[str, Any]:
    return tomllib.loads(data.decode("utf-8-sig"))


def _merged(stock: Mapping[str, Any], own: Mapping[str, Any], path: Path, prefix: str = "") -> Mapping[str, Any]:
    merged = dict(stock)
    for key, value in own.items():
        if key in stock and not (isinstance(stock[key], Mapping) and isinstance(value, Mapping)):
            raise CatalogueError(f"{prefix + key!r} is a word of the stock figures; give yours another name", path, 0)
        merged[key] = _merged(stock[key], value, path, f"{prefix}{key}.") if key in stock else value
    return merged


class CatalogueError(ValueError):
    """A deck's catalogue that cannot be used; `place` is its file and line."""

    def __init__(self, message: str, path: Path, line: int) -> None:
        super().__init__(message, path, line)
        self.message, self.place = message, (path, line)

    def __str__(self) -> str:
        return self.message


def entry(language: str, key: str, deck: Path | None = None) -> Any:
    """What the catalogue has under a dotted key: a sentence, or a mapping of plural forms.

    Raises
    ------
    KeyError
        A key that is not there, with the nearest one.
    """
    words = extended(language, deck) if deck is not None else catalogue(language)
    found: Any = words
    for part in key.split("."):
        if not isinstance(found, Mapping) or part not in found:
            near = difflib.get_close_matches(key, _keys(words), 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            place = f"{deck.name}/" if deck is not None else ""
            raise KeyError(f"{place}words/{language}.toml: no entry {key!r}{hint}")
        found = found[part]
    return found


def _keys(entries: Mapping[str, Any], prefix: str = "") -> list[str]:
    found = []
    for key, value in entries.items():
        found.append(prefix + key)
        if isinstance(value, Mapping):
            found += _keys(value, f"{prefix}{key}.")
    return found
