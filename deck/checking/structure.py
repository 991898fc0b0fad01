"""What a slide is called and written in: titles, headings, language, theme, formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from deck.checking.finding import Finding, View, quoted
from deck.places import Spot


def structure(views: Sequence[View]) -> Iterator[Finding]:
    """Faults of the deck's outline, which a screen reader, the PDF's bookmarks and the presenter go by."""
    yield from _headings(views)
    yield from _titles(views)
    yield from _language(views)
    yield from _theme(views)
    for view in views:
        for error in view.measured["formulas"]:
            command = re.search(r"\\\\?([A-Za-z]+)", error)
            spot = view.text("\\" + command[1]) if command else None
            yield view.finding("formula", f"broken formula: {' '.join(error.split())}", spot)


def _headings(views: Sequence[View]) -> Iterator[Finding]:
    last = 0
    for view in views:
        for heading in view.measured["headings"]:
            level, text = heading["level"], heading["text"]
            if last and level > last + 1:
                message = (f"heading {quoted(text)} is of level {level} after one of level {last}; "
                           f"make it level {last + 1}, or a paragraph")
                yield view.finding("heading", message, view.text(text))
            last = level


def _titles(views: Sequence[View]) -> Iterator[Finding]:
    seen: dict[str, View] = {}
    for view in views:
        headings = [heading for heading in view.measured["headings"] if heading["text"]]
        if not headings:
            yield view.finding("title", "the slide has no title; begin it with a heading such as `## …`")
            continue
        top = min(heading["level"] for heading in headings)
        titles = [heading["text"] for heading in headings if heading["level"] == top]
        for other in titles[1:]:
            message = f"second title {quoted(other)} beside {quoted(titles[0])}; make it a level lower"
            yield view.finding("title", message, view.text(other))
        before = seen.get(titles[0])
        # Two slides in a row that are called the same continue each other.
        if before is not None and before.number < view.number - 1:
            message = f"the title {quoted(titles[0])} is that of slide {before.number} too; tell them apart"
            yield view.finding("title", message, view.text(titles[0]))
        seen[titles[0]] = view


def _language(views: Sequence[View]) -> Iterator[Finding]:
    if views and not any(view.measured["language"] for view in views):
        message = "the deck names no language; write `lang: fr`, or its own, in the front matter"
        yield Finding(*views[0].place[:2], 0, "language", message)


def _theme(views: Sequence[View]) -> Iterator[Finding]:
    themes: list[Spot] = [spot for view in views for spot in view.place.spots if spot.kind == "theme" and spot.value]
    if themes and themes[-1].value != views[0].measured["theme"]:
        message = (f"unknown theme {themes[-1].value!r}: Marp left it out without a word; its own are default, gaia "
                   "and uncover, others are given to it as `--theme-set`")
        yield Finding(*themes[-1][:2], 0, "theme", message)
