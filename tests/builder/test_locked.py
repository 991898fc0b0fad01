"""A deck is built again from nothing, and every file named that is not as it was locked."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from locking import SLIDES, built, filled, state

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def deck(talk: Path) -> Path:
    return filled(talk)


def stems(text: str) -> set[str]:
    """The files that are told to differ, without the digests of their names."""
    return {re.sub(r"-[0-9a-f]{8}", "", name) for name in re.findall(r"^fr: (\S+?)[: ]", text, re.MULTILINE)}


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


ANOTHER_WORD = """
import sys
from figures import assets, catalogue, language
real = catalogue.entry
catalogue.entry = assets.entry = language.entry = (
    lambda lang, key, deck=None: "Max" if key == "max_pooling.name" else real(lang, key, deck))
from builder.command import main
sys.exit(main(sys.argv[1:]))
"""


def test_one_changed_word_names_exactly_its_files_with_their_pixels(deck: Path) -> None:
    built(deck, "--lock")
    # A process without threads, whose workers are copies of it: they know the word as well.
    done = subprocess.run([sys.executable, "-c", ANOTHER_WORD, str(deck), "--locked"], capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)  # fmt: skip
    assert done.returncode == 1, done.stderr
    err = done.stderr
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


def test_a_deck_with_a_fault_is_told_so_and_the_lock_stands(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(deck, "--lock")
    before = state(deck)
    (deck / "slides.fr.md.j2").write_text('{{ figure("max_poling") }}', encoding="utf-8")
    assert built(deck, "--locked") == 1
    assert "slides.fr.md.j2:1: no figure 'max_poling'; did you mean 'max_pooling'?" in capsys.readouterr().err
    assert built(deck, "--lock") == 1
    assert state(deck)[str(deck / "slides.lock")] == before[str(deck / "slides.lock")]


def test_the_introduction_is_as_it_was_locked(tmp_path: Path) -> None:
    """The repository's own deck: what is promised byte for byte."""
    environment = {**os.environ, "FIGURES_CACHE": str(tmp_path / "store"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "build.py"), "--locked", "-o", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert " files are the same" in done.stdout
    assert not (tmp_path / "out").exists()
