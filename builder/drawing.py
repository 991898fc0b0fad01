"""The figures that the store does not have, drawn side by side, what takes longest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor

from builder import durations
from builder.attempts import Ended, Outcome, draw_one, order
from builder.executors import through
from builder.workers import side_by_side
from figures.assets import Asset
from figures.registry import FigureCall

__all__ = ["Ended", "draw_all", "draw_one"]


def draw_all(calls: Sequence[FigureCall], *, jobs: int, limit: float | None = None,
             executor: Executor | None = None) -> Iterator[tuple[int, Outcome]]:  # fmt: skip
    """The place of each call with its asset, or the exception that it ended with, as they come.

    What comes does not depend on who draws, nor on how many; when it comes does.

    Parameters
    ----------
    calls
        What to draw.
    jobs
        How many are under way at a time: processes of this machine, or calls that wait at the executor.
    limit
        The longest that one may take, in seconds.
    executor
        Who draws instead of processes of this machine. What it loses is drawn by one of those: a figure that ends
        the processes of others is found out there, and only there.
    """
    seconds: dict[int, float] = {}
    try:
        for place, found in _drawn(calls, jobs, limit, executor):
            if isinstance(found, Asset):
                seconds[place] = found.seconds
            yield place, found
    finally:
        durations.remember(dict(enumerate(calls)), seconds)


def _drawn(calls: Sequence[FigureCall], jobs: int, limit: float | None,
           executor: Executor | None) -> Iterator[tuple[int, Outcome]]:  # fmt: skip
    before = durations.known()
    longest = sorted(range(len(calls)), key=lambda place: -durations.expected(before, calls[place]))
    orders = [order(place, calls[place]) for place in longest]
    if executor is not None:
        lost = through(executor, orders, width=jobs, limit=limit)
        orders = yield from lost
    yield from side_by_side(orders, jobs=jobs if executor is None else 1, limit=limit)
