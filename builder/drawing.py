"""The figures that the store does not have, drawn side by side, what takes longest first."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor
from typing import Any

from builder import durations
from builder.attempts import Outcome, order
from builder.blame import DrawingError, at_home
from builder.crew import Crew, side_by_side
from builder.executors import through
from figures.assets import Asset
from figures.registry import FigureCall

__all__ = ["draw_all", "drawing"]


@contextlib.contextmanager
def drawing(calls: Sequence[FigureCall], options: argparse.Namespace,
            crew: Crew) -> Iterator[Iterator[tuple[int, Outcome]]]:  # fmt: skip
    """`draw_all` as the command line says; whatever ends it, no worker is left."""
    with contextlib.ExitStack() as stack:
        who: dict[str, Any] = {"jobs": options.jobs}
        if calls and options.executor == "dask":
            from builder.cluster import cluster

            executor, width, alive = stack.enter_context(cluster(options.scheduler))
            who = {"jobs": width, "executor": executor, "alive": alive}
        found = draw_all(calls, limit=options.time_limit, crew=crew, **who)
        yield stack.enter_context(contextlib.closing(found))


def draw_all(calls: Sequence[FigureCall], *, jobs: int, limit: float | None = None,
             crew: Crew | None = None, executor: Executor | None = None,
             alive: Callable[[], bool] = lambda: True) -> Generator[tuple[int, Outcome], None, None]:  # fmt: skip
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
    crew
        The processes of this machine; those that are started for this drawing alone unless given.
    executor
        Who draws instead of processes of this machine. What it loses is drawn by one of those: a figure that ends
        the processes of others is found out there, and only there.
    alive
        Whether the executor is still there: one whose connection is gone may never say so.
    """
    seconds: dict[int, float] = {}
    try:
        with contextlib.nullcontext(crew) if crew else Crew() as hands:
            for place, found in _drawn(calls, jobs, limit, hands, executor, alive):
                if isinstance(found, Asset):
                    seconds[place] = found.seconds
                # Who ends a figure that never ends does not know where it is written.
                ended = isinstance(found, DrawingError) and calls[place].folder
                yield place, at_home(found, calls[place]) if ended and isinstance(found, Exception) else found
    finally:
        durations.remember(dict(enumerate(calls)), seconds)


def _drawn(calls: Sequence[FigureCall], jobs: int, limit: float | None, crew: Crew,
           executor: Executor | None, alive: Callable[[], bool]) -> Iterator[tuple[int, Outcome]]:  # fmt: skip
    orders = [order(place, calls[place]) for place in durations.longest_first(calls)]
    if executor is None:
        jobs = crew.worth(jobs, durations.together(calls))
    if executor is not None:
        orders = yield from through(executor, orders, width=jobs, limit=limit, alive=alive)
    yield from side_by_side(orders, jobs=jobs if executor is None else 1, limit=limit, crew=crew)
