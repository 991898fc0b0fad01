"""Small decks for tests, built as the command builds them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

import build


class Run(NamedTuple):
    status: int
    output: Path
    out: str
    err: str

    @property
    def markdown(self) -> str:
        return (self.output / "slides.fr.md").read_text(encoding="utf-8")


@pytest.fixture
def built(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Write files into a deck, build it in this process, and say what came of it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "cache"))

    def run(template: str | bytes, *options: str, files: dict[str, str | bytes] | None = None) -> Run:
        folder = tmp_path / "exposé"
        folder.mkdir(exist_ok=True)
        for name, text in {"slides.fr.md.j2": template, **(files or {})}.items():
            (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
        capsys.readouterr()
        status = build.main(["exposé", "-j", "1", *options])
        told = capsys.readouterr()
        return Run(status, tmp_path / "dist" / "exposé", told.out, told.err)

    return run
