"""Any executor draws the same, and what it loses is drawn here."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import drawing_figures  # noqa: F401
import pytest

from builder.attempts import DrawingError, order
from builder.drawing import draw_all
from builder.executors import LostFigures, checked
from figures.assets import Asset
from figures.registry import bind
from figures.render import draw


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "store"))


@pytest.fixture(params=["threads", "processes"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    kind = ThreadPoolExecutor(2) if request.param == "threads" else ProcessPoolExecutor(2, get_context("spawn"))
    with kind as made:
        yield made


def steady(found: object) -> Asset:
    assert isinstance(found, Asset), found
    return found._replace(seconds=0.0)


def test_any_executor_gives_the_same(executor: Executor) -> None:
    calls = [bind("dot", {"radius": radius}) for radius in range(5)] + [bind("raising", {})]
    far, here = dict(draw_all(calls, jobs=2, executor=executor)), dict(draw_all(calls, jobs=2))
    assert [steady(far[place]) for place in range(5)] == [steady(here[place]) for place in range(5)]
    assert str(far[5]) == str(here[5]) == "raising: what must not be value"


def test_what_breaks_an_executor_is_found_out_and_nothing_else_is_blamed() -> None:
    calls = [bind("dot", {"radius": radius}) for radius in range(6)]
    calls.insert(2, bind("dying", {"how": "kill"}))
    with ProcessPoolExecutor(2, get_context("spawn")) as executor, pytest.warns(LostFigures, match="dying"):
        found = dict(draw_all(calls, jobs=3, executor=executor))
    assert str(found.pop(2)) == "dying: the process that drew it was ended by SIGKILL"
    assert sorted(steady(asset).facts["radius"] for asset in found.values()) == list(range(6))


def test_what_hangs_in_an_executor_is_told_and_its_process_goes() -> None:
    calls = [bind("spin", {}), bind("dot", {}), bind("dot", {"radius": 8})]
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        found = dict(draw_all(calls, jobs=2, limit=3.0, executor=executor))
    assert str(found[0]) == "spin: took longer than 3 s; ended (--time-limit)"
    assert [steady(found[place]).facts["radius"] for place in (1, 2)] == [3, 8]


class Counting(Executor):
    """It draws at once, and knows how many calls it has had and how many were not taken back."""

    def __init__(self) -> None:
        self.calls, self.out, self.most = 0, 0, 0

    def submit(self, function, /, *arguments, **named):  # type: ignore[no-untyped-def]
        self.calls, self.out = self.calls + 1, self.out + 1
        self.most = max(self.most, self.out)
        future: Future[bytes] = Future()
        future.set_result(function(*arguments, **named))
        return future


def test_calls_do_not_pile_up() -> None:
    executor = Counting()
    for _, asset in draw_all([bind("dot", {"radius": radius}) for radius in range(9)], jobs=2, executor=executor):
        assert isinstance(asset, Asset)
        executor.out -= 1
    assert (executor.calls, executor.most) == (9, 2)


def test_an_executor_that_takes_nothing() -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.warns(LostFigures, match=r"dot, dot \(RuntimeError: cannot schedule"):
        found = dict(draw_all([bind("dot", {}), bind("dot", {"radius": 1})], jobs=2, executor=executor))
    assert all(isinstance(asset, Asset) for asset in found.values())


def test_what_was_drawn_from_other_sources_is_refused() -> None:
    call = bind("max_pooling", {})
    drawn = draw(call)
    assert drawn.words
    assert checked(order(0, call), drawn) is drawn
    word = next(iter(drawn.words))
    for other in (drawn._replace(key="0"), drawn._replace(words={**drawn.words, word: "x"}),
                  drawn._replace(files={"/nowhere": "0"})):  # fmt: skip
        refused = checked(order(0, call), other)
        assert isinstance(refused, DrawingError)
        assert "max_pooling: drawn from other sources" in str(refused)
