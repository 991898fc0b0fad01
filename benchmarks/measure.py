"""Rows made into results: checked, timed at some number of threads, and judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


class Sitting(NamedTuple):
    """What was measured of a row at one go, with arrays of its own.

    Attributes
    ----------
    all : dict of int to dict of str to Times
        By the number of threads, the times of everybody; ours as "".
    own : dict of int to dict of str to Times
        Ours by turns, with "one" thread and with "all".
    flops, moved : float
    parts : int
        As `Work` has them.
    """

    all: dict[int, dict[str, Times]]
    own: dict[int, dict[str, Times]]
    flops: float
    moved: float
    parts: int


def sitting(row: Row, counts: Iterable[int], budget: Budget) -> Sitting:
    """Make a row ready and time it with each of these numbers of threads.

    Raises
    ------
    WrongResultError
        A peer computes something else.
    """
    # Without the bookkeeping of autograd, unless a peer needs it and asks for it.
    with torch.inference_mode():
        work = row.prepare()
        taken = Sitting({}, {}, work.flops, work.moved, work.parts)
        with threads(1):
            check(work)
        for count in counts:
            with threads(count):
                times = interleaved({"": work.ours, **work.peers}, budget, pause=count > 1)
            taken.all[count] = times
            alone = dict.fromkeys(("one", "all"), times[""])
            taken.own[count] = _against_one(work, count, budget) if count > 1 else alone
    return taken


def _against_one(work: Work, count: int, budget: Budget) -> dict[str, Times]:
    """Our times with one thread and with `count`, by turns."""
    calls = {"one": work.ours, "all": work.ours}
    with threads(1) as set_threads:
        return interleaved(calls, budget, before={"one": lambda: set_threads(1), "all": lambda: set_threads(count)})


def results(row: Row, sittings: Sequence[Sitting], rooflines: Mapping[int, Roofline]) -> list[Result]:
    """What all sittings say of a row, for each number of threads that `rooflines` has."""
    first, found = sittings[0], []
    for count, roofline in rooflines.items():
        times = {name: _together([one.all[count][name] for one in sittings], first.parts) for name in first.all[count]}
        own = {name: _together([one.own[count][name] for one in sittings], 1).least for name in ("one", "all")}
        found.append(Result(row.name, row.dtype, count, times.pop(""), times, row.must, row.aim,
                            roofline.least_time(first.flops, first.moved, row.dtype) / first.parts,
                            own["all"] / own["one"] if count > 1 else None, row.divisible and own["one"] >= LARGE))
    return found


def _together(sittings: Sequence[Times], parts: int) -> Times:
    return Times(tuple(seconds / parts for times in sittings for seconds in times.samples))
