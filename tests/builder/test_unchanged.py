"""With nothing changed a build imports no library; with anything changed it is not taken for done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from builder import unchanged
from builder.arguments import parsed
from builder.command import main

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "numba", "matplotlib", "jinja2", "babel", "PIL", "rich", "filelock", "platformdirs")
LISTED = ("import sys, build; status = build.main(sys.argv[1:]); "
          "print(*(name for name in %r if name in sys.modules)); sys.exit(status)")


@pytest.fixture
def deck(talk: Path) -> Path:
    """A small deck that was built."""
    (talk / "slides.fr.md.j2").write_text('{% include "part.md" %}{{ figure("max_pooling") }}')
    (talk / "part.md").write_text("# Un\n")
    assert main(["talk", "-j", "1", "-q"]) == 0
    return talk


def stands(*options: str) -> bool:
    return unchanged.stands(parsed(["talk", *options]), "dist/talk") is not None


def test_nothing_to_do_imports_no_library(deck: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LISTED % (HEAVY,), "talk"], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    said, imported = done.stdout.splitlines()
    assert said.startswith("dist/talk/slides.fr.md: nothing to do, ")
    assert imported == ""


def test_a_build_with_everything_in_the_store_neither_draws_nor_computes(deck: Path) -> None:
    (deck / "part.md").write_text("# Deux\n")
    done = subprocess.run([sys.executable, "-c", LISTED % (HEAVY,), "talk"], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    said, imported = done.stdout.splitlines()
    assert "0 figures drawn, 1 reused" in said
    assert not {"numpy", "numba", "matplotlib"} & set(imported.split())


def first(pattern: str) -> Callable[[], Path]:
    return lambda: next(Path("dist/talk").glob(pattern))


CHANGES: dict[str, Callable[[], object]] = {
    "the template": lambda: Path("talk/slides.fr.md.j2").write_text("# Autre"),
    "an included file": lambda: Path("talk/part.md").write_text("# Autre"),
    "a file that appears in the deck's folder": lambda: Path("talk/logo.png").write_bytes(b""),
    "another language": lambda: Path("talk/slides.en.md.j2").write_text("# One"),
    "an included file that goes": lambda: Path("talk/part.md").unlink(),
    "the Markdown": lambda: Path("dist/talk/slides.fr.md").write_text("x"),
    "an image": lambda: first("images/*.svg")().write_text("x"),
    "an image that goes": lambda: first("images/*.svg")().unlink(),
    "a font that goes": lambda: first("fonts/*-Bold.ttf")().unlink(),
    "the record": lambda: Path("dist/talk/.build.json").write_text("{"),
    "the record that goes": lambda: Path("dist/talk/.build.json").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_a_file_is_noticed_and_put_right(deck: Path, change: str) -> None:
    assert stands()
    CHANGES[change]()
    assert not stands()
    if change != "an included file that goes":
        assert main(["talk", "-j", "1", "-q"]) == 0
        assert stands()


@pytest.mark.parametrize("variable", ["SOURCE_DATE_EPOCH", "MARP", "CHROME_PATH"])
def test_a_variable_that_decides_is_noticed(deck: Path, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "1")
    assert not stands()


def test_options_that_decide_are_noticed_and_others_are_not(deck: Path) -> None:
    assert not stands("--lang", "fr")
    assert not stands("--html")
    assert not stands("--all")
    assert stands("-j", "7", "-v", "--time-limit", "9", "--cache-limit", "3G")


def test_versions_are_noticed(deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("figures.versions._installed", lambda: {"numpy": "99"})
    assert not stands()


SOURCES = ["engine/threads.py", "figures/words/fr.toml", "figures/palette.toml", "deck/template.py",
           "builder/command.py"]  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
def test_sources_are_inputs(deck: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = unchanged.file_digest
    monkeypatch.setattr(unchanged, "file_digest", lambda path: "x" if path.endswith(source) else real(path))
    assert stands() is not (ROOT / source).exists()


def test_the_folder_that_is_written_is_no_input(deck: Path) -> None:
    assert main(["talk", "-j", "1", "-q", "-o", "talk/out"]) == 0
    assert unchanged.stands(parsed(["talk"]), "talk/out") is not None


def test_explain_tells_the_reason(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(text: str) -> str:
        (deck / "slides.fr.md.j2").write_text(text)
        capsys.readouterr()
        assert main(["talk", "-j", "1", "--explain"]) == 0
        return capsys.readouterr().out.splitlines()[1]

    assert told('{{ figure("max_pooling") }}\n').startswith("talk/slides.fr.md.j2:1: max_pooling (fr) reused: nothing ")
    assert told('\n{{ figure("max_pooling", stride=1) }}').endswith(": stride None → 1")
    assert told('{{ figure("max_pooling", stride=1, palette="dark") }}').endswith(": palette light → dark")
    assert told('{{ figure("neuron") }}').endswith(": the last build did not have it")


def test_explain_names_the_word_the_source_and_the_version(
    deck: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Path("dist/talk/.build.json")
    for old, new, reason in (("engine/pooling.py", "engine/other.py", "engine/pooling.py new"),
                             ('"max_pooling.name": "', '"max_pooling.name": "x', "the words max_pooling.name changed"),
                             ('"numpy": "', '"numpy": "0.', "numpy 0.")):  # fmt: skip
        text = record.read_text(encoding="utf-8")
        assert old in text, old
        record.write_text(text.replace(old, new, 1), encoding="utf-8")
        capsys.readouterr()
        monkeypatch.setenv("FIGURES_CACHE", str(deck.parent / f"store of {reason}"))  # an empty one: drawn again
        assert main(["talk", "-j", "1", "--explain"]) == 0
        assert reason in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["a file", "read only"])
def test_a_store_that_cannot_be_written_slows_and_does_not_stop(deck: Path, kind: str) -> None:
    place = Path("no store")
    if kind == "a file":
        place.touch()
    else:
        place.mkdir(mode=0o500)
    (deck / "part.md").write_text("# Deux\n")
    assert main(["talk", "-j", "1", "-q", "--cache", str(place)]) == 0
    assert stands()


def test_a_damaged_entry_is_told_and_drawn_again(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (picture,) = (path for path in Path("store/pictures").rglob("*") if path.is_file())
    picture.write_bytes(picture.read_bytes()[:-1])
    (deck / "part.md").write_text("# Deux\n")
    with pytest.warns(UserWarning, match="damaged, made again"):
        assert main(["talk", "-j", "1"]) == 0
    assert "1 figure drawn, 0 reused" in capsys.readouterr().out


def test_no_cache_draws_all_and_keeps_nothing(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in Path("store").rglob("*")}
    assert main(["talk", "-j", "1", "--no-cache"]) == 0
    assert "1 figure drawn, 0 reused" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in Path("store").rglob("*")} == before


def test_a_small_limit_drops_what_is_oldest(deck: Path) -> None:
    (deck / "part.md").write_text('{{ figure("max_pooling", stride=1) }}\n')
    assert main(["talk", "-j", "1", "-q", "--cache-limit", "40k"]) == 0
    assert sum(path.stat().st_size for path in Path("store").rglob("*") if path.is_file()) <= 40 * 1024 + 2000


@pytest.mark.parametrize("text", ["x", "-1", "5 parsecs", ""])
def test_a_limit_that_is_none_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed(["--cache-limit", text])
    assert "is no size" in capsys.readouterr().err
