"""Alt text and notes through the real Marp and Chromium: whole in HTML, PDF and PowerPoint.

White space is compared as HTML and PDF readers show it: any run of it is one space, and none stands at the ends. Marp
makes a plain space of a no-break one in an attribute. Joiners, which have no width, are not compared.
"""

from __future__ import annotations

import os
import re
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from deck import Facts, Image
from deck.markup import note

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).parents[2]
COUNT, IN_POWERPOINT = 150, 12
TRAPS = [
    "contrast", "blur", "opacity:.5", "invert", "fit", "cover", "left", "right:40%", "50%", "bg", "vertical", "w:300",
    "sepia", '"', "'", "« été »", "&", "&amp;", "&#10;", "&lt", "<", ">", "<b>", "</p>", "<!--", "-->", "--", "---",
    "😀", "👩‍🔬", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u202f", "\\", "*a*", "_c_", "`e`", "```", "$x^2$", "$$",
    "\\frac{1}{2}", "https://example.org/?a=1&b=2", "|", "[g](h)", "![i](j)", ":smile:", "# m", "- n", "{{ q }}",
    "class: invert", "_class: a", "theme: gaia", "headingDivider: 1", '"class": x', "{class: x}", "? class",
    "Question : quoi ?", "prettier-ignore", "cœur", "Σ wᵢxᵢ", "(c)", "...", "\x0b",
]  # fmt: skip
LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "àâçéèêëîïôùûœæÀÉÊÇŒ’«»–—…€°×√≤\u00a0\u202f\n"
WORDS = st.lists(st.sampled_from(TRAPS) | st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=10)


def generated() -> list[str]:
    """Each trap by itself first, then what hypothesis makes of them; the same every time."""
    texts = {f"{trap}": None for trap in TRAPS if seen(trap)}

    @seed(20240501)
    @settings(max_examples=4 * COUNT, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(WORDS)
    def gather(words: list[str]) -> None:
        text = " ".join(words)
        if seen(text) and len(texts) < COUNT:
            texts[text] = None

    gather()
    assert len(texts) == COUNT
    return list(texts)


def seen(text: str) -> str:
    return " ".join(re.sub("[\x0b\u2060]", "", text).split())


def marp(folder: Path, name: str, *options: str) -> None:
    command = [str(ROOT / "node_modules" / ".bin" / "marp"), "--no-stdin", "--allow-local-files", *options]
    done = subprocess.run([*command, "-o", name], cwd=folder, capture_output=True, text=True, timeout=300, check=False,
                          env={**os.environ, "CHROME_PATH": os.environ.get("CHROME_PATH", "/usr/bin/chromium")})
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def texts() -> list[str]:
    # A line of dashes alone is a slide break, which a note refuses.
    return [re.sub(r"(?m)^([ \t]*---+)([ \t]*)$", r"\1.\2", text) for text in generated()]


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> Path:
    folder = tmp_path_factory.mktemp("slides")
    (folder / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" '
                                  'height="9"/></svg>')
    pages = [f"{Image('a.svg', text, 9, 9, Facts('a', {}))}\n\n{note(text)}" for text in texts]
    for name, some in {"all.md": pages, "few.md": pages[-IN_POWERPOINT:]}.items():
        (folder / name).write_text("---\nmarp: true\n---\n\n" + "\n\n---\n\n".join(some), encoding="utf-8", newline="")
    marp(folder, "all.html", "all.md")
    marp(folder, "all.pdf", "--pdf-notes", "all.md")
    marp(folder, "few.pptx", "few.md")
    return folder


class Page(HTMLParser):
    """Marp's own HTML: the images in their order, the presenter's notes by slide."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.alts: list[str] = []
        self.notes: dict[int, str] = {}
        self.slide: int | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img":
            self.alts.append(values["alt"] or "")
        elif "bespoke-marp-note" in (values.get("class") or ""):
            self.slide = int(values["data-index"] or 0)
            self.notes[self.slide] = ""

    def handle_endtag(self, tag: str) -> None:
        self.slide = None if tag == "div" else self.slide

    def handle_data(self, data: str) -> None:
        if self.slide is not None:
            self.notes[self.slide] += data


@pytest.fixture(scope="module")
def page(slides: Path) -> Page:
    return Page((slides / "all.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pdf(slides: Path) -> Any:
    import pikepdf  # here, so that tests without a browser need none

    return pikepdf.open(slides / "all.pdf")


def figures(pdf: Any) -> list[str]:
    """The alt texts of the structure tree, in reading order."""
    import pikepdf

    waiting, found = [pdf.Root.StructTreeRoot], []
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting += reversed(list(node))
        elif isinstance(node, pikepdf.Dictionary):
            found += [str(node.Alt)] if "/Alt" in node else []
            waiting += [node.K] if "/K" in node else []
    return found


def test_every_alt_text_is_whole_in_the_html(page: Page, texts: list[str]) -> None:
    assert list(map(seen, page.alts)) == list(map(seen, texts))


def test_every_alt_text_is_whole_in_the_pdfs_structure(pdf: Any, texts: list[str]) -> None:
    assert list(map(seen, figures(pdf))) == list(map(seen, texts))


def test_every_note_is_whole_in_the_presenters_view(page: Page, texts: list[str]) -> None:
    assert [seen(page.notes.get(index, "")) for index in range(COUNT)] == list(map(seen, texts))


def test_every_note_is_whole_in_the_pdfs_annotations(pdf: Any, texts: list[str]) -> None:
    notes = [[str(a.Contents) for a in slide.get("/Annots", []) if a.Subtype == "/Text"] for slide in pdf.pages]
    assert [[seen(text) for text in each] for each in notes] == [[seen(text)] for text in texts]


def test_every_note_is_whole_in_powerpoint(slides: Path, texts: list[str]) -> None:
    name = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
    with zipfile.ZipFile(slides / "few.pptx") as file:
        notes = [ET.fromstring(file.read(f"ppt/notesSlides/notesSlide{number}.xml")).iter(name)
                 for number in range(1, IN_POWERPOINT + 1)]  # fmt: skip
        shown = [[text.text or "" for text in each] for each in notes]
    # The last text of each is the slide's number.
    assert [seen(" ".join(each[:-1])) for each in shown] == list(map(seen, texts[-IN_POWERPOINT:]))
