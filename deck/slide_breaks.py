"""Where a Markdown text breaks into slides, as Marp sees it: its parts are read by the parser that Marp uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from markdown_it.token import Token

# Without an end, it takes the whole text.
FRONT = re.compile(r"(-{3,})[ \t]*\n(?:(?:.*\n)*? {0,3}\1-*[ \t]*(?:\n|\Z)|[\s\S]*)")
COMMENT = re.compile(r"<!--+\s*([\s\S]*?)\s*--+>")
IMG = re.compile(r"""<img\b(?:[^>"']|"[^"]*"|'[^']*')*>""")
# A comment whose lines are all of YAML's kinds holds directives, any other is a note of the presenter.
YAML_LINE = re.compile(r"\s|#|- |[^\s].*?:(?:\s|$)|$")
ATTRIBUTE = re.compile(r"""\s(src|alt)\s*=\s*("[^"]*"|'[^']*')""")
DIRECTIVE = re.compile(r"^[ \t]*([A-Za-z]\w*)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


class Part(NamedTuple):
    """Something on a slide that can be wrong: a text, an image or background with its alt text, a directive.

    `line` counts from 0 in the Markdown; `value` is the text, the image's address or the directive's value.
    """

    line: int
    kind: str
    value: str
    alt: str = ""


class Slide(NamedTuple):
    """A slide: the line that it starts at, from 0, and what is on it in its order."""

    line: int
    parts: list[Part]


def slides(markdown: str) -> list[Slide]:
    """Split as Marp does: at each ruler outside lists, quotes and code, and where `headingDivider` asks for it."""
    from markdown_it import MarkdownIt

    front = FRONT.match(markdown)
    head = front[0] if front else ""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse("\n" * head.count("\n") + markdown[len(head):])
    found = [Slide(head.count("\n"), list(_directives(head, 0)))]
    shown = False
    levels = _divider([found[0].parts, *([*_parts(token)] for token in tokens)])
    for token in tokens:
        ruler = token.type == "hr" and token.level == 0
        divides = token.type == "heading_open" and token.tag in levels
        if ruler or (divides and shown):  # also right after a ruler: Marp leaves an empty slide there
            found.append(Slide(token.map[0] if token.map else 0, []))
        shown = shown or not _hidden(token)
        found[-1].parts.extend(_parts(token))
    return [slide._replace(line=_start(slide)) for slide in found]


def _start(slide: Slide) -> int:
    """The line of the first thing to see; the ruler's or the front matter's end on an empty slide."""
    return next((part.line for part in slide.parts if part.kind in ("text", "image")), slide.line)


def _hidden(token: Token) -> bool:
    """Comments, styles: before a heading they do not make a slide."""
    return token.type == "html_block" and bool(re.match(r"\s*<(?:!--|style\b)", token.content, re.IGNORECASE))


def _divider(groups: Sequence[Sequence[Part]]) -> set[str]:
    """The headings that begin a slide; of a directive given twice, Marp takes the last."""
    values = [part.alt for group in groups for part in group if part.kind == "headingDivider"]
    levels = [int(digit) for digit in re.findall(r"[1-6]", values[-1])] if values else []
    if levels and "[" not in values[-1]:
        levels = list(range(1, levels[0] + 1))
    return {f"h{level}" for level in levels}


def _directives(text: str, line: int) -> Iterator[Part]:
    for found in DIRECTIVE.finditer(text):
        name, value = found[1], found[2].strip("'\"")
        if name in ("headingDivider", "theme"):
            yield Part(line + text[: found.start(1)].count("\n"), name, value, found[2])


def _parts(token: Token) -> Iterator[Part]:
    if token.type == "html_block" and token.map:
        yield from _html(token.content, token.map[0])
    elif token.type == "inline" and token.map:
        yield from _children(token, token.map[0])
    elif token.type in ("fence", "code_block") and token.map:
        yield Part(token.map[0], "text", _flat(token.content))


def _children(token: Token, line: int) -> Iterator[Part]:
    texts = []
    for child in token.children or []:
        if child.type == "image":
            words = "".join(part.content for part in child.children or [])
            kind = "background" if "bg" in words.split() else "image"
            yield Part(line, kind, str(child.attrs["src"]), words)
        elif child.type == "html_inline":
            comment = COMMENT.fullmatch(child.content)
            yield from _directives(comment[1], line) if comment else ()
            yield from map(partial(_img, line=line), IMG.findall(child.content))
        else:
            texts.append(" " if child.type in ("softbreak", "hardbreak") else child.content)
            line += child.type in ("softbreak", "hardbreak")
    if text := _flat("".join(texts)):
        yield Part(token.map[0] if token.map else 0, "text", text)


def _html(content: str, line: int) -> Iterator[Part]:
    for comment in COMMENT.finditer(content):
        if all(map(YAML_LINE.match, comment[1].split("\n"))):
            yield from _directives(comment[1], line + content[: comment.start(1)].count("\n"))
    if re.match(r"\s*<(?:!--|style\b)", content, re.IGNORECASE):
        return
    for number, text in enumerate(content.split("\n")):
        for tag in IMG.findall(text):
            yield _img(tag, line + number)
        if words := _flat(IMG.sub("", text)):
            yield Part(line + number, "text", words)


def _img(tag: str, line: int) -> Part:
    named = {name: unescape(value[1:-1]) for name, value in ATTRIBUTE.findall(tag)}
    return Part(line, "image", named.get("src", ""), named.get("alt", ""))


def _flat(text: str) -> str:
    return " ".join(text.split())
