"""One call drawn: what every worker does with it, on this machine or on another."""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

from builder.blame import DrawingError, at_home
from figures import beside
from figures.assets import Asset
from figures.listing import Listed
from figures.registry import FigureCall, home


class Order(NamedTuple):
    """A call to draw: its place among the others, and the module that its figure is written in, "" for a deck's own."""

    place: int
    module: str
    call: FigureCall

    @property
    def origin(self) -> str:
        """Whose code runs for it besides this project's: a deck's, by its folder, a package's, or "" for nobody's."""
        package = self.module.partition(".")[0]
        return self.call.folder or getattr(self.call, "origin", "") or ("" if package == "figures" else package)


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
    prepare()
    from figures.render import draw

    return draw(call)


def prepare() -> None:
    """Import what every drawing needs."""
    # A notebook's `!python build.py` hands down its own backend, and one that is not installed would stop matplotlib.
    os.environ["MPLBACKEND"] = "agg"
    import logging

    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from figures import render, style  # noqa: F401


def attempt(order: Order, begin: Callable[[], object] = lambda: None) -> bytes:
    """The pickled outcome of an order: its asset, or the exception that it ended with, whatever that is.

    `begin` is called once everything is imported: what comes then is the figure's own time.
    """
    try:
        _warm_up(order)
        begin()
        return pickle.dumps(_done(order))
    except Exception as error:
        return carried(at_home(error, order.call) if order.call.folder else error)
    except BaseException as error:  # `sys.exit()` in a figure is a fault of that figure, not the end of a worker
        raised = DrawingError(f"{order.call.name}: raised {error!r}").with_traceback(error.__traceback__)
        return carried(at_home(raised, order.call) if order.call.folder else raised)


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
    prepare()


def _done(order: Order) -> object:
    return draw_one(order.call) if isinstance(order.call, FigureCall) else order.call.run()


def carried(error: Exception) -> bytes:
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
