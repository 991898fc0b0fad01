"""Decks with one fault each, and how they become a page: filled by deck, made by the real Marp."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib import rc_context
from matplotlib.figure import Figure

import deck as slides
from deck.album import Album
from deck.checking import Finding, check
from deck.places import Place, slide_places

ROOT = Path(__file__).parents[2]
HEAD = "---\nmarp: true\nlang: fr\n---\n\n"


class Sample(NamedTuple):
    """A template, and the one fault in it: its kind, words of the template's line, words of the message."""

    template: str
    kind: str = ""
    at: str = ""
    says: str = ""
    slide: int = 1
    html: bool = False  # with scripts, which Marp leaves out otherwise


class Page(NamedTuple):
    """A sample's page and the places of its slides."""

    html: Path
    places: list[Place]

    def findings(self) -> list[Finding]:
        return check(self.html, self.places)


def drawing(size: float, *, width: float = 400, height: float = 200) -> bytes:
    """A figure as matplotlib writes it, with a text of `size` px and an exponent."""
    figure = Figure(figsize=(width / 96, height / 96), dpi=96)
    figure.text(0.3, 0.5, "un mot $x^2$", fontsize=size * 0.75)
    stream = io.BytesIO()
    with rc_context({"svg.fonttype": "path"}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


def marp() -> str:
    """The Marp of `npm ci`."""
    found = ROOT / "node_modules" / ".bin" / "marp"
    assert found.exists(), "no Marp; `npm ci` gets it"
    return str(found)


def made(folder: Path, samples: Mapping[str, Sample], files: Mapping[str, bytes]) -> dict[str, Page]:
    """The pages of some samples, in folders of their own."""
    pages = {}
    for name, sample in samples.items():
        pages[name] = _filled(folder / name, sample.template, files)
    for html in (False, True):
        chosen = [str(pages[name].html.with_suffix(".md")) for name, sample in samples.items() if sample.html == html]
        convert(chosen, html=html)
    return pages


def convert(markdown: Sequence[str], *, html: bool = False) -> None:
    """Marp, once for all."""
    if markdown:
        command = [marp(), "--no-stdin", "--allow-local-files", *(["--html"] if html else []), "--", *markdown]
        subprocess.run(command, check=True, capture_output=True, timeout=300)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _filled(folder: Path, template: str, files: Mapping[str, bytes]) -> Page:
    source = folder / "exposé"
    source.mkdir(parents=True)
    for name, data in {"slides.fr.md.j2": template.encode(), **files}.items():
        (source / name).write_bytes(data)
    read = slides.read(source, "fr", {})
    draft = slides.Draft(folder / "dist", _write)
    album = Album("fr", draft.add)
    known = {"image": album.image_function(read), "language": "fr"}
    markdown = slides.fill(read, known)
    album.check()

    draft.publish({"slides.fr.md": markdown}, album.files)
    draft.clear()
    for name, data in files.items():  # for templates that name an image without `image()`
        _write(folder / "dist" / "images" / name, data)
    return Page(folder / "dist" / "slides.fr.html", slide_places(read, known))
