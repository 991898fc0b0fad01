"""A deck's HTML in a real browser: is all there, does it fit, can it be read, does it need nothing from elsewhere?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from deck.checking.accessibility import barriers, find_axe
from deck.checking.chromium import opened
from deck.checking.finding import Finding, ordered, views
from deck.checking.layout import layout
from deck.checking.outside import outside
from deck.checking.pictures import pictures
from deck.checking.structure import structure
from deck.faults import DeckError, Fault
from deck.marp import MissingError, find_browser
from deck.places import Place

__all__ = ["Finding", "check", "find_axe"]

VIEWBOX = re.compile(r'<svg data-marpit-svg=""[^>]*\bviewBox="0 0 (\d+) (\d+)"')


def check(html: Path, places: Sequence[Place], *, browser: Path | None = None, axe: Path | None = None,
          time_limit: float = 60) -> list[Finding]:
    """Open a deck's HTML in headless Chromium and say what is wrong with it.

    Parameters
    ----------
    html : Path
        The page that Marp made. The browser reads it and files below its folder, nothing else.
    places : sequence of Place
        The template's line of each slide, as `slide_places` gives them.
    browser, axe : Path, optional
        The browser and axe-core's script, when they are not where `deck.marp.find_browser` and `find_axe` look.
    time_limit : float
        Seconds after which a browser that has not answered is ended.

    Returns
    -------
    list of Finding
        Slide by slide; empty for a deck without fault.

    Raises
    ------
    DeckError
        The page, Playwright, the browser or axe-core is missing, or the browser did not answer in time.
    """
    try:
        browser, axe = browser or Path(find_browser().command[0]), axe or find_axe()
        size = VIEWBOX.search(html.read_text(encoding="utf-8"))
    except OSError as error:
        raise DeckError([Fault(html, 0, error.strerror or str(error), error)]) from error
    except MissingError as error:
        raise DeckError([Fault(html, 0, str(error), error)]) from error
    if size is None:
        raise DeckError([Fault(html, 0, "no slides in it: this is no page that Marp made")])
    with opened(html, browser=browser, size=(int(size[1]), int(size[2])), time_limit=time_limit) as there:
        measured = there.page.evaluate((Path(__file__).parent / "measure.js").read_text(encoding="utf-8"))
        seen = views(places, measured, html)
        findings = [*structure(seen), *(f for view in seen for f in layout(view))]
        findings += [f for view in seen for f in pictures(view, [*there.refused, *there.missing])]
        findings += barriers(there.page, seen, axe)
        findings += outside(there, seen, html)  # last: scripts may have asked for more meanwhile
    return ordered(findings)
