"""The command measures, checks its peers, judges and writes; how fast anything is, no test says."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import __main__ as command
from benchmarks import report
from benchmarks.measure import Result
from benchmarks.roofline import Roofline
from benchmarks.rows.row import Row, Work, close
from benchmarks.timing import Budget, Times, calls_in_sample, interleaved

LIMITS = Roofline({"L2": 90e9, "L3": 90e9, "DRAM": 20e9}, {"float32": 100e9, "float64": 50e9})


@pytest.fixture(autouse=True)
def known_limits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "roofline", lambda threads: LIMITS)
    monkeypatch.setattr(command, "PAGE", tmp_path / "performance.md")


def test_a_quick_look_at_two_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--quick", "--rows", "relu 10³"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("| relu 10³ ") for line in lines) == 2  # at one thread, at two
    assert sum(line.startswith("| leaky_relu 10³ ") for line in lines) == 2
    assert len({len(line) for line in lines[:4]}) == 1
    assert not command.PAGE.exists()


def test_everything_measured_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["--quick", "--json", "--threads", "1", "--rows", "1×1×8×8 k3 float32"])
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert set(result["peers"]) == {"torch", "torch channels-last", "OpenCV", "scipy"}
    best = min(times["least"] for times in result["peers"].values())
    assert result["ratio"] == result["ours"]["least"] / best
    assert result["share"] > 0


def test_the_page_is_written_where_asked() -> None:
    command.main(["--quick", "--save", "--threads", "1", "--rows", "relu 10³"])
    text = command.PAGE.read_text(encoding="utf-8")
    assert "## One thread" in text
    assert "| relu 10³" in text
    assert "torch 2." in text


def wrong(factor: float) -> Row:
    x = np.ones(4, np.float32)
    return Row("doubling", "float32", 1.0, 0.5, lambda: Work(lambda: 2 * x, {"liar": lambda: factor * x}, close(1e-6),
                                                             4.0, 32.0))


@pytest.mark.parametrize(("factor", "status"), [(2.0, 0), (2.0001, 2), (np.nan, 2)])
def test_a_peer_with_another_result_is_refused(factor: float, status: int, monkeypatch: pytest.MonkeyPatch,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "ROWS", (wrong(factor),))
    assert command.main(["--quick", "--no-save", "--threads", "1"]) == status
    assert ("doubling float32: liar: another result" in capsys.readouterr().err) == bool(status)


def test_strict_fails_on_a_row_that_misses(monkeypatch: pytest.MonkeyPatch) -> None:
    for must, status in ((1e9, 0), (1e-9, 1)):
        monkeypatch.setattr(command, "ROWS", (wrong(2.0)._replace(must=must),))
        assert command.main(["--quick", "--no-save", "--threads", "1", "--strict"]) == status


def test_no_row_by_that_name() -> None:
    with pytest.raises(SystemExit):
        command.main(["--rows", "no such row"])


def test_every_row_has_a_name_of_its_own() -> None:
    names = [(row.name, row.dtype) for row in command.ROWS]
    assert len(names) == len(set(names))
    assert sum(name.startswith("conv2d ") and dtype == "float64" for name, dtype in names) == 8


def test_all_peers_of_short_rows_agree() -> None:
    short = [row for row in command.ROWS if row.name.endswith(("10³", "8×8 k3", "28×28 k5", "64×8×32×32"))]
    assert len(short) == 13
    for row in short:
        with torch.inference_mode():
            work = row.prepare()
            for name, call in work.peers.items():
                work.agree(name, work.ours(), call())


def result(least: float, peers: dict[str, float], **changes: object) -> Result:
    given = Result("row", "float32", 1, Times((least, 3 * least, 2 * least)), {name: Times((value,))
                   for name, value in peers.items()}, 1.0, 0.5, 0.1, None, large=False)  # fmt: skip
    return given._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("least", "verdict"), [(0.9, "aim"), (1.0, "aim"), (1.1, "must"), (2.0, "must"),
                                                (2.1, "missed")])
def test_a_verdict_with_one_thread_follows_the_best_peer(least: float, verdict: str) -> None:
    judged = result(least, {"slow": 5.0, "fast": 2.0})
    assert judged.best_peer == "fast"
    assert judged.verdict == verdict
    assert judged.median_ratio == 2 * judged.ratio
    assert judged.share == 0.1 / least


@pytest.mark.parametrize(("own", "large", "verdict"), [(1.1, False, "holds"), (1.11, False, "missed"),
                                                       (0.62, True, "gains"), (0.63, True, "missed")])
def test_a_verdict_with_more_threads_follows_our_own_time_with_one(own: float, large: bool, verdict: str) -> None:
    assert result(99.0, {"fast": 1.0}, threads=2, own_ratio=own, large=large).verdict == verdict


@pytest.mark.parametrize(("seconds", "text"), [(2.5, "2.5 s"), (0.0123, "12.3 ms"), (4.56e-5, "45.6 µs"),
                                               (9.9e-7, "990 ns"), (0.9996, "1 s"), (0.9994, "999 ms"),
                                               (1234.5, "1234 s")])
def test_durations(seconds: float, text: str) -> None:
    assert report.duration(seconds) == text


def test_limits_are_the_best_of_all_sittings() -> None:
    other = Roofline(LIMITS.bandwidth | {"L2": 80e9, "L3": 91e9}, {"float32": 101e9, "float64": 49e9})
    both = Roofline(LIMITS.bandwidth | {"L3": 91e9}, {"float32": 101e9, "float64": 50e9})
    assert LIMITS.best_of(other) == other.best_of(LIMITS) == both
    assert LIMITS.best_of(None) is LIMITS


def test_the_limit_is_the_slower_of_memory_and_arithmetic() -> None:
    assert LIMITS.least_time(1e9, 1.0, "float32") == 1e9 / 100e9
    assert LIMITS.least_time(1e9, 1.0, "float64") == 1e9 / 50e9
    assert LIMITS.least_time(1.0, 1e9, "float32") == 1e9 / 20e9
    assert LIMITS.least_time(1.0, 1e5, "float32") == 1e5 / 90e9


def test_contenders_take_turns() -> None:
    order: list[str] = []
    times = interleaved({name: lambda name=name: order.append(name) for name in "ab"}, Budget(0.0, 5))  # type: ignore[misc]
    assert len(times["a"].samples) == len(times["b"].samples) == 5
    changes = [one for one, other in itertools.pairwise(order) if one != other]
    assert len(changes) >= 5


@pytest.mark.parametrize(("takes", "count"), [(60e-6, 1), (26e-6, 2), (1e-6, 50)])
def test_short_calls_are_timed_together(takes: float, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("benchmarks.timing.time.perf_counter", lambda: clock[0])

    def call() -> None:
        clock[0] += takes

    assert count <= calls_in_sample(call) <= 2 * count


def test_each_sitting_has_arrays_of_its_own(monkeypatch: pytest.MonkeyPatch,
                                            capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Memory is not equally fast everywhere: one row missed by where its only arrays happened to lie."""
    kept: list[np.ndarray] = []

    def prepare() -> Work:
        x = np.ones(2**20, np.float32)
        kept.append(x)
        return Work(lambda: x, {"peer": lambda: x}, close(0.0), 1.0, 1.0)

    monkeypatch.setattr(command, "ROWS", (Row("holding", "float32", 1.0, 0.5, prepare),))
    assert command.main(["--no-save", "--json", "--threads", "1", "--seconds", "0", "--repeat", "7",
                         "--sittings", "3"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["results"]
    assert len(kept) == 3
    assert found["ours"]["rounds"] == found["peers"]["peer"]["rounds"] == 9  # 7 at least, as many in each
