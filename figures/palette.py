"""The colours by their role: `palette.toml`, one file for slides and figures. Of the standard library alone."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("palette.toml")
VARIANTS = ("light", "dark")
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


class Palette(NamedTuple):
    """The colours by their role; a figure names roles, so that it can be drawn on a dark slide too."""

    paper: str
    ink: str
    muted: str
    hairline: str
    blue: str
    tint: str
    shade: str
    orange: str
    green: str
    purple: str
    blue_text: str
    orange_text: str
    green_text: str
    purple_text: str
    cold: str
    warm: str


class PaletteError(ValueError):
    """A palette file with faults, all of them told, one a line, with file and line."""


def read(path: Path) -> dict[str, Palette]:
    """The palettes of a file, by variant.

    Raises
    ------
    PaletteError
        A file that is no TOML, a variant or role that is missing or unknown, a colour that is none.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        tables = tomllib.loads(text)
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else error
        raise PaletteError(f"{path.name}: cannot be read: {told}") from error
    faults = [*_names(tables, VARIANTS, "variant", ""), *(f for name in VARIANTS for f in _table(tables, name))]
    if faults:
        lines = text.splitlines()
        raise PaletteError("\n".join(f"{path.name}:{_line(lines, *place)}: {message}" for place, message in faults))
    return {name: Palette(**tables[name]) for name in VARIANTS}


def palettes() -> Mapping[str, Palette]:
    """The project's palettes, as a deck's templates read them: `{{ palette.light.blue }}`."""
    return PALETTES


Fault = tuple[tuple[str, str], str]  # the table and key that it stands at, and what is wrong


def _table(tables: Mapping[str, Any], name: str) -> list[Fault]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        return [(("", name), f"{name} must be a table, [{name}], not {table!r}")]
    if name not in tables:
        return []  # told already
    known = {role: value for role, value in table.items() if role in Palette._fields}
    wrong: list[Fault] = [((name, role), f"{role} must be a colour written #RRGGBB, not {value!r}")
                          for role, value in known.items()
                          if not isinstance(value, str) or not COLOUR.fullmatch(value)]
    return [*_names(table, Palette._fields, "role", name), *wrong]


def _names(there: Iterable[str], wanted: Iterable[str], kind: str, table: str) -> list[Fault]:
    """What is misspelt, and what is missing; a missing name that was only misspelt is told once."""
    there, missing, faults = list(there), [], []
    near: set[str] = set()
    for name in there:
        if name not in wanted:
            found = difflib.get_close_matches(name, [w for w in wanted if w not in there], 1)
            near.update(found)
            hint = f"did you mean {found[0]!r}?" if found else f"there are {', '.join(wanted)}"
            faults.append(((table, name), f"no {kind} {name!r}; {hint}"))
    missing = [name for name in wanted if name not in there and name not in near]
    return faults + [((table, ""), f"{kind} {name!r} is missing") for name in missing]


def _line(lines: list[str], table: str, key: str) -> int:
    """The line of a key, or of its table's head. TOML's parser keeps no places: they are looked up again."""
    heads = {match[1]: number for number, line in enumerate(lines, 1)
             if (match := re.match(r"\s*\[\s*[\"']?([^]\"']+?)[\"']?\s*\]", line))}
    if not table and key in heads:
        return heads[key]
    start = heads.get(table, 0)
    end = min((number for number in heads.values() if number > start), default=len(lines) + 1)
    for number in range(start + 1, end):
        if key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", lines[number - 1]):
            return number
    return start or 1


PALETTES = read(FILE)
