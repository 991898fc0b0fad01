"""What Marp makes of the Markdown, and what a browser finds in it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import deck as slides
from builder.binding import Asked
from builder.pages import Page, in_template, known
from builder.reported import faults
from builder.unchanged import exported
from deck.exports import ExportError, Exports, export
from deck.faults import shown


def export_all(options: argparse.Namespace, output: Path, pages: Sequence[Page]) -> list[Exports]:
    """Convert the Markdown of every language.

    Raises
    ------
    DeckError
        What Marp says nothing about, at its line of the template where that can be told.
    ExportError
        A program that is missing or failed.
    """
    wanted = {kind.partition(",")[0] for kind in exported(options)}
    done, failed = [], []
    for page in pages if wanted else ():
        markdown = output / f"slides.{page.album.language}.md"
        try:
            done.append(export(markdown, wanted, single_file=options.single_file, time_limit=options.export_limit))
        except slides.DeckError as error:
            text = markdown.read_text(encoding="utf-8")
            there = [in_template(fault, page, text) for fault in error.faults]
            raise slides.DeckError(there, standing="what was exported before stands") from error
        except ExportError as error:  # what one language lacks the others may not
            failed.append(str(error))
    if failed:
        raise ExportError("\n".join(dict.fromkeys(failed)), Exports({}, {}, 0.0))
    return done


def written(done: Sequence[Exports], output: Path) -> list[str]:
    """The files that stand, by their names below the output folder."""
    paths = [path for one in done for found in (one.made, one.reused) for paths in found.values() for path in paths]
    return sorted(path.relative_to(output).as_posix() for path in paths)


def briefly(names: Sequence[str]) -> list[str]:
    """The names, with one for the pictures of all slides of a language: `slides.en.001.png … 016.png`."""
    told: dict[str, list[str]] = {}
    for name in names:
        told.setdefault(re.sub(r"\d+\.png$", "", name), []).append(name)
    return [first + (f" … {last.removeprefix(stem)}" if last != first else "")
            for stem, (first, *_, last) in ((stem, (*some, some[-1])) for stem, some in told.items())]  # fmt: skip


def check_all(options: argparse.Namespace, output: Path, pages: Sequence[Page], told: dict[str, Any]) -> int:
    """Open every language's slides in a browser and tell what is wrong; the exit status."""
    from deck.checking import check
    from deck.places import slide_places

    findings = []
    for page in pages:
        places = slide_places(page.template, known(page, _already_drawn))
        try:
            findings += check(output / f"slides.{page.album.language}.html", places)
        except slides.DeckError as error:  # no browser, say: the deck itself is there, and new
            raise slides.DeckError(error.faults, standing="the slides are written, but not checked") from error
    told["faults"] = faults(findings)
    for finding in findings:
        print(finding)
    if not options.quiet:
        names = ", ".join(shown(output / f"slides.{page.album.language}.html") for page in pages)
        count = len(findings)
        print(f"{names}: " + (f"{count} fault{'s' * (count > 1)}" if count else "checked, nothing found"))
    return 1 if findings else 0


def _already_drawn(asked: Asked) -> Any:
    raise AssertionError(f"{asked.name} was not drawn while the template was filled")
