"""From a call to an asset: computed, drawn, turned into SVG bytes."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from figures import assets, sources
from figures.assets import Asset
from figures.canonical import readable
from figures.registry import FigureCall, home
from figures.used import noted

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
    with DRAWING, noted(_own_folder(call)) as used:
        picture = call.draw()
        if not isinstance(picture, tuple) or not hasattr(picture, "svg"):
            raise TypeError(f"{call.name}: a figure must return a Picture, not {type(picture).__name__}")
        svg = picture.svg()
    width, height = picture.size
    return Asset(
        call.name, call.lang, call.palette, readable(call.parameters), assets.base(call), svg,
        alt=picture.alt, facts=plain(picture.facts), width=width, height=height,
        words=assets.texts(call.lang, used.words), files=assets.contents(used.files),
        seconds=round(time.perf_counter() - started, 3), reused=False,
    )  # fmt: skip


def _own_folder(call: FigureCall) -> Path | None:
    """Where a figure of somebody's own has its data; the figures of this package have none beside them."""
    path = sources.module_file(home(call.name) or "")
    return None if path is None or path.is_relative_to(sources.ROOT) else path.parent


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
