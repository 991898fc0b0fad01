"""Figures drawn side by side: the same whoever draws, and every fault is its own figure's."""

from __future__ import annotations

import os
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import drawing_figures  # noqa: F401
import pytest

from builder.drawing import draw_all
from figures.assets import Asset
from figures.registry import FigureCall, bind

LIMIT = 4.0  # s: long beside what a figure of these takes


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture(params=["as it is", "beside a thread"])
def surroundings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Beside a thread, workers are started anew; alone, they are copies."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    if request.param == "beside a thread":
        thread.start()
    yield
    end.set()
    if thread.ident:
        thread.join()


def drawn(calls: list[FigureCall], jobs: int = 2, limit: float | None = LIMIT) -> list[Asset | Exception]:
    found = dict(draw_all(calls, jobs=jobs, limit=limit))
    assert sorted(found) == list(range(len(calls)))
    return [found[place] for place in sorted(found)]


def dots(count: int) -> list[FigureCall]:
    return [bind("dot", {"radius": radius}) for radius in range(count)]


def steady(assets: list[Asset | Exception]) -> list[Asset]:
    assert all(isinstance(asset, Asset) for asset in assets), assets
    return [asset._replace(seconds=0.0) for asset in assets if isinstance(asset, Asset)]


def test_nothing_to_draw() -> None:
    assert drawn([]) == []


def test_the_number_of_workers_changes_nothing(surroundings: None) -> None:
    alone, two, four = (steady(drawn(dots(6), jobs)) for jobs in (1, 2, 4))
    assert alone == two == four
    assert [asset.facts["radius"] for asset in alone] == list(range(6))
    assert len({asset.svg for asset in alone}) == 6


FAULTS = {
    "spin": ({}, "spin: took longer than 4 s; ended (--time-limit)"),
    "stuck": ({}, "stuck: took longer than 4 s; ended (--time-limit)"),
    "dying exit": ({"how": "exit"}, "dying: the process that drew it was ended with status 3"),
    "dying kill": ({"how": "kill"}, "dying: the process that drew it was ended by SIGKILL"),
    "dying segfault": ({"how": "segfault"}, "dying: the process that drew it was ended by SIGSEGV"),
    "dying sys.exit": ({"how": "sys.exit"}, "dying: raised SystemExit(4)"),
    "raising value": ({"what": "value"}, "raising: what must not be value"),
    "raising awkward": ({"what": "awkward"}, "1 and 2"),  # its kind is told where it cannot be pickled
    "raising local": ({"what": "local"}, "LocalError: here"),
    "raising mute": ({"what": "mute"}, "MuteError"),
    "raising lambda": ({"what": "lambda"}, "raising: the facts of a Picture must be a mapping of numbers, texts"),
}


def test_every_fault_is_its_own_figures_and_the_others_are_drawn(surroundings: None) -> None:
    faulty = [bind(name.partition(" ")[0], parameters) for name, (parameters, _) in FAULTS.items()]
    good = dots(len(faulty))
    calls = [call for pair in zip(good, faulty, strict=True) for call in pair]
    found = drawn(calls, 3)
    assert steady(found[::2]) == steady(drawn(good, 1))
    for error, (_, message) in zip(found[1::2], FAULTS.values(), strict=True):
        assert isinstance(error, Exception)
        assert message in (str(error) or type(error).__name__)


def test_the_traceback_of_the_worker_comes_along() -> None:
    (error,) = drawn([bind("raising", {"what": "awkward"})])
    assert isinstance(error, Exception)
    assert "drawing_figures.py" in error.__notes__[0]
    assert "raise kinds[what]" in error.__notes__[0]


def test_a_fault_alone_does_not_end_the_build() -> None:
    (error,) = drawn([bind("dying", {"how": "exit"})], jobs=1)
    assert isinstance(error, Exception)


def test_workers_share_the_processors() -> None:
    processors = len(os.sched_getaffinity(0))
    for jobs in (1, 2, 5):
        found = steady(drawn([bind("worker", {"nth": nth}) for nth in range(5)], jobs))
        assert {asset.facts["threads"] for asset in found} == {max(1, processors // jobs)}
        assert 1 <= len({asset.facts["pid"] for asset in found}) <= jobs
        assert os.getpid() not in {asset.facts["pid"] for asset in found}


def test_a_worker_goes_after_some_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.crew.RECYCLED", 2)
    found = steady(drawn([bind("worker", {"nth": nth}) for nth in range(6)], 1))
    pids = [asset.facts["pid"] for asset in found]
    assert len(set(pids)) == 3
    assert pids[0] == pids[1] != pids[2]


def test_what_leaves_off_leaves_no_worker() -> None:
    drawing = draw_all([bind("worker", {}), bind("spin", {}), bind("spin", {})], jobs=3)
    _, asset = next(drawing)
    assert isinstance(asset, Asset)
    drawing.close()  # type: ignore[attr-defined]
    import multiprocessing

    assert multiprocessing.active_children() == []


def test_results_do_not_pile_up(surroundings: None) -> None:
    tracemalloc.start()
    try:
        seen = set()
        for _, asset in draw_all([bind("bulky", {"nth": nth}) for nth in range(20)], jobs=2):
            assert isinstance(asset, Asset)
            seen.add(asset.facts["nth"])
        del asset
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seen == set(range(20))
    assert peak < 8 * 3_000_000  # of the 60 million that came in all: one pickled, one opened, one still held
