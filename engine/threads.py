"""Work shared among threads: how many there are, and one call that runs the same kernel on several slices.

Kernels are serial and give up the interpreter's lock. What a caller cuts into slices must not depend on the number of
threads wherever sums are involved: then neither do the bits.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from engine.arguments import integer

MOST = 4096  # threads: more than any machine has processors for


class _Crew:
    """The threads beside the calling one, started when they are first needed."""

    def __init__(self) -> None:
        self.count = _processors()
        self.pool: ThreadPoolExecutor | None = None
        self.busy = threading.local()

    def resize(self, count: int) -> None:
        if count != self.count:
            self.count, pool, self.pool = count, self.pool, None
            if pool is not None:
                pool.shutdown(wait=False)

    def helpers(self) -> ThreadPoolExecutor:
        if self.pool is None:
            self.pool = ThreadPoolExecutor(self.count - 1, "engine")
        return self.pool

    def forget(self) -> None:
        # A forked child has the pool's queue but none of its threads: what it put there would wait for ever.
        self.pool = None


def _processors() -> int:
    """The processors that this process may use, or fewer if the variable ENGINE_NUM_THREADS says so."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = os.environ.get("ENGINE_NUM_THREADS", "")
    return int(wanted) if wanted.isdecimal() and int(wanted) > 0 else available


_CREW = _Crew()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_CREW.forget)


def get_num_threads() -> int:
    """How many threads large computations are shared among; at first one a processor, or ENGINE_NUM_THREADS."""
    return _CREW.count


def set_num_threads(count: int) -> None:
    """Share large computations among `count` threads from now on. No result depends on it, to the bit.

    Raises
    ------
    ValueError, TypeError
        A count that is no integer, below 1 or above 4096.
    """
    _CREW.resize(integer("set_num_threads", "count", count, 1, MOST))


def shared(work: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> list[Any]:
    """[work(*task) for task in tasks], side by side; the calling thread does its part.

    Every task is run and waited for, even where one fails; the error of the first is then raised. A task that shares
    work itself does it alone: its helpers would wait for the very threads that wait for it.
    """
    tasks = list(tasks)
    if _CREW.count == 1 or len(tasks) < 2 or getattr(_CREW.busy, "now", False):
        return [work(*task) for task in tasks]
    # In turns of equal length: one hand-over a thread rather than one a task.
    turns = [tasks[i::_CREW.count] for i in range(min(_CREW.count, len(tasks)))]
    others: list[Future[list[Any]]] = [_CREW.helpers().submit(_each, work, turn) for turn in turns[1:]]
    try:
        results = [_each(work, turns[0])]
    finally:
        # Nobody may write into arrays that the caller thinks are finished with.
        for other in others:
            other.exception()
    results += [other.result() for other in others]
    return [results[i % len(turns)][i // len(turns)] for i in range(len(tasks))]


def _each(work: Callable[..., Any], tasks: list[tuple[Any, ...]]) -> list[Any]:
    _CREW.busy.now = True
    try:
        return [work(*task) for task in tasks]
    finally:
        _CREW.busy.now = False


def slices(size: int, least: int, multiple: int = 1) -> list[slice]:
    """[0, size) cut into one slice a thread, each at least `least` long, all but the last a multiple of `multiple`.

    For work whose elements do not depend on each other: the cut follows the number of threads.
    """
    count = max(1, min(_CREW.count, size // max(1, least)))
    if count == 1:
        return [slice(0, size)]
    length = -(-size // (count * multiple)) * multiple
    return [slice(start, min(start + length, size)) for start in range(0, size, length)]
