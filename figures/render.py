"""From a call to an asset: the key, the store, the SVG bytes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context, parent_process
from typing import Any, NamedTuple

import numpy as np

from figures.language import catalogue
from figures.palette import palettes
from figures.registry import FIGURES, FigureCall
from figures.sources import reach, source_digest
from figures.store import OF_PICTURES, canonical, digest, folder, keep, versions

MOST_PROCESSES = 61  # that Windows can wait for


class Asset(NamedTuple):
    """A drawn figure as a slide uses it."""

    name: str
    svg: bytes
    alt: str
    facts: Mapping[str, Any]
    width: int
    height: int
    reused: bool

    @property
    def filename(self) -> str:
        """The figure's name and the digest of its content: another picture has another name."""
        return f"{self.name}-{hashlib.sha256(self.svg).hexdigest()[:8]}.svg"


def key(call: FigureCall) -> str:
    """Digest of everything that decides the picture."""
    words = catalogue(call.lang)
    module = FIGURES[call.name].__module__
    sources = "".join(path.read_text(encoding="utf-8") for path in reach(module))
    # A table of words is in use where a source names an entry of it: words.say("classes.sun"), f"activations.{name}".
    shared = {table: entry for table, entry in words.items() if f'"{table}.' in sources}
    return digest(call.name, canonical(call.parameters), call.lang, canonical(palettes()[call.palette]._asdict()),
                  source_digest(module),
                  json.dumps(shared, sort_keys=True), versions(OF_PICTURES))


def render(call: FigureCall, *, fresh: bool = False) -> Asset:
    """The asset of a call: from the store if it is there, whole and not to be `fresh`, otherwise drawn."""
    name = key(call)
    if not fresh and (asset := _stored(call.name, name)) is not None:
        return asset
    picture = call.draw()
    if not isinstance(picture, tuple) or not hasattr(picture, "svg"):
        raise TypeError(f"{call.name}: a figure must return a Picture, not {type(picture).__name__}")
    asset = Asset(call.name, picture.svg(), picture.alt, plain(picture.facts), *picture.size, reused=False)
    record = {"alt": asset.alt, "facts": asset.facts, "width": asset.width, "height": asset.height,
              "svg": hashlib.sha256(asset.svg).hexdigest()}
    keep(folder("pictures") / f"{name}.svg", asset.svg)
    keep(folder("pictures") / f"{name}.json", json.dumps(record, ensure_ascii=False).encode())
    return asset


def _stored(figure: str, name: str) -> Asset | None:
    """An asset of an earlier build; None if there is none or if it was damaged."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        record = json.loads((folder("pictures") / f"{name}.json").read_text(encoding="utf-8"))
        svg = (folder("pictures") / f"{name}.svg").read_bytes()
        if hashlib.sha256(svg).hexdigest() == record["svg"]:
            return Asset(figure, svg, record["alt"], record["facts"], record["width"], record["height"], reused=True)
    return None


def render_all(calls: Iterable[FigureCall], *, jobs: int = 1,
               report: Callable[[FigureCall], None] = lambda call: None) -> list[Asset | Exception]:
    """The assets of several calls, in their order, those not in the store drawn side by side in `jobs` processes.

    A call that fails gives its exception in place of an asset, so that all faults are told together.
    """
    calls = list(calls)
    found: list[Asset | Exception | None] = [_attempt(_from_store, call) for call in calls]
    first: dict[str, int] = {}
    twice = {i: first.setdefault(canonical(call._asdict()), i) for i, call in enumerate(calls)}
    missing = [i for i, asset in enumerate(found) if asset is None and twice[i] == i]
    if jobs > 1 and len(missing) > 1:
        _render_in_processes(calls, missing, found, min(jobs, len(missing), MOST_PROCESSES), report)
    else:
        for i in missing:
            found[i] = _attempt(render, calls[i])
            report(calls[i])
    return [asset for i in range(len(calls)) if (asset := found[twice[i]]) is not None]


def _from_store(call: FigureCall) -> Asset | None:
    return _stored(call.name, key(call))


def _render_in_processes(calls: list[FigureCall], missing: list[int], found: list[Asset | Exception | None],
                         jobs: int, report: Callable[[FigureCall], None]) -> None:
    # Spawned, not forked: a forked copy of a process that runs threads can hang.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        waiting: dict[Future[Asset], int] = {pool.submit(render, calls[i]): i for i in missing}
        try:
            for future in as_completed(waiting):
                i = waiting[future]
                found[i] = _attempt(partial(_outcome, future), calls[i])
                report(calls[i])
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


def _outcome(future: Future[Asset], call: FigureCall) -> Asset:
    return future.result()


def _attempt(action: Callable[[FigureCall], Any], call: FigureCall) -> Any:
    try:
        return action(call)
    except BrokenProcessPool:
        return RuntimeError(f"{call.name}: the process that drew it was ended from outside")
    except Exception as error:
        return error


def plain(value: Any) -> Any:
    """Facts as JSON knows them, the same whether just computed or read from the store."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return value.item()
    return value
