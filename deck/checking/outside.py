"""What a deck asks for that it does not have, or must not have, and what its scripts complain about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deck.checking.chromium import Opened, Said
from deck.checking.finding import Finding, View, quoted
from deck.places import Spot


def outside(opened: Opened, views: Sequence[View], html: Path) -> Iterator[Finding]:
    """Addresses refused or not found, with the slide that names them, and errors of the console."""
    unplaced: dict[str, list[str]] = {}
    for url in dict.fromkeys(opened.refused):
        view, spot = _asking(url, views)
        if view is None:
            unplaced.setdefault(urlsplit(url).netloc, []).append(url)
        else:
            yield view.finding("network", _refused([url]), spot)
    for urls in unplaced.values():  # a theme's fonts: one fault for all that a host should give
        yield _finding("network", _refused(urls), None, None, views, html)
    for url in dict.fromkeys(opened.missing):
        view, spot = _asking(url, views)
        name, below = unquote(url).rpartition("/")[2], _below(url, html)
        message = f"{quoted(name)} is not there, or cannot be read: {quoted(below)}"
        yield _finding("image", message, view, spot, views, html)
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


def _refused(urls: Sequence[str]) -> str:
    more = f" and {len(urls) - 1} more there" if len(urls) > 1 else ""
    if urls[0].startswith("file:"):
        return f"{quoted(urls[0], 90)}{more} is outside the deck's folder and was not read; put it beside the template"
    return (f"network request to {quoted(urls[0], 90)}{more}, refused: a deck must show without a network; "
            "put a copy beside the template")


def _below(url: str, html: Path) -> str:
    """A file's address as seen from the page."""
    return unquote(url.removeprefix(html.resolve().parent.as_uri() + "/"))


def _asking(url: str, views: Sequence[View]) -> tuple[View | None, Spot | None]:
    """The slide that shows what is at an address, or whose Markdown writes it."""
    for view in views:
        for index, image in enumerate(view.measured["images"]):
            if image["url"] == url:
                return view, view.image(index)
        if url in view.measured["sources"]:
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
