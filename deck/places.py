"""From a slide to the line of the template that made it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from deck.faults import DeckError
from deck.slide_breaks import slides
from deck.template import Template, fill

# Unicode keeps these two for a program's own use: no text has them.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
MARK = re.compile(f"{OPEN}([0-9]+),([0-9]+){CLOSE}")


class Spot(NamedTuple):
    """A text, an image or a directive of a slide, and the line of a template that it comes from.

    `kind` is `text`, `image`, `background`, `theme` or `headingDivider`; `value` is the text, the image's address or
    the directive's value.
    """

    path: Path
    line: int
    kind: str
    value: str
    alt: str = ""


class Place(NamedTuple):
    """Where a slide comes from: the line of the first thing on it, and those of its parts."""

    path: Path
    line: int
    spots: tuple[Spot, ...] = ()


def slide_places(template: Template, known: Mapping[str, Any]) -> list[Place]:
    """The place of each slide, in order, through includes, loops and macros: the innermost line that wrote it.

    Parameters
    ----------
    template : Template
        The deck, as `read` gives it.
    known : mapping
        What the template is filled with. It is filled twice more, so its functions must give the same again.
    """
    markdown = fill(template, known)
    origins = _origins(markdown, template, known)
    found = []
    for slide in slides(markdown):
        spots = [Spot(*origins[part.line], part.kind, part.value, part.alt) for part in slide.parts]
        found.append(Place(*origins[min(slide.line, len(origins) - 1)], tuple(spots)))
    return found


Origin = tuple[Path, int]


def _origins(markdown: str, template: Template, known: Mapping[str, Any]) -> list[Origin]:
    """The origin of each line of the Markdown."""
    try:
        marked = list(_marked(template, known))
    except DeckError:  # a template that computes with its own text, where the marks are in the way
        marked = [(text, (path, number)) for path in template.parts
                  for number, text in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1)]
    lines = markdown.split("\n")
    texts = [text for text, _ in marked]
    if texts == lines:
        return [origin for _, origin in marked]
    origins: list[Origin | None] = [None] * len(lines)
    for block in difflib.SequenceMatcher(None, texts, lines, autojunk=False).get_matching_blocks():
        origins[block.b:block.b + block.size] = [origin for _, origin in marked[block.a:block.a + block.size]]
    filled, last = [], (template.path, 1)
    for origin in origins:
        last = origin or last
        filled.append(last)
    return filled


def _marked(template: Template, known: Mapping[str, Any]) -> Iterator[tuple[str, Origin]]:
    """Each line of the Markdown, filled once more from marked sources, with where it comes from."""
    environment = template.environment.overlay(extensions=[_Marks])
    text = fill(template._replace(environment=environment), {name: _unmarked(value) for name, value in known.items()})
    template.environment.globals.update(known)  # an overlay shares them
    extension = environment.extensions[_Marks.identifier]
    assert isinstance(extension, _Marks)
    last = (template.path, 1)
    for line in text.split("\n"):
        marks = list(MARK.finditer(line))
        at = 0
        for mark in marks:
            if line[at:mark.start()].strip():  # it stands further on, after the first words
                break
            last, at = (extension.files[int(mark[1])], int(mark[2])), mark.end()
        yield MARK.sub("", line), last
        for mark in marks[-1:]:
            last = (extension.files[int(mark[1])], int(mark[2]))


def _unmarked(value: Any) -> Any:
    """A function of the deck, called with the words that a template means: a macro's text may be its argument."""
    if not callable(value):
        return value

    def called(*arguments: Any, **named: Any) -> Any:
        return value(*map(_without_marks, arguments), **{name: _without_marks(a) for name, a in named.items()})

    return called


def _without_marks(value: Any) -> Any:
    return MARK.sub("", value) if isinstance(value, str) else value


class _Marks(Extension):
    """Writes into each line of a template's text which one it is."""

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self.files: list[Path] = []

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The template's tokens, with marks where its text and its expressions begin."""
        self.files.append(Path(stream.filename or stream.name or ""))
        file, tag, values = len(self.files) - 1, list[Token](), 0
        mark: Callable[[int], str] = lambda line: f"{OPEN}{file},{line}{CLOSE}"  # noqa: E731
        for token in stream:
            # What `{% set x %}…{% endset %}` holds may be a number or a name: it stays as it is.
            if token.type == "data" and not values:
                lines = str(token.value).split("\n")
                yield Token(token.lineno, "data", "\n".join(
                    mark(token.lineno + number) + text for number, text in enumerate(lines)))
                continue
            if token.type == "variable_begin" and not values:
                yield Token(token.lineno, "data", mark(token.lineno))
            if token.type == "block_begin":
                tag = []
            elif token.type == "block_end":
                values += _opens(tag)
            else:
                tag.append(token)
            yield token


def _opens(tag: list[Token]) -> int:
    """1 for a tag that opens a block of text to keep in a variable, -1 for its end, 0 for any other."""
    words = [token.value for token in tag]
    if words[:1] == ["endset"]:
        return -1
    types = [token.type for token in tag]
    before = types[: types.index("pipe")] if "pipe" in types else types
    return int(words[:1] == ["set"] and "assign" not in before)
