"""However a build ends, it ends at once, says so in one line, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = "import sys, drawing_figures, build; sys.exit(build.main(sys.argv[1:]))"
THREAD = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start(); "

Build = Callable[..., "tuple[subprocess.Popen[str], list[int]]"]


@pytest.fixture(params=["copies", "started anew"])
def building(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Build]:
    """Begin a build in a group of its own, and wait until both workers draw: the process and theirs."""
    begun: list[subprocess.Popen[str]] = []

    def build(*figures: str) -> tuple[subprocess.Popen[str], list[int]]:
        (tmp_path / "deck" / "pids").mkdir(parents=True)
        marks = [tmp_path / "deck" / "pids" / str(nth) for nth in range(len(figures))]
        calls = [f'{{{{ figure("{name}", folder="{tmp_path / "deck" / "pids"}", nth={nth}) }}}}'
                 for nth, name in enumerate(figures)]  # fmt: skip
        (tmp_path / "deck" / "slides.fr.md.j2").write_text("\n".join(calls))
        code = BUILD if request.param == "copies" else THREAD + BUILD
        variables = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}", "FIGURES_CACHE": str(tmp_path / "store")}
        begun.append(subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "deck"), "-o", str(tmp_path / "out"), "-j", str(len(figures))],
            cwd=tmp_path, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True))  # fmt: skip
        awaited(lambda: begun[0].poll() is not None or all(mark.is_file() and mark.read_text() for mark in marks))
        assert begun[0].poll() is None, begun[0].communicate()
        return begun[0], [int(mark.read_text()) for mark in marks]

    yield build
    for process in begun:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def awaited(there: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not there():
        assert time.monotonic() < until
        time.sleep(0.05)


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"  # dead, and only not yet counted


def test_ctrl_c(building: Build) -> None:
    process, workers = building("spin", "stuck")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "build.py: interrupted; what stood there stands\n"
    awaited(lambda: all(map(gone, workers)))


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGKILL])
def test_the_build_alone_is_ended(building: Build, kind: signal.Signals) -> None:
    process, workers = building("spin", "stuck")
    os.kill(process.pid, kind)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert process.returncode != 0
    awaited(lambda: all(map(gone, workers)))


def test_a_worker_is_taken_away(building: Build, tmp_path: Path) -> None:
    process, workers = building("spin", "spin")
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    told = "spin: the process that drew it was ended by SIGKILL"
    assert err.splitlines()[:2] == [f"deck/slides.fr.md.j2:{line}: {told}" for line in (1, 2)]
    assert "2 faults, nothing written" in err
    assert not (tmp_path / "out" / "slides.fr.md").exists()
