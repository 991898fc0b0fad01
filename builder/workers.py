"""Figures drawn side by side by processes of this machine, any of which may die or hang.

Each process draws one figure at a time and has a pipe of its own: which figure it died of, or hangs in, is never in
doubt, and the others do not notice. No thread watches over them, so that a process may be a copy of this one, with
everything imported.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing import connection, get_context, parent_process
from typing import Any

from builder.attempts import Order, Outcome, attempt, outcome
from builder.blame import DrawingError

BEGUN = b""
RECYCLED = 200  # figures, after which a process goes with all that it has leaked
STARTING = 60.0  # s that a process may take until it begins
CHANCES = 3  # processes that may die before they begin an order, until it is given up


def side_by_side(orders: Iterable[Order], *, jobs: int, limit: float | None) -> Iterator[tuple[int, Outcome]]:
    """The place and outcome of each order, as they come.

    Parameters
    ----------
    orders
        They are begun in this order.
    jobs
        How many are drawn at a time.
    limit
        The longest that one may take, in seconds: then its process is ended.
    """
    waiting = deque((order, CHANCES) for order in orders)
    jobs = min(jobs, len(waiting))
    threads = max(1, _processors() // max(1, jobs))
    crew: list[_Worker] = []
    try:
        while waiting or crew:
            while waiting and len(crew) < jobs:
                crew.append(_Worker(threads, *waiting.popleft()))
            connection.wait([worker.pipe for worker in crew], _pause(crew, limit))
            for worker in list(crew):
                order, found = worker.order, worker.heard(limit)
                if found is None and worker.lives:
                    continue
                if found is None:
                    waiting.appendleft((order, worker.chances - 1))
                # The next is handed out before this one is handed on: nobody is idle meanwhile.
                if waiting and worker.lives and worker.drawn < RECYCLED:
                    worker.hand(*waiting.popleft())
                else:
                    crew.remove(worker)
                    worker.end()
                if found is not None:
                    yield order.place, found
    finally:
        for worker in crew:
            worker.end()


class _Worker:
    """A process that draws, and the order that it has in hand."""

    def __init__(self, threads: int, order: Order, chances: int) -> None:
        # A copy is there in an instant. But a copy of a process with threads can hang, and only Linux's libraries
        # are made for being copied.
        copied = sys.platform == "linux" and threading.active_count() == 1
        context: Any = get_context("fork" if copied else "spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, threads), daemon=True)
        with warnings.catch_warnings():
            # Python 3.12 counts the threads of numpy's BLAS, which knows what to do about copies.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        theirs.close()
        self.lives, self.drawn = True, 0
        self.hand(order, chances)

    def hand(self, order: Order, chances: int) -> None:
        """Give the process something to draw."""
        self.order, self.chances = order, chances
        self.handed, self.began = time.monotonic(), False
        with contextlib.suppress(OSError):  # it died meanwhile: that is heard
            self.pipe.send(order)

    def deadline(self, limit: float | None) -> float:
        """When the process will be ended."""
        if not self.began:
            return self.handed + STARTING
        return self.handed + limit if limit else float("inf")

    def heard(self, limit: float | None) -> Outcome | None:
        """The outcome if it has come; None with `lives` unset: the process died before it began."""
        try:
            while self.pipe.poll():
                data = self.pipe.recv_bytes()
                if data != BEGUN:
                    self.drawn += 1
                    return _opened(data, self.order)
                self.handed, self.began = time.monotonic(), True
        except (EOFError, OSError):
            self.lives = False
            self.process.join(STARTING)
            return self._blamed(f"the process that drew it was ended {_reason(self.process.exitcode)}")
        if time.monotonic() < self.deadline(limit):
            return None
        self.lives = False
        return self._blamed(f"took longer than {limit:g} s; ended (--time-limit)")

    def _blamed(self, why: str) -> Outcome | None:
        if self.began:
            return DrawingError(f"{self.order.call.name}: {why}")
        if self.chances > 1:
            return None
        return DrawingError(f"{self.order.call.name}: no process got as far as beginning it")

    def end(self) -> None:
        """End the process: it keeps nothing that is worth a farewell."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _pause(crew: list[_Worker], limit: float | None) -> float | None:
    first = min(worker.deadline(limit) for worker in crew)
    return None if first == float("inf") else max(0.0, first - time.monotonic())


def _opened(data: bytes, order: Order) -> Outcome:
    try:
        return outcome(data)
    except Exception as error:  # an exception of a module that only the worker has
        return DrawingError(f"{order.call.name}: its outcome cannot be read: {error!r}")


def _reason(status: int | None) -> str:
    if status is not None and status < 0:
        with contextlib.suppress(ValueError):
            return f"by {signal.Signals(-status).name}"
    return f"with status {status}"


def _serve(pipe: Any, threads: int) -> None:
    """What a process does: draw what comes, one by one."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches everybody: the build ends its workers
    _end_with_parent()
    _share(threads)
    # Garbage is looked for between figures, while the build is at work, and never among what was imported.
    gc.disable()
    gc.freeze()
    with contextlib.suppress(EOFError, OSError):
        while True:
            order = pipe.recv()
            pipe.send_bytes(attempt(order, lambda: pipe.send_bytes(BEGUN)))
            gc.collect()


def _share(threads: int) -> None:
    """Workers that each took all processors would only be in each other's way; no result depends on it."""
    os.environ["ENGINE_NUM_THREADS"] = str(threads)
    if "engine.threads" in sys.modules:  # a copy has read the variable; what starts anew will, if it computes at all
        from engine.threads import set_num_threads

        set_num_threads(threads)


def _end_with_parent() -> None:
    """No worker outlives the build, however that ends."""
    parent = parent_process()
    assert parent is not None
    if sys.platform == "linux":
        import ctypes

        # By the system, whatever this process is doing then: PR_SET_PDEATHSIG.
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL))
        if os.getppid() != parent.pid:
            os._exit(1)
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
