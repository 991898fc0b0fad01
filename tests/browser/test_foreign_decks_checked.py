"""The check finds nothing wrong with the decks of strangers, in any of their languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_decks import ROOT

import build

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("check")]
DECKS = ROOT / "tests" / "foreign_decks"
LANGUAGES = {"regression": ("fr", "en"), "recurrent": ("fr",), "optimisation": ("fr",)}


def test_all_of_them_are_here() -> None:
    assert {path.name for path in DECKS.iterdir() if path.is_dir()} == {*LANGUAGES}


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_foreign_deck_has_no_fault(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = build.main([str(DECKS / name), "-o", str(tmp_path / "dist"), "--check", "-q"])
    told = capsys.readouterr()
    assert (status, told.err) == (0, ""), told.out
    for language in LANGUAGES[name]:
        assert (tmp_path / "dist" / f"slides.{language}.html").is_file()
