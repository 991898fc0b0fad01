"""The command as a shell starts it: signals, streams that are closed or full, and folders of any name in any locale."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLOW = ("import time\nfrom figures import Picture, figure\nfrom figures.style import slide_figure\n\n\n@figure\n"
        "def slow(words) -> Picture:\n    open(MARK, 'w').close()\n    time.sleep(600)\n")  # fmt: skip
NAME = "un été à côté/l’exposé d’été"


def environment(folder: Path, **variables: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "FIGURES_CACHE": str(folder / "store"), **variables}


def run(folder: Path, *line: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, str(ROOT / "build.py"), *line], cwd=folder, check=False,
                          capture_output=True, env=environment(folder, **variables))  # fmt: skip


def shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """A line of bash, in which `build` is the command."""
    line = f'build() {{ "{sys.executable}" "{ROOT / "build.py"}" "$@"; }}; set -o pipefail; {command}'
    return subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=False,
                          env=environment(folder))  # fmt: skip


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A good deck that was built; the folder that holds it."""
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "slides.fr.md.j2").write_text("# A\n")
    assert run(tmp_path, "talk").returncode == 0
    return tmp_path


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


ENDS = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130}


@pytest.mark.parametrize("name", ENDS)
def test_a_signal_ends_the_build_in_order(talk: Path, name: str) -> None:
    before = state(talk / "dist")
    (talk / "talk" / "slides.fr.md.j2").write_text('# A\n\n{{ figure("slow") }}\n')
    mark = talk / "mark"
    (talk / "talk" / "figures.py").write_text(SLOW.replace("MARK", repr(str(mark))))
    process = subprocess.Popen([sys.executable, str(ROOT / "build.py"), "talk", "--json"], cwd=talk, text=True,
                               env=environment(talk), stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    until = time.monotonic() + 60
    while not mark.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=60)
    assert process.returncode == ENDS[name], err
    said = "interrupted" if name == "SIGINT" else f"ended by {name}"
    assert f"build.py: {said}; what stood there stands\n" in err
    assert "Traceback" not in err
    assert json.loads(out)["status"] == ENDS[name]
    assert state(talk / "dist") == before


def test_nohup_stays_as_it_is(talk: Path) -> None:
    """A signal that is ignored when the command starts is ignored by it."""
    code = ("import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from builder.ending import heed_signals; "
            "heed_signals(); assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN; "
            "assert callable(signal.getsignal(signal.SIGTERM))")  # fmt: skip
    subprocess.run([sys.executable, "-c", code], check=True, env=environment(talk))


STREAMS = {
    "build talk >&-": (0, "", ""), "build talk 2>&-": (0, "nothing to do", ""), "build talk >&- 2>&- <&-": (0, "", ""),
    "build tolk >&-": (1, "", "did you mean talk?"), "build tolk 2>&-": (1, "", ""),
    "build talk >/dev/full": (1, "", "No space left on device"), "build --help >/dev/full": (1, "", "No space left"),
    "build --json --list-figures >/dev/full": (1, "", "No space left"),
    "build --list-figures | head -c 9": (0, "activatio", ""), "build --list-figures | true": (0, "", ""),
    "build --json --list-figures | true": (0, "", ""), "build --help | true": (0, "", ""),
}  # fmt: skip


@pytest.mark.parametrize("line", STREAMS)
def test_streams_that_take_nothing(talk: Path, line: str) -> None:
    status, out, err = STREAMS[line]
    done = shell(talk, line)
    assert done.returncode == status, done.stderr
    assert out in done.stdout
    assert err in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert bool(done.stderr) == bool(err)


LOCALES = {
    "C": {"LC_ALL": "C"}, "POSIX": {"LC_ALL": "POSIX"}, "C.UTF-8": {"LC_ALL": "C.UTF-8"},
    "ASCII alone": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "ASCII streams": {"PYTHONIOENCODING": "ascii"},
}  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
def test_spaces_and_accents_in_any_locale(tmp_path: Path, locale: str) -> None:
    deck = tmp_path / NAME
    deck.mkdir(parents=True)
    # Where file names are ASCII alone, nobody can name this one.
    logo = "logo.svg" if locale == "ASCII alone" else "été.svg"
    text = f'# Été\n\n{{{{ figure("max_pooling") }}}}\n{{{{ image("{logo}", alt="é", width=9) }}}}'
    (deck / "slides.fr.md.j2").write_text(text, encoding="utf-8")
    (deck / logo).write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    done = run(tmp_path, NAME, "-o", "là bas", **LOCALES[locale])
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert "# Été".encode() in (tmp_path / "là bas" / "slides.fr.md").read_bytes()
    again = run(tmp_path, NAME, "-o", "là bas", "--json", **LOCALES[locale])
    assert json.loads(again.stdout)["figures"][0]["reused"]
    assert b"nothing to do" in again.stderr
    (deck / "slides.fr.md.j2").write_text("{{ titre }}")
    failed = run(tmp_path, NAME, "-o", "là bas", **LOCALES[locale])
    assert failed.returncode == 1
    assert b"slides.fr.md.j2:1: undefined variable 'titre'" in failed.stderr


@pytest.mark.parametrize("fault", ['{{ figure("max_poling") }}', "{% if true %}", '{% include "nowhere" %}'])
def test_the_real_command_tells_a_fault(talk: Path, fault: str) -> None:
    before = state(talk / "dist")
    (talk / "talk" / "slides.fr.md.j2").write_text(fault)
    done = run(talk, "talk")
    assert done.returncode == 1
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert lines[0].startswith("talk/slides.fr.md.j2:1: ")
    assert lines[1:] == ["build.py: 1 fault, nothing written: what stood there stands"]
    assert state(talk / "dist") == before
