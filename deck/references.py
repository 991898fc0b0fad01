"""What Marp says nothing about: images that are not there, addresses on other machines, themes it does not have."""

from __future__ import annotations

import bisect
import difflib
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple

from deck.faults import Fault, shown
from deck.nearest import nearest
from deck.page import IMPORT, URL, is_outside, local

THEMES = ("default", "gaia", "uncover")
THEME = re.compile(r"^[ \t]*(?:<!--[ \t]*)?theme[ \t]*:[ \t]*([\"']?)([^\s\"'#>]+)\1", re.M)
FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$", re.S | re.M)
FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.S | re.M)
INLINE = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n).)*?(?<!`)\1(?!`)", re.S)
COMMENT = re.compile(r"<!--(.*?)-->", re.S)
DIRECTIVE = re.compile(r"\A(?:\s*[$_]?[A-Za-z]+[ \t]*:)")
ELEMENT = re.compile(r"""<(?:img|video|audio|source)\b[^>]*?\s(?:src|poster)\s*=\s*("[^"]*"|'[^']*')""", re.S | re.I)
MARKDOWN = re.compile(r"!\[(?:[^\[\]\\]|\\.)*\]\(\s*(<[^>\n]*>|[^\s)<]+)")


class Reference(NamedTuple):
    """An address that a slide shows, and the line that names it; 0 where that is not known."""

    address: str
    line: int


def faults(markdown: Path) -> list[Fault]:
    """What Marp would leave out without a word, found without calling it.

    Parameters
    ----------
    markdown : Path
        A deck as Marp takes it.
    """
    text = markdown.read_text(encoding="utf-8").replace("\r\n", "\n")
    return [*misplaced(references(text), markdown), *themes(text, markdown)]


def references(text: str) -> Iterator[Reference]:
    """The addresses that a deck shows; in code and in notes they are words."""
    text = _without_words(text)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for pattern in (ELEMENT, MARKDOWN, URL, IMPORT):
        for match in pattern.finditer(text):
            address = match[1]
            if address[:1] in ("'", '"', "<"):
                address = address[1:-1]
            yield Reference(unescape(address), bisect.bisect_right(starts, match.start()))


def _without_words(text: str) -> str:
    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    text = INLINE.sub(blank, FENCED.sub(blank, text))
    return COMMENT.sub(lambda comment: comment[0] if DIRECTIVE.match(comment[1]) else blank(comment), text)


def misplaced(found: Iterable[Reference], markdown: Path) -> Iterator[Fault]:
    """Those that lead to nothing, to another machine or out of the deck's folder."""
    folder = markdown.parent
    for reference in found:
        path = local(reference.address)
        if is_outside(reference.address):
            yield Fault(markdown, reference.line, f"{reference.address!r} is on another machine, and a deck is shown "
                        "without a network; put the file beside the deck")
        elif path is None:
            continue
        elif path.lower().startswith("file:") or not _within(folder, path):
            yield Fault(markdown, reference.line, f"{path!r} leaves the deck's folder {shown(folder)}; copy it there")
        elif not (folder / path).is_file():
            near = _nearest(path, folder)
            hint = f"; did you mean {near!r}?" if near else ""
            yield Fault(markdown, reference.line, f"no file {path!r} in {shown(folder)}{hint}")


def _within(folder: Path, path: str) -> bool:
    try:
        return (folder / path).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):  # a name with a null in it, or far too long
        return False


def _nearest(path: str, folder: Path) -> str | None:
    parent = (folder / path).parent
    there = [(Path(path).parent / other.name).as_posix() for other in parent.iterdir()] if parent.is_dir() else []
    return next(iter(difflib.get_close_matches(path, sorted(there), 1)), None)


def themes(text: str, markdown: Path) -> Iterator[Fault]:
    """The themes that a deck asks for and Marp does not have."""
    front = FRONT.match(text)
    visible = FENCED.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    for match in THEME.finditer(visible):
        in_head = front is not None and match.start() < front.end()
        if (in_head or "<!--" in match[0]) and match[2] not in THEMES:
            message = f"no theme {match[2]!r}{nearest(match[2], THEMES, 'Marp has')}"
            yield Fault(markdown, visible.count("\n", 0, match.start(2)) + 1, message)


def language(text: str) -> str | None:
    """The `lang` of a deck's front matter."""
    front = FRONT.match(text.replace("\r\n", "\n"))
    found = re.search(r"^lang[ \t]*:[ \t]*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", front[1] if front else "", re.M)
    return found[1] if found else None


def line_of(words: str, text: str) -> int:
    """The line on which `words` stand first; 0 where they do not."""
    at = text.find(words.strip())
    return text.count("\n", 0, at) + 1 if at >= 0 else 0
