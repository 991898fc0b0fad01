"""What `deck.toml` says of a deck: its title and languages, its look, its variables, its figures' defaults."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deck import toml_file
from deck.faults import DeckError
from deck.manifest_checks import NAME, TEXTS, by_language, faults
from deck.template import languages
from deck.toml_file import TomlFile


class Manifest(NamedTuple):
    """A deck's settings; those of a deck without `deck.toml` are empty.

    `languages` are those to build, the first one the default; `logo` and `theme` are files of the deck's folder, ""
    where it has none; `figures` are default parameters as they are written, of all figures and, in tables, of one.
    """

    file: TomlFile
    languages: tuple[str, ...]
    texts: Mapping[str, Any]
    variables: Mapping[str, Any]
    figures: Mapping[str, Any]
    logo: str = ""
    theme: str = ""
    variant: str = ""
    size: str = ""
    seed: int | None = None

    def about(self, language: str) -> dict[str, str]:
        """The texts of the deck in a language: those that it has."""
        found = {name: text.get(language, "") if isinstance(text, Mapping) else text
                 for name, text in self.texts.items()}  # fmt: skip
        return {name: text for name, text in found.items() if text}

    def named(self, language: str) -> dict[str, Any]:
        """The variables of the deck in a language."""
        known = {*self.languages, *languages(self.file.path.parent)} if self.variables else ()
        return {name: _plain(value.get(language, "") if by_language(value, known) else value)
                for name, value in self.variables.items()}  # fmt: skip


def read(deck: Path, *, variants: Sequence[str] = ("light", "dark"), language: str | None = None) -> Manifest:
    """Read and check the `deck.toml` of a folder, which may have none.

    Parameters
    ----------
    deck : Path
        The deck's folder.
    variants : sequence of str
        The colours that a deck may choose.
    language : str, optional
        The only one that is wanted, whether `deck.toml` lists it or not.

    Raises
    ------
    DeckError
        Everything that is wrong with it, each with its line.
    """
    deck = deck.resolve()
    there = tuple(languages(deck)) if deck.is_dir() else ()
    file = toml_file.read(deck / NAME)
    if wrong := list(faults(file, there, variants, language)):
        raise DeckError(wrong)
    settings = file.data.get("deck", {})
    chosen = {name: settings[name] for name in ("logo", "theme", "variant", "size", "seed") if name in settings}
    return Manifest(file, tuple(settings.get("languages", there)), {name: settings[name] for name in TEXTS
                    if name in settings}, file.data.get("variables", {}), file.data.get("figures", {}), **chosen)


def _plain(value: Any) -> Any:
    """A value as a template has it: it knows no dates, but texts such as 2026-03-01."""
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value
