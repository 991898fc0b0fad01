"""The files of a deck: those that its folder holds, by no way round."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError

from deck.faults import shown

LARGEST = 10_000_000  # bytes of a file that a template is read from


def inside(deck: Path, name: str | os.PathLike[str]) -> Path:
    """The file `name` of the deck's folder, links followed; it need not be there.

    Raises
    ------
    ValueError
        A path that leads out of the folder: by `..`, from the root of the disk, by a link.
    """
    folder = deck.resolve()
    try:
        path = (folder / name).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a zero byte, a name too long
        raise ValueError(f"{str(name)!r} is no path: {error}") from error
    if not path.is_relative_to(folder):
        raise ValueError(f"{str(name)!r} lies outside of the deck's folder {shown(folder)}; copy the file into it")
    return path


def parameters_inside(deck: Path, parameters: Mapping[str, Any]) -> None:
    """Refuse a figure's parameters when a text in them is a file that is not the deck's.

    Raises
    ------
    ValueError
        A path that leads out of the deck's folder, or one that only the current folder has.
    """
    waiting: list[tuple[str, Any]] = list(parameters.items())
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, str) and _names_a_file(deck, value):
            try:
                within = inside(deck, value).exists()
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
            if not within:
                raise ValueError(f"{name}: {value!r} is a file of the current folder, not of the deck's; copy it there")
        elif isinstance(value, Mapping):
            waiting += [(name, each) for pair in value.items() for each in pair]
        elif isinstance(value, (list, tuple)):
            waiting += [(name, each) for each in value]


def _names_a_file(deck: Path, value: str) -> bool:
    # What has neither suffix nor slash is a word, such as background="paper", even beside a file of that name.
    if not Path(value).suffix and "/" not in value and "\\" not in value:
        return False
    try:
        return (deck / value).exists() or Path(value).exists()
    except (OSError, ValueError):
        return False


def source(deck: Path, name: str) -> str:
    """The text of a template.

    Raises
    ------
    SecurityError
        A file outside of the deck's folder, no plain file, one that is too large.
    """
    try:
        path = inside(deck, name)
    except ValueError as error:
        raise SecurityError(str(error)) from error
    if path.exists() and not path.is_file():
        raise SecurityError(f"{name!r} is no file")
    if path.stat().st_size > LARGEST:
        raise SecurityError(f"{name!r} has {path.stat().st_size:,} bytes; {LARGEST:,} is the most for a template")
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data:
        at = max(0, data.find(b"\0"))  # UTF-16 has one in each letter
        raise UnicodeDecodeError("utf-8", data, at, at + 1, "UTF-16, or no text at all")
    return data.decode("utf-8-sig")


def loader(deck: Path) -> jinja2.BaseLoader:
    """Finds what a template includes, in the deck's folder."""

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        try:
            return source(deck, name), str(deck / name), lambda: True
        except FileNotFoundError:
            return None

    return jinja2.FunctionLoader(load)
