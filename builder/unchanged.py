"""Whether anything has changed since the last build: digests compared by the standard library alone.

The record of a build, `.build.json` in its output folder, holds the digest of every file that was or could have been
read, the versions of the libraries, the options, and the digest of every file that was written. Where all of them
still hold there is nothing to do, and numpy, numba, matplotlib and jinja2 need not be imported to know it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# Of `figures` only what is as light.
from figures.canonical import file_digest
from figures.versions import OF_PICTURES, versions

RECORD = ".build.json"
FORMAT = 1
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGES = ("builder", "deck", "engine", "figures")
KINDS = ("html", "pdf", "pptx", "images")
LOCK = "slides.lock"  # follows from a build, and is nothing that a build depends on
SKIPPED = {"__pycache__", "node_modules", "dist"}
# Options that decide what is written; the others decide how, or what is told.
DECIDING = ("lang",)
VARIABLES = ("SOURCE_DATE_EPOCH", "MARP", "CHROME_PATH")


def stands(options: argparse.Namespace, output: str) -> Mapping[str, Any] | None:
    """The record of the last build, if nothing that it depended on has changed and all that it wrote is there."""
    record = read(output)
    if record is None or record.get("circumstances") != circumstances(options):
        return None
    libraries = record.get("libraries", {})
    if libraries != versions([*libraries]):
        return None
    if record["inputs"] != digests(inputs(str(options.deck), output, record["read"]), str(options.deck)):
        return None
    for name, digest in record["outputs"].items():
        if file_digest(os.path.join(output, name)) != digest:
            return None
    return record if exported(options) <= set(record["exports"]) else None


def exported(options: argparse.Namespace) -> set[str]:
    """The kinds of files that the options ask for besides Markdown, and how they are made."""
    wanted = {kind for kind in KINDS if options.all or getattr(options, kind) or (kind == "html" and options.check)}
    return {f"{kind}, single file" if kind == "html" and options.single_file else kind for kind in wanted}


def read(output: str) -> dict[str, Any] | None:
    """The record of the last build into `output`, if there is one."""
    try:
        with open(os.path.join(output, RECORD), "rb") as file:
            record = json.load(file)
        return record if record["format"] == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def circumstances(options: argparse.Namespace) -> dict[str, Any]:
    """Everything besides files: options, versions, variables of the environment."""
    return {
        "options": {name: getattr(options, name) for name in DECIDING},
        "deck": os.path.abspath(options.deck),
        "python": sys.version,
        "versions": versions((*OF_PICTURES, "jinja2")),
        "variables": {name: os.environ.get(name) for name in VARIABLES},
    }


def inputs(deck: str, output: str, read: Iterable[str] = ()) -> Iterator[str]:
    """Every file that a build may read: the deck's folder, the sources, and what figures were seen to `read`."""
    own = os.path.abspath(output)
    for folder in (os.path.abspath(deck), *(os.path.join(ROOT, package) for package in PACKAGES)):
        for place, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name not in SKIPPED and not name.startswith(".")
                          and os.path.join(place, name) != own]  # fmt: skip
            yield from (os.path.join(place, name) for name in names if not name.startswith(".") and name != LOCK)
    yield from read


def digests(paths: Iterable[str], deck: str) -> dict[str, str]:
    """The digest of each file, by a name that holds wherever project and deck lie."""
    deck = os.path.abspath(deck)
    return {named(path, deck): file_digest(path) for path in paths}


def named(path: str, deck: str) -> str:
    """What the record calls a file: the deck's, this project's, or another."""
    for folder, name in ((deck, "deck:"), (ROOT, "")):
        if path.startswith(folder + os.sep):
            return name + path[len(folder) + 1 :].replace(os.sep, "/")
    return path
