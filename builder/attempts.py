"""One call drawn: what every worker does with it, on this machine or on another."""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from figures.assets import Asset
from figures.registry import FigureCall, home


class Order(NamedTuple):
    """A call to draw: its place among the others, and the module that its figure is written in."""

    place: int
    module: str
    call: FigureCall


class DrawingError(ValueError):
    """A drawing that was ended, or that ended its process: the message names the figure, as a figure's own do."""


Outcome = Asset | Exception


def order(place: int, call: FigureCall) -> Order:
    """The order to draw a call."""
    module = home(call.name)
    assert module is not None
    return Order(place, module, call)


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
        return pickle.dumps(draw_one(order.call))
    except Exception as error:
        return _carried(error)
    except BaseException as error:  # `sys.exit()` in a figure is a fault of that figure, not the end of a worker
        return _carried(DrawingError(f"{order.call.name}: raised {error!r}"))


def outcome(data: bytes) -> Outcome:
    """What `attempt` packed."""
    found: Outcome = pickle.loads(data)
    return found


def _warm_up(order: Order) -> None:
    """Import what the figure needs: its clock begins after that."""
    import_module(order.module)
    from figures import render, style  # noqa: F401


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
