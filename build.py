"""Build a deck: compute and draw its figures, fill its template, write Marp Markdown.

python build.py                       the introduction, into dist/introduction/
python build.py PATH/TO/DECK -o DIR   another deck, elsewhere
"""

from __future__ import annotations

import argparse
import inspect
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# ruff: noqa: E402
# Before matplotlib is imported, here or in a worker: a backend that is not installed would stop it, as in a notebook's
# `!python build.py`, which hands its own down.
os.environ["MPLBACKEND"] = "agg"
logging.getLogger("matplotlib").setLevel(logging.ERROR)

import deck as slides
from deck.album import Album
from deck.faults import described, shown
from figures.language import Words
from figures.registry import FIGURES, FigureCall, bind
from figures.render import Asset, render, render_all
from figures.store import canonical, write_whole
from figures.style import palettes, slide_fonts

HERE = Path(__file__).resolve().parent


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is 1 for a deck that cannot be built, 2 for a wrong command line."""
    options = parser().parse_args(arguments)
    try:
        return list_figures() if options.list_figures else build(options)
    except slides.DeckError as error:
        for fault in error.faults:
            if options.verbose and fault.cause is not None:
                traceback.print_exception(fault.cause)
            print(fault, file=sys.stderr)
        count = len(error.faults)
        print(f"build.py: {count} fault{'s' * (count > 1)}, nothing written: what stood there stands", file=sys.stderr)
        return 1
    except OSError as error:
        if options.verbose:
            traceback.print_exc()
        print(f"build.py: {error.filename or ''}: {error.strerror or error}".replace(": : ", ": "), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("build.py: interrupted; what stood there stands", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser(prog="build.py", description="Build a Marp deck whose figures are computed.")
    line.add_argument("deck", nargs="?", type=Path, default=HERE / "deck" / "introduction", metavar="DECK",
                      help="a folder with slides.<lang>.md.j2 (default: deck/introduction)")
    line.add_argument("-o", "--output", type=Path, metavar="DIR", help="where to write (default: dist/<DECK's name>)")
    line.add_argument("--lang", metavar="LANG", help="one language (default: each that the deck has)")
    line.add_argument("-j", "--jobs", type=_positive, default=os.cpu_count() or 1, metavar="N",
                      help="figures drawn at once (default: one a processor, %(default)s here)")
    line.add_argument("--list-figures", action="store_true", help="list the figures with their parameters, and stop")
    loudness = line.add_mutually_exclusive_group()
    loudness.add_argument("-v", "--verbose", action="store_true", help="name each figure drawn; show tracebacks")
    loudness.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    return line


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def list_figures() -> int:
    """Print each figure's call and what it shows."""
    for name, function in sorted(FIGURES.items()):
        own = [str(p.replace(annotation=p.empty)) for p in inspect.signature(function).parameters.values()
               if p.name not in ("lang", "palette")]  # fmt: skip
        print(f"{name}({', '.join(own)})\n    {(inspect.getdoc(function) or '').partition(chr(10))[0]}")
    return 0


def build(options: argparse.Namespace) -> int:
    """Read, draw, fill, write: in that order, so that a fault leaves the last good deck as it was."""
    started = time.perf_counter()
    there = slides.languages(options.deck) if options.deck.is_dir() else []
    albums: dict[str, Album] = {}
    pages: dict[str, str] = {}
    faults: list[slides.Fault] = []
    for language in [options.lang] if options.lang else there or ["fr"]:
        albums[language] = Album(language)
        try:
            pages[language] = fill(options, albums[language])
        except slides.DeckError as error:
            faults += error.faults
    if faults:
        raise slides.DeckError(faults)
    output = options.output or Path("dist") / options.deck.resolve().name
    fonts = {name: path.read_bytes() for name, path in slide_fonts().items()}
    images = [image for album in albums.values() for image in album.files.items()]
    slides.write(output, pages, images, fonts, write_whole)
    if not options.quiet:
        names = ", ".join(shown(output / f"slides.{language}.md") for language in pages)
        drawn, reused = (sum(getattr(album, count) for album in albums.values()) for count in ("drawn", "reused"))
        seconds = time.perf_counter() - started
        print(f"{names}: {drawn} figure{'s' * (drawn != 1)} drawn, {reused} reused, {seconds:.1f} s")
    return 0


def fill(options: argparse.Namespace, album: Album) -> str:
    """The Markdown of one language; its images are in the album."""
    template = slides.read(options.deck, album.language, filters(album.language))
    variant = slides.variant(template, tuple(palettes()))
    known = {"figure": figure_function(template, album, variant), "image": album.image_function(template),
             "language": album.language, "palette": palettes(), "variant": variant}  # fmt: skip
    album.faults += slides.mistakes(template, known)
    draw_constant(options, template, album, variant)
    markdown = ""
    try:
        markdown = slides.fill(template, known)
    except slides.DeckError as error:
        if not album.blanks:  # otherwise it may only be that a blank has no facts
            album.faults += error.faults
    album.check()
    return markdown


def filters(language: str) -> dict[str, Callable[..., str]]:
    """What a template writes numbers with, as the language does: `{{ 30730 | number }}`, `{{ 0.873 | percent(1) }}`."""

    def number(value: float, digits: int | None = None) -> str:
        return Words(language).number(value, digits)

    def percent(share: float, digits: int = 0) -> str:
        return Words(language).percent(share, digits)

    return {"number": number, "percent": percent}


def draw_constant(options: argparse.Namespace, template: slides.Template, album: Album, variant: str) -> None:
    """Draw the figures whose arguments are constants, side by side, before the template is filled."""
    wanted: list[tuple[slides.Call, FigureCall]] = []
    for call in slides.calls(template):
        try:
            bound = bind(call.name, call.parameters, lang=album.language, palette=variant, folder=template.deck)
            wanted.append((call, bound))
        except (ValueError, TypeError) as error:
            album.faults.append(slides.Fault(call.path, call.line, described(error), error))
    with progress(options, len(wanted)) as report:
        assets = render_all([bound for _, bound in wanted], jobs=options.jobs, report=report)
    for (call, bound), asset in zip(wanted, assets, strict=True):
        if isinstance(asset, Exception):
            album.faults.append(slides.Fault(call.path, call.line, described(asset), asset))
        else:
            add(album, bound, asset)


def add(album: Album, call: FigureCall, asset: Asset) -> None:
    """Put an asset into the album."""
    facts = slides.Facts(asset.name, asset.facts)
    image = slides.Image(f"images/{asset.filename}", asset.alt, asset.width, asset.height, facts)
    album.add(canonical(call._asdict()), image, asset.svg, asset.reused)


def figure_function(template: slides.Template, album: Album, variant: str) -> Callable[..., slides.Image]:
    """`figure(name, **parameters)` as a template calls it."""

    def figure(name: str, **parameters: object) -> slides.Image:
        with album.blame():
            call = bind(name, parameters, lang=album.language, palette=variant, folder=template.deck)
            key = canonical(call._asdict())
            if key not in album.images:
                add(album, call, render(call))
            return album.shown(key)
        return album.blank(name)

    return figure


@contextmanager
def progress(options: argparse.Namespace, total: int) -> Iterator[Callable[[FigureCall], None]]:
    """Tell which figure was drawn: by a bar on a terminal, by a line each when verbose."""
    if options.verbose:
        yield lambda call: print(f"drawn: {call.name}", file=sys.stderr)
    elif options.quiet or not sys.stderr.isatty():
        yield lambda call: None
    else:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("figures", total=total)
            yield lambda call: bar.update(task, advance=1, description=call.name)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that has no é
    status = main()
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # `| head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)
