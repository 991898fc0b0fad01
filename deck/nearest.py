"""What a message ends with that says that there is no such name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: object, there: Iterable[str], otherwise: str = "there are") -> str:
    """The name that may have been meant; failing that, all that there is, or nothing if `otherwise` is empty."""
    there = list(there)
    near = difflib.get_close_matches(str(name), there, 1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; {otherwise} {', '.join(there) or 'none'}" if otherwise else ""
