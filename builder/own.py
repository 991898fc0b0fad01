"""The `figures.py` of a deck: run in a process of its own before anything is drawn, to learn which figures it has."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, NamedTuple, cast

from builder.attempts import Listing, Order
from builder.blame import at_home
from builder.crew import Crew, side_by_side
from deck.faults import DeckError, blamed, shown
from figures import offered, own
from figures.listing import Listed, know, known, listed_of
from figures.registry import drawn, names


class Survey(NamedTuple):
    """An order to run the `figures.py` of a folder. `name` stands for it where it never ends, or ends its process."""

    name: str
    folder: str

    def run(self) -> Listing:
        """The figures that it has, and the files besides sources that loading it read."""
        room = own.load(self.folder)
        figures = {name: listed_of(drawn, room.folder) for name, drawn in room.figures.items()}
        return Listing(figures, sorted(room.files))


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
        if not options.quiet:
            print(f"build.py: {shown(path)} is code, and runs (--no-code keeps it from running)", file=sys.stderr)
        listing = _surveyed(path, options.time_limit)
        found = dict(listing.figures)
        own.remember(folder, found, listing.files)
    know(folder, found)


def _surveyed(path: Path, limit: float | None) -> Listing:
    survey: Any = Survey("while it was imported", str(path.parent))
    # By a process that draws nothing afterwards: what the file does to matplotlib, say, must show in no other figure.
    with Crew() as alone:
        (_, found), = side_by_side([Order(0, "", survey)], jobs=1, limit=limit, crew=alone)
    if isinstance(found, Exception):
        raise DeckError([blamed(path, 0, at_home(found, survey))]) from found
    return cast(Listing, found)


def listings(options: argparse.Namespace) -> dict[str, Listed]:
    """Every figure by its name: the stock's, those that packages offer, those of the deck, whose code may run."""
    if options.deck.is_dir():
        learn(options)
    brought = known(options.deck.resolve())
    return {name: brought[name] if name in brought else listed_of(drawn(name))
            for name in sorted({*names(), *brought, *offered.shelf().figures})}  # fmt: skip
