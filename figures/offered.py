"""Figures that installed packages offer, through entry points of the group `executable_figures`.

An entry point names a module; what `@figure` decorates there has a place beside the stock figures. Entry points are
looked for when a name is asked for that nobody else has, and only then is such a module imported.
"""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Iterable, Mapping
from importlib import import_module, metadata
from typing import NamedTuple

from figures import store
from figures.canonical import digest
from figures.sources import source_digest

GROUP = "executable_figures"


class Offer(NamedTuple):
    """A module with figures, and the package that offers it."""

    module: str
    package: str
    version: str


class Shelf(NamedTuple):
    """The offers of each figure by its name, and what is wrong with offers that cannot be loaded."""

    figures: Mapping[str, tuple[Offer, ...]]
    faults: tuple[str, ...]


def home(name: str) -> str | None:
    """The module that offers a figure.

    Raises
    ------
    ValueError
        Several packages offer one of that name.
    """
    offers = shelf().figures.get(name, ())
    if len(offers) > 1:
        who = " and by ".join(f"{offer.package} {offer.version}" for offer in offers)
        raise ValueError(f"figure {name!r} is offered by {who}; uninstall all but one of them")
    return offers[0].module if offers else None


def unknown(name: str, others: Iterable[str]) -> str:
    """That there is no such figure, with the nearest; and which packages could not be asked."""
    found = shelf()
    there = sorted({*others, *found.figures})
    near = difflib.get_close_matches(str(name), there, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(there)}"
    return "; ".join([f"no figure {name!r}; {hint}", *found.faults])


def offers(module: str) -> bool:
    """Whether a package offers the figures of a module."""
    return any(point.module == module for point in _points())


@functools.cache
def _points() -> tuple[metadata.EntryPoint, ...]:
    return tuple(sorted(metadata.entry_points(group=GROUP), key=lambda point: point.value))


@functools.cache
def shelf() -> Shelf:
    """All that is offered."""
    figures: dict[str, tuple[Offer, ...]] = {}
    faults = []
    for point in _points():
        package = point.dist.metadata["Name"] if point.dist is not None else point.module
        offer = Offer(point.module, package, point.dist.version if point.dist is not None else "")
        try:
            for name in _listed(offer):
                if offer not in figures.get(name, ()):
                    figures[name] = (*figures.get(name, ()), offer)
        except Exception as error:  # whatever importing it raises
            faults.append(f"the figures of {package} {offer.version} ({offer.module}) cannot be loaded: "
                          f"{type(error).__name__}: {error}")  # fmt: skip
    return Shelf(figures, tuple(faults))


def _listed(offer: Offer) -> list[str]:
    """The names of an offer's figures: of this very source and version they are remembered."""
    key = digest("1", *offer, source_digest(offer.module))
    if (data := store.get("listings", key)) is not None:
        return list(json.loads(data))
    module = import_module(offer.module)
    found = sorted({value.__name__ for value in vars(module).values() if _offers(value)})
    store.keep("listings", key, json.dumps(found).encode())
    return found


def _offers(value: object) -> bool:
    """Whether it is a figure, and no stock one that the module imports."""
    return getattr(value, "is_figure", False) and not str(getattr(value, "__module__", "")).startswith("figures.")


def forget() -> None:
    """Look at what is installed again."""
    shelf.cache_clear()
    _points.cache_clear()
