"""`--json`: what a command found, as one JSON object of a documented shape on the standard output.

Every report has `version`, `command`, `status` (the exit status), `seconds`, `deck` and `faults`; each fault has
`file`, `line`, `message`, `hint`, `slide` and `kind`, null where there is none. What else there is depends on the
command:

build, check, lock
    `output`; `files`, each with its `path` and `sha256`; `figures`, each with `name`, `language`, `palette`,
    `parameters`, `key`, `image`, `file`, `line`, `reused`, `seconds`, and with `--explain` its `reasons`.
locked
    `lock`, `files` (how many), `differences`, each with `language`, `was`, `now` and `how`; `versions`, those that
    are not the lock's.
list-figures
    `figures`, each with `name`, `summary` and `parameters`: `name`, `default` as Python writes it (null without one,
    empty where no text says it).
why
    `image`, `edited` and `origin`: what `--why` prints, by its labels.
version
    `versions`, by name.

A field may be added; one that changes its meaning or goes raises `version`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

VERSION = 1
Told = dict[str, Any]
HINT = re.compile(r"; ((?:did you mean|there (?:is|are)|it has|it is one of|the deck has|Marp has|use|write|put|copy"
                  r"|save|choose|divide)\b.*)\Z", re.DOTALL)  # fmt: skip
COMMANDS = ("list_figures", "why", "locked", "version", "check", "lock")


def reported(options: argparse.Namespace, run: Callable[[Told], int], started: float) -> int:
    """Run a command and print what it found; what it prints itself goes to the standard error."""
    told: Told = {"faults": []}
    with _aside() as out:
        status = run(told)
        command = next((name for name in COMMANDS if getattr(options, name)), "build")
        seconds = round(time.perf_counter() - started, 3)
        head = {"version": VERSION, "command": command.replace("_", "-"), "status": status, "seconds": seconds,
                "deck": os.fspath(options.deck)}  # fmt: skip
        # In ASCII, which every locale writes.
        print(json.dumps({**head, **told}, indent=1), file=out, flush=True)
    return status


@contextlib.contextmanager
def _aside() -> Iterator[TextIO]:
    """The standard output for the report alone; what a figure or a program prints meanwhile goes to the other."""
    out: TextIO = sys.stdout
    if out is not sys.__stdout__:  # a test's, or a notebook's
        with contextlib.redirect_stdout(sys.stderr):
            yield out
        return
    out.flush()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as kept:
        os.dup2(2, 1)
        try:
            with contextlib.redirect_stdout(sys.stderr):
                yield kept
        finally:
            os.dup2(kept.fileno(), 1)


def fault(message: str, file: object = None, line: int = 0, *, slide: int = 0, kind: str | None = None) -> Told:
    """A fault as data."""
    hint = HINT.search(message)
    return {"file": None if file is None else str(file), "line": line or None, "message": message,
            "hint": hint[1] if hint else None, "slide": slide or None, "kind": kind}  # fmt: skip


def faults(found: Iterable[Any]) -> list[Told]:
    """The faults of a deck, or the findings of its check."""
    from deck.faults import shown

    return [fault(getattr(one, "told", one.message), shown(one.path), one.line, slide=getattr(one, "slide", 0),
                  kind=getattr(one, "kind", None)) for one in found]  # fmt: skip


def built(output: Path, record: Mapping[str, Any], reused: Sequence[bool] | None = None,
          reasons: Sequence[Sequence[str]] | None = None) -> Told:  # fmt: skip
    """What a build left, from its record; without `reused`, nothing was to do."""
    figures = []
    for place, entry in enumerate(record["figures"]):
        file, _, line = entry["place"].rpartition(":")
        figure = {"name": entry["name"], "language": entry["lang"], "palette": entry["palette"],
                  "parameters": entry["parameters"], "key": entry["key"], "image": f"images/{entry['image']}",
                  "file": file, "line": int(line), "reused": reused[place] if reused else True,
                  "seconds": entry["seconds"]}  # fmt: skip
        figures.append({**figure, "reasons": list(reasons[place])} if reasons else figure)
    files = [{"path": name, "sha256": digest} for name, digest in sorted(record["outputs"].items())]
    figures.sort(key=lambda one: (one["file"], one["line"]))
    return {"output": os.fspath(output), "files": files, "figures": figures}
