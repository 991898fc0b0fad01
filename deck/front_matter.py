"""What is wrong with the head of a deck's Markdown: Marp drops all of it, without a word, if one line is no YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

RULER = re.compile(r"-{3,}[ \t]*")
NAMED = re.compile(r"""("[^"]*"|'[^']*'|[\w$][\w .$-]*?)[ \t]*:(?:[ \t]+(.*)|)$""")
QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ \t]*(?:#.*)?""")
# Marp puts quotes around the values of these itself.
LOOSE = {"backgroundColor", "backgroundImage", "backgroundPosition", "backgroundRepeat", "backgroundSize", "class",
         "color", "footer", "header", "headingDivider", "lang", "paginate", "style", "theme"}  # fmt: skip


def faults(markdown: str) -> Iterator[tuple[int, str]]:
    """The line of each fault, from 1, and what is wrong."""
    lines = markdown.split("\n")
    if not RULER.fullmatch(lines[0]):
        return
    dashes = lines[0].rstrip()
    ends = [number for number, line in enumerate(lines[1:], 1) if line.rstrip().startswith(dashes)
            and RULER.fullmatch(line.rstrip())]  # fmt: skip
    if not ends:
        yield 1, f"the front matter that begins with {dashes} has no end; write {dashes} below its last line"
        return
    head = lines[1 : ends[0]]
    if any(map(str.strip, head)) and not any(map(NAMED.match, head)):
        yield 1, f"all down to the next {dashes} is read as front matter; write a title above the first {dashes}, or " \
                 "leave that out"  # fmt: skip
        return
    for number, line in enumerate(head, 2):
        if message := _wrong(line, head[number - 1 :]):
            yield number, message


def _wrong(line: str, after: Sequence[str]) -> str:
    """What is wrong with one line, "" for nothing; what is indented belongs to the line above."""
    if not line.strip() or line.startswith((" ", "#", "- ", "...")):
        return ""
    if line.startswith("\t"):
        return f"{line.strip()!r} in the front matter begins with a tab, which YAML has not; use spaces"
    found = NAMED.fullmatch(line.rstrip())
    if found is None:
        return f"{line.strip()!r} in the front matter is no `name: value`"
    name, value = found[1], (found[2] or "").strip()
    goes_on = bool(after) and after[0].startswith(" ")
    if value[:1] in ("'", '"') and not goes_on and not QUOTED.fullmatch(value):
        return f"the quote of {name!r} in the front matter has no end, or something stands behind it"
    if value[:1] not in tuple("'\"|>[{&*!#") and ": " in value.partition(" #")[0] and name not in LOOSE:
        return f"a colon in the value of {name!r} in the front matter; put the value in quotes"
    return ""
