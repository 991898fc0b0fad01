"""A real scheduler and real workers on loopback: the same bytes, whoever dies."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import drawing_figures  # noqa: F401
import pytest

import build
from builder.cluster import ClusterError, cluster
from builder.drawing import draw_all
from builder.executors import LostFigures
from deck.faults import described
from figures.assets import Asset
from figures.registry import bind

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCHEDULER = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start `dask …` in a process of its own; the group of each goes in the end."""
    folder = tmp_path_factory.mktemp("dask")
    started: list[subprocess.Popen[bytes]] = []
    variables = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}", "FIGURES_CACHE": str(folder / "store")}

    def start(*words: str, **changes: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
        with (folder / f"{len(started)}.log").open("wb") as log:
            started.append(subprocess.Popen(command, cwd=folder, env={**variables, **changes}, stdout=log, stderr=log,
                                            start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def scheduler(processes: Start, tmp_path_factory: pytest.TempPathFactory) -> str:
    return start_scheduler(processes, tmp_path_factory.mktemp("scheduler"))


def start_scheduler(processes: Start, folder: Path) -> str:
    file = folder / "scheduler.json"
    processes("scheduler", *SCHEDULER, "--scheduler-file", str(file))
    return address_in(file)


def address_in(file: Path) -> str:
    awaited(lambda: file.is_file() and file.read_text().endswith("}"))
    return str(json.loads(file.read_text())["address"])


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "own"))


def awaited(there: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not there():
        assert time.monotonic() < until
        time.sleep(0.05)


def worker(processes: Start, scheduler: str, *options: str, **changes: str) -> subprocess.Popen[bytes]:
    return processes("worker", scheduler, "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard", *options,
                     **changes)  # fmt: skip


def count(scheduler: str) -> int:
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        return len(client.nthreads())


@pytest.fixture(scope="module")
def two(processes: Start, scheduler: str) -> str:
    for _ in range(2):
        worker(processes, scheduler)
    awaited(lambda: count(scheduler) == 2)
    return scheduler


TEMPLATE = """{{ figure("dot", radius=1, pause=0.5) }} {{ figure("dot", radius=2, pause=0.5) }}
{{ figure("dot", radius=3, pause=0.5) }} {{ figure("dying_once", mark="MARK") }} {{ figure("max_pooling") }}
"""


def outputs(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")}  # fmt: skip


def test_a_worker_is_killed_while_it_draws_and_the_bytes_are_the_same(
    two: str, store: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = tmp_path / "deck" / "mark"
    (tmp_path / "deck").mkdir()
    (tmp_path / "deck" / "slides.fr.md.j2").write_text(TEMPLATE.replace("MARK", str(mark)))
    command = [str(tmp_path / "deck"), "--no-cache", "-o"]
    assert build.main([*command, str(tmp_path / "far"), "--executor", "dask", "--scheduler", two]) == 0
    assert "5 figures drawn, 0 reused" in capsys.readouterr().out
    killed = int(mark.read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(killed, 0)
    assert build.main([*command, str(tmp_path / "here"), "-j", "1"]) == 0
    assert outputs(tmp_path / "far") == outputs(tmp_path / "here")
    assert len(outputs(tmp_path / "far")) > 5


OWN = """from figures import Picture, figure, plot_figure

@figure
def bowl(words):
    fig, axes = plot_figure(words)
    axes.plot([1, 0, 1])
    return Picture(fig, "A bowl.")
"""


def test_a_worker_that_lives_on_draws_the_decks_own_figure_as_it_is_now(two: str, store: None, tmp_path: Path) -> None:
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "slides.fr.md.j2").write_text('{{ figure("bowl") }}')
    awaited(lambda: count(two) == 2)
    for code in (OWN, OWN.replace("[1, 0, 1]", "[1, 2, 1]")):
        (folder / "figures.py").write_text(code)
        command = [str(folder), "--no-cache", "-q", "-o"]
        assert build.main([*command, str(tmp_path / "far"), "--executor", "dask", "--scheduler", two]) == 0
        assert build.main([*command, str(tmp_path / "here")]) == 0
        assert outputs(tmp_path / "far") == outputs(tmp_path / "here")


def test_faults_are_told_as_they_are_here(two: str, store: None) -> None:
    names = [("dot", {}), ("raising", {"what": "awkward"}), ("raising", {"what": "value"}),
             ("dying", {"how": "sys.exit"}), ("spin", {}), ("dot", {"radius": 9})]  # fmt: skip
    calls = [bind(name, parameters) for name, parameters in names]
    awaited(lambda: count(two) == 2)
    with cluster(two) as (executor, width, alive):
        far = dict(draw_all(calls, jobs=width, limit=3.0, executor=executor, alive=alive))
    here = dict(draw_all(calls, jobs=2, limit=3.0))
    for place in range(len(calls)):
        one, other = far[place], here[place]
        if isinstance(one, Asset) or isinstance(other, Asset):
            assert isinstance(one, Asset)
            assert isinstance(other, Asset)
            assert one._replace(seconds=0.0) == other._replace(seconds=0.0)
        else:
            assert described(one) == described(other)
    assert str(far[4]) == "spin: took longer than 3 s; ended (--time-limit)"


def test_no_scheduler_and_no_worker(processes: Start, store: None, tmp_path: Path,
                                    capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    (tmp_path / "deck").mkdir()
    (tmp_path / "deck" / "slides.fr.md.j2").write_text('{{ figure("dot") }}')
    command = [str(tmp_path / "deck"), "-o", str(tmp_path / "out"), "--executor", "dask"]
    assert build.main(command) == 1
    assert "--executor dask needs --scheduler ADDRESS" in capsys.readouterr().err
    assert build.main([*command, "--scheduler", "tcp://127.0.0.1:9"]) == 1
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err
    assert build.main([*command, "--scheduler", "nonsense://x"]) == 1
    assert "no Dask scheduler answers at nonsense://x" in capsys.readouterr().err
    address = start_scheduler(processes, tmp_path)
    assert build.main([*command, "--scheduler", address]) == 1
    assert f"has no workers; start one: dask worker {address}" in capsys.readouterr().err
    assert not (tmp_path / "out" / "slides.fr.md").exists()


def test_the_scheduler_goes_and_the_rest_is_drawn_here(processes: Start, store: None, tmp_path: Path) -> None:
    file = tmp_path / "scheduler.json"
    server = processes("scheduler", *SCHEDULER, "--scheduler-file", str(file))
    address = address_in(file)
    helper = worker(processes, address)
    awaited(lambda: count(address) == 1)
    calls = [bind("dot", {"radius": radius, "pause": 0.3}) for radius in range(6)]
    with cluster(address) as (executor, width, alive):
        drawing = draw_all(calls, jobs=width, executor=executor, alive=alive)
        found = dict([next(drawing)])
        for process in (server, helper):
            os.killpg(process.pid, signal.SIGKILL)
        with pytest.warns(LostFigures, match="drawn here"):
            found.update(drawing)
    assert sorted(found) == list(range(6))
    assert all(isinstance(asset, Asset) for asset in found.values())


def test_a_missing_package_is_told_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"python -m pip install -e '.*\[dask\]'"), cluster("tcp://127.0.0.1:9"):
        pass


def test_workers_with_other_sources_are_refused(processes: Start, tmp_path: Path) -> None:
    """A worker that has another checkout: one comment is enough."""
    for package in ("builder", "deck", "engine", "figures"):
        shutil.copytree(ROOT / package, tmp_path / "other" / package)
    with (tmp_path / "other" / "figures" / "style.py").open("a") as file:
        file.write("# edited\n")
    address = start_scheduler(processes, tmp_path)
    worker(processes, address, PYTHONPATH=str(tmp_path / "other"))
    worker(processes, address)
    awaited(lambda: count(address) == 2)
    told = r"tcp://127\.0\.0\.1:\d+: sources [0-9a-f]+ instead of"
    with pytest.raises(ClusterError, match=told) as caught, cluster(address):
        pass
    assert str(caught.value).count("tcp://") == 1


def test_distributed_is_imported_only_when_it_is_asked_for() -> None:
    code = "import sys, builder.building, builder.executors; sys.exit('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
