"""The filters of a template that write values as its language does: `{{ 30730 | number }}`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache, partial, wraps
from typing import Any

from deck.functions import fitting
from figures.language import Words
from figures.writing import FILTERS


def filters(language: str) -> dict[str, Callable[..., str]]:
    """Every filter of figures.writing, in one language."""
    words = cache(partial(Words, language))  # one without words is told where it first writes
    return {name: _written(function, words) for name, function in FILTERS.items()}


def _written(function: Callable[..., str], words: Callable[[], Words]) -> Callable[..., str]:
    there = inspect.signature(partial(function, None))

    @wraps(function)
    def write(*values: Any, **named: Any) -> str:
        fitting(function.__name__, there, values, named)
        return function(words(), *values, **named)

    return write
