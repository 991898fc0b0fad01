"""Which line is to blame for a figure that failed: of those that a deck brings along, the one in its own code."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Protocol

from figures.catalogue import CatalogueError
from figures.listing import definition, known


class DrawingError(ValueError):
    """A drawing that was ended, or that ended its process: the message names the figure, as a figure's own do."""


class OwnError(DrawingError):
    """What went wrong in a deck's own code; `place` is the file and line."""

    def __init__(self, message: str, path: str, line: int) -> None:
        super().__init__(message, path, line)
        self.message, self.place = message, (Path(path), line)

    def __str__(self) -> str:
        return self.message


class Brought(Protocol):
    """What is drawn or run of a deck's own."""

    @property
    def name(self) -> str: ...
    @property
    def folder(self) -> str: ...


def at_home(error: Exception, call: Brought) -> Exception:
    """An error in a deck's own code, with the last line of that code that it came through.

    Its class may be the deck's, which no other process has: what is told is its name. Where it came through no line, as
    from a figure that never ends, the figure's definition is told.
    """
    folder = Path(call.folder)
    if isinstance(error, OwnError):
        return error
    place = getattr(error, "place", None) or _place(error, folder)
    if place is None and call.name in known(folder):
        place = definition(folder, call.name)
    path, line = place or (folder / "figures.py", 0)
    kind = "" if isinstance(error, (DrawingError, CatalogueError)) else f"{type(error).__name__}: "
    found = OwnError(f"{kind}{_text(error)}".removesuffix(": "), str(path), line)
    found.__cause__ = error
    return found


def _place(error: Exception, folder: Path) -> tuple[Path, int] | None:
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        return Path(error.filename), error.lineno or 0
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if frame.filename.endswith(".py") and Path(frame.filename).is_relative_to(folder)]  # fmt: skip
    return (Path(frames[-1].filename), frames[-1].lineno or 0) if frames else None


def _text(error: Exception) -> str:
    """What an error says, on one line."""
    if isinstance(error, SyntaxError):
        return error.msg
    try:
        # A KeyError quotes what it says, be it a sentence.
        sentence = isinstance(error, KeyError) and error.args and " " in str(error.args[0])
        return " ".join(str(error.args[0] if sentence else error).split())
    except Exception:  # one that cannot even say what it is
        return ""
