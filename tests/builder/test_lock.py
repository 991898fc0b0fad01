"""A deck is written down: what a lock holds, and what is said of one that cannot be read."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path

import pytest
from locking import built, filled, state

from builder import lock, unchanged
from builder.lock import Difference, File, Lock
from deck.faults import DeckError
from figures import provenance

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def deck(talk: Path) -> Path:
    return filled(talk)


def test_the_lock_holds_the_digest_of_every_file_and_the_versions(deck: Path) -> None:
    assert built(deck, "--lock") == 0
    data = tomllib.loads((deck / "slides.lock").read_text(encoding="utf-8"))
    output = Path("dist/talk")
    there = {path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in [*output.glob("images/*"), *output.glob("slides.*.md")]}  # fmt: skip
    assert {name: file["sha256"] for name, file in data["files"]["fr"].items()} == there
    assert len(there) == 4
    assert {"python", "numpy", "numba", "llvmlite", "matplotlib", "pillow", "contourpy", "font-source-sans-pro",
            "babel", "jinja2"} <= set(data["versions"])  # fmt: skip
    for name, file in data["files"]["fr"].items():
        origin = provenance.read((output / name).read_bytes())
        assert file.get("call") == (origin.key[:16] if origin else None)
    lines = (deck / "slides.lock").read_text(encoding="utf-8").splitlines()
    assert sum("sha256" in line for line in lines) == 4


def test_the_lock_is_the_same_text_each_time_and_causes_no_build(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built(deck, "--lock")
    first = state(deck)
    built(deck)
    assert "nothing to do" in capsys.readouterr().out
    built(deck, "--lock")
    assert state(deck) == first
    (deck / "slides.lock").unlink()
    built(deck)
    assert "nothing to do" in capsys.readouterr().out.splitlines()[-1]


BROKEN = [
    (None, "talk/slides.lock: no such file; `python build.py --lock` writes it"),
    ("{ not toml", "talk/slides.lock:1: no lock file: "),
    ("format = 2", "format 2, this version reads format 1"),
    ("", "no format, this version reads format 1"),
    ("format = 1", "no table [versions] of texts"),
    ("format = 1\n[versions]\n", "no table [files.LANGUAGE]"),
    ('format = 1\n[versions]\n[files.fr]\n"a.svg" = { sha256 = "12" }', "'a.svg' has no sha256 of 64 hexadecimal"),
    ('format = 1\n[versions]\n[files.fr]\n"a.svg" = "12"', "'a.svg' has no sha256"),
    (b"\xff", "no lock file: not UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "message"), BROKEN)
def test_a_lock_that_cannot_be_read_is_told_before_anything_is_built(
    deck: Path, content: str | bytes | None, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (deck / "slides.lock").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert built(deck, "--locked") == 1
    assert message in capsys.readouterr().err
    assert not Path("dist").exists()


def test_a_lock_of_one_language_is_refused(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        built(deck, "--lock", "--lang", "fr")
    assert stop.value.code == 2
    assert "--lock holds every language of a deck: leave --lang out" in capsys.readouterr().err


def test_the_same_call_is_paired_before_the_same_name() -> None:
    """Two images of one figure: their digests alone would pair the wrong ones."""
    was = {"a-11111111.svg": File("1", "x"), "a-22222222.svg": File("2", "y")}
    now = {"a-33333333.svg": File("3", "y"), "a-44444444.svg": File("4", "x")}
    assert lock.differences(Lock({}, {"fr": was}), Lock({}, {"fr": now})) == [
        Difference("fr", "a-11111111.svg", "a-44444444.svg"), Difference("fr", "a-22222222.svg", "a-33333333.svg")]


def test_a_language_more_and_a_language_less() -> None:
    one, other = Lock({}, {"fr": {"a": File("1")}}), Lock({}, {"en": {"a": File("1")}})
    assert lock.differences(one, other) == [Difference("en", "", "a"), Difference("fr", "a", "")]


@pytest.mark.parametrize("name", ['a"b\\c', "é\n\x7f\x00", "a b.svg", "]#="])
def test_any_name_comes_back_from_the_lock(tmp_path: Path, name: str) -> None:
    wanted = Lock({"numpy": name}, {"zh-Hans": {name: File("0" * 64, "x"), "b": File("1" * 64)}})
    (tmp_path / "slides.lock").write_text(lock.text(wanted), encoding="utf-8")
    assert lock.read(tmp_path) == wanted


def test_every_slide_image_of_the_introduction_is_in_its_lock() -> None:
    found = lock.read(ROOT / "deck" / "introduction")
    assert set(found.files) == {path.name.split(".")[1] for path in (ROOT / "deck/introduction").glob("slides.*.j2")}
    for language, table in found.files.items():
        assert f"slides.{language}.md" in table


def test_the_lock_is_no_input_of_a_build(deck: Path) -> None:
    (deck / "slides.lock").write_text("x", encoding="utf-8")
    assert not [path for path in unchanged.inputs(str(deck), "dist") if path.endswith("slides.lock")]


def test_a_record_of_a_build_has_the_files_of_each_page(deck: Path) -> None:
    built(deck)
    record = json.loads(Path("dist/talk/.build.json").read_text(encoding="utf-8"))
    assert set(record["pages"]["slides.fr.md"]) == {name for name in record["outputs"] if name.startswith("images/")}


def test_a_lock_error_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(DeckError, match=r"slides\.lock: no such file"):
        lock.read(tmp_path)
