"""One language of a deck: its template, the figures that it asks for, its Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import deck as slides
from deck.album import Album
from deck.faults import described
from deck.slide_faults import slide_faults
from deck.within import parameters_inside
from figures import assets
from figures.assets import Asset
from figures.canonical import canonical
from figures.language import Words
from figures.palette import palettes
from figures.registry import FigureCall
from figures.typeface import slide_fonts


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
    names = known(page, draw)
    told = slides.mistakes(template, names)
    places, before = {fault[:2] for fault in told}, len(album.faults)
    markdown = ""
    try:
        markdown = slides.fill(template, names)
    except slides.DeckError as error:
        if not album.blanks:  # otherwise it may only be that a blank has no facts
            album.faults += error.faults
    # What else goes wrong on such a line follows from it.
    album.faults[before:] = [*told, *(fault for fault in album.faults[before:] if fault[:2] not in places)]
    return markdown


def faults_of_slides(page: Page, markdown: str, output: Path) -> list[slides.Fault]:
    """What is wrong with the Markdown of a page, at the lines of its template."""
    made = {*page.album.files, *(f"fonts/{name}" for name in slide_fonts())}
    path = output / f"slides.{page.album.language}.md"
    found = slide_faults(markdown, path, deck=page.template.deck, made=made)
    return [in_template(fault, page, markdown) if fault.line else fault._replace(path=page.template.path)
            for fault in found]  # fmt: skip


def in_template(fault: slides.Fault, page: Page, markdown: str) -> slides.Fault:
    """A fault of the Markdown at the line of the template that says the same, or names what the fault quotes."""
    lines = markdown.split("\n")
    own = lines[fault.line - 1].strip() if 0 < fault.line <= len(lines) else ""
    for words in filter(None, (own, *fault.message.split("'")[1:2])):
        for path in page.template.parts:
            for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
                if words == line.strip() or (words != own and words in line):
                    return fault._replace(path=path, line=number)
    return fault


def known(page: Page, draw: Draw) -> dict[str, Any]:
    """What a template finds under its name."""
    colours = {name: palette._asdict() for name, palette in palettes().items()}
    return {"figure": _figure_function(page, draw), "image": page.album.image_function(page.template),
            "language": page.album.language, "palette": colours, "variant": page.variant}  # fmt: skip


def filters(language: str) -> dict[str, Callable[..., str]]:
    """What a template writes numbers with, as the language does: `{{ 30730 | number }}`, `{{ 0.873 | percent(1) }}`."""

    def number(value: float, digits: int | None = None) -> str:
        return Words(language).number(value, digits)

    def percent(share: float, digits: int = 0) -> str:
        return Words(language).percent(share, digits)

    return {"number": number, "percent": percent}


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
