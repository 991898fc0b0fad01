"""What is wrong with a deck, and where: told together, each with its file and line."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

# How Python tells of a call that does not fit: `Album.image_function.<locals>.image() missing 1 required …`.
CALL = re.compile(r"(?:[\w<>]+\.)*(\w+)\(\) ((?:missing \d+ required|takes|got an unexpected keyword|got multiple).*)")


class Fault(NamedTuple):
    """One thing to mend. `line` is 0 where no line is to blame; `cause` is the exception behind it, if any.

    `callers` are the places that led to a fault elsewhere: lines of templates, for one in the code of a figure.
    """

    path: Path
    line: int
    message: str
    cause: BaseException | None = None
    callers: tuple[tuple[Path, int], ...] = ()

    @property
    def told(self) -> str:
        """The message, with who asked for what failed."""
        callers = ", ".join(f"{shown(path)}:{line}" for path, line in self.callers)
        return f"{self.message} (asked for in {callers})" if callers else self.message

    def __str__(self) -> str:
        place = shown(self.path)
        return f"{place}:{self.line}: {self.told}" if self.line else f"{place}: {self.told}"


class DeckError(Exception):
    """A deck that cannot be built, with every fault that was found; or built, but not exported or checked.

    `standing` says what is on the disk then.
    """

    def __init__(self, faults: Sequence[Fault], *, standing: str = "nothing written: what stood there stands") -> None:
        self.standing = standing
        alike: dict[object, Fault] = {}
        for fault in faults:
            callers = (*alike[fault[:3]].callers, *fault.callers) if fault[:3] in alike else fault.callers
            alike[fault[:3]] = fault._replace(callers=tuple(dict.fromkeys(callers)))
        self.faults = sorted(alike.values(),
                             key=lambda fault: (str(fault.path), fault.line, fault.message))
        super().__init__("\n".join(map(str, self.faults)))


def shown(path: Path) -> str:
    """The path as the user would type it from here."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive on Windows
        return str(path)
    return str(path) if relative.startswith("..") else Path(relative).as_posix()


def _miscalled(text: str) -> str:
    """Python's words for a wrong call in those of who wrote the template."""
    names = re.findall(r"'(\w+)'", text)
    if text.startswith("missing"):
        return f"{' and '.join(names)} {'are' if len(names) > 1 else 'is'} missing"
    if text.startswith("got an unexpected"):
        return f"no parameter {names[0]!r}"
    return "too many values without a name; write name=value" if text.startswith("takes") else text


def calling_line() -> tuple[Path, int]:
    """The template and line that is being filled, seen from a function which the template called."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        frame = frame.f_back
        template = frame.f_globals.get("__jinja_template__")
        if template is not None and template.filename:
            return Path(template.filename), int(template.get_corresponding_lineno(frame.f_lineno))
    return Path("template"), 0


def raising_line(error: BaseException, folder: Path) -> tuple[Path, int] | None:
    """The last line of a template in `folder` that an exception came through; of a circle, the line that closes it."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(folder)]
    places = [(Path(f.filename), f.lineno or 0) for f in frames if not f.filename.endswith(".py")]
    if isinstance(error, RecursionError):  # at which turn it was noticed is chance
        closing = (number for number, place in enumerate(places) if place in places[:number])
        places = places[:next(closing, len(places))]
    return places[-1] if places else None


def blamed(path: Path, line: int, error: BaseException) -> Fault:
    """The fault of an error that a line led to: there, or where the error says it happened."""
    place = getattr(error, "place", None)
    if place is None:
        return Fault(path, line, described(error), error)
    there, its_line = place
    return Fault(there, its_line, described(error), error, ((path, line),) if line else ())


def described(error: BaseException) -> str:
    """An exception in words: the checks of this project speak for themselves, others need their kind."""
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    if isinstance(error, TypeError) and (call := CALL.match(text)):
        text = f"{call[1]}: {_miscalled(call[2])}"
    return text if isinstance(error, (ValueError, TypeError)) and text else f"{type(error).__name__}: {text}"
