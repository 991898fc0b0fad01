"""What took longest is begun first, and a file of durations that is lost or damaged hurts nothing."""

from __future__ import annotations

import json
from concurrent.futures import Executor, Future
from pathlib import Path

import drawing_figures  # noqa: F401
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import durations
from builder.attempts import Order
from builder.drawing import draw_all
from figures.registry import FigureCall, bind


@pytest.fixture(autouse=True)
def file(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("store")
    monkeypatch.setenv("FIGURES_CACHE", str(folder))
    return folder / "durations.json"


class Noting(Executor):
    """It draws at once, and notes in which order."""

    def __init__(self) -> None:
        self.begun: list[int] = []

    def submit(self, function, /, order: Order, *arguments):  # type: ignore[no-untyped-def]
        self.begun.append(order.place)
        future: Future[bytes] = Future()
        future.set_result(function(order, *arguments))
        return future


def begun(calls: list[FigureCall]) -> list[int]:
    executor = Noting()
    list(draw_all(calls, jobs=1, executor=executor))
    return executor.begun


CALLS = [bind("dot", {"radius": radius}) for radius in range(4)]


def test_the_longest_first_the_unknown_before_it(file: Path) -> None:
    durations.remember(dict(enumerate(CALLS)), {0: 0.5, 2: 9.0, 1: 2.0})
    # A figure whose parameters are new takes what the figure took last: 2 s.
    assert begun([*CALLS, bind("raising", {})]) == [4, 2, 1, 3, 0]


def test_before_anything_is_known_each_figure_once_the_one_of_most_sources_first(file: Path) -> None:
    calls = [bind("max_pooling", {}), bind("max_pooling", {"stride": 1}), bind("linear_classifier", {})]
    assert durations.longest_first(calls) == [2, 0, 1]


def test_what_was_drawn_is_remembered_and_in_which_order_it_came_does_not_matter(file: Path) -> None:
    assert begun(CALLS) == [0, 1, 2, 3]
    known = durations.known()
    assert len(known) == 5
    assert all(durations.expected(known, call) < 60 for call in CALLS)
    assert durations.expected(known, bind("raising", {})) == durations.UNKNOWN
    slow = bind("dot", {"radius": 2, "pause": 1.0})
    list(draw_all([*CALLS, slow], jobs=2))
    assert begun([*CALLS, slow])[0] == 4


DAMAGED = [b"", b"{", b"[]", b"null", b'{"dot": "x"}', b'{"dot": null}', b'{"dot": NaN}', b'{"dot": -1}', b"\xff\xfe",
           b'{"dot": 1e999}', b'{"dot": [1]}', b"[" * 100_000, b'"dot"']  # fmt: skip


@pytest.mark.parametrize("data", DAMAGED)
def test_a_damaged_file_hurts_nothing(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    assert durations.known() == {}
    durations.remember({0: CALLS[0]}, {0: 1.5})
    assert durations.expected(durations.known(), CALLS[0]) == 1.5


@given(st.binary())
@settings(deadline=None)
def test_no_bytes_hurt(data: bytes) -> None:
    durations._file().write_bytes(data)
    assert all(0 <= value < durations.UNKNOWN for value in durations.known().values())


def test_a_store_that_cannot_be_written_hurts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "file" / "inside"))
    durations.remember({0: CALLS[0]}, {0: 1.5})
    assert durations.known() == {}


def test_what_was_drawn_last_is_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durations, "MOST", 4)
    durations.remember(dict(enumerate(CALLS)), dict.fromkeys(range(4), 1.0))
    known = json.loads(file.read_bytes())
    assert len(known) == 4
    assert [durations.expected(known, call) for call in CALLS] == [1.0] * 4
    assert "dot" in known
