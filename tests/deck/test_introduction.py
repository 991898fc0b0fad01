"""The deck of this repository, built whole: the seed's words in their order, images that exist, nothing left behind.

What holds of one language alone, and of languages beside each other, is in test_introduction_languages.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html import unescape
from pathlib import Path

import pytest

from deck.template import languages
from figures.palette import PALETTES

pytestmark = pytest.mark.xdist_group("introduction")

ROOT = Path(__file__).parents[2]
LANGUAGES = languages(ROOT / "deck" / "introduction")
SEED = (Path(__file__).parent / "seed.md").read_text(encoding="utf-8")
# Captions that the seed places with rows of &nbsp; or a table: they are inside the figures, where tests/figures
# holds them.
CAPTIONS = re.compile(r"^(#####.*|\|.*|&nbsp;.*)$", re.MULTILINE)
EXTRA = "Exemple en images"


def run(output: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(ROOT / "build.py"), "-o", str(output)], capture_output=True, text=True,
                          cwd=output.parent, env={**os.environ, **environment}, check=False, timeout=400)


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("introduction") / "dist"
    done = run(folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder


@pytest.fixture(scope="module")
def markdown(deck: Path) -> str:
    return (deck / "slides.fr.md").read_text(encoding="utf-8")


@pytest.fixture(params=LANGUAGES)
def page(deck: Path, request: pytest.FixtureRequest) -> str:
    """The Markdown of each language."""
    return (deck / f"slides.{request.param}.md").read_text(encoding="utf-8")


def slides(markdown: str) -> list[str]:
    """The slides of a Marp deck, without front matter and styles."""
    body = markdown.split("---", 2)[2]
    return re.split(r"^---\s*$", re.sub(r"<style>.*?</style>", "", body, flags=re.DOTALL), flags=re.MULTILINE)


def words(slide: str) -> list[str]:
    """What a slide says, without images, comments, layout hacks and the markers of headings and lists."""
    slide = re.sub(r"<!--.*?-->|!\[.*?\]\(.*?\)|<img[^>]*>|<br/>|&nbsp;", " ", slide, flags=re.DOTALL)
    return re.sub(r"^\s*(?:#+|=+|[*+-]\s)\s*", "", slide, flags=re.MULTILINE).split()


def test_the_seeds_slides_are_there_in_order_with_their_words(markdown: str) -> None:
    seed = [words(CAPTIONS.sub("", slide)) for slide in slides(SEED)]
    ours = [words(slide) for slide in slides(markdown)]
    assert len(seed) == 15
    assert ours.pop(11) == EXTRA.split()
    assert ours == seed


def test_lists_appear_as_in_the_seed(markdown: str) -> None:
    def markers(text: str) -> list[str]:
        return [m for slide in slides(text) for m in re.findall(r"^([*+-]) ", slide, re.MULTILINE)]

    assert markers(markdown) == markers(SEED)


def test_the_front_matter_is_the_seeds(markdown: str) -> None:
    front = markdown.split("---", 2)[1]
    assert markdown.startswith("---\nmarp: true\n")
    for line in SEED.split("---", 2)[1].split("\n"):
        assert line in front
    assert markdown.count("SteelBlue") >= 1


def test_the_themes_colours_are_the_palettes(page: str) -> None:
    theme = (ROOT / "deck" / "introduction" / "theme.css").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9A-Fa-f]{3,8}\b(?!:)|rgb|hsl", theme)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    roles = {"paper", "ink", "muted", "hairline", "blue", "tint", "shade", "orange", "blue_text", "orange_text",
             "green_text", "purple_text"}  # fmt: skip
    for palette in PALETTES.values():
        for role in roles:
            name = role.replace("_", "-")
            assert f"--{name}: {getattr(palette, role)};" in style


def test_the_theme_asks_nobody(deck: Path, page: str) -> None:
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert "@import" not in style
    addresses = re.findall(r"url\(\"?([^)\"]*)", style)
    assert addresses
    for address in addresses:
        assert address.startswith("fonts/")
        assert (deck / address).is_file()
    assert {path.name for path in (deck / "fonts").iterdir()} == {Path(address).name for address in addresses}


def test_no_layout_hack_is_left(page: str) -> None:
    assert "&nbsp;" not in page
    assert "<br" not in page
    assert not re.search(r"!\[[^\]]*center", page)


def test_every_slide_has_presenter_notes(page: str) -> None:
    for number, slide in enumerate(slides(page), 1):
        notes = [c for c in re.findall(r"<!--(.*?)-->", slide, re.DOTALL) if not re.match(r"\s*_\w+:", c)]
        assert notes, f"slide {number}"
        assert len(" ".join(notes).split()) >= 25, f"slide {number}"


def test_the_notes_answer_the_question_of_slide_3(page: str) -> None:
    assert re.search("identité|identity", slides(page)[2])


def test_no_image_is_left_behind(deck: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in deck.glob("slides.*.md")]
    assert len(pages) == len(LANGUAGES)
    named = [set(re.findall(r"images/([\w.-]+)", page)) for page in pages]
    assert {path.name for path in (deck / "images").iterdir()} == set().union(*named)


def test_every_image_exists_and_is_svg_that_asks_nobody(deck: Path, page: str) -> None:
    named = set(re.findall(r"images/([\w.-]+)", page))
    assert len(named) == 16  # fourteen figures and the two backgrounds
    for name in named:
        data = (deck / "images" / name).read_bytes()
        assert len(data) < 300_000, f"{name}: {len(data)} bytes"
        root = ET.fromstring(data)
        for element in root.iter():
            tag = element.tag.rpartition("}")[2]
            assert tag not in ("script", "foreignObject", "text", "a"), name
            for attribute, value in element.attrib.items():
                if attribute.endswith("href"):
                    assert value.startswith(("#", "data:image/png;base64,")), name
                for address in re.findall(r"url\(([^)]*)\)", value):
                    assert address.startswith("#"), name


def test_alt_texts_are_sentences(page: str) -> None:
    alts = [unescape(alt) for alt in re.findall(r'<img [^>]*alt="([^"]*)"', page)]
    assert len(alts) == 14
    for alt in alts:
        assert re.match(r"[A-ZÉÀ«]", alt), alt
        assert alt.endswith("."), alt
        assert len(alt.split()) >= 8, alt
        assert not re.search(r"(?<!\w)-\d", alt), alt  # true minus; tests/figures has the rest
        assert "{" not in alt


def test_the_prose_is_true_of_the_numbers(page: str) -> None:
    classifier = slides(page)[7]
    assert re.search("Plus de 30[\u202f]000 paramètres|More than 30,000 parameters", classifier)
    assert re.search("30[\u202f,]730", classifier)


def test_a_second_build_elsewhere_gives_the_same_bytes(deck: Path, tmp_path: Path) -> None:
    home = tmp_path / "maison é"
    (home / ".config" / "matplotlib").mkdir(parents=True)
    hostile = "font.family: cursive\nlines.linewidth: 7\nsvg.fonttype: none\nsavefig.bbox: tight\nfigure.dpi: 33\n"
    (home / ".config" / "matplotlib" / "matplotlibrc").write_text(hostile)
    done = run(tmp_path / "autre dossier", HOME=str(home), XDG_CONFIG_HOME=str(home / ".config"),
               XDG_CACHE_HOME=str(home / ".cache"), TZ="Pacific/Auckland", LANG="tr_TR.UTF-8", LC_ALL="tr_TR.UTF-8",
               PYTHONHASHSEED="7", MPLBACKEND="module://nowhere", PYTHONIOENCODING="ascii")  # fmt: skip
    assert done.returncode == 0, done.stderr

    def files(folder: Path) -> dict[str, bytes]:
        # The record of the build is of this machine.
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*")
                if p.is_file() and p.name != ".build.json"}  # fmt: skip

    assert files(tmp_path / "autre dossier") == files(deck)


def test_nothing_to_do_draws_nothing(deck: Path) -> None:
    assert re.search(r": nothing to do, ", run(deck).stdout)
