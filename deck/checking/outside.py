"""What a deck asks for that it does not have, or must not have, and what its scripts complain about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from deck.checking.chromium import Opened, Said
from deck.checking.finding import Finding, View, quoted
from deck.places import Spot


def outside(opened: Opened, views: Sequence[View], html: Path) -> Iterator[Finding]:
    """Addresses refused or not found, with the slide that names them, and errors of the console."""
    for url in dict.fromkeys(opened.refused):
        view, spot = _asking(url, views)
        if url.startswith("file:"):
            message = f"{quoted(url, 90)} is outside the deck's folder and was not read; put the file beside the template"
        else:
            message = f"network request to {quoted(url, 90)}, refused: a deck must show without a network; bring the file"
        yield _finding("network", message, view, spot, views, html)
    for url in dict.fromkeys(opened.missing):
        view, spot = _asking(url, views)
        yield _finding("image", f"{quoted(url.rpartition('/')[2])} is not there: {_below(url, html)}", view, spot, views, html)
    page = html.read_text(encoding="utf-8", errors="replace").split("\n") if opened.console else []
    for said in opened.console:
        view, spot = _saying(said, page, views)
        yield _finding("console", f"error in the browser's console: {quoted(said.text, 200)}", view, spot, views, html)


def _finding(kind: str, message: str, view: View | None, spot: Spot | None, views: Sequence[View],
             html: Path) -> Finding:
    if view is not None:
        return view.finding(kind, message, spot)
    path, line = (views[0].place[0], 0) if views else (html, 0)
    return Finding(path, line, 0, kind, message)


def _below(url: str, html: Path) -> str:
    return f"no such file below {html.parent.name}/, or none that the browser can read"


def _asking(url: str, views: Sequence[View]) -> tuple[View | None, Spot | None]:
    """The slide that shows what is at an address, or whose Markdown writes it."""
    for view in views:
        for index, image in enumerate(view.measured["images"]):
            if image["url"] == url:
                return view, view.image(index)
        if url in view.measured["backgrounds"]:
            return view, None
    for view in views:
        for spot in view.place.spots:
            if url in spot.value or (spot.value and url.endswith("/" + spot.value)):
                return view, spot
    return None, None


def _saying(said: Said, page: Sequence[str], views: Sequence[View]) -> tuple[View | None, Spot | None]:
    """The slide whose own script complains: Marp writes it into the page as it is in the Markdown."""
    if not 0 <= said.line < len(page):
        return None, None
    before = "\n".join([*page[: said.line], page[said.line][: max(said.column, 0)]])
    number = before.count("<svg data-marpit-svg")
    line = " ".join(page[said.line].split())
    for view in views[max(number - 1, 0):number]:
        return view, next((s for s in view.place.spots if s.kind == "text" and s.value == line), None)
    return None, None
