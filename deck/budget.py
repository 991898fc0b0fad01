"""How much a template may compute: enough for any deck, and an end for one that would never finish."""

from __future__ import annotations

from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.sandbox import MAX_RANGE
from jinja2.utils import Namespace

from deck.markup import Image

WORK = 40_000_000
TEXT = 5_000_000  # a theme that carries its fonts is one million
ITEMS = MAX_RANGE
BITS = 4096
WIDTH = 1000
# In characters: what a turn of a loop and an item of a list take, in time.
TURN, ITEM = 100, 20


class Budget:
    """What is left of the work that one filling of a template may take; counted, so that every machine agrees."""

    def __init__(self) -> None:
        self.left = WORK

    def spend(self, units: int) -> None:
        """Take from what is left.

        Raises
        ------
        SecurityError
            Nothing is left.
        """
        self.left -= units
        if self.left < 0:
            raise SecurityError(f"the template computes too much (more than {WORK // TURN:,} turns of a loop or "
                                f"{WORK:,} characters); a loop or a macro that does not end?")

    def turn(self) -> str:
        """Count one turn of a loop, one call of a macro, one block."""
        self.spend(TURN)
        return ""

    def weigh(self, value: Any) -> Any:
        """The value itself, its size taken from the budget.

        Raises
        ------
        SecurityError
            A text, a number or a list, with the lists in it, that is too large.
        """
        if type(value) is str:  # most are
            self.spend(len(text(len(value), value)))
            return value
        waiting, items = [value], 0
        while waiting:
            value_here = waiting.pop()
            if isinstance(value_here, str):
                self.spend(len(text(len(value_here), value_here)))
            elif isinstance(value_here, (list, tuple)) and not isinstance(value_here, Image):
                items += len(value_here)
                waiting += countable(items, value_here)
            elif isinstance(value_here, dict):
                items += len(value_here)
                waiting += countable(items, [*value_here.keys(), *value_here.values()])
            elif isinstance(value_here, range):
                items += len(value_here)
            elif isinstance(value_here, Namespace):
                items += 1
                waiting.append(countable(items, object.__getattribute__(value_here, "_Namespace__attrs")))
            elif isinstance(value_here, int):
                whole(value_here.bit_length())
        self.spend(items * ITEM)
        return value


def text(length: int, value: Any = None) -> Any:
    """Refuse a text of so many characters; otherwise the value."""
    if length > TEXT:
        raise SecurityError(f"a text of {length:,} characters is too long for a template; {TEXT:,} is the most")
    return value


def countable(items: int, value: Any = None) -> Any:
    """Refuse a list of so many items, those of lists in it counted; otherwise the value."""
    if items > ITEMS:
        raise SecurityError(f"a list of {items:,} items (those of the lists in it counted) is too long for a template; "
                            f"{ITEMS:,} is the most")
    return value


def whole(bits: int) -> None:
    """Refuse a whole number of so many bits."""
    if bits > BITS:
        raise SecurityError(f"a whole number of about {bits * 3 // 10:,} digits is too large for a template; "
                            f"{BITS * 3 // 10:,} is the most")


def width(value: Any) -> None:
    """Refuse to fill up to so many characters, items or digits."""
    if isinstance(value, int) and abs(value) > WIDTH:
        raise SecurityError(f"a width of {value:,} is too large for a template; {WIDTH:,} is the most")
