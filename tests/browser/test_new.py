"""What `--new` makes is a deck that the check finds nothing wrong with: as it is, and with its comments taken up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sample_decks import ROOT  # noqa: F401 (the project before what is installed)

import build

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("check")]
TAKEN_UP = {"as it is": (), "dark": ("variant",), "4:3": ("size",), "dark, 4:3": ("variant", "size")}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("settings", TAKEN_UP)
def test_a_new_deck_has_no_fault(lang: str, settings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mon exposé"
    assert build.main(["--new", str(folder), "--lang", lang, "-q"]) == 0
    text = (folder / "deck.toml").read_text(encoding="utf-8")
    for name in TAKEN_UP[settings]:
        text, count = re.subn(rf"^# ({name} = )", r"\1", text, flags=re.MULTILINE)
        assert count == 1
    (folder / "deck.toml").write_text(text, encoding="utf-8")
    status = build.main([str(folder), "-o", str(tmp_path / "dist"), "--check", "--images"])
    told = capsys.readouterr()
    assert status == 0, told.out + told.err
    assert "checked, nothing found" in told.out
    assert len(list((tmp_path / "dist").glob("*.png"))) == 3
