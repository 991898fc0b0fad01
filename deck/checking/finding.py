"""What the check says about a deck, and which line of the template it says it of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deck.faults import shown
from deck.places import Place, Spot


class Finding(NamedTuple):
    """A fault of a slide. `slide` is 0 for the deck as a whole, `line` 0 where no line is known."""

    path: Path
    line: int
    slide: int
    kind: str
    message: str

    def __str__(self) -> str:
        place = f"{shown(self.path)}:{self.line}" if self.line else shown(self.path)
        return f"{place}: slide {self.slide}: {self.message}" if self.slide else f"{place}: {self.message}"

    def data(self) -> dict[str, object]:
        """The same as plain data, for JSON."""
        return {"file": shown(self.path), "line": self.line, "slide": self.slide, "kind": self.kind,
                "message": self.message}


class View(NamedTuple):
    """A slide as the browser shows it, beside the lines that it comes from."""

    number: int
    place: Place
    measured: Any

    def finding(self, kind: str, message: str, spot: Spot | None = None) -> Finding:
        """A fault of this slide, at the line of a part of it or at its own."""
        path, line = (spot or self.place)[:2]
        return Finding(path, line, self.number, kind, message)

    def image(self, index: int) -> Spot | None:
        """Where the image comes from that is the `index`th of the slide."""
        spots = [spot for spot in self.place.spots if spot.kind == "image"]
        written = self.measured["images"][index]["written"]
        if index < len(spots) and (spots[index].value == written or written.startswith("data:")):
            return spots[index]
        return next((spot for spot in spots if spot.value == written), None)

    def text(self, words: str) -> Spot | None:
        """Where a text comes from: the part that says the same, else the one that has the most of it."""
        wanted = _plain(words)
        spots = [(spot, _plain(spot.value)) for spot in self.place.spots if spot.kind == "text"]
        tests: list[Callable[[str], bool]] = [
            lambda own: own == wanted, lambda own: wanted in own, lambda own: own in wanted and len(own) > 2]
        return next((spot for test in tests for spot, own in spots if wanted and own and test(own)), None)

    def of(self, element: Any) -> Spot | None:
        """Where an element comes from that the browser named."""
        return self.image(element["image"]) if element["image"] >= 0 else self.text(element["text"])


def views(places: Sequence[Place], measured: Sequence[Any], html: Path) -> list[View]:
    """Each slide with its place; one that no place is known for is told by the page's own path."""
    unknown = [Place(html, 0)] * (len(measured) - len(places))
    return [View(number, place, slide)
            for number, (place, slide) in enumerate(zip([*places, *unknown], measured, strict=False), 1)]


def quoted(words: str, most: int = 60) -> str:
    """Some words of a slide between quotes, cut where they get long."""
    return f"'{words if len(words) <= most else words[:most].rstrip() + '…'}'"


def described(element: Any, view: View) -> str:
    """An element of a slide in words."""
    if element["image"] >= 0:
        return f"figure {quoted(view.measured['images'][element['image']]['written'].rpartition('/')[2])}"
    return f"text {quoted(element['text'])}" if element["text"] else f"<{element['tag']}>"


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, slide by slide."""
    return sorted(set(findings), key=lambda f: (f.slide, str(f.path), f.line, f.kind, f.message))


def _plain(words: str) -> str:
    """Without what Markdown or the typography of a page may have changed."""
    return re.sub(r"[^\w\\]+", "", words).casefold()
