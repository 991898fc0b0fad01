"""Templates of anybody's, filled beside a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import deck as slides
from builder.functions import table
from deck import Facts, Image


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A deck's folder beside a secret; a payload that ran would leave a canary in the current folder."""
    deck = tmp_path / "deck"
    deck.mkdir()
    (tmp_path / "secret.md").write_text("SECRET")
    (deck / "link.md").symlink_to(tmp_path / "secret.md")
    (deck / "links").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield deck
    assert not (tmp_path / "canary").exists()
    assert not (deck / "canary").exists()


def figure(name: str, **parameters: object) -> Image:
    """As the build hands it in: a Python function with globals of its own."""
    return Image(f"images/{name}.svg", "alt", 10, 20, Facts(name, {"output": [1, 2], "share": 0.5}))


@pytest.fixture
def filled() -> Callable[..., str]:
    """The Markdown of a template, with other files beside it, made as the build makes it."""

    def fill(folder: Path, text: str, **files: str) -> str:
        for name, content in {"slides.fr.md.j2": text, **files}.items():
            (folder / name).write_text(content, encoding="utf-8")
        template = slides.read(folder, "fr", {"number": lambda value, digits=0: f"{value:.{digits}f}"})
        known = {"figure": figure, "image": figure, "language": "fr", "engine": slides.Functions("engine", table())}
        slides.calls(template)
        if faults := slides.mistakes(template, known):
            raise slides.DeckError(faults)
        return slides.fill(template, known)

    return fill


@pytest.fixture
def refused(filled: Callable[..., str]) -> Callable[..., slides.Fault]:
    """The one fault of a template that must not be filled."""

    def refuse(folder: Path, text: str, **files: str) -> slides.Fault:
        with pytest.raises(slides.DeckError) as caught:
            print(filled(folder, text, **files)[:500])
        assert len(caught.value.faults) == 1
        fault = caught.value.faults[0]
        assert fault.line, fault
        assert "Traceback" not in str(fault)
        assert "SECRET" not in str(fault)
        return fault

    return refuse
