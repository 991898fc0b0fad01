"""What one language lacks, such as a browser, keeps no other from its files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder import exporting
from builder.command import main
from deck.exports import ExportError, Exports
from deck.faults import DeckError, Fault


@pytest.fixture
def deck(talk: Path) -> Path:
    """A deck in two languages without figures."""
    for language in ("en", "fr"):
        (talk / f"slides.{language}.md.j2").write_text("---\nmarp: true\n---\n\n# One\n\nA line.\n")
    return talk


def test_every_language_is_tried_and_all_that_is_missing_is_told(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def export(markdown: Path, *_: object, **__: object) -> Exports:
        page = markdown.with_suffix(".html")
        page.write_text("made")
        raise ExportError("pdf: no browser", Exports({"html": [page]}, {}, 0.0))

    monkeypatch.setattr(exporting, "export", export)
    assert main(["talk", "--html", "--pdf"]) == 1
    err = capsys.readouterr().err
    assert err.splitlines() == [
        "build.py: pdf: no browser", "written all the same: dist/talk/slides.en.html",
        "pdf: no browser", "written all the same: dist/talk/slides.fr.html"]  # fmt: skip
    assert Path("dist/talk/slides.fr.md").is_file()


def test_a_fault_is_told_at_its_line_of_the_template(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def export(markdown: Path, *_: object, **__: object) -> Exports:
        raise DeckError([Fault(markdown, 7, "'A line.' is wrong")])

    monkeypatch.setattr(exporting, "export", export)
    assert main(["talk", "--html"]) == 1
    err = capsys.readouterr().err.splitlines()
    assert err == ["talk/slides.en.md.j2:7: 'A line.' is wrong", "build.py: 1 fault, what was exported before stands"]


@pytest.mark.parametrize(("footer", "style", "told"), [
    ("![](/nowhere/a.png)", "none", "talk/deck.toml:3: no file '/nowhere/a.png'"),
    ("me", "url(b.png)", "talk/my.css:2: no file 'b.png'"),
])  # fmt: skip
def test_a_fault_of_what_head_prints_is_told_where_that_is_written(
    talk: Path, footer: str, style: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (talk / "deck.toml").write_text(f'[deck]\ntheme = "my.css"\nfooter = "{footer}"\n')
    (talk / "my.css").write_text(f"section {{\nbackground: {style} }}\n")
    (talk / "slides.fr.md.j2").write_text("{{ head() }}\n# One\n")
    assert main(["talk", "--html"]) == 1
    assert capsys.readouterr().err.startswith(told)


def test_what_stands_is_not_exported_again(deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def export(markdown: Path, *_: object, **__: object) -> Exports:
        made.append(markdown.name)
        page = markdown.with_suffix(".html")
        page.write_text("made")
        return Exports({"html": [page]}, {}, 0.0)

    monkeypatch.setattr(exporting, "export", export)
    for _ in range(2):
        assert main(["talk", "--html", "-q"]) == 0
    assert made == ["slides.en.md", "slides.fr.md"]
    assert main(["talk", "-q"]) == 0
    assert len(made) == 2
    os.unlink("dist/talk/slides.fr.html")
    assert main(["talk", "--html", "-q"]) == 0
    assert len(made) == 4


def test_a_check_that_cannot_be_made_does_not_say_that_nothing_was_written(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def export(markdown: Path, *_: object, **__: object) -> Exports:
        page = markdown.with_suffix(".html")
        page.write_text("made")
        return Exports({"html": [page]}, {}, 0.0)

    def check(html: Path, *_: object) -> list[object]:
        raise DeckError([Fault(html, 0, "no browser")])

    monkeypatch.setattr(exporting, "export", export)
    monkeypatch.setattr("deck.checking.check", check)
    assert main(["talk", "--check"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told == ["dist/talk/slides.en.html: no browser",
                    "build.py: 1 fault, the slides are written, but not checked"]  # fmt: skip
    assert Path("dist/talk/slides.en.md").is_file()


def test_the_pictures_of_a_language_are_told_in_one_line() -> None:
    pictures = [f"slides.{lang}.{k:03}.png" for lang in ("en", "fr") for k in range(1, 17)]
    assert exporting.briefly(["slides.en.html", *pictures, "slides.fr.pdf"]) == [
        "slides.en.html", "slides.en.001.png … 016.png", "slides.fr.001.png … 016.png", "slides.fr.pdf"]  # fmt: skip
    assert exporting.briefly(["slides.en.001.png"]) == ["slides.en.001.png"]
    assert exporting.briefly([]) == []
