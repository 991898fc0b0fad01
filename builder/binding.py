"""Calls as templates write them made into calls that can be drawn: by a process that has the figures, if one is there.

What parameters a figure has, only its module says, and that imports all that drawing needs.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

from builder.attempts import Order, carried, outcome
from builder.crew import Crew, side_by_side
from builder.workers import STARTING
from figures import assets
from figures.listing import Listed, know, known
from figures.registry import FigureCall, home


class Asked(NamedTuple):
    """A call as a template of the deck in `folder` writes it."""

    name: str
    parameters: Mapping[str, Any]
    lang: str
    palette: str
    folder: Path

    def bound(self) -> FigureCall:
        """The call with its names checked and its defaults filled in; the store knows it from then on."""
        return assets.bound(self.name, self.parameters, lang=self.lang, palette=self.palette, folder=self.folder)


class Binding(NamedTuple):
    """An order to bind calls; `figures` are those that each deck brings along, which the other process has not met."""

    asked: Sequence[Asked]
    figures: Mapping[Path, Mapping[str, Listed]]
    name: str = "while figures were looked up"
    folder: str = ""

    @property
    def origin(self) -> str:
        """Other packages' code, if one of the figures is theirs: it is imported. A deck's own is not."""
        homes = (home(one.name, one.folder) for one in self.asked)
        return "other packages" if any(isinstance(one, str) and not one.startswith("figures.") for one in homes) else ""

    def run(self) -> list[bytes]:
        """Each call bound, or what is wrong with it, pickled."""
        for folder, figures in self.figures.items():
            know(folder, figures)
        found = [_bound(one) for one in self.asked]
        return [carried(one) if isinstance(one, Exception) else pickle.dumps(one) for one in found]


def bind_all(asked: Sequence[Asked], crew: Crew, limit: float | None,
             meanwhile: Callable[[], object] | None = None) -> list[FigureCall | Exception]:  # fmt: skip
    """Each call bound, or what is wrong with it; `meanwhile` is done while another process does it."""
    order = _order(asked)
    if not asked or not crew.ready or not _can_go(order):
        return [_bound(one) for one in asked]
    # The limit is meant for one figure, and this is quick unless a package never comes to an end.
    patience = None if limit is None else max(limit, STARTING)
    ((_, found),) = side_by_side([order], jobs=1, limit=patience, crew=crew, meanwhile=meanwhile)
    if not isinstance(found, Exception):
        return [cast("FigureCall | Exception", outcome(data)) for data in cast("list[bytes]", found)]
    if len(asked) == 1:
        return [found]
    # Whose module ended the process, or never came to an end, only each call alone can tell.
    orders = [_order([one], place) for place, one in enumerate(asked)]
    alone = dict(side_by_side(orders, jobs=1, limit=patience, crew=crew))
    return [one if isinstance(one, Exception) else cast("FigureCall | Exception", outcome(cast("list[bytes]", one)[0]))
            for one in (alone[order.place] for order in orders)]  # fmt: skip


def _order(asked: Sequence[Asked], place: int = 0) -> Order:
    return Order(place, "", cast(Any, Binding(asked, {one.folder: known(one.folder) for one in asked})))


def _bound(asked: Asked) -> FigureCall | Exception:
    try:
        return asked.bound()
    except Exception as error:
        return error


def _can_go(order: Order) -> bool:
    """Whether another process can be told: a template may compute values that are only this one's."""
    try:
        pickle.dumps(order)
    except Exception:
        return False
    return True
