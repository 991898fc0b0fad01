"""The command line."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
INTRODUCTION = HERE / "deck" / "introduction"
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMGT]?)(?:i?B)?", re.IGNORECASE)
EXAMPLES = """\
examples:
  python build.py                         the introduction, into dist/introduction/
  python build.py PATH/TO/DECK -o DIR     another deck, elsewhere
  python build.py --explain               ... and say why each figure was drawn or reused
"""


def parser() -> argparse.ArgumentParser:
    """What `python build.py` takes."""
    line = argparse.ArgumentParser(prog="build.py", description="Build a Marp deck whose figures are computed.",
                                   epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    line.add_argument("deck", nargs="?", type=Path, default=INTRODUCTION, metavar="DECK",
                      help="a folder with slides.<lang>.md.j2 (default: deck/introduction)")
    line.add_argument("-o", "--output", type=Path, metavar="DIR", help="where to write (default: dist/<DECK's name>)")
    line.add_argument("--lang", metavar="LANG", help="one language (default: each that the deck has)")
    _drawing(line)
    _store(line)
    _telling(line)
    return line


def _drawing(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("drawing")
    group.add_argument("-j", "--jobs", type=positive, default=os.cpu_count() or 1, metavar="N",
                       help="figures drawn at once (default: one a processor, %(default)s here)")
    group.add_argument("--time-limit", type=seconds, default=300.0, metavar="SECONDS",
                       help="the longest that one figure may take (default: 300)")
    group.add_argument("--executor", choices=("processes", "dask"), default="processes",
                       help="who draws: processes of this machine (default), or the workers of a Dask cluster")
    group.add_argument("--scheduler", metavar="ADDRESS", help="of the Dask cluster: tcp://127.0.0.1:8786")


def _store(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("what was computed before")
    group.add_argument("--cache", type=Path, metavar="DIR",
                       help="where it is kept (default: the user's cache folder, or the variable FIGURES_CACHE)")
    group.add_argument("--cache-limit", type=size, default=2**30, metavar="SIZE",
                       help="what is used least goes beyond this, such as 500M or 2G (default: 1G)")
    group.add_argument("--no-cache", action="store_true", help="use none of it: draw every figure")


def _telling(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("what is told")
    group.add_argument("--explain", action="store_true", help="say of each figure why it was drawn or reused")
    group.add_argument("--list-figures", action="store_true", help="list the figures with their parameters, and stop")
    loudness = group.add_mutually_exclusive_group()
    loudness.add_argument("-v", "--verbose", action="store_true", help="name each figure drawn; show tracebacks")
    loudness.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")


def positive(text: str) -> int:
    """A whole number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def seconds(text: str) -> float:
    """A duration above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return value


def size(text: str) -> int:
    """A number of bytes, with a unit of 1024 if one is given."""
    match = SIZE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it as 500M or 2G")
    return int(float(match[1]) * 1024 ** " kmgt".index(match[2].lower() or " "))


def output_of(options: argparse.Namespace) -> Path:
    """The folder that is written."""
    return Path(options.output or Path("dist") / options.deck.resolve().name)
