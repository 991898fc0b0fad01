"""Rows made into results: checked, timed at some number of threads, and judged."""

from __future__ import annotations

from typing import NamedTuple

import torch

from benchmarks.roofline import Roofline
from benchmarks.rows.row import Row, Work
from benchmarks.threads import threads
from benchmarks.timing import Budget, Times, interleaved

SLOWER, GAIN = 1.1, 1.6
"""With more threads no row may take longer than this times its own time with one; a large one must gain so much."""
LARGE = 1e-3  # s with one thread: shorter work is over before other threads have been of much use


class Result(NamedTuple):
    """A row at a number of threads."""

    row: str
    dtype: str
    threads: int
    ours: Times
    peers: dict[str, Times]
    must: float
    aim: float
    least_time: float
    own_ratio: float | None
    """Time at this number of threads over time with one; None with one."""
    large: bool

    @property
    def best_peer(self) -> str:
        """The one with the least time."""
        return min(self.peers, key=lambda name: self.peers[name].least)

    @property
    def ratio(self) -> float:
        """Of the least times: ours over the best peer's."""
        return self.ours.least / self.peers[self.best_peer].least

    @property
    def median_ratio(self) -> float:
        """Of the medians: ours over the smallest of the peers'."""
        return self.ours.median / min(times.median for times in self.peers.values())

    @property
    def share(self) -> float:
        """Of the roofline: the least possible time over ours."""
        return self.least_time / self.ours.least

    @property
    def verdict(self) -> str:
        """With one thread against the best peer, with more against our own time with one."""
        if self.own_ratio is None:
            return "aim" if self.ratio <= self.aim else "must" if self.ratio <= self.must else "missed"
        if self.large:
            return "gains" if self.own_ratio <= 1 / GAIN else "missed"
        return "holds" if self.own_ratio <= SLOWER else "missed"


def check(work: Work) -> None:
    """Refuse a peer whose result is not ours.

    Raises
    ------
    WrongResultError
    """
    ours = work.ours()
    for name, peer in work.peers.items():
        work.agree(name, ours, peer())


def measured(row: Row, rooflines: dict[int, Roofline], budget: Budget) -> list[Result]:
    """The row's results, one for each number of threads that `rooflines` has.

    Raises
    ------
    WrongResultError
        A peer computes something else.
    """
    results = []
    # Without the bookkeeping of autograd, unless a peer needs it and asks for it.
    with torch.inference_mode():
        work = row.prepare()
        with threads(1):
            check(work)
        for count, roofline in rooflines.items():
            with threads(count):
                times = interleaved({"": work.ours, **work.peers}, budget, pause=count > 1)
            times = {name: _divided(one, work.parts) for name, one in times.items()}
            own, alone = (None, times[""].least) if count == 1 else _against_one(work, count, budget)
            results.append(Result(row.name, row.dtype, count, times.pop(""), times, row.must, row.aim,
                                  roofline.least_time(work.flops, work.moved, row.dtype) / work.parts, own,
                                  row.divisible and alone >= LARGE))
    return results


def _divided(times: Times, parts: int) -> Times:
    return times._replace(least=times.least / parts, median=times.median / parts)


def _against_one(work: Work, count: int, budget: Budget) -> tuple[float, float]:
    """Our time with `count` threads over that with one, and that with one, by turns."""
    calls = {"one": work.ours, "all": work.ours}
    with threads(1) as set_threads:
        times = interleaved(calls, budget, before={"one": lambda: set_threads(1), "all": lambda: set_threads(count)})
    return times["all"].least / times["one"].least, times["one"].least
