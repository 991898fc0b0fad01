"""The figures that the store does not have, drawn side by side."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process

from figures.assets import Asset
from figures.registry import FigureCall

MOST_PROCESSES = 61  # that Windows can wait for


def draw_all(calls: Sequence[FigureCall], *, jobs: int) -> Iterator[tuple[int, Asset | Exception]]:
    """The place of each call with its asset, or the exception that it ended with, as they come."""
    if jobs > 1 and len(calls) > 1:
        yield from _side_by_side(calls, min(jobs, len(calls), MOST_PROCESSES))
    else:
        for place, call in enumerate(calls):
            yield place, _attempt(lambda call=call: draw_one(call), call)  # type: ignore[misc]


def draw_one(call: FigureCall) -> Asset:
    """Draw in this process."""
    # A notebook's `!python build.py` hands down its own backend, and one that is not installed would stop matplotlib.
    os.environ["MPLBACKEND"] = "agg"
    import logging

    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from figures.render import draw

    return draw(call)


def _side_by_side(calls: Sequence[FigureCall], jobs: int) -> Iterator[tuple[int, Asset | Exception]]:
    # Spawned, not forked: a forked copy of a process that runs threads can hang.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        waiting: dict[Future[Asset], int] = {pool.submit(draw_one, call): place for place, call in enumerate(calls)}
        try:
            for future in as_completed(waiting):
                place = waiting.pop(future)
                yield place, _attempt(future.result, calls[place])
        except BaseException:  # Ctrl-C: what has not begun is not begun
            for process in list((pool._processes or {}).values()):
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _end_with_parent() -> None:
    """Ctrl-C ends a worker without a traceback; and no worker outlives the build, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _attempt(action: Callable[[], Asset], call: FigureCall) -> Asset | Exception:
    try:
        return action()
    except BrokenProcessPool:
        return RuntimeError(f"{call.name}: the process that drew it was ended from outside")
    except Exception as error:
        return error
