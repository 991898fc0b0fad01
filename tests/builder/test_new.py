"""`--new`: a deck that builds at once, in either language, and never over anything."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from builder.arguments import HERE
from builder.command import main
from builder.new import SCAFFOLD
from deck.manifest_checks import SETTINGS

LANGUAGES = ("fr", "en")
NEXT = re.compile(r"^  (python (?:build\.py|-m deck)) (.+)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _own_store(talk: Path) -> None:
    """The current folder and the store are the test's."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_builds_by_the_command_that_is_told(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--new", "formation d’été/mon exposé", "--lang", lang]) == 0
    told = capsys.readouterr().out
    assert told.startswith("formation d’été/mon exposé: a deck of 3 files\n  deck.toml ")
    build, preview = ([*shlex.split(arguments)] for _, arguments in NEXT.findall(told))
    assert preview == [*build, "--preview"]
    assert main([*build, "-j", "1"]) == 0, capsys.readouterr().err
    assert ": 3 figures drawn, 0 reused" in capsys.readouterr().out
    markdown = Path(f"dist/mon exposé/slides.{lang}.md").read_text(encoding="utf-8")
    assert markdown.startswith(f"---\nmarp: true\nlang: {lang}\ntitle: ")
    assert markdown.count("\n---\n\n") == 3  # front matter and three slides
    assert re.search(r"^- .* 6 .*0[,.]093$", markdown, re.MULTILINE)  # 2 × (1 − 2 × 0.8)⁶
    assert "{{" not in markdown
    assert "{#" not in markdown


def test_french_is_the_default_and_an_empty_folder_will_do() -> None:
    Path("vide").mkdir()
    assert main(["--new", "vide", "-q"]) == 0
    assert sorted(path.name for path in Path("vide").iterdir()) == ["deck.toml", "figures.py", "slides.fr.md.j2"]
    assert [path.name for path in Path().iterdir() if path.name.startswith(".new-")] == []


@pytest.mark.parametrize(("path", "told"), [
    ("full", "full: not empty (it has .hidden, a, b, …); name a folder that is not there yet"),
    ("file", "file: a file, where the deck's folder would be; name another"),
    ("link", "link: a file, where the deck's folder would be"),
])  # fmt: skip
def test_what_is_there_stays(path: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("full").mkdir()
    for name in ("a", "b", "c", ".hidden"):
        Path("full", name).write_text(name)
    Path("file").write_text("x")
    Path("link").symlink_to("nowhere")
    assert main(["--new", path]) == 1
    assert told in capsys.readouterr().err
    assert sorted(path.name for path in Path("full").iterdir()) == [".hidden", "a", "b", "c"]
    assert Path("file").read_text() == "x"
    assert not Path("nowhere").exists()


def test_a_folder_that_cannot_be_made(capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").touch()
    assert main(["--new", "file/deck"]) == 1
    assert "build.py: " in capsys.readouterr().err


def test_a_language_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--new", "neu", "--lang", "de"]) == 1
    assert "--lang: no new deck in 'de'; there are en and fr" in capsys.readouterr().err
    assert not Path("neu").exists()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_it_says_in_comments_is_so(lang: str) -> None:
    text = (SCAFFOLD / lang / "deck.toml.txt").read_text(encoding="utf-8")
    whole = tomllib.loads(re.sub(r"^# (?=\w+ = )", "", text, flags=re.MULTILINE))
    assert {*whole["deck"]} <= {*SETTINGS}
    assert {*whole["deck"]} >= {"title", "logo", "theme", "variant", "size", "seed", "languages", "author", "footer"}


def test_both_languages_have_the_same() -> None:
    french, english = (sorted(path.name.replace(f".{lang}.", ".") for path in (SCAFFOLD / lang).iterdir())
                       for lang in LANGUAGES)  # fmt: skip
    assert french == english == ["deck.toml.txt", "figures.py.txt", "slides.md.j2.txt"]
    sources = [(SCAFFOLD / lang / "figures.py.txt").read_text(encoding="utf-8") for lang in LANGUAGES]
    codes = [re.sub(r'""".*?"""|#.*|alt = .*|label=f.*', "", source) for source in sources]
    assert codes[0] == codes[1]
    slides = [(SCAFFOLD / lang / f"slides.{lang}.md.j2.txt").read_text(encoding="utf-8") for lang in LANGUAGES]
    calls = [re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text) for text in slides]
    assert calls[0] == calls[1]


def test_the_wheel_has_it() -> None:
    listed = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    data = {path for package, patterns in listed.items() for pattern in patterns
            for path in (HERE / package).glob(pattern)}  # fmt: skip
    needed = {path for package in ("builder", "deck", "engine", "figures") for path in (HERE / package).rglob("*")
              if path.is_file() and path.suffix not in (".py", ".pyc") and path.name != ".DS_Store"}  # fmt: skip
    assert needed <= data, needed - data


def test_a_second_template_is_a_second_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--new", "talk", "--lang", "en"]) == 0
    Path("talk/slides.fr.md.j2").write_text("{{ head() }}\n\n# Bonjour\n", encoding="utf-8")
    assert main(["talk", "-q", "-j", "1"]) == 0
    assert {path.name for path in Path("dist/talk").glob("*.md")} == {"slides.en.md", "slides.fr.md"}
