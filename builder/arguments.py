"""The command line."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
INTRODUCTION = HERE / "deck" / "introduction"
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMGT]?)(?:i?B)?", re.IGNORECASE)
EXAMPLES = """\
examples:
  python build.py                         the introduction, into dist/introduction/
  python build.py PATH/TO/DECK -o DIR     another deck, elsewhere
  python build.py --html --pdf            ... and slides to open in a browser, and to print
  python build.py --check                 ... and what a browser finds wrong with them
  python build.py --preview               ... and again at every change, shown in the browser
  python build.py --explain               ... and why each figure was drawn or reused
"""


def parser() -> argparse.ArgumentParser:
    """What `python build.py` takes."""
    line = argparse.ArgumentParser(prog="build.py", description="Build a Marp deck whose figures are computed.",
                                   epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    line.add_argument("deck", nargs="?", type=Path, default=INTRODUCTION, metavar="DECK",
                      help="a folder with slides.<lang>.md.j2 (default: deck/introduction)")
    line.add_argument("-o", "--output", type=Path, metavar="DIR", help="where to write (default: dist/<DECK's name>)")
    line.add_argument("--lang", metavar="LANG", help="one language (default: each that the deck has)")
    _presenting(line)
    _drawing(line)
    _store(line)
    _holding(line)
    _telling(line)
    return line


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of a command line; a wrong one ends the process with status 2."""
    line = parser()
    options = line.parse_args(arguments)
    if options.lock and options.lang:
        line.error("--lock holds every language of a deck: leave --lang out")
    return options


def _presenting(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("presenting, with Marp")
    group.add_argument("--html", action="store_true", help="slides for the browser")
    group.add_argument("--pdf", action="store_true", help="slides to print and to send (needs a browser)")
    group.add_argument("--pptx", action="store_true", help="slides for PowerPoint (needs a browser)")
    group.add_argument("--images", action="store_true", help="a PNG of each slide (needs a browser)")
    group.add_argument("--all", action="store_true", help="all of these")
    group.add_argument("--single-file", action="store_true", help="the HTML carries its images and fonts inside")
    group.add_argument("--export-limit", type=seconds, default=120.0, metavar="SECONDS",
                       help="the longest that one conversion may take (default: 120)")
    group.add_argument("--check", action="store_true", help="open the HTML in a browser and tell what is wrong with it")
    group.add_argument("--json", action="store_true", help="what --check finds, as JSON")
    group.add_argument("--preview", action="store_true", help="show the slides in the browser while they are written")
    group.add_argument("--port", type=positive, metavar="PORT", help="of the preview (default: one that is free)")


def _drawing(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("drawing")
    group.add_argument("-j", "--jobs", type=positive, default=os.cpu_count() or 1, metavar="N",
                       help="figures drawn at once (default: one a processor, %(default)s here)")
    group.add_argument("--time-limit", type=seconds, default=300.0, metavar="SECONDS",
                       help="the longest that one figure may take (default: 300)")
    group.add_argument("--executor", choices=("processes", "dask"), default="processes",
                       help="who draws: processes of this machine (default), or the workers of a Dask cluster")
    group.add_argument("--no-code", action="store_true", help="do not run the deck's own figures.py")
    group.add_argument("--scheduler", metavar="ADDRESS", help="of the Dask cluster: tcp://127.0.0.1:8786")


def _store(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("what was computed before")
    group.add_argument("--cache", type=Path, metavar="DIR",
                       help="where it is kept (default: the user's cache folder, or the variable FIGURES_CACHE)")
    group.add_argument("--cache-limit", type=size, default=2**30, metavar="SIZE",
                       help="what is used least goes beyond this, such as 500M or 2G (default: 1G)")
    group.add_argument("--no-cache", action="store_true", help="use none of it: draw every figure")


def _holding(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("what is held").add_mutually_exclusive_group()
    group.add_argument("--lock", action="store_true",
                       help="write slides.lock beside the template: the digest of every image and of the Markdown")
    group.add_argument("--locked", action="store_true",
                       help="build everything from nothing in a temporary folder, and compare with slides.lock")
    group.add_argument("--why", metavar="IMAGE",
                       help="say which call drew an image of a deck, from which sources, and stop")


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
