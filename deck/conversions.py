"""One conversion of a deck by Marp: the command, and what is made of what it leaves."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deck import page, pdf, pptx
from deck.faults import Fault
from deck.marp import CONFIGURATION, Program
from deck.processes import Job
from deck.references import Reference, language, line_of, misplaced

KINDS = ("html", "pdf", "pptx", "images")
OPTIONS = {
    "html": [],
    "pdf": ["--pdf", "--pdf-notes", "--pdf-outlines"],
    "pptx": ["--pptx"],
    "images": ["--images", "png"],
}
SUFFIX = {"images": ".png"}
# What decides how Marp and the browser draw, whoever calls: the rest of the environment is the caller's.
STEADY = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "LANGUAGE": "", "NO_COLOR": "1"}


def job(kind: str, markdown: Path, room: Path, *, marp: Program, browser: Program | None,
        environment: Mapping[str, str]) -> Job:
    """Marp's command for a kind of file. Local files are open to it only where a browser prints them."""
    room.mkdir()
    target = room / (markdown.stem + SUFFIX.get(kind, f".{kind}"))
    command = [*marp.command, "--no-stdin", "--config-file", str(CONFIGURATION), *OPTIONS[kind]]
    steady = {**environment, **STEADY, "DECK_RENDERED": str(room / "rendered.json")}
    if browser is not None:
        command += ["--allow-local-files", "--browser", "chrome", "--browser-path", browser.command[0]]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            steady["CHROME_NO_SANDBOX"] = "1"  # Chromium does not start for root otherwise
    return Job(kind, [*command, str(markdown.resolve()), "-o", str(target)], room, steady)


def rendered(job: Job) -> dict[str, Any]:
    """What Marp drew, as our configuration noted it; nothing for a Marp that does not read it."""
    path = Path(job.environment["DECK_RENDERED"])
    return dict(json.loads(path.read_bytes())) if path.is_file() else {"html": "", "css": "", "formulas": []}


def shown_files(drawn: Mapping[str, Any]) -> list[str]:
    """The local files that the slides show."""
    return [path for path in map(page.local, _addresses(drawn)) if path is not None]


def _addresses(drawn: Mapping[str, Any]) -> list[str]:
    return list(page.addresses(f"<style>{drawn['css']}</style>{drawn['html']}"))


def faults(drawn: Mapping[str, Any], markdown: Path) -> list[Fault]:
    """Broken formulas, and what is shown that is not there, as Marp itself read the deck."""
    text = markdown.read_text(encoding="utf-8").replace("\r\n", "\n")
    found = [Fault(markdown, line_of(formula["source"], text),
                   f"formula {formula['source'].strip()!r}: {html.unescape(formula['message']).strip()}")
             for formula in drawn["formulas"]]  # fmt: skip
    references = [Reference(address, line_of(address, text)) for address in _addresses(drawn)]
    return [*found, *misplaced(references, markdown)]


def files(job: Job, drawn: Mapping[str, Any], markdown: Path, *, epoch: int,
          single_file: bool) -> list[tuple[str, bytes]]:
    """The files of a finished job by name, the same for the same deck; none where Marp left none."""
    made = sorted(job.room.glob(f"{markdown.stem}*{SUFFIX.get(job.name, f'.{job.name}')}"))
    lang = language(markdown.read_text(encoding="utf-8"))
    result = []
    for path in made:
        data = path.read_bytes()
        if job.name == "pdf":
            data = pdf.same_each_time(data, epoch=epoch, language=lang)
        elif job.name == "pptx":
            data = pptx.same_each_time(data, epoch=epoch, slides=page.slides(drawn["html"]), language=lang)
        elif job.name == "html" and single_file:
            data = page.with_files_inside(data.decode("utf-8"), markdown.parent).encode("utf-8")
        result.append((path.name, data))
    return result
