"""A deck is written down, and built again from nothing to see whether it is still the same."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PIL import Image

from builder import lock, unchanged
from builder.command import main
from builder.lock import Difference, File, Lock
from deck.faults import DeckError
from figures import catalogue, provenance

ROOT = Path(__file__).resolve().parents[2]
SLIDES = """\
---
marp: true
---
{{ figure("max_pooling") }}
{{ figure("dropout") }}
{{ image("dot.png", alt="Un point.", width=10) }}
Des mots.
"""


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small deck, in a folder of its own, with a store of its own."""
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "talk"
    folder.mkdir()
    (folder / "slides.fr.md.j2").write_text(SLIDES, encoding="utf-8")
    Image.new("RGB", (10, 10)).save(folder / "dot.png")
    return folder


def built(deck: Path, *options: str) -> int:
    return main([str(deck), "-j", "1", *options])


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def stems(text: str) -> set[str]:
    """The files that are told to differ, without the digests of their names."""
    return {re.sub(r"-[0-9a-f]{8}", "", name) for name in re.findall(r"^fr: (\S+?)[: ]", text, re.MULTILINE)}


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


def test_a_deck_that_is_the_same_is_told_in_one_line_and_dist_is_left_alone(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built(deck, "--lock")
    before, store = state(Path("dist")), state(Path("store"))
    capsys.readouterr()
    assert built(deck, "--locked") == 0
    out = capsys.readouterr().out
    assert re.fullmatch(r"talk/slides\.lock: all 4 files are the same, \d+\.\d s\n", out)
    assert state(Path("dist")) == before
    assert {name: data for name, (data, _) in state(Path("store")).items()} == {k: v[0] for k, v in store.items()}


def test_nothing_of_the_store_helps(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A store with other pictures under the right keys: a build believes it, --locked draws."""
    built(deck, "--lock")
    for entry in [path for path in Path("store/pictures").rglob("*") if path.is_file()]:
        other = entry.read_bytes()[32:].replace(b"</svg>", b"<!-- other --></svg>")
        entry.write_bytes(hashlib.sha256(other).digest() + other)
    assert built(deck, "--explain") == 0
    assert any(b"<!-- other -->" in path.read_bytes() for path in Path("dist/talk/images").glob("*.svg"))
    assert built(deck, "--locked") == 0
    assert "all 4 files are the same" in capsys.readouterr().out


def test_one_changed_parameter_names_that_image_and_the_markdown(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built(deck, "--lock")
    template = deck / "slides.fr.md.j2"
    template.write_text(SLIDES.replace('"max_pooling"', '"max_pooling", stride=1'), encoding="utf-8")
    assert built(deck, "--locked") == 1
    err = capsys.readouterr().err
    assert stems(err) == {"images/max_pooling.svg", "slides.fr.md"}
    assert "build.py: 2 files not as talk/slides.lock says" in err
    assert "versions" not in err


def test_one_changed_word_names_exactly_its_files_with_their_pixels(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built(deck, "--lock")
    real = catalogue.entry
    monkeypatch.setattr(catalogue, "entry", lambda lang, key: "Max" if key == "max_pooling.name" else real(lang, key))
    monkeypatch.setattr("figures.assets.entry", catalogue.entry)
    monkeypatch.setattr("figures.language.entry", catalogue.entry)
    assert built(deck, "--locked") == 1
    err = capsys.readouterr().err
    assert stems(err) == {"images/max_pooling.svg", "slides.fr.md"}
    assert re.search(r"max_pooling-\w+\.svg \(now images/max_pooling-\w+\.svg\): differs: \d{3,} of 533920 pixels, "
                     r"at most by \d+ of 255", err), err  # fmt: skip
    assert "slides.fr.md: differs: in the names of these images alone" in err


def test_the_old_state_is_looked_for_in_the_store(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(deck, "--lock")
    template = deck / "slides.fr.md.j2"
    template.write_text(SLIDES.replace('"max_pooling"', '"max_pooling", stride=1'), encoding="utf-8")
    built(deck)  # the folder has the new state now
    assert built(deck, "--locked") == 1
    assert re.search(r"differs: \d+ × \d+ pixels instead of|differs: \d+ of \d+ pixels", capsys.readouterr().err)
    shutil.rmtree("store")
    assert built(deck, "--locked") == 1
    err = capsys.readouterr().err
    assert re.search(r"max_pooling-\w+\.svg\): differs: its old state is nowhere to be found", err)
    assert stems(err) == {"images/max_pooling.svg", "slides.fr.md"}


def test_one_changed_sentence_names_the_markdown_alone(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(deck, "--lock")
    (deck / "slides.fr.md.j2").write_text(SLIDES.replace("Des mots", "D’autres mots"), encoding="utf-8")
    assert built(deck, "--locked") == 1
    err = capsys.readouterr().err
    assert stems(err) == {"slides.fr.md"}
    assert "differs: 1 line, the first is 7" in err


def test_an_image_more_and_an_image_less(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(deck, "--lock")
    (deck / "slides.fr.md.j2").write_text(SLIDES.replace('"dropout"', '"neuron"'), encoding="utf-8")
    assert built(deck, "--locked") == 1
    err = capsys.readouterr().err
    assert re.search(r"^fr: images/dropout-\w+\.svg: missing$", err, re.MULTILINE)
    assert re.search(r"^fr: images/neuron-\w+\.svg: new$", err, re.MULTILINE)
    assert len(stems(err)) == 3


def test_one_changed_constant_of_a_kernel_names_the_figure_that_it_decides(deck: Path, tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    copy.mkdir()
    for name in ("builder", "deck", "engine", "figures"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "build.py", copy)
    built(deck, "--lock")
    changed = 0
    for path in (copy / "engine").glob("philox*.py"):
        text = path.read_text(encoding="utf-8")
        other = text.replace("0xD2511F53", "0xD2511F55")
        changed += other != text
        path.write_text(other, encoding="utf-8")
    assert changed
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "kernels"), "PYTHONPATH": str(copy)}
    done = subprocess.run([sys.executable, str(copy / "build.py"), str(deck), "-j", "1", "--locked"], env=environment,
                          cwd=tmp_path, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert stems(done.stderr) == {"images/dropout.svg", "slides.fr.md"}


def test_other_versions_are_told_first(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(deck, "--lock")
    path = deck / "slides.lock"
    path.write_text(re.sub(r'"numpy" = ".*"', '"numpy" = "1.0"', path.read_text(encoding="utf-8")), encoding="utf-8")
    capsys.readouterr()
    assert built(deck, "--locked") == 0
    captured = capsys.readouterr()
    assert re.search(r"made under other versions, numpy 1\.0 → [\d.]+, and nothing differs", captured.err)
    (deck / "slides.fr.md.j2").write_text(SLIDES.replace("Des mots", "Mots"), encoding="utf-8")
    assert built(deck, "--locked") == 1
    told = capsys.readouterr().err.splitlines()[1:]
    assert "numpy 1.0 →" in told[0]
    assert "the likeliest cause" in told[0]
    assert "slides.fr.md" in told[1]


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


def test_a_deck_with_a_fault_is_told_so_and_the_lock_stands(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(deck, "--lock")
    before = state(deck)
    (deck / "slides.fr.md.j2").write_text('{{ figure("max_poling") }}', encoding="utf-8")
    assert built(deck, "--locked") == 1
    assert "slides.fr.md.j2:1: no figure 'max_poling'; did you mean 'max_pooling'?" in capsys.readouterr().err
    assert built(deck, "--lock") == 1
    assert state(deck)[str(deck / "slides.lock")] == before[str(deck / "slides.lock")]


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


def test_the_introduction_is_as_it_was_locked(tmp_path: Path) -> None:
    """The repository's own deck: what is promised byte for byte."""
    environment = {**os.environ, "FIGURES_CACHE": str(tmp_path / "store"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "build.py"), "--locked", "-o", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert " files are the same" in done.stdout
    assert not (tmp_path / "out").exists()


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
