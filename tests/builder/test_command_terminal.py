"""Colours and a bar on a terminal, and nowhere else; a real one, with this process at its other end."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from builder.terminal import is_coloured, is_lively

ROOT = Path(__file__).parents[2]
SWITCHES = ("NO_COLOR", "FORCE_COLOR", "TERM")


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "slides.fr.md.j2").write_text('# A\n\n{{ figure("max_poling") }}\n')
    return tmp_path


def shown(folder: Path, *line: str, on: bool = True, **variables: str) -> str:
    """What a terminal is sent, or a pipe: both streams together."""
    environment = {name: value for name, value in os.environ.items() if name not in SWITCHES}
    environment |= {"PYTHONPATH": str(ROOT), "FIGURES_CACHE": str(folder / "store"), "TERM": "xterm-256color",
                    "COLUMNS": "40", **variables}  # fmt: skip
    command = [sys.executable, str(ROOT / "build.py"), *line]
    if not on:
        done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)  # fmt: skip
        return done.stdout
    ours, theirs = os.openpty()
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        sent = b""
        try:
            while data := os.read(ours, 65536):
                sent += data
        except OSError:  # Linux says so when the other end is closed
            pass
        process.wait()
    os.close(ours)
    return sent.decode()


FAULT = "talk/slides.fr.md.j2:3: "
SAID = "no figure 'max_poling'; did you mean 'max_pooling'?"


def test_an_error_is_red_and_its_place_is_whole(talk: Path) -> None:
    """Narrower than the line, which is not broken: what is cut in two is no link."""
    assert f"{FAULT}\x1b[31m{SAID}\x1b[0m\r\n" in shown(talk, "talk")


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}])
def test_a_terminal_without_colours(talk: Path, variables: dict[str, str]) -> None:
    sent = shown(talk, "talk", **variables)
    assert f"{FAULT}{SAID}\r\n" in sent
    assert "\x1b" not in sent


def test_a_pipe(talk: Path) -> None:
    assert "\x1b" not in shown(talk, "talk", on=False)
    assert f"{FAULT}\x1b[31m{SAID}\x1b[0m\n" in shown(talk, "talk", on=False, FORCE_COLOR="1")
    assert "\x1b" not in shown(talk, "--help", on=False)


def test_the_help_says_the_same_with_and_without_colours(talk: Path) -> None:
    plain = shown(talk, "--help", on=False, COLUMNS="80")
    marked = shown(talk, "--help", COLUMNS="80")
    assert "\x1b[36m--html\x1b[0m" in marked
    assert "\x1b[1mexit status:\x1b[0m" in marked
    assert re.sub(r"\x1b\[[0-9;]*m", "", marked).replace("\r\n", "\n") == plain


def test_a_bar_moves_on_a_terminal_alone(talk: Path) -> None:
    (talk / "talk" / "slides.fr.md.j2").write_text('# A\n\n{{ figure("max_pooling") }}\n')
    assert "max_pooling" in shown(talk, "talk", "--no-cache")
    for variables in ({"TERM": "dumb"}, {"on": False}, {"on": False, "FORCE_COLOR": "1"}):
        assert "max_pooling" not in shown(talk, "talk", "--no-cache", **variables)  # type: ignore[arg-type]


@pytest.mark.parametrize(("terminal", "variables", "lively", "coloured"), [
    (True, {}, True, True), (False, {}, False, False), (True, {"TERM": "dumb"}, False, False),
    (True, {"NO_COLOR": "1"}, True, False), (True, {"NO_COLOR": ""}, True, True),
    (False, {"FORCE_COLOR": "1"}, False, True), (False, {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
    (False, {"FORCE_COLOR": ""}, False, False), (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
])  # fmt: skip
def test_who_decides(terminal: bool, variables: dict[str, str], lively: bool, coloured: bool,
                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    class Stream(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    for name in SWITCHES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert (is_lively(Stream()), is_coloured(Stream())) == (lively, coloured)
