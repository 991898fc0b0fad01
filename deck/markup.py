"""What a template prints: images as Marp takes them whole, and the numbers that a figure shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any, NamedTuple

from deck.nearest import nearest

# What XML, and so PowerPoint, cannot hold. Nobody sees them.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# No width, no break, no white space that Marp would trim: what keeps a note from being read as something else.
JOINER = "\u2060"
# What Marp could read as a setting (`class: invert`, `"class": invert`, `{class: invert}`) or another tool's mark.
SETTING = re.compile(r"""[A-Za-z_-]+\s*:|["'{\[?&!*|>%@`-].*:|:|\?|prettier-ignore|markdownlint-|lint """)


def note(text: str) -> str:
    """A presenter note: each paragraph on one line, since Marp's presenter view keeps the line breaks.

    What would end the comment that Marp reads notes from, or make it a setting, gets a joiner, which has no width.
    """
    text = UNSEEN.sub("", re.sub(r"\r\n?", "\n", text))
    if re.search(r"^[ \t]*---+[ \t]*$", text, re.MULTILINE):
        raise ValueError("note: a slide break in a note; write {% endfilter %} above the ---")
    paragraphs = [" ".join(block.split("\n")) for block in re.split(r"\n(?:[ \t]*\n)+", text)]
    paragraphs = [re.sub(r" {2,}", " ", paragraph).strip(" \t") for paragraph in paragraphs if paragraph.strip()]
    paragraphs = [JOINER * bool(SETTING.match(paragraph)) + paragraph for paragraph in paragraphs]
    return "<!--\n" + re.sub(r"(--+)(?=>)", rf"\1{JOINER}", "\n\n".join(paragraphs)) + "\n-->\n"


def _whole(function: str, name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{function}: {name} must be a whole number of at least 1, not {value!r}")


class Facts(dict[str, Any]):
    """The numbers of a figure, by name; a misspelt name is told the nearest."""

    def __init__(self, figure: str, values: Mapping[str, Any]) -> None:
        super().__init__({key: _facts(figure, key, value) for key, value in values.items()})
        self.figure = figure

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __missing__(self, name: str) -> Any:
        # Not a KeyError, which Jinja would take for an undefined variable.
        raise ValueError(f"{self.figure}: no fact {name!r}{nearest(name, self)}")


def _facts(figure: str, name: str, value: Any) -> Any:
    """Facts within facts tell the nearest name too."""
    if isinstance(value, Mapping):
        return Facts(f"{figure}: {name}", value)
    return [_facts(figure, f"{name}[{k}]", part) for k, part in enumerate(value)] if isinstance(value, list) else value


class Image(NamedTuple):
    """An image of a slide. Printed, it is an HTML element: Marp's own syntax loses words of the alt text."""

    src: str
    alt: str
    width: int
    height: int | None
    facts: Facts

    def __str__(self) -> str:
        height = "" if self.height is None else f' height="{self.height}"'
        # An empty line would end the element; the others mean something to Markdown in a table or beside other text.
        alt = re.sub(r"[\r\n|`$]", lambda sign: f"&#{ord(sign[0])};", escape(UNSEEN.sub("", self.alt)))
        return f'<img src="{escape(self.src)}" alt="{alt}" width="{self.width}"{height}>'

    def checked(self) -> Image:
        """The image itself, if its alt text is one and its size can be drawn."""
        if not isinstance(self.alt, str):
            raise TypeError(f"image: alt must be a text, not {self.alt!r}")
        for name, value in (("width", self.width), ("height", self.height)):
            if value is not None or name == "width":
                _whole("image", name, value)
        return self

    def scaled(self, width: int) -> Image:
        """The same image `width` slide pixels wide."""
        _whole("scaled", "width", width)
        height = None if self.height is None else round(self.height * width / self.width)
        return self._replace(width=width, height=height)
