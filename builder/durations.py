"""How long figures took to draw in earlier builds: what takes longest is begun first."""

from __future__ import annotations

import contextlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from figures import store
from figures.canonical import canonical, digest
from figures.registry import FigureCall, home
from figures.sources import reach

MOST = 10_000  # entries: what was drawn last is kept
UNKNOWN = math.inf


def known() -> dict[str, float]:
    """The seconds that are remembered; none where the file is lost or damaged."""
    try:
        found = json.loads(_file().read_bytes())
        return {str(key): float(value) for key, value in found.items() if 0 <= float(value) < math.inf}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def expected(seconds: Mapping[str, float], call: FigureCall) -> float:
    """What a call took, or else what its figure took last with other parameters; infinity if it was never drawn."""
    exact, figure = _keys(call)
    return seconds.get(exact, seconds.get(figure, UNKNOWN))


def together(calls: Sequence[FigureCall]) -> float:
    """What calls take one after the other; infinity if one was never drawn."""
    seconds = known()
    return sum(expected(seconds, call) for call in calls)


def longest_first(calls: Sequence[FigureCall]) -> list[int]:
    """The places of calls in the order in which to begin them.

    Those that were never drawn come first, each figure once before any comes again: its kernels are compiled then.
    Among them the figure whose sources are largest, which has most to compile, is taken for the longest.
    """
    seconds, seen = known(), Counter[str]()
    ranks = []
    for place, call in enumerate(calls):
        guess = expected(seconds, call)
        ranks.append((-guess, seen[call.name], -_size(call.name) if guess == UNKNOWN else 0, place))
        seen[call.name] += 1
    return [place for *_, place in sorted(ranks)]


def remember(calls: Mapping[int, FigureCall], seconds: Mapping[int, float]) -> None:
    """Add what calls took, by their places; builds that do so at once may lose some, which only costs time."""
    if not seconds:
        return
    entries = known()
    for place, value in seconds.items():
        for key in _keys(calls[place]):
            entries.pop(key, None)  # the latest stand last
            entries[key] = round(value, 3)
    data = json.dumps(dict(list(entries.items())[-MOST:]), indent=0).encode()
    with contextlib.suppress(OSError):
        store.write_whole(_file(), data)


def _file() -> Path:
    return store.root() / "durations.json"


def _size(name: str) -> int:
    return sum(path.stat().st_size for path in reach(home(name) or ""))


def _keys(call: FigureCall) -> tuple[str, str]:
    return f"{call.name} {digest(canonical(call.parameters))[:16]}", call.name
