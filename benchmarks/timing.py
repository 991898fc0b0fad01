"""Times of several ways to do the same thing, taken by turns, so that what disturbs one disturbs all."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

Call = Callable[[], Any]
SAMPLE = 50e-6  # s: shorter calls are timed several together, as the clock itself takes 50 ns or so
# A library's threads look for work for some milliseconds after a call before they sleep, on a processor that
# the next one in turn needs.
PAUSE = 5e-3  # s
# Before a sample the call is made once untimed, to have its data in the cache that the one before has just filled.
# Long ones fill it themselves.
LONG = 20e-3  # s


class Budget(NamedTuple):
    """How long to measure: `seconds` for all contenders together, but `rounds` at least, in so many `sittings`.

    Between two sittings all other rows are measured, and each has arrays of its own. How fast memory is depends on
    where the system lays it, and in a virtual machine on what its neighbours do for minutes on end: up to 1.8 times.
    """

    seconds: float
    rounds: int
    sittings: int = 1

    def of_a_sitting(self) -> Budget:
        """The share of one."""
        return Budget(self.seconds / self.sittings, -(-self.rounds // self.sittings))


class Times(NamedTuple):
    """Seconds that one call takes, in each round."""

    samples: tuple[float, ...]

    @property
    def least(self) -> float:
        """Of the quietest round."""
        return min(self.samples)

    @property
    def median(self) -> float:
        """Of the usual round."""
        return float(np.median(self.samples))

    def told(self) -> dict[str, float]:
        """In short."""
        return {"least": self.least, "median": self.median, "rounds": len(self.samples)}


def sample(call: Call, count: int) -> float:
    """Seconds that `count` calls take."""
    turns = repeat(None, count)
    start = time.perf_counter()
    for _ in turns:
        call()
    return time.perf_counter() - start


def calls_in_sample(call: Call) -> int:
    """How many calls last as long as a sample should."""
    count = 1
    # A call may still be compiling, or filling caches: the count follows the quickest of three.
    while (least := min(sample(call, count) for _ in range(3))) < SAMPLE and count < 10**6:
        count = max(2 * count, int(count * SAMPLE / max(least, 1e-9)))
    return count


def interleaved(contenders: Mapping[str, Call], budget: Budget, *, pause: bool = False,
                before: Mapping[str, Call] | None = None) -> dict[str, Times]:
    """The times of each contender, in rounds in which each has one sample.

    Parameters
    ----------
    contenders : mapping of str to function without arguments
    budget : Budget
    pause : bool
        Wait before each sample until the threads of the one before sleep.
    before : mapping of str to function without arguments, optional
        What is done before a contender's samples, untimed.
    """
    names, taken = list(contenders), {name: list[float]() for name in contenders}

    def turn(name: str) -> float:
        if pause:
            time.sleep(PAUSE)
        if before is not None:
            before[name]()
        if warm[name]:
            contenders[name]()
        return sample(contenders[name], counts[name]) / counts[name]

    counts, warm = {}, dict.fromkeys(names, True)
    for name in names:
        counts[name] = calls_in_sample(contenders[name])
        warm[name] = sample(contenders[name], 1) < LONG
    collecting = gc.isenabled()
    gc.disable()
    try:
        end = time.perf_counter() + budget.seconds
        while time.perf_counter() < end or len(taken[names[0]]) < budget.rounds:
            for name in names:
                taken[name].append(turn(name))
            # Nobody always follows the same neighbour's use of the caches.
            names.append(names.pop(0))
    finally:
        if collecting:
            gc.enable()
    return {name: Times(tuple(times)) for name, times in taken.items()}
