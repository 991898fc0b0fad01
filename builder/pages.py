"""One language of a deck: its template, the figures that it asks for, its Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import deck as slides
from builder.filters import filters
from builder.functions import remembering
from deck.album import Album
from deck.faults import described
from deck.within import parameters_inside
from figures import assets
from figures.assets import Asset
from figures.canonical import canonical
from figures.palette import palettes
from figures.registry import FigureCall


class Page(NamedTuple):
    """A template with the images and the faults of its language, and its figures in their order.

    `variant` names the colours that the template chooses for the whole deck. Of a figure: its call, its asset without
    the bytes, and the name of its file, which only the bytes tell.
    """

    template: slides.Template
    variant: str
    album: Album
    assets: list[tuple[slides.Call, Asset, str]]


class Missing(NamedTuple):
    """A call that the store does not have."""

    page: Page
    call: slides.Call
    bound: FigureCall


Draw = Callable[[FigureCall], Asset]


def open_page(folder: Path, language: str, keep: Callable[[str, bytes], str]) -> Page:
    """Read the template of one language."""
    template = slides.read(folder, language, filters(language))
    return Page(template, slides.variant(template, tuple(palettes())), Album(language, keep), [])


def gather(page: Page) -> list[Missing]:
    """Take from the store what it has of the calls whose arguments are constants; return the others, bound."""
    missing = []
    for call in slides.calls(page.template):
        try:
            parameters_inside(page.template.deck, call.parameters)
            if (found := _find(page, call.name, call.parameters)) is not None:
                enter(page, call, found)
            else:
                missing.append(Missing(page, call, _bound(page, call.name, call.parameters)))
        except (ValueError, TypeError) as error:
            page.album.faults.append(slides.Fault(call.path, call.line, described(error), error))
    return missing


def enter(page: Page, call: slides.Call, asset: Asset) -> None:
    """Put an asset into the album of the page, under the call as it is written."""
    image = slides.Image(f"images/{asset.filename}", asset.alt, asset.width, asset.height,
                         slides.Facts(asset.name, asset.facts))  # fmt: skip
    page.album.add(_written(call.name, call.parameters), image, asset.svg, picture=asset.key, reused=asset.reused)
    page.assets.append((call, asset._replace(svg=b"", facts={}), asset.filename))


def fill(page: Page, draw: Draw) -> str:
    """The Markdown of the page; its faults are in the album."""
    template, album = page.template, page.album
    markdown = ""
    try:
        with remembering(template.deck, album.language) as engine:
            names = known(page, draw, engine)
            told = slides.mistakes(template, names)
            album.faults += told
            markdown = slides.fill(template, names)
    except slides.DeckError as error:
        if not album.blanks:  # otherwise it may only be that a blank has no facts
            album.faults += [fault for fault in error.faults if fault[:2] not in {known[:2] for known in told}]
    return markdown


def known(page: Page, draw: Draw, engine: slides.Functions) -> dict[str, Any]:
    """What a template finds under its name."""
    colours = {name: palette._asdict() for name, palette in palettes().items()}
    return {"figure": _figure_function(page, draw), "image": page.album.image_function(page.template),
            "language": page.album.language, "palette": colours, "variant": page.variant,
            "engine": engine}  # fmt: skip


def _figure_function(page: Page, draw: Draw) -> Callable[..., slides.Image]:
    """`figure(name, **parameters)` as a template calls it."""

    def figure(name: str, **parameters: object) -> slides.Image:
        with page.album.blame():
            parameters_inside(page.template.deck, parameters)
            key = _written(name, parameters)
            if key not in page.album:
                path, line = slides.calling_line()
                asset = _find(page, name, parameters) or draw(_bound(page, name, parameters))
                enter(page, slides.Call(path, line, name, parameters), asset)
            return page.album.shown(key)
        return page.album.blank(name)

    return figure


def _find(page: Page, name: str, parameters: Mapping[str, Any]) -> Asset | None:
    return assets.find(name, parameters, **_given(page))


def _bound(page: Page, name: str, parameters: Mapping[str, Any]) -> FigureCall:
    return assets.bound(name, parameters, **_given(page))


def _given(page: Page) -> dict[str, Any]:
    return {"lang": page.album.language, "palette": page.variant, "folder": page.template.deck}


def _written(name: str, parameters: Mapping[str, Any]) -> str:
    return canonical([name, dict(sorted(parameters.items()))])
