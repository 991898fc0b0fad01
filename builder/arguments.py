"""The command line."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path

from builder.usage import ENDED, STARTED, Line, layout, surplus

HERE = Path(__file__).resolve().parent.parent
INTRODUCTION = HERE / "deck" / "introduction"
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMGT]?)(?:i?B)?", re.IGNORECASE)
SHELLS = ("bash", "zsh", "fish")


def parser() -> argparse.ArgumentParser:
    """What `python build.py` takes."""
    line = Line(prog="build.py", usage="%(prog)s [DECK] [options]", description=STARTED, epilog=ENDED,
                 formatter_class=layout, add_help=False)  # fmt: skip
    group = line.add_argument_group("what is built")
    group.add_argument("deck", nargs="?", type=folder, default=INTRODUCTION, metavar="DECK",
                       help="a folder with slides.LANG.md.j2 (else the introduction)")
    group.add_argument("-o", "--output", type=folder, metavar="DIR", help="where to write (else dist/<DECK's name>)")
    group.add_argument("--lang", metavar="LANG", help="one language (else each that the deck has)")
    group.add_argument("--new", type=folder, metavar="PATH", help="make a small deck there, in --lang; stop")
    _presenting(line)
    _trying(line)
    _telling(line)
    _holding(line)
    _drawing(line)
    _store(line)
    return line


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of a command line; a wrong one ends the process with status 2."""
    line = parser()
    if "_ARGCOMPLETE" in os.environ:  # a shell that asks what could come next
        from builder.completion import answer

        answer(line)
    options, unknown = line.parse_known_args(arguments)
    if unknown:
        line.error(surplus(unknown, line))
    if options.lock and options.lang:
        line.error("--lock holds every language of a deck: leave --lang out")
    if options.why and (options.lock or options.locked):
        line.error("--why looks at what was built: leave --lock and --locked out")
    if options.preview and options.json:
        line.error("--preview reports to the browser: leave --json out")
    return options


def _presenting(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("slides to show and to send, by Marp")
    group.add_argument("--html", action="store_true", help="slides for the browser")
    group.add_argument("--pdf", action="store_true", help="slides to print and to send (needs a browser)")
    group.add_argument("--pptx", action="store_true", help="slides for PowerPoint (needs a browser)")
    group.add_argument("--images", action="store_true", help="a PNG of each slide (needs a browser)")
    group.add_argument("--all", action="store_true", help="all of these")
    group.add_argument("--single-file", action="store_true", help="the HTML carries its images and fonts inside")
    group.add_argument("--export-limit", type=seconds, default=120.0, metavar="SECONDS",
                       help="the longest that one file may take (else 120)")


def _trying(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("while a deck is written")
    group.add_argument("--preview", action="store_true", help="show the slides in the browser, at every change")
    group.add_argument("--port", type=positive, metavar="PORT", help="of the preview (else one that is free)")
    group.add_argument("--check", action="store_true", help="tell what a browser finds wrong with the slides")


def _drawing(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("how figures are drawn")
    group.add_argument("-j", "--jobs", type=positive, default=os.cpu_count() or 1, metavar="N",
                       help="figures drawn at once (else %(default)s, the processors)")
    group.add_argument("--time-limit", type=seconds, default=300.0, metavar="SECONDS",
                       help="the longest that one figure may take (else 300)")
    group.add_argument("--no-code", action="store_true", help="do not run the deck's own figures.py")
    group.add_argument("--executor", choices=("processes", "dask"), default="processes", metavar="WHO",
                       help="processes of this machine, or dask: a cluster's")
    group.add_argument("--scheduler", metavar="ADDRESS", help="of the Dask cluster: tcp://127.0.0.1:8786")


def _store(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("what was computed before")
    group.add_argument("--cache", type=folder, metavar="DIR",
                       help="where it is kept (else the user's cache folder)")
    group.add_argument("--cache-limit", type=size, default=2**30, metavar="SIZE",
                       help="least used goes first beyond 500M, 2G, … (else 1G)")
    group.add_argument("--no-cache", action="store_true", help="use none of it: draw every figure")


def _holding(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("the same bytes again").add_mutually_exclusive_group()
    group.add_argument("--lock", action="store_true",
                       help="write the digest of every file into slides.lock")
    group.add_argument("--locked", action="store_true",
                       help="build all from nothing, and compare with slides.lock")


def _telling(line: argparse.ArgumentParser) -> None:
    group = line.add_argument_group("what is told")
    group.add_argument("--explain", action="store_true", help="say of each figure why it was drawn or reused")
    group.add_argument("--why", metavar="IMAGE",
                       help="say which call drew an image, and from what; stop")
    group.add_argument("--list-figures", action="store_true", help="list the figures with their parameters; stop")
    group.add_argument("--list-functions", action="store_true",
                       help="list what a template may compute and how it writes values; stop")
    group.add_argument("--json", action="store_true",
                       help="tell a program: JSON, and all else on stderr")
    loudness = group.add_mutually_exclusive_group()
    loudness.add_argument("-v", "--verbose", action="store_true", help="name each figure drawn; show tracebacks")
    loudness.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    group.add_argument("--completion", choices=SHELLS, metavar="SHELL",
                       help=f"print what completes this in {', '.join(SHELLS)}; stop")
    group.add_argument("--version", action="store_true", help="print the versions that matter; stop")
    group.add_argument("-h", "--help", action="help", help="print this; stop")


def folder(text: str) -> Path:
    """A folder; `--output=~/talk` reaches us as it is typed."""
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:  # of a user that there is not
        return path


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
