"""What is asked for where it cannot be: folders that cannot be written, languages that there are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from breaking import TEMPLATE, Broken, each, state, told, write

from builder.command import main

GOOD = "# Un autre\n"
BROKEN = {
    "a language without a template": Broken(GOOD, "slides.de.md.j2", "no such template; the deck has slides.fr.md.j2",
                                            options=("--lang", "de")),
    "a language without words": Broken('{{ figure("max_pooling") }}', "slides.de.md.j2:1", "de", "", {
        "slides.de.md.j2": '{{ figure("max_pooling") }}'}, ("--lang", "de")),
    "a language that there is not": Broken(GOOD, "slides.zzz.md.j2:1", "zzz", "", {
        "slides.zzz.md.j2": "{{ 3 | number }}"}, ("--lang", "zzz")),
    "output into a file": Broken(GOOD, "../file/inside", "file is a file, and no folder", "", {"../file": ""},
                                 ("-o", "file/inside")),
    "output that is a file": Broken(GOOD, "../file", "file is a file, and no folder", "", {"../file": ""},
                                    ("-o", "file")),
    "output by a dangling link": Broken(GOOD, "../link", "link is a link to nowhere/at/all", "", {
        "../link": lambda path: path.symlink_to("nowhere/at/all")}, ("-o", "link")),
    "an unlocked deck": Broken(GOOD, "slides.lock", "no such file", options=("--locked",)),
    "an image that there is not": Broken(GOOD, "", "no image 'max_poling'", "", options=("--why", "max_poling")),
}  # fmt: skip

test_one_fault_is_told_and_the_last_deck_stays = each(BROKEN)


def test_the_decks_own_folder_is_no_output(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(deck)
    for name in ("talk", "./talk/", "dist/../talk", str(deck)):
        err, report = told(capsys, "-o", name)
        (fault,) = report["faults"]
        assert fault["file"] == "talk"
        assert "the deck's own folder" in err
        assert fault["hint"] == "write into another, such as -o dist"
    assert state(deck) == before


@pytest.mark.parametrize("output", ["talk/out", ".", "a b/c é", "link"])
def test_other_folders_are(deck: Path, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Below the deck's folder, above it, of any name, by a link: built once, and nothing to do then."""
    Path("real").mkdir()
    Path("link").symlink_to("real")
    assert main(["talk", "-j", "1", "-o", output]) == 0
    assert (Path(output) / "slides.fr.md").is_file()
    assert main(["talk", "-j", "1", "-o", output]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_a_folder_that_may_not_be_written(
    deck: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a stick that is write-protected; root may write into any folder, so that none can be made for the test."""
    def refuse(name: object, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", os.fspath(name))  # type: ignore[call-overload]

    write(deck, {TEMPLATE: GOOD})
    before = state(Path("dist"))
    monkeypatch.setattr("tempfile.mkstemp", lambda **named: refuse(named["dir"]))
    err, report = told(capsys)
    assert report["faults"][0]["message"].endswith("dist/talk: Permission denied")
    assert err.startswith("build.py: ")
    assert state(Path("dist")) == before


def test_a_name_that_no_disk_takes(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    err, report = told(capsys, "-o", "o" * 300)
    assert report["faults"][0]["message"].endswith("o: File name too long")
    assert err.startswith("build.py: ooo")


def test_a_deck_that_is_not_there(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tolk", "--json"]) == 1
    assert "tolk: no such folder; did you mean talk?" in capsys.readouterr().err
