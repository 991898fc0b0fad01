"""What the command says of itself: its help, and what is wrong with a command line."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

STARTED = """\
Build a Marp deck whose figures are computed. A deck is a folder with a
template slides.LANG.md.j2; the slides and their images go into dist/.
"""
ENDED = """\
examples:
  python build.py                       the introduction, into dist/
  python build.py PATH/TO/DECK -o DIR   another deck, elsewhere
  python build.py --new PATH            a small deck to begin with, explained
  python build.py --html --pdf          ... and slides to show, and to print
  python build.py --preview             ... shown while they are written
  python build.py --check               ... and what is wrong with them
  python build.py --explain             ... and why figures were drawn or reused
  python build.py --why max_pooling     which call drew an image, from what
  python build.py --json                ... told to a program

exit status:
  0    done
  1    the deck has faults, or something is missing: told with file and line
       where there is one, and the last good deck stays
  2    a wrong command line
  130  interrupted by Ctrl-C            143  ended by SIGTERM (129 by SIGHUP)

variables:
  FIGURES_CACHE      where computed figures are kept
  MARP, CHROME_PATH  Marp CLI and the browser, where they are not found
  SOURCE_DATE_EPOCH  the date that PDF and PowerPoint files bear
  NO_COLOR, FORCE_COLOR  no colours, or colours where there is no terminal
"""


class Line(argparse.ArgumentParser):
    """Coloured help on a terminal, and errors of a line or two."""

    def print_help(self, file: object = None) -> None:
        """Print the help; rich is imported by those who ask for it alone."""
        from builder.terminal import show_help

        show_help(self.format_help())

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong with the command line; exit status 2."""
        from builder.terminal import complain

        self.print_usage(sys.stderr)
        complain(f"{message} (--help lists the options)", place=self.prog)
        self.exit(2)


def surplus(words: Sequence[str], line: argparse.ArgumentParser) -> str:
    """What to say of words that are no options, and of options that there are not."""
    import difflib

    told = []
    for word in words:
        near = difflib.get_close_matches(word.partition("=")[0], re.findall(r"--[a-z-]+", line.format_help()), 1)
        hint = f"; did you mean {near[0]}?" if near and word.startswith("-") else ""
        told.append(f"no option {word}{hint}" if word.startswith("-") else f"one deck at a time: {word!r} is too many")
    # A value behind a misspelt option is no deck too many.
    return "\n".join([one for one in told if one.startswith("no option")] or told)


def layout(prog: str) -> argparse.HelpFormatter:
    """Room for the longest option beside what it does."""
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=26)
