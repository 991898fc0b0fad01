"""From a call to an asset: computed, drawn, turned into SVG bytes."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from figures import assets, sources
from figures.assets import Asset
from figures.canonical import readable
from figures.registry import FigureCall, home
from figures.used import Used, noted

# matplotlib's settings are the process's: one figure at a time.
DRAWING = threading.Lock()


def draw(call: FigureCall) -> Asset:
    """Draw a call, whatever the store has.

    Raises
    ------
    TypeError
        A figure that returns something else than a Picture.
    """
    started = time.perf_counter()
    with DRAWING, _noted(call) as used:
        picture = call.draw()
        if not isinstance(picture, tuple) or not hasattr(picture, "svg"):
            raise TypeError(f"{call.name}: a figure must return a Picture, not {type(picture).__name__}")
        if not isinstance(picture.alt, str) or not picture.alt.strip():
            raise TypeError(f"{call.name}: the alt text of a Picture must be a sentence, not {picture.alt!r}")
        svg = picture.svg()
    width, height = picture.size
    return Asset(
        call.name, call.lang, call.palette, readable(call.parameters), assets.base(call), svg,
        alt=picture.alt, facts=_facts(call, picture.facts), width=width, height=height,
        words=assets.texts(call.lang, used.words, call.speaker), files=assets.contents(used.files, call.deck),
        seconds=round(time.perf_counter() - started, 3), reused=False,
    )  # fmt: skip


@contextlib.contextmanager
def _noted(call: FigureCall) -> Iterator[Used]:
    """Note what a figure takes: of somebody's own, the files beside it too."""
    if call.deck is None:
        path = sources.module_file(str(home(call.name)))
        # The figures of this package have no data beside them.
        with noted(None if path is None or path.is_relative_to(sources.ROOT) else path.parent) as used:
            yield used
        return
    from figures import own

    room = own.load(call.deck)
    with noted(call.deck, sources.reach(call.deck / own.FILE)) as used:
        used.files.update(room.files)
        yield used


def _facts(call: FigureCall, facts: Any) -> Any:
    found = plain(facts)
    try:
        json.dumps(found)
    except (TypeError, ValueError) as error:
        rule = "the facts of a Picture must be a mapping of numbers, texts, lists and mappings"
        raise TypeError(f"{call.name}: {rule}: {error}") from error
    if not isinstance(found, dict):
        raise TypeError(f"{call.name}: the facts of a Picture must be a mapping, not {type(facts).__name__}")
    return found


def render(call: FigureCall) -> Asset:
    """The asset of a call: from the store if it is there, drawn and kept otherwise."""
    found = assets.stored(call)
    if found is None:
        found = draw(call)
        assets.keep(found)
    return found


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
