"""The built deck in a real browser, through the real Marp: what a trainer would see."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).parents[2]
TITLES = {  # of the first slide, and of the one that stands for the seed's link
    "fr": ("Introduction au Deep Learning", "Exemple en images"),
    "en": ("Introduction to Deep Learning", "Example in pictures"),
}
specification = importlib.util.spec_from_file_location("contact_sheet", ROOT / "docs" / "contact_sheet.py")
contact_sheet = importlib.util.module_from_spec(specification)
specification.loader.exec_module(contact_sheet)

# What is wrong with each slide, measured by the browser itself.
MEASURE = """
() => [...document.querySelectorAll('section')].map(section => {
  const frame = section.getBoundingClientRect();
  const boxes = [...section.querySelectorAll('h1, h2, h3, p, li, img, footer')]
    .filter(e => e.tagName === 'IMG' || e.textContent.trim())
    .map(e => ({element: e, name: e.tagName,
                text: e.textContent.trim().slice(0, 30), rect: e.getBoundingClientRect()}));
  const outside = boxes.filter(({rect}) => rect.left < frame.left - 1 || rect.top < frame.top - 1
    || rect.right > frame.right + 1 || rect.bottom > frame.bottom + 1).map(b => b.name + ' ' + b.text);
  const touching = [];
  for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) {
    const wide = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left);
    const high = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top);
    if (wide > 1 && high > 1 && !a.element.contains(b.element))
      touching.push(a.name + ' ' + a.text + ' / ' + b.name + ' ' + b.text);
  }
  const images = [...section.querySelectorAll('img')].map(i => ({
    painted: i.complete && i.naturalWidth > 0, alt: i.alt, width: i.getBoundingClientRect().width,
    declared: Number(i.getAttribute('width'))}));
  return {title: section.querySelector('h1, h2')?.textContent, outside, touching, images,
          overflow: section.scrollHeight > section.clientHeight + 1 || section.scrollWidth > section.clientWidth + 1};
})
"""


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deck")
    subprocess.run([sys.executable, str(ROOT / "build.py"), "-q", "-o", str(folder)], check=True, cwd=ROOT)
    return folder


@pytest.fixture(scope="module", params=TITLES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def page(deck: Path, language: str) -> Iterator[Page]:
    from playwright.sync_api import sync_playwright  # here, so that tests without a browser need no playwright

    marp = [*contact_sheet.marp(), f"slides.{language}.md", "--template", "bare", "-o", "slides.html"]
    subprocess.run(marp, check=True, cwd=deck, env={**os.environ, "CHROME_PATH": contact_sheet.browser()})
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
               "--disable-sync", "--no-first-run"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=contact_sheet.browser(), args=options)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.asked = []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]
        page.goto((deck / "slides.html").as_uri())
        page.evaluate("document.fonts.ready")
        yield page
        browser.close()


@pytest.fixture(scope="module")
def slides(page: Page) -> list[dict[str, Any]]:
    return page.evaluate(MEASURE)


def test_there_are_sixteen_slides(slides: list[dict[str, Any]], language: str) -> None:
    assert len(slides) == 16
    assert (slides[0]["title"], slides[11]["title"]) == TITLES[language]


def test_every_language_of_the_deck_is_looked_at(deck: Path) -> None:
    assert {path.name for path in deck.glob("slides.*.md")} == {f"slides.{language}.md" for language in TITLES}


def test_nothing_overflows_or_overlaps(slides: list[dict[str, Any]]) -> None:
    for number, slide in enumerate(slides, 1):
        assert not slide["outside"], f"slide {number}"
        assert not slide["touching"], f"slide {number}"
        assert not slide["overflow"], f"slide {number}"


def test_every_image_is_painted_at_its_own_size(slides: list[dict[str, Any]]) -> None:
    images = [(number, image) for number, slide in enumerate(slides, 1) for image in slide["images"]]
    assert len(images) == 14
    for number, image in images:
        assert image["painted"], f"slide {number}"
        assert image["width"] == pytest.approx(image["declared"], abs=1), f"slide {number}"
        assert len(image["alt"]) > 20, f"slide {number}"


def test_nothing_is_asked_of_a_network(page: Page, slides: list[dict[str, Any]]) -> None:
    asked = page.asked  # type: ignore[attr-defined]
    assert len(asked) > 16
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_the_decks_typeface_is_used(page: Page) -> None:
    assert page.evaluate("document.fonts.check('600 42px \"Deck Sans\"')")
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.weight)")
    assert {"400", "600"} <= set(loaded)


def test_headings_are_steel_blue(page: Page) -> None:
    colours = page.evaluate("[...document.querySelectorAll('h2')].map(h => getComputedStyle(h).color)")
    assert set(colours) == {"rgb(70, 130, 180)"}


def test_each_slide_has_a_picture_that_is_not_blank(deck: Path, language: str, tmp_path: Path) -> None:
    pictures = contact_sheet.photographed(deck / f"slides.{language}.md", tmp_path)
    assert len(pictures) == 16
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.size == (1280, 720)
            assert len(picture.convert("RGB").getcolors(1280 * 720)) > 50, path.name


def test_the_contact_sheet_of_the_readme_is_small(deck: Path) -> None:
    assert (ROOT / "docs" / "contact-sheet.png").stat().st_size < 500_000
    assert "docs/contact-sheet.png" in (ROOT / "README.md").read_text(encoding="utf-8")
