"""Figures drawn through an executor of somebody else's, on this machine or on others."""

from __future__ import annotations

import os
import pickle
import socket
import threading
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait

from builder.attempts import Order, Outcome, attempt, outcome
from builder.blame import DrawingError
from figures import assets
from figures.assets import Asset

TURN = threading.Lock()
PATIENCE = 1.0  # s between two looks whether the executor is still there
GRACE = 5.0  # s in which a worker hands over what it has, before it ends itself

Home = tuple[str, int]


class LostFigures(UserWarning):
    """Calls that an executor took and never gave back."""


def through(executor: Executor, orders: Iterable[Order], *, width: int,
            limit: float | None,
            alive: Callable[[], bool] = lambda: True) -> Generator[tuple[int, Outcome], None, list[Order]]:  # fmt: skip
    """The place and outcome of each order, as they come; returns the orders that the executor lost.

    At most `width` are given to the executor at a time: neither calls nor results pile up. Where it is no longer
    `alive`, what it has is lost.
    """
    queue, waiting = deque(orders), dict[Future[bytes], Order]()
    lost: list[Order] = []
    reason: BaseException | None = None
    try:
        while queue or waiting:
            while queue and len(waiting) < width:
                try:
                    future = executor.submit(attempt_within, queue[0], limit, home())
                except Exception as error:  # broken or shut down
                    lost, reason = [*lost, *queue], error
                    queue.clear()
                else:
                    waiting[future] = queue.popleft()
            done = wait(waiting, PATIENCE, return_when=FIRST_COMPLETED).done
            if not done and not alive():
                lost, reason = [*lost, *waiting.values(), *queue], ConnectionError("the connection is gone")
                break
            for future in done:
                order = waiting.pop(future)
                try:
                    found = outcome(future.result())
                except (Exception, CancelledError) as error:
                    lost, reason = [*lost, order], error
                else:
                    yield order.place, checked(order, found)
    finally:
        for future in waiting:
            future.cancel()
    if lost:
        names = ", ".join(order.call.name for order in lost)
        warnings.warn(f"lost by the executor, drawn here: {names} ({type(reason).__name__}: {reason})",
                      LostFigures, stacklevel=2)  # fmt: skip
    return lost


def attempt_within(order: Order, limit: float | None, asked_by: Home) -> bytes:
    """`attempt`, given up after `limit` seconds.

    A thread cannot be ended: the worker ends itself once it has told, unless it is the process that asked, which
    has no limit for that reason.
    """
    if limit is None or asked_by == home():
        return attempt(order)
    found: list[bytes] = []
    begun, ended = threading.Event(), threading.Event()

    def draw() -> None:
        found.append(attempt(order, begun.set))
        begun.set()
        ended.set()

    # One figure at a time, so that none has to wait for another while its clock runs.
    with TURN:
        threading.Thread(target=draw, daemon=True).start()
        begun.wait()
        if ended.wait(limit):
            return found[0]
    last = threading.Timer(GRACE, os._exit, (1,))
    last.daemon = True
    last.start()
    return pickle.dumps(DrawingError(f"{order.call.name}: took longer than {limit:g} s; ended (--time-limit)"))


def checked(order: Order, found: Outcome) -> Outcome:
    """The outcome, if it was drawn from the same sources, versions, words and files as are here."""
    if not isinstance(found, Asset):
        return found
    call = order.call
    here = (assets.base(call), assets.texts(call.lang, found.words, call.deck),
            assets.contents(found.files, call.deck))
    if here == (found.key, found.words, found.files):
        return found
    return DrawingError(f"{call.name}: drawn from other sources or versions than are here; "
                 "restart the workers from this checkout")  # fmt: skip


def home() -> Home:
    """Which process this is."""
    return socket.gethostname(), os.getpid()
