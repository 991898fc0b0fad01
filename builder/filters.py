"""The filters of a template that write values as its language does: `{{ 30730 | number }}`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any

from deck.functions import fitting
from figures.catalogue import speaker
from figures.language import Words
from figures.writing import FILTERS


def filters(language: str, deck: Path | None = None) -> dict[str, Callable[..., str]]:
    """Every filter of figures.writing, in one language, which may be one that the deck brings along."""
    words = cache(partial(Words, language, speaker(language, deck)))  # one without words is told where it first writes
    return {name: _written(function, words) for name, function in FILTERS.items()}


def _written(function: Callable[..., str], words: Callable[[], Words]) -> Callable[..., str]:
    there = inspect.signature(partial(function, None))

    @wraps(function)
    def write(*values: Any, **named: Any) -> str:
        fitting(function.__name__, there, values, named)
        return function(words(), *values, **named)

    return write
