"""What a terminal is shown and nobody else: colours, a bar that moves. Errors keep their `file:line` to click on."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

PLAIN = ("dumb", "unknown")


def is_lively(stream: TextIO) -> bool:
    """Whether a stream is a terminal that can write over its own lines."""
    return stream.isatty() and os.environ.get("TERM") not in PLAIN


def is_coloured(stream: TextIO) -> bool:
    """Whether a stream is to have colours: NO_COLOR forbids them, FORCE_COLOR wants them anywhere, as in Python."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_lively(stream)


def complain(message: str, *, place: str = "build.py") -> None:
    """Print an error: on a terminal in red, but for the place, which editors make a link of."""
    if not is_coloured(sys.stderr):
        print(f"{place}: {message}" if place else message, file=sys.stderr)
        return
    from rich.text import Text

    _console(sys.stderr).print(Text.assemble(f"{place}: " if place else "", (message, "red")))


def show_help(text: str) -> None:
    """Print a help, on a terminal with its headings and options marked."""
    if not is_coloured(sys.stdout):
        sys.stdout.write(text)
        return
    from rich.text import Text

    marked = Text(text)
    marked.highlight_regex(r"(?m)^[a-z][^\n]*:$", "bold")
    marked.highlight_regex(r"(?<![\w-])--?[a-z][a-z-]*", "cyan")
    _console(sys.stdout).print(marked, end="")


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    # No line is broken: an address that is cut in two is no link, and cannot be copied.
    return Console(file=stream, force_terminal=True, color_system="standard", highlight=False, soft_wrap=True)
