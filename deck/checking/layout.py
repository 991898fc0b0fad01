"""What goes over the edge of a slide, or over its footer."""

from __future__ import annotations

from collections.abc import Iterator

from deck.checking.finding import Finding, View, described


def layout(view: View) -> Iterator[Finding]:
    """Texts and figures that do not fit where they are."""
    for element in view.measured["overflows"]:
        far = ", ".join(f"{side['far']:.0f} px beyond the {side['side']}" for side in element["sides"])
        edge = "edge of the slide" if element["slide"] else "edge of the box that cuts it off"
        advice = ("draw it smaller, as `.scaled(width)` does" if element["image"] >= 0
                  else "shorten the text, or make two slides of it")
        yield view.finding("overflow", f"{described(element, view)} goes {far} {edge}; {advice}", view.of(element))
    gone = {(e["image"], e["text"]) for e in view.measured["overflows"]}
    for element in view.measured["overlaps"]:
        if (element["image"], element["text"]) not in gone:  # what is too large is told once
            message = f"{described(element, view)} covers {element['far']:.0f} px of the {element['other']}; " + (
                "draw it smaller, as `.scaled(width)` does" if element["image"] >= 0 else "shorten what is above it")
            yield view.finding("overlap", message, view.of(element))
