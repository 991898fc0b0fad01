"""One call drawn: what every worker does with it, on this machine or on another."""

from __future__ import annotations

import inspect
import os
import pickle
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from figures import beside, own
from figures.assets import Asset
from figures.catalogue import CatalogueError
from figures.listing import Listed
from figures.registry import FigureCall, home


class Order(NamedTuple):
    """A call to draw: its place among the others, and the module that its figure is written in, "" for a deck's own."""

    place: int
    module: str
    call: FigureCall


class DrawingError(ValueError):
    """A drawing that was ended, or that ended its process: the message names the figure, as a figure's own do."""


class OwnError(DrawingError):
    """What went wrong in a deck's own code; `place` is the file and line."""

    def __init__(self, message: str, path: str, line: int) -> None:
        super().__init__(message, path, line)
        self.message, self.place = message, (Path(path), line)

    def __str__(self) -> str:
        return self.message


class Listing(NamedTuple):
    """The figures of a deck's own, and the files that loading them read."""

    figures: Mapping[str, Listed]
    files: Sequence[str]


Outcome = Asset | Exception


def order(place: int, call: FigureCall) -> Order:
    """The order to draw a call."""
    return Order(place, "" if call.folder else str(home(call.name)), call)


def draw_one(call: FigureCall) -> Asset:
    """Draw in this process."""
    # A notebook's `!python build.py` hands down its own backend, and one that is not installed would stop matplotlib.
    os.environ["MPLBACKEND"] = "agg"
    import logging

    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from figures.render import draw

    return draw(call)


def attempt(order: Order, begin: Callable[[], object] = lambda: None) -> bytes:
    """The pickled outcome of an order: its asset, or the exception that it ended with, whatever that is.

    `begin` is called once everything is imported: what comes then is the figure's own time.
    """
    try:
        _warm_up(order)
        begin()
        return pickle.dumps(_done(order))
    except Exception as error:
        return _carried(_at_home(error, order) if order.call.folder else error)
    except BaseException as error:  # `sys.exit()` in a figure is a fault of that figure, not the end of a worker
        raised = DrawingError(f"{order.call.name}: raised {error!r}")
        return _carried(_at_home(raised.with_traceback(error.__traceback__), order) if order.call.folder else raised)


def outcome(data: bytes) -> Outcome:
    """What `attempt` packed."""
    found: Outcome = pickle.loads(data)
    return found


def _warm_up(order: Order) -> None:
    """Import what the figure needs: its clock begins after that. What a deck brings along is on the clock."""
    if order.module:
        import_module(order.module)
    else:
        beside.forget()  # a worker that lives on may have seen the deck before an edit
    from figures import render, style  # noqa: F401


def _done(order: Order) -> object:
    return draw_one(order.call) if isinstance(order.call, FigureCall) else order.call.run()


def _at_home(error: Exception, order: Order) -> Exception:
    """An error in a deck's own code, with the last line of that code that it came through.

    Its class may be the deck's, which no other process has: what is told is its name.
    """
    folder = Path(order.call.folder)
    path, line = getattr(error, "place", None) or _place(error, folder) or _definition(order)
    kind = "" if isinstance(error, (DrawingError, CatalogueError)) else f"{type(error).__name__}: "
    found = OwnError(f"{kind}{_text(error)}".removesuffix(": "), str(path), line)
    found.__cause__ = error
    return found


def _text(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return error.msg
    try:
        return str(error.args[0] if isinstance(error, KeyError) and error.args else error)
    except Exception:  # one that cannot even say what it is
        return ""


def _place(error: Exception, folder: Path) -> tuple[Path, int] | None:
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        return Path(error.filename), error.lineno or 0
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if frame.filename.endswith(".py") and Path(frame.filename).is_relative_to(folder)]  # fmt: skip
    return (Path(frames[-1].filename), frames[-1].lineno or 0) if frames else None


def _definition(order: Order) -> tuple[Path, int]:
    """Where the figure is defined: what it returned is to blame."""
    function = inspect.unwrap(own.load(order.call.folder).figures[order.call.name])
    return Path(function.__code__.co_filename), function.__code__.co_firstlineno


def _carried(error: Exception) -> bytes:
    """An exception with its traceback as a note: pickling loses the traceback, or cannot be undone."""
    kind, text = type(error).__name__, "".join(traceback.format_exception(error))
    try:
        error.add_note(f"in the process that drew it:\n{text}")
        data = pickle.dumps(error)
        str(pickle.loads(data))
    except Exception:
        try:
            told = f"{kind}: {error}"
        except Exception:
            told = kind
        stand_in = DrawingError(told)
        stand_in.add_note(f"in the process that drew it:\n{text}")
        return pickle.dumps(stand_in)
    return data
