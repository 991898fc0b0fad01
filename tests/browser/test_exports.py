"""The deck exported twice through the real Marp and Chromium: the same bytes, with everything that must be in them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pikepdf
import psutil
import pytest

from deck import page
from deck.exports import ExportError, Exports, export
from deck.faults import DeckError
from deck.marp import find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).parents[2]
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SLIDE = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


class Run:
    """One export of the whole deck."""

    def __init__(self, folder: Path, exports: Exports) -> None:
        self.folder, self.exports = folder, exports

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for paths in self.exports.made.values() for path in paths}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, str(ROOT / "build.py"), "-q", "--lang", "fr", "-o", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def runs(built: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    found = []
    for name, settings in (("one", {"TZ": "Asia/Tokyo", "LANG": "C"}),
                           ("l’autre dossier", {"TZ": "America/Lima", "LANG": "fr_FR.UTF-8", "LC_ALL": "de_DE.UTF-8"})):
        folder = tmp_path_factory.mktemp("run") / name
        home = tmp_path_factory.mktemp("home")
        shutil.copytree(built, folder)
        environment = {**os.environ, **settings, "HOME": str(home)}
        environment.pop("SOURCE_DATE_EPOCH", None)
        kinds = ["html", "pdf", "pptx", "images"]
        found.append(Run(folder, export(folder / "slides.fr.md", kinds, environment=environment)))
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser().command[0], args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def slides(runs: list[Run]) -> list[page.Slide]:
    return page.slides((runs[0].folder / "slides.fr.html").read_text(encoding="utf-8"))


def test_two_exports_are_the_same_bytes(runs: list[Run]) -> None:
    one, other = (run.files() for run in runs)
    assert {"slides.fr.html", "slides.fr.pdf", "slides.fr.pptx", "slides.fr.001.png", "slides.fr.016.png"} <= set(one)
    assert set(one) == set(other)
    assert [name for name in one if one[name] != other[name]] == []


def test_nothing_is_left_beside_the_deck(runs: list[Run]) -> None:
    made = set(runs[0].files())
    left = {path.name for path in runs[0].folder.iterdir()} - made
    assert left == {"slides.fr.md", "images", "fonts", ".slides.fr.exports.json", ".build.json"}


def test_a_second_export_converts_nothing(runs: list[Run]) -> None:
    again = export(runs[0].folder / "slides.fr.md", ["html", "pdf", "pptx", "images"],
                   environment={key: text for key, text in os.environ.items() if key != "SOURCE_DATE_EPOCH"})
    assert again.made == {}
    assert sorted(again.reused) == ["html", "images", "pdf", "pptx"]


def structure(element: Any, kind: str) -> Iterator[Any]:
    """The elements of a kind in a PDF's structure tree."""
    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from structure(child, kind)
    elif isinstance(element, pikepdf.Dictionary):
        if element.get("/S") == pikepdf.Name(f"/{kind}"):
            yield element
        yield from structure(element.get("/K", pikepdf.Array()), kind)


def test_the_pdf_is_tagged_with_language_alt_texts_and_headings(runs: list[Run], slides: list[page.Slide]) -> None:
    with pikepdf.open(runs[0].folder / "slides.fr.pdf") as pdf:
        assert pdf.Root.Lang == "fr"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.docinfo["/CreationDate"] == "D:19800101000000Z"
        tree = pdf.Root.StructTreeRoot.K
        alts = [str(figure.Alt) for figure in structure(tree, "Figure")]
        headings = [*structure(tree, "H1"), *structure(tree, "H2")]
    assert alts == [alt for slide in slides for alt in slide.alts]
    assert len(alts) == 14
    assert len(headings) == 16


def test_the_pdf_has_an_outline_entry_a_slide_and_the_notes(runs: list[Run], slides: list[page.Slide]) -> None:
    with pikepdf.open(runs[0].folder / "slides.fr.pdf") as pdf:
        with pdf.open_outline() as outline:
            titles = [[child.title for child in entry.children] for entry in outline.root]
        notes = [[str(note.Contents) for note in sheet.get("/Annots", []) if note.Subtype == "/Text"]
                 for sheet in pdf.pages]
    assert [entry[0].replace("'", "’") for entry in titles] == [slide.title.replace("'", "’") for slide in slides]
    assert all(len(note) == 1 and len(note[0]) > 40 for note in notes)


