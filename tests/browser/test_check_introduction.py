"""The deck of this repository has no fault that the check knows: as it is, dark, and on old projectors."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sample_decks import ROOT

import build
import deck as slides

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("check")]
DECK = ROOT / "deck" / "introduction"
HEADS = {
    "as it is": lambda text: text,
    "dark": lambda text: text.replace('set variant = "light"', 'set variant = "dark"', 1),
    "4:3": lambda text: text.replace("paginate: true\n", "paginate: true\nsize: 4:3\n", 1),
    "dark, 4:3": lambda text: HEADS["dark"](HEADS["4:3"](text)),
}


@pytest.mark.parametrize("head", HEADS)
def test_the_introduction_has_no_fault(head: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "introduction"
    shutil.copytree(DECK, folder)
    for language in slides.languages(DECK):
        path = folder / f"slides.{language}.md.j2"
        text = path.read_text(encoding="utf-8")
        path.write_text(HEADS[head](text), encoding="utf-8")
        assert len({HEADS[name](text) for name in HEADS}) == len(HEADS)
    status = build.main([str(folder), "-o", str(tmp_path / "dist"), "--check"])
    told = capsys.readouterr()
    assert (status, told.err) == (0, ""), told.out
    assert "checked, nothing found" in told.out
