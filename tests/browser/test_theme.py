"""The theme in a real browser: every element of Markdown and the real deck, light and dark, 16:9 and 4:3."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from figures.style import PALETTES, contrast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).parents[2]
specification = importlib.util.spec_from_file_location("contact_sheet", ROOT / "docs" / "contact_sheet.py")
contact_sheet = importlib.util.module_from_spec(specification)
specification.loader.exec_module(contact_sheet)

SIZES = {"16:9": (1280, 720), "4:3": (960, 720)}
EVERY = [(deck, variant, size) for deck in ("elements", "introduction") for variant in PALETTES for size in SIZES]
VARIANT, PAGINATE = '{% set variant = "light" %}', "\npaginate: true\n"

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")


def built(deck: str, variant: str, size: str, folder: Path) -> Path:
    """The HTML of a deck in another variant and size, changed as a trainer changes it: a line each."""
    source, output = folder / "source", folder / "dist"
    shutil.copytree(ROOT / ("deck/introduction" if deck == "introduction" else "tests/browser/elements"), source)
    shutil.copy(ROOT / "deck" / "introduction" / "theme.css", source)
    template = source / "slides.fr.md.j2"
    text = template.read_text(encoding="utf-8")
    assert text.count(VARIANT) == text.count(PAGINATE) == 1
    text = text.replace(VARIANT, VARIANT.replace("light", variant))
    template.write_text(text.replace(PAGINATE, f"{PAGINATE}size: {size}\n"), encoding="utf-8")
    output.mkdir()
    for picture in source.glob("*.svg"):  # of the Markdown's own images, which no call copies
        shutil.copy(picture, output)
    subprocess.run([sys.executable, str(ROOT / "build.py"), str(source), "-q", "-o", str(output)], check=True, cwd=ROOT)
    marp = [*contact_sheet.marp(), "slides.fr.md", "--template", "bare", "-o", "slides.html"]
    subprocess.run(marp, check=True, cwd=output, env={**os.environ, "CHROME_PATH": contact_sheet.browser()})
    return output / "slides.html"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    from playwright.sync_api import sync_playwright  # here, so that tests without a browser need no playwright

    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
               "--disable-sync", "--no-first-run"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=contact_sheet.browser(), args=options)
        page = browser.new_page()
        page.asked = []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]
        yield page
        browser.close()


@pytest.fixture(scope="module")
def slides(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[dict[str, Any]]]:
    """What was measured of a deck in one variant and size."""
    measured: dict[tuple[str, str, str], list[dict[str, Any]]] = {}

    def of(deck: str, variant: str, size: str) -> list[dict[str, Any]]:
        if (deck, variant, size) not in measured:
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            page.goto(built(deck, variant, size, tmp_path_factory.mktemp("deck")).as_uri())
            page.evaluate("document.fonts.ready")
            loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
            assert {name.strip('"') for name in loaded} == {"Deck Sans", *(["Deck Mono"] * (deck == "elements"))}
            measured[deck, variant, size] = page.evaluate(MEASURE)
        return measured[deck, variant, size]

    return of


@pytest.mark.parametrize(("deck", "variant", "size"), EVERY)
def test_everything_is_inside_its_slide(slides, deck, variant, size) -> None:  # type: ignore[no-untyped-def]
    found = slides(deck, variant, size)
    assert len(found) == {"elements": 17, "introduction": 16}[deck]
    for number, slide in enumerate(found, 1):
        where = f"slide {number}, {slide['title']}"
        assert slide["size"] == pytest.approx(SIZES[size]), where
        assert not slide["outside"], where
        assert not slide["touching"], where
        assert not slide["overflow"], where
        assert [text["text"] for text in slide["texts"] if not text["inside"]] == [], where


@pytest.mark.parametrize(("deck", "variant", "size"), EVERY)
def test_every_text_can_be_read(slides, deck, variant, size) -> None:  # type: ignore[no-untyped-def]
    for number, slide in enumerate(slides(deck, variant, size), 1):
        for text in slide["texts"]:
            where = f"slide {number}: {text}"
            assert text["size"] >= 16, where
            assert re.match(r'"?Deck (Sans|Mono)', text["family"]), where
            large = text["size"] >= 24 or (text["bold"] and text["size"] >= 18.66)
            assert contrast(hexadecimal(text["colour"]), hexadecimal(text["ground"])) >= (3 if large else 4.5), where


@pytest.mark.parametrize(("deck", "variant", "size"), EVERY)
def test_slides_have_the_palettes_colours(slides, deck, variant, size) -> None:  # type: ignore[no-untyped-def]
    for number, slide in enumerate(slides(deck, variant, size), 1):
        classes = slide["classes"].split()
        palette = PALETTES["dark" if "invert" in classes else "light" if "clair" in classes else variant]
        paper, heading = palette.paper, palette.blue
        if "partie" in classes:
            paper, heading = PALETTES["light"].shade, PALETTES["light"].paper
        assert hexadecimal(slide["paper"]) == paper, f"slide {number}"
        assert slide["heading"], f"slide {number}"
        assert {hexadecimal(colour) for colour in slide["heading"]} == {heading}, f"slide {number}"


@pytest.mark.parametrize(("deck", "variant", "size"), EVERY)
def test_images_keep_their_shape_and_have_room(slides, deck, variant, size) -> None:  # type: ignore[no-untyped-def]
    for number, slide in enumerate(slides(deck, variant, size), 1):
        for image in slide["images"]:
            where = f"slide {number}: {image}"
            assert image["painted"], where
            assert image["fit"] == "contain", where
            assert image["height"] > 150, where
            if deck == "introduction":
                width, height = image["declared"]
                shrunk = image["width"] / width
                assert image["height"] == pytest.approx(height * shrunk, abs=1), where
                assert shrunk == pytest.approx(1, abs=0.001) if size == "16:9" else shrunk >= 896 / 1136 - 0.001, where


@pytest.mark.parametrize(("deck", "variant", "size"), EVERY)
def test_nothing_is_asked_of_a_network(page, slides, deck, variant, size) -> None:  # type: ignore[no-untyped-def]
    slides(deck, variant, size)
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []


def hexadecimal(colour: str) -> str:
    """`rgb(70, 130, 180)` as the palette writes it."""
    parts = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour)
    assert parts, colour
    return "#" + "".join(f"{int(part):02X}" for part in parts.groups())
