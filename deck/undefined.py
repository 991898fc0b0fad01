"""What Jinja says of a name that means nothing, in words of the slides and with the nearest name that does."""

from __future__ import annotations

import re

from jinja2 import nodes

from deck.markup import Image
from deck.nearest import nearest
from deck.reachable import ATTRIBUTES

VARIABLE = re.compile(r"'(\w+)' is undefined")
ATTRIBUTE = re.compile(rf"'{Image.__module__}\.Image object' has no attribute '(\w+)'")


def explained(message: str, tree: nodes.Template | None, line: int) -> str:
    """The message of an undefined name that is read at a line of a file.

    Parameters
    ----------
    message : str
        Jinja's own.
    tree : jinja2.nodes.Template or None
        The file as it was parsed, if it is one of the deck's templates.
    line : int
        Where the name is read.
    """
    if read := VARIABLE.fullmatch(message):
        later = _set_after(tree, read[1], line)
        return f"undefined variable {read[1]!r}" + (f"; it is set further down, in line {later}" if later else "")
    if asked := ATTRIBUTE.fullmatch(message):
        there = sorted(ATTRIBUTES[Image])
        return f"an image has no {asked[1]!r}{nearest(asked[1], there)}"
    return message


def _set_after(tree: nodes.Template | None, name: str, line: int) -> int | None:
    # A heading often speaks of the figure below it, whose facts are not there yet.
    if tree is None:
        return None
    return min((node.lineno for node in tree.find_all(nodes.Name)
                if node.ctx == "store" and node.name == name and node.lineno > line), default=None)  # fmt: skip
