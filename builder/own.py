"""The `figures.py` of a deck: run in a process of its own before anything is drawn, to learn which figures it has."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, NamedTuple, cast

from builder.attempts import Listing, Order
from builder.workers import side_by_side
from deck.faults import DeckError, blamed, shown
from figures import own
from figures.listing import know, listed_of


class Survey(NamedTuple):
    """An order to run the `figures.py` of a folder. `name` stands for it where it never ends, or ends its process."""

    name: str
    folder: str

    def run(self) -> Listing:
        """The figures that it has, and the files besides sources that loading it read."""
        room = own.load(self.folder)
        return Listing({name: listed_of(drawn) for name, drawn in room.figures.items()}, sorted(room.files))


def learn(options: argparse.Namespace) -> None:
    """Have the figures that the deck brings along known by name and parameters.

    Their code runs if they are not known from an earlier build: never in this process, whose end it could be.

    Raises
    ------
    DeckError
        Whatever keeps the file from being loaded, at its own line.
    """
    folder = options.deck.resolve()
    own.forget(folder)
    path = own.file(folder)
    if path is None:
        return
    if options.no_code:
        print(f"build.py: {shown(path)} is code, and was not run (--no-code)", file=sys.stderr)
        return
    found = own.remembered(folder)
    if found is None:
        if not options.quiet and not options.json:
            print(f"build.py: {shown(path)} is code, and runs (--no-code keeps it from running)", file=sys.stderr)
        listing = _surveyed(path, options.time_limit)
        found = dict(listing.figures)
        own.remember(folder, found, listing.files)
    know(folder, found)


def _surveyed(path: Path, limit: float | None) -> Listing:
    survey: Any = Survey("while it was imported", str(path.parent))
    (_, found), = side_by_side([Order(0, "", survey)], jobs=1, limit=limit)
    if isinstance(found, Exception):
        raise DeckError([blamed(path, 0, found)]) from found
    return cast(Listing, found)

