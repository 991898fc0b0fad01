"""The same bytes under other settings: a part of `python -m builder.matrix`, on a small deck."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder import matrix
from builder.lock import File, Lock
from builder.matrix import Outcome, build, compared, main
from builder.settings import SETTINGS, Setting, chosen

# Machine code of this very source is kept from test to test: what is compared here is not how it is compiled.
KERNELS = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    folder = tmp_path / "talk"
    folder.mkdir()
    slides = '{{ figure("max_pooling") }}\n{{ figure("neuron") }}\nÉté.\n'
    (folder / "slides.fr.md.j2").write_text(slides, encoding="utf-8")
    return folder


def test_settings_change_no_byte_and_are_in_force(deck: Path) -> None:
    """What needs no more than the standard library and what once differed: a font of our own family's name."""
    names = ["folder", "home", "language-ascii", "hashseed-0", "workers-2"]
    found = dict(compared(names, deck, 1, KERNELS))
    plain = found.pop("plain")
    assert isinstance(plain, Outcome), plain
    assert set(plain.lock.files["fr"]) >= {"slides.fr.md"}
    assert len(plain.lock.files["fr"]) == 3
    for name, outcome in found.items():
        assert isinstance(outcome, Outcome), outcome
        assert outcome.lock == plain.lock, name
        if shows := SETTINGS[name].shows:
            assert outcome.traces[shows] != plain.traces[shows], name
    assert set(found) == set(names)


def test_a_build_that_fails_is_told_of(deck: Path, tmp_path: Path) -> None:
    (deck / "slides.fr.md.j2").write_text('{{ figure("max_poling") }}', encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"the process failed \(1\):(.|\n)*no figure 'max_poling'"):
        build(Setting(), deck, tmp_path / "x", KERNELS)


def test_a_command_that_is_not_there_is_named(deck: Path, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="needs the command no-such: apt-get install no-such"):
        build(Setting(command=("no-such",)), deck, tmp_path / "x", KERNELS)


def test_every_setting_of_the_issue_is_there() -> None:
    assert {name.partition("-")[0] for name in SETTINGS} == {
        "folder", "home", "zone", "language", "clock", "hashseed", "workers", "processor", "numpy", "blas", "libm"}
    assert {f"workers-{count}" for count in (1, 2, 4)} <= set(SETTINGS)
    assert {f"processor-{name}" for name in ("haswell", "nehalem", "x86-64")} <= set(SETTINGS)


def test_a_first_word_stands_for_all_that_begin_with_it() -> None:
    assert chosen("workers") == ["workers-1", "workers-2", "workers-4"]
    assert chosen("hashseed-0, workers-4,workers") == ["hashseed-0", "workers-4", "workers-1", "workers-2"]
    with pytest.raises(ValueError, match="no setting 'worker'; there are folder, home"):
        chosen("worker")


def test_a_difference_is_named_and_ends_with_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def outcomes(names: object, *rest: object) -> object:
        for name, digest in (("plain", "1"), ("hashseed-0", "1"), ("workers-2", "2")):
            yield name, Outcome(Lock({}, {"fr": {"images/a.svg": File(digest), "b": File("0")}}), {"hash": digest}, 1.0)
        yield "workers-4", RuntimeError("the process failed (1):\nwhy")

    monkeypatch.setattr(matrix, "compared", outcomes)
    assert main(["--only", "hashseed-0,workers"]) == 1
    out = capsys.readouterr().out
    assert "    differs: fr: images/a.svg\n" in out
    assert out.count("differs:") == 1
    assert "not to be seen here (hash 1)" in out
    assert "workers-4            the process failed (1):\nwhy" in out
    assert "2 of them not like the plain build" in out


def test_an_unknown_setting_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--only", "moon"])
    assert stop.value.code == 2
    assert "no setting 'moon'; there are folder, home" in capsys.readouterr().err
