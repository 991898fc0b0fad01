"""What goes over the edge of a slide, or over its footer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deck.checking.finding import Finding, View, described


def layout(view: View) -> Iterator[Finding]:
    """Texts and figures that do not fit where they are."""
    texts = []
    for element in view.measured["overflows"]:
        if element["image"] < 0:
            texts.append(element)
        else:
            message = f"{described(element, view)} goes {_far(element)}; draw it smaller, as `.scaled(width)` does"
            yield view.finding("overflow", message, view.of(element))
    if texts:  # what is pushed down is told once, where it begins
        more = f", and {len(texts) - 1} more after it" if len(texts) > 1 else ""
        message = f"{described(texts[0], view)} goes {_far(texts[0])}{more}; shorten the text, or make two slides of it"
        yield view.finding("overflow", message, view.of(texts[0]))
    gone = {(e["image"], e["text"]) for e in view.measured["overflows"]}
    for element in view.measured["overlaps"]:
        if (element["image"], element["text"]) not in gone:  # what is too large is told once
            message = f"{described(element, view)} covers {element['far']:.0f} px of the {element['other']}; " + (
                "draw it smaller, as `.scaled(width)` does" if element["image"] >= 0 else "shorten what is above it")
            yield view.finding("overlap", message, view.of(element))


def _far(element: Any) -> str:
    far = ", ".join(f"{side['far']:.0f} px beyond the {side['side']}" for side in element["sides"])
    return f"{far} edge of the " + ("slide" if element["slide"] else "box that cuts it off")
