"""What Marp is silent about, found in the Markdown with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deck.references import faults, language, line_of, references

HEAD = "---\nmarp: true\nlang: fr\n---\n\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deck" / "images").mkdir(parents=True)
    for name in ("images/a.svg", "images/deux mots.png", "secret.txt"):
        (tmp_path / "deck" / name).write_text("x")
    (tmp_path / "outside.svg").write_text("x")
    return tmp_path / "deck"


def told(folder: Path, text: str) -> list[str]:
    markdown = folder / "slides.fr.md"
    markdown.write_text(text, encoding="utf-8")
    return [f"{fault.line}: {fault.message}" for fault in faults(markdown)]


@pytest.mark.parametrize("good", [
    '<img src="images/a.svg" alt="un >">', "![un](images/a.svg)", "![bg contrast](<images/deux mots.png> \"titre\")",
    "![x](images/deux%20mots.png)", "<!-- _backgroundImage: url('images/a.svg?v=1#b') -->",
    "<style>section { background: url(images/a.svg); mask: url(#m) }</style>", "![x](data:image/png;base64,AA==)",
    "`![x](nowhere.png)`", "```md\n![x](nowhere.png)\n```", "~~~\n<img src='no.png'>\n~~~",
    "<!--\nOn écrit ![x](nowhere.png) ou <img src=\"no.png\">.\n-->", "[un lien](https://example.org/x.png)",
])  # fmt: skip
def test_what_is_there_or_is_only_words_is_no_fault(good: str, folder: Path) -> None:
    assert told(folder, HEAD + good + "\n") == []


@pytest.mark.parametrize(("bad", "message"), [
    ('<img src="images/b.svg">', "no file 'images/b.svg' in .*; did you mean 'images/a.svg'?"),
    ("![un](images/à.svg)", "no file 'images/à.svg' in .*; did you mean 'images/a.svg'?"),
    ("![un](absent/x.png)", "no file 'absent/x.png' in .*deck$"),
    ("<!-- _backgroundImage: url(\"images/c.svg\") -->", "no file 'images/c.svg'"),
    ("<style>@font-face { src: url(images/f.woff2) }</style>", "no file 'images/f.woff2'"),
    ("![un](https://example.org/a.png)", "'https://example.org/a.png' is on another machine"),
    ("<img alt='' src='//example.org/a.png'>", "'//example.org/a.png' is on another machine"),
    ("<style>@import 'https://example.org/a.css';</style>", "'https://example.org/a.css' is on another machine"),
    ("![un](../outside.svg)", "'../outside.svg' leaves the deck's folder"),
    ("![un](%2e%2e/outside.svg)", "'../outside.svg' leaves the deck's folder"),
    ("![un](/etc/hostname)", "'/etc/hostname' leaves the deck's folder"),
    ("![un](file:///etc/hostname)", "'file:///etc/hostname' leaves the deck's folder"),
    ("<!-- theme: gaya -->", "no theme 'gaya'; did you mean 'gaia'?"),
])  # fmt: skip
def test_a_fault_is_told_with_its_line(bad: str, message: str, folder: Path) -> None:
    [fault] = told(folder, HEAD + "# Un\n\n" + bad + "\n")
    line, _, words = fault.partition(": ")
    assert line == "8"
    assert re.match(message.replace("?", r"\?"), words), words


def test_an_unknown_theme_of_the_front_matter(folder: Path) -> None:
    assert told(folder, "---\nmarp: true\ntheme: 'météo'\n---\n\ntheme: rien\n") == [
        "3: no theme 'météo'; Marp has default, gaia, uncover"]
    assert told(folder, "---\ntheme: uncover\n---\n") == []


def test_a_link_out_of_the_folder_is_followed(folder: Path) -> None:
    (folder / "images" / "lien.svg").symlink_to(folder.parent / "outside.svg")
    assert "leaves the deck's folder" in told(folder, "![x](images/lien.svg)")[0]


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\"'<>&`\\")
NAMES = st.text(LETTERS, min_size=1, max_size=30)


@settings(deadline=None)
@given(name=NAMES, before=st.integers(0, 5))
def test_an_address_is_found_whole_on_its_line(name: str, before: int) -> None:
    text = "\n".join(["mot"] * before + [f'<img alt="une figure" src="{name}">'])
    assert [(found.address, found.line) for found in references(text)][:1] == [(name, before + 1)]


@settings(deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert all(reference.line >= 1 for reference in references(text))


def test_the_language_of_the_front_matter() -> None:
    assert language(HEAD) == "fr"
    assert language("---\r\nlang: 'pt-BR'\r\n---\r\n") == "pt-BR"
    assert language("# lang: fr\n") is None
    assert line_of(" deux\n", "un\ndeux\n") == 2
    assert line_of("trois", "un\ndeux\n") == 0
