"""The deck of this repository has no fault that the check knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_decks import ROOT, convert

import deck as slides
from deck.album import Album
from deck.checking import check
from deck.markup import Facts, Image
from deck.places import slide_places
from figures.language import Words
from figures.registry import bind
from figures.render import Asset, render
from figures.store import write_whole
from figures.style import font_files

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("check")]
DECK = ROOT / "deck" / "introduction"


@pytest.mark.parametrize("language", slides.languages(DECK))
def test_the_introduction_has_no_fault(language: str, tmp_path: Path) -> None:
    words = Words(language)
    template = slides.read(DECK, language, {"number": words.number, "percent": words.percent})
    assets: dict[str, Asset] = {}

    def figure(name: str, **parameters: object) -> Image:
        asset = render(bind(name, parameters, lang=language, folder=template.deck))
        assets[asset.filename] = asset
        return Image(f"images/{asset.filename}", asset.alt, asset.width, asset.height, Facts(asset.name, asset.facts))

    album = Album(language)
    known = {"figure": figure, "image": album.image_function(template), "language": language}
    markdown = slides.fill(template, known)
    images = [*album.files.items(), *((name, asset.svg) for name, asset in assets.items())]
    fonts = {path.name: path.read_bytes() for path in font_files().values()}
    slides.write(tmp_path, {language: markdown}, images, fonts, write_whole)
    convert([str(tmp_path / f"slides.{language}.md")])
    places = slide_places(template, known)
    assert len(places) >= 16
    assert {place.path for place in places} == {template.path}
    assert list(map(str, check(tmp_path / f"slides.{language}.html", places))) == []