def test_the_pdf_embeds_the_decks_fonts_and_no_other(runs: list[Run]) -> None:
    with pikepdf.open(runs[0].folder / "slides.fr.pdf") as pdf:
        fonts = [thing for thing in pdf.objects
                 if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"]
        assert fonts
        assert all("/FontFile2" in font for font in fonts)
        assert all("+SourceSansPro" in str(font.FontName) for font in fonts)


def test_the_presentation_has_titles_alt_texts_and_notes(runs: list[Run], slides: list[page.Slide]) -> None:
    with zipfile.ZipFile(runs[0].folder / "slides.fr.pptx") as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for number, slide in enumerate(slides, 1):
            root = ElementTree.fromstring(file.read(f"ppt/slides/slide{number}.xml"))
            assert "".join(text.text or "" for text in root.iter(f"{DRAWING}t")) == slide.title
            [picture] = root.iter(f"{SLIDE}pic")
            described = picture.find(f"{SLIDE}nvPicPr/{SLIDE}cNvPr")
            assert described is not None
            assert described.get("descr") == ("\n".join((*slide.texts, *slide.alts)) or slide.title)
            notes = ElementTree.fromstring(file.read(f"ppt/notesSlides/notesSlide{number}.xml"))
            assert len("".join(text.text or "" for text in notes.iter(f"{DRAWING}t"))) > 40
        assert b"1980-01-01T00:00:00Z" in file.read("docProps/core.xml")


def loads(browser: Browser, file: Path) -> tuple[list[str], list[int], list[str]]:
    """What a page asks for when it is opened without a network, the natural widths of its images, and its fonts."""
    context = browser.new_context(offline=True)
    asked: list[str] = []
    tab = context.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(file.as_uri())
    tab.evaluate("document.fonts.ready")
    widths = tab.evaluate("[...document.querySelectorAll('section img')].map(i => i.naturalWidth)")
    fonts = tab.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    context.close()
    return asked, widths, fonts


def looks(browser: Browser, file: Path) -> bytes:
    """A picture of the first slide."""
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    tab.goto(file.as_uri())
    tab.evaluate("document.fonts.ready")
    picture = tab.screenshot(animations="disabled")
    tab.close()
    return picture


def test_the_html_asks_for_the_decks_own_files_only(runs: list[Run], browser: Browser) -> None:
    asked, widths, fonts = loads(browser, runs[0].folder / "slides.fr.html")
    assert all(url.startswith((runs[0].folder.as_uri(), "data:")) for url in asked)
    assert len(widths) == 14
    assert min(widths) > 0
    assert any("Deck Sans" in family for family in fonts)


def test_a_single_file_carries_everything_inside(built: Path, tmp_path: Path, browser: Browser) -> None:
    folder = shutil.copytree(built, tmp_path / "deck")
    [made] = export(folder / "slides.fr.md", ["html"], single_file=True).made["html"]
    alone = shutil.copy(made, tmp_path / "sent.html")
    export(folder / "slides.fr.md", ["html"])
    assert looks(browser, alone) == looks(browser, folder / "slides.fr.html")
    asked, widths, fonts = loads(browser, Path(alone))
    assert [url for url in asked if not url.startswith("data:")] == [(tmp_path / "sent.html").as_uri()]
    assert min(widths) > 0
    assert any("Deck Sans" in family for family in fonts)
    # Marpit notes the directives of a slide in attributes that nobody loads.
    text = re.sub(r' data-[a-z-]+="[^"]*"', "", alone.read_text(encoding="utf-8"))
    assert re.findall(r"(?:images|fonts)/[\w-]+\.\w+", re.sub(r"--background-image:url\(.*?\)", "", text)) == []


@pytest.mark.parametrize("maths", ["mathjax", "katex"])
def test_maths_emoji_and_marps_own_themes_need_no_network(maths: str, tmp_path: Path, browser: Browser) -> None:
    markdown = tmp_path / "slides.fr.md"
    markdown.write_text(f"---\nmarp: true\ntheme: gaia\nmath: {maths}\n---\n\n# Émojis 😀 :smile:\n\n"
                        "$x^2 + \\mathbb{R}$\n\n$$\\frac{1}{2}$$\n", encoding="utf-8")
    [made] = export(markdown, ["html"]).made["html"]
    text = made.read_text(encoding="utf-8")
    assert [address for address in page.addresses(text) if page.is_outside(address)] == []
    assert "😄" in text
    asked, _, fonts = loads(browser, made)
    assert [url for url in asked if not url.startswith("data:")] == [made.as_uri()]
    assert bool(fonts) == (maths == "katex")


@pytest.mark.parametrize("maths", ["mathjax", "katex"])
def test_a_formula_that_marp_cannot_read_is_told_with_its_line(maths: str, tmp_path: Path) -> None:
    markdown = tmp_path / "slides.fr.md"
    markdown.write_text(f"---\nmath: {maths}\n---\n\n$x^2$\n\n---\n\n"
                        "donc $\\frac{1}{$ et\n\n$$\n\\inconnue{x}\n$$\n", encoding="utf-8")
    with pytest.raises(DeckError) as caught:
        export(markdown, ["html"])
    assert [fault.line for fault in caught.value.faults] == [9, 12]
    assert all("formula" in fault.message for fault in caught.value.faults)
    assert not markdown.with_suffix(".html").exists()


def test_a_browser_that_hangs_is_ended_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    markdown, hanging, pids = tmp_path / "slides.fr.md", tmp_path / "chromium", tmp_path / "pids"
    markdown.write_text("# Un\n", encoding="utf-8")
    hanging.write_text(f"#!{sys.executable}\nimport os, time\n"
                       f"print(os.getpid(), file=open({str(pids)!r}, 'a'))\ntime.sleep(600)\n")
    hanging.chmod(0o755)
    room = tempfile.mkdtemp()
    monkeypatch.setattr(tempfile, "tempdir", room)
    with pytest.raises(ExportError, match="pdf: Marp or its browser hung twice for 5 s"):
        export(markdown, ["pdf"], time_limit=5, environment={**os.environ, "CHROME_PATH": str(hanging)})
    assert not markdown.with_suffix(".pdf").exists()
    assert len(pids.read_text().split()) >= 2  # Marp may have tried again by itself
    alive = [process.info["cmdline"] for process in psutil.process_iter(["cmdline", "status"])
             if process.info["status"] != psutil.STATUS_ZOMBIE
             and any(room in word or str(tmp_path) in word for word in process.info["cmdline"] or ())]
    assert alive == []
    Path(room).rmdir()  # it is empty
