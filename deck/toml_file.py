"""A TOML file of a deck, and the line of each key: what is wrong with a value is told where it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from deck.faults import DeckError, Fault

LARGEST = 100_000  # bytes; a fault is looked for by reading beginnings of the file again


class TomlFile(NamedTuple):
    """What was read; `data` is empty where there is no file."""

    path: Path
    text: str
    data: Mapping[str, Any]

    def fault(self, keys: tuple[str, ...], message: str) -> Fault:
        """A fault of the value that these keys lead to."""
        return Fault(self.path, self.line(keys), message)

    def line(self, keys: tuple[str, ...]) -> int:
        """The line where a key is written, or else that of the nearest table around it; 0 for the file as a whole.

        tomllib tells no lines. But the key is there from that line on: the shortest beginning of the file that has
        it ends with its value. Beginnings that break a value apart cannot be read, so they are not taken for one.
        """
        lines = self.text.split("\n")
        while keys:
            for number, line in enumerate(lines):
                # A name may be written with escapes, and then it stands in no line.
                if keys[-1] in line and _leads(_beginning(lines, number), keys):
                    return number + 1
            keys = keys[:-1]
        return 0


def read(path: Path) -> TomlFile:
    """Read a file.

    Raises
    ------
    DeckError
        Not TOML, not UTF-8, too large; a file that is not there is an empty one.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return TomlFile(path, "", {})
    except OSError as error:
        raise _error(path, 0, f"cannot be read: {error.strerror}", error) from error
    if len(data) > LARGEST:
        raise _error(path, 0, f"has {len(data):,} bytes; {LARGEST:,} is the most")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        return TomlFile(path, text, tomllib.loads(text))
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte 0x{error.object[error.start]:02X}; save the file as UTF-8"
        raise _error(path, error.object[: error.start].count(b"\n") + 1, message, error) from error
    except RecursionError as error:
        raise _error(path, 0, "too many brackets in one another", error) from error
    except ValueError as error:  # a number of too many digits is one, besides TOML's own
        at = re.search(r"\s*\(at (?:line (\d+)[^)]*|end of document)\)", str(error))
        # What has no end is told at the last line that says something.
        line = int(at[1]) if at and at[1] else len(text.rstrip().splitlines())
        raise _error(path, line, f"no TOML: {str(error)[: at.start()] if at else error}", error) from error


def _beginning(lines: list[str], number: int) -> Mapping[str, Any]:
    """The shortest readable beginning that has line `number`, from 0."""
    for end in range(number + 1, len(lines) + 1):
        try:
            return tomllib.loads("\n".join(lines[:end]))
        except ValueError:
            continue
    return {}


def _leads(data: Any, keys: tuple[str, ...]) -> bool:
    for key in keys:
        if not isinstance(data, Mapping) or key not in data:
            return False
        data = data[key]
    return True


def _error(path: Path, line: int, message: str, cause: BaseException | None = None) -> DeckError:
    return DeckError([Fault(path, line, message, cause)])
