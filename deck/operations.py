"""What operators, filters and methods of a template may make: refused before it is made, if it would be too large."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from jinja2.exceptions import SecurityError

from deck.budget import countable, text, whole, width

# The width and the digits of `%12.3f`.
PERCENT = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(\*|\d*)(?:\.(\*|\d*))?")
# These fill, repeat or round up to a number that they are given.
WIDE = {"batch", "center", "indent", "math", "number", "percent", "round", "scientific", "signed",
        "significant", "slice", "tojson", "wordwrap"}


def before(name: str, value: Any, arguments: Sequence[Any]) -> None:
    """Refuse a filter or a text's method whose result would be too large."""
    if name in WIDE:
        for argument in arguments:
            width(argument)
    if name == "format" and isinstance(value, str):
        formatted(value)
    if name == "replace" and len(arguments) >= 2:
        old, new = str(arguments[0]), str(arguments[1])
        text(len(str(value)) + str(value).count(old) * len(new))
    if name in ("join", "indent", "wordwrap"):
        between, pieces = (value, arguments[0]) if isinstance(value, str) and name == "join" and arguments \
            and not isinstance(arguments[0], str) else (arguments[0] if arguments else "", value)
        if isinstance(between, str) and isinstance(pieces, (str, list, tuple, dict, range)):
            text(len(between) * len(pieces))


def formatted(pattern: str) -> None:
    """Refuse a format that fills with more than a few spaces."""
    for number in [number for found in PERCENT.findall(pattern) for number in found]:
        if number == "*":
            raise SecurityError("a width that is written as * is not for templates; write the number")
        width(int(number[:10] or 0))


def padded(specification: str) -> None:
    """Refuse the part behind the colon of `{:>12}` if it fills with more than a few spaces."""
    for number in re.findall(r"\d+", specification):
        width(int(number[:10]))


def operated(operator: str, left: Any, right: Any) -> None:
    """Refuse an operation whose result would be too large."""
    if isinstance(left, int) and isinstance(right, int):
        _integers(operator, left, right)
    elif operator == "*":
        repeated, times = (left, right) if isinstance(right, int) else (right, left)
        if isinstance(times, int) and isinstance(repeated, str):
            text(len(repeated) * times)
        elif isinstance(times, int) and isinstance(repeated, (list, tuple)):
            countable(len(repeated) * times)
    elif operator == "+" and isinstance(left, str) and isinstance(right, str):
        text(len(left) + len(right))
    elif operator == "%" and isinstance(left, str):
        formatted(left)


def _integers(operator: str, left: int, right: int) -> None:
    if operator == "**" and right > 0 and abs(left) > 1:
        whole(left.bit_length() * right)
    elif operator == "*":
        whole(left.bit_length() + right.bit_length())
