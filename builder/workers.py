"""A process that draws one figure after the other, and how this one talks to it."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
import warnings
from multiprocessing import get_context, parent_process
from typing import Any

from builder.attempts import Order, Outcome, attempt, outcome, prepare
from builder.blame import DrawingError
from figures import store

BEGUN = b""
STARTING = 60.0  # s that a process may take until it begins
HANDED_ALONG = (store.VARIABLE,)  # of the environment: a process may be older than the choice of a store


class Worker:
    """A process that draws, and the order that it has in hand, if it is `busy`.

    `ahead`: it imports what every drawing needs before it is asked to draw.
    """

    def __init__(self, *, ahead: bool = False) -> None:
        context: Any = get_context("fork" if self.copies() else "spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, ahead), daemon=True)
        with warnings.catch_warnings():
            # Python 3.12 counts the threads of numpy's BLAS, which knows what to do about copies.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        theirs.close()
        self.lives, self.busy, self.drawn, self.origin = True, False, 0, ""

    def fits(self, order: Order) -> bool:
        """Whether nothing that it has run can show in the picture, such as what a deck does to matplotlib."""
        return self.origin in ("", order.origin)

    @staticmethod
    def copies() -> bool:
        """Whether a new one is a copy of this process, there in an instant with all that is imported.

        But a copy of a process with threads can hang, and only Linux's libraries are made for being copied.
        """
        return sys.platform == "linux" and threading.active_count() == 1

    def hand(self, order: Order, chances: int, threads: int) -> None:
        """Give the process something to draw, with so many threads."""
        self.order, self.chances, self.origin = order, chances, self.origin or order.origin
        self.handed, self.began, self.busy = time.monotonic(), False, True
        variables = {name: os.environ.get(name) for name in HANDED_ALONG}
        with contextlib.suppress(OSError):  # it died meanwhile: that is heard
            self.pipe.send((order, variables | {"ENGINE_NUM_THREADS": str(threads)}))

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
                    self.busy = False
                    return _opened(data, self.order)
                self.handed, self.began = time.monotonic(), True
        except (EOFError, OSError):
            self.lives = False
            self.process.join(STARTING)
            return self._blamed(f"the process that drew it was ended {_reason(self.process.exitcode)}")
        if time.monotonic() < self.deadline(limit):
            return None
        self.lives = False
        return self._blamed(f"took longer than {limit or STARTING:g} s; ended (--time-limit)")

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


def _serve(pipe: Any, ahead: bool) -> None:
    """What a process does: draw what comes, one by one."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches everybody: the build ends its workers
    _end_with_parent()
    # Garbage is looked for between figures, while the build is at work, and never among what was imported.
    gc.disable()
    if ahead:
        with contextlib.suppress(Exception):  # it is imported again for the first figure, and told as that one's fault
            prepare()
    gc.freeze()
    with contextlib.suppress(EOFError, OSError):
        while True:
            order, variables = pipe.recv()
            _take_over(variables)
            pipe.send_bytes(attempt(order, lambda: pipe.send_bytes(BEGUN)))
            gc.collect()


def _take_over(variables: dict[str, str | None]) -> None:
    """Make the environment what it is where the order comes from."""
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    # Workers that each took all processors would only be in each other's way; no result depends on it.
    if "engine.threads" in sys.modules:  # it has read the variable; where it is not imported, it will
        from engine.threads import set_num_threads

        set_num_threads(int(os.environ["ENGINE_NUM_THREADS"]))


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
