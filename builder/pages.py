"""One language of a deck: its template, the figures that it asks for, its Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import deck as slides
from builder.binding import Asked
from builder.computed import Memory
from builder.defaults import Defaults
from builder.filters import filters
from deck.album import Album
from deck.faults import blamed, described
from deck.head import head_function, misplaced
from deck.slide_faults import slide_faults
from deck.within import parameters_inside
from figures import assets
from figures.assets import Asset
from figures.canonical import canonical
from figures.palette import palettes
from figures.typeface import slide_fonts


class Page(NamedTuple):
    """A template with the images and the faults of its language, and its figures in their order.

    `variant` names the colours that the template chooses for the whole deck, `memory` has what it computed. Of a
    figure: its call with the deck's defaults, its asset without the bytes, and the name of its file, which only the
    bytes tell.
    """

    template: slides.Template
    variant: str
    album: Album
    assets: list[tuple[slides.Call, Asset, str]]
    defaults: Defaults
    memory: Memory

    def fault(self, call: slides.Call, error: Exception) -> slides.Fault:
        """What is wrong with a call: at its line, or at that of the deck's default which the message names."""
        return blamed(*self.defaults.place(call.name, call.parameters, described(error)) or call[:2], error)


class Missing(NamedTuple):
    """A call that the store does not have."""

    page: Page
    call: slides.Call

    @property
    def asked(self) -> Asked:
        """The call with all that it means on this page."""
        return Asked(self.call.name, self.call.parameters, **_given(self.page))


Draw = Callable[[Asked], Asset]


def open_page(folder: Path, language: str, keep: Callable[[str, bytes], str], defaults: Defaults) -> Page:
    """Read the template of one language."""
    template = slides.read(folder, language, filters(language, folder))
    variant = slides.variant(template, tuple(palettes()), default=defaults.manifest.variant)
    page = Page(template, variant, Album(language, keep), [], defaults, Memory(template.deck, language))
    _distinct(page)
    return page


def _distinct(page: Page) -> None:
    """Refuse a variable of `deck.toml` that would hide what a template finds under that name."""
    manifest, taken = page.defaults.manifest, {*_provided(page, _nothing), *page.template.environment.globals}
    if clashes := sorted(taken.intersection(manifest.variables)):
        raise slides.DeckError([manifest.file.fault(("variables", name), f"{name!r} is what the build itself gives to "
                                                    "templates; choose another name") for name in clashes])  # fmt: skip


def _nothing(asked: Asked) -> Asset:
    raise AssertionError(f"{asked.name} is drawn before the template is filled")


def gather(page: Page) -> list[Missing]:
    """Take from the store what it has of the calls whose arguments are constants; return the others."""
    missing = []
    for written in slides.calls(page.template):
        call = written._replace(parameters=page.defaults.given(written.name, written.parameters))
        try:
            parameters_inside(page.template.deck, call.parameters)
            if (found := _find(page, call)) is not None:
                enter(page, call, found)
            else:
                missing.append(Missing(page, call))
        except (ValueError, TypeError) as error:
            page.album.faults.append(page.fault(call, error))
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
        page.memory.keep()
        album.faults += misplaced(template, markdown)
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
    """A fault of the Markdown at the line, of any file of the deck, that says the same or names what it quotes."""
    lines = markdown.split("\n")
    own = lines[fault.line - 1].strip() if 0 < fault.line <= len(lines) else ""
    there = [(path, number, line.strip()) for path in [*page.template.parts, *page.defaults.manifest.files]
             for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1)]  # fmt: skip
    same = [(path, number) for path, number, line in there if own and line == own]
    quoted = fault.message.split("'")[1:2]
    naming = [(path, number) for path, number, line in there if quoted and quoted[0] in line]
    found = same if len(same) == 1 else naming or same
    return fault._replace(path=found[0][0], line=found[0][1]) if found else fault


def known(page: Page, draw: Draw) -> dict[str, Any]:
    """What a template finds under its name."""
    return {**page.defaults.manifest.named(page.album.language), **_provided(page, draw)}


def _provided(page: Page, draw: Draw) -> dict[str, Any]:
    manifest, language = page.defaults.manifest, page.album.language
    colours = {name: palette._asdict() for name, palette in palettes().items()}
    found: dict[str, Any] = {
        "figure": _figure_function(page, draw), "image": page.album.image_function(page.template),
        "language": language, "palette": colours, "variant": page.variant,
        "deck": slides.Facts("deck", manifest.about(language)), "engine": page.memory.engine(),
    }  # fmt: skip
    found["head"] = head_function(page.template, manifest, dict(found))
    found["logo"] = _logo_function(page, found["figure"], found["image"])
    return found


def _logo_function(page: Page, figure: Callable[..., slides.Image],
                   image: Callable[..., slides.Image]) -> Callable[..., slides.Image]:  # fmt: skip
    """`logo(width=200)` as a template calls it: the deck's own, or else the emblem that is computed."""

    def logo(*, width: int = 200, alt: str = "Logo") -> slides.Image:
        own = page.defaults.manifest.logo
        return image(own, alt=alt, width=width) if own else figure("emblem", side=width)

    return logo


def _figure_function(page: Page, draw: Draw) -> Callable[..., slides.Image]:
    """`figure(name, **parameters)` as a template calls it."""

    def figure(name: str, **parameters: object) -> slides.Image:
        call = slides.Call(*slides.calling_line(), name, page.defaults.given(name, parameters))
        try:
            return shown(call)
        except Exception as error:
            page.album.faults.append(page.fault(call, error))
        return page.album.blank(name)

    def shown(call: slides.Call) -> slides.Image:
        parameters_inside(page.template.deck, call.parameters)
        key = _written(call.name, call.parameters)
        if key not in page.album:
            enter(page, call, _find(page, call) or draw(Missing(page, call).asked))
        return page.album.shown(key)

    return figure


def _find(page: Page, call: slides.Call) -> Asset | None:
    return assets.find(call.name, call.parameters, **_given(page))


def _given(page: Page) -> dict[str, Any]:
    return {"lang": page.album.language, "palette": page.variant, "folder": page.template.deck}


def _written(name: str, parameters: Mapping[str, Any]) -> str:
    return canonical([name, dict(sorted(parameters.items()))])
