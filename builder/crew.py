"""Figures drawn side by side by processes of this machine, any of which may die or hang.

Each process draws one figure at a time and has a pipe of its own: which figure it died of, or hangs in, is never in
doubt, and the others do not notice. No thread watches over them, so that a process may be a copy of this one, with
everything imported. One that has nothing in hand waits for the next drawing of the same build.
"""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import connection
from typing import Self

from builder.attempts import Order, Outcome, prepare
from builder.workers import Worker

RECYCLED = 200  # figures, after which a process goes with all that it has leaked
IMPORTING = 0.5  # s that a process takes to import what drawing needs
CHANCES = 3  # processes that may die before they begin an order, until it is given up


class Crew:
    """The processes of a build. Whatever ends it, none is left.

    >>> with Crew() as crew:
    ...     crew.make_ready()
    ...     first = dict(side_by_side(orders, jobs=2, limit=None, crew=crew))
    """

    def __init__(self) -> None:
        self._idle: list[Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.dismiss()

    def dismiss(self) -> None:
        """End the processes that have nothing in hand."""
        for worker in self._idle:
            worker.end()
        self._idle.clear()

    def make_ready(self) -> None:
        """Have a process import what drawing needs while this one reads the deck: half of a second is won.

        Where it is imported already, or where there is no processor to do it on, nothing is.
        """
        if processors() > 1 and not _imported():
            self._idle.append(Worker(ahead=True))

    @property
    def ready(self) -> bool:
        """Whether a process waits for something to do."""
        return bool(self._idle)

    def worth(self, jobs: int, seconds: float) -> int:
        """How many processes of `jobs` are worth while for work of so many seconds: a new one has to import first."""
        if _imported() or seconds > jobs * IMPORTING:
            return jobs
        return min(jobs, max(1, len(self._idle), int(seconds / IMPORTING)))

    def take(self, order: Order) -> Worker:
        """A process with nothing in hand, for an order."""
        for worker in [one for one in self._idle if not one.process.is_alive()]:
            self._idle.remove(worker)
            worker.end()
        for worker in self._idle:
            if worker.fits(order):
                self._idle.remove(worker)
                return worker
        if Worker.copies():
            prepare()  # once for all copies of this process, which share the memory
        return Worker()

    def leave(self, worker: Worker) -> None:
        """Take a process back: it waits, unless it is not fit for more."""
        if worker.lives and not worker.busy and worker.drawn < RECYCLED:
            self._idle.append(worker)
        else:
            worker.end()


def side_by_side(orders: Iterable[Order], *, jobs: int, limit: float | None, crew: Crew,
                 meanwhile: Callable[[], object] | None = None) -> Iterator[tuple[int, Outcome]]:  # fmt: skip
    """The place and outcome of each order, as they come.

    Parameters
    ----------
    orders
        They are begun in this order.
    jobs
        How many are drawn at a time.
    limit
        The longest that one may take, in seconds: then its process is ended.
    crew
        Who draws. What it has too few of is started.
    meanwhile
        What to do here once the first orders are given out.
    """
    waiting = deque((order, CHANCES) for order in orders)
    jobs = min(jobs, len(waiting))
    threads = max(1, processors() // max(1, jobs))
    working: list[Worker] = []
    try:
        while waiting or working:
            while waiting and len(working) < jobs:
                working.append(crew.take(waiting[0][0]))
                working[-1].hand(*waiting.popleft(), threads)
            if meanwhile is not None:
                meanwhile()
                meanwhile = None
            connection.wait([worker.pipe for worker in working], _pause(working, limit))
            for worker in list(working):
                order, found = worker.order, worker.heard(limit)
                if found is None and worker.lives:
                    continue
                if found is None:
                    waiting.appendleft((order, worker.chances - 1))
                # The next is handed out before this one is handed on: nobody is idle meanwhile.
                following = next((number for number, (one, _) in enumerate(waiting) if worker.fits(one)), None)
                if following is not None and worker.lives and worker.drawn < RECYCLED:
                    worker.hand(*waiting[following], threads)
                    del waiting[following]
                else:
                    working.remove(worker)
                    crew.leave(worker)
                if found is not None:
                    yield order.place, found
    finally:
        for worker in working:
            crew.leave(worker)


def _imported() -> bool:
    """Whether a copy of this process could draw at once."""
    return "matplotlib.figure" in sys.modules


def _pause(working: list[Worker], limit: float | None) -> float | None:
    first = min(worker.deadline(limit) for worker in working)
    return None if first == float("inf") else max(0.0, first - time.monotonic())


def processors() -> int:
    """How many of this machine's this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
