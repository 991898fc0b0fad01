"""The figures that pages ask for: from the store, or drawn once for all the pages that share them."""

from __future__ import annotations

import argparse

import deck as slides
from builder.binding import Asked, bind_all
from builder.crew import Crew
from builder.drawing import draw_all, drawing
from builder.pages import Missing, Page, enter, gather
from builder.progress import progress
from figures import assets
from figures.assets import Asset
from figures.canonical import canonical
from figures.registry import FigureCall


def draw_missing(options: argparse.Namespace, pages: list[Page], crew: Crew) -> dict[str, Exception]:
    """Draw the figures that the store does not have, those that several pages share once; return what failed."""
    failed: dict[str, Exception] = {}
    wanted: dict[str, list[Missing]] = {}
    bound: dict[str, FigureCall] = {}
    missing = [wish for page in pages for wish in gather(page)]
    asked = [wish.asked for wish in missing]
    for wish, call in zip(missing, bind_all(asked, crew, options.time_limit, lambda: _study(pages)), strict=True):
        if isinstance(call, FigureCall):
            wanted.setdefault(key := canonical(call._asdict()), []).append(wish)
            bound[key] = call
        else:
            wish.page.album.faults.append(wish.page.fault(wish.call, call))
    keys, wishes, calls = list(wanted), list(wanted.values()), list(bound.values())
    with progress(options, len(calls)) as report, drawing(calls, options, crew) as drawn:
        for place, asset in drawn:
            report(calls[place].name)
            if isinstance(asset, Asset):
                assets.keep(asset)
            else:
                failed[keys[place]] = asset
            for wish in wishes[place]:
                if isinstance(asset, Asset):
                    enter(wish.page, wish.call, asset)
                else:
                    wish.page.album.faults.append(wish.page.fault(wish.call, asset))
    return failed


def _study(pages: list[Page]) -> None:
    for page in pages:
        slides.study(page.template)


def drawn_and_kept(asked: Asked, options: argparse.Namespace, failed: dict[str, Exception],
                   crew: Crew) -> Asset:  # fmt: skip
    """The asset of a call that the template computed; what failed before is not drawn again."""
    (call,) = bind_all([asked], crew, options.time_limit)
    if isinstance(call, Exception):
        raise call
    key = canonical(call._asdict())
    if key not in failed and (found := assets.stored(call)) is not None:
        return found
    if key not in failed:
        for _, asset in draw_all([call], jobs=1, limit=options.time_limit, crew=crew):
            if isinstance(asset, Asset):
                assets.keep(asset)
                return asset
            failed[key] = asset
    raise failed[key]
