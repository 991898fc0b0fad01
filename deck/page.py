"""What Marp's HTML shows: the slides' titles, alt texts and addresses, and the page that carries its files inside."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

# By suffix, and not by the system's list: no two machines' know the same.
TYPES = {
    ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp", ".avif": "image/avif", ".ttf": "font/ttf", ".otf": "font/otf", ".woff": "font/woff",
    ".woff2": "font/woff2", ".css": "text/css", ".mp4": "video/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg",
}  # fmt: skip
# A directive of Marp's is repeated in a custom property, which shows nothing.
QUOTED = r"""\"[^"]*"|'[^']*'|&quot;.*?&quot;|&\#39;.*?&\#39;"""
URL = re.compile(rf"""(?<!--background-image:)url\(\s*({QUOTED}|[^"')\s]*)\s*\)""", re.I)
IMPORT = re.compile(r"""@import\s+("[^"]*"|'[^']*')""", re.I)
LOADED = re.compile(r"""(\s(?:src|poster|srcset|data|xlink:href)\s*=\s*)("[^"]*"|'[^']*')""", re.I)
LINKED = re.compile(r"""(\shref\s*=\s*)("[^"]*"|'[^']*')""", re.I)
STYLED = re.compile(r"""(\sstyle\s*=\s*)("[^"]*"|'[^']*')""", re.I)
TAG = r"""<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>"""
PIECES = re.compile(rf"<!--.*?-->|<script\b.*?</script>|<style\b[^>]*>.*?</style>|{TAG}", re.S | re.I)
# Elements whose `href` a browser follows by itself.
FOLLOWED = re.compile(r"""<(?:link\b(?![^>]*rel=["']?canonical)|image\b|use\b)""", re.I)

BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "pre", "figcaption")


class Slide(NamedTuple):
    """What a slide says to whoever does not see it."""

    title: str
    alts: tuple[str, ...]
    texts: tuple[str, ...] = ()


class _Slides(HTMLParser):
    """Slides are Marp's own svg elements; whatever other svg is inside one belongs to it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[list[str], list[str], list[str]]] = []
        self.heading = self.block = ""
        self.depth = 0  # after a slide come notes, which are none of it

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "svg":
            if "data-marpit-svg" in named:
                self.found.append(([], [], []))
            self.depth += bool(self.found)
        elif not self.depth:
            return
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6") and not self.found[-1][0]:
            self.heading = tag
            self.found[-1][0].append("")
        elif tag == "img":
            alt = named.get("alt") or ""
            if self.heading:
                self.handle_data(alt)
            elif alt:
                self.found[-1][1].append(alt)
        elif tag in BLOCKS:
            self.block = tag
            self.found[-1][2].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.heading:
            self.heading = ""
        elif tag == self.block:
            self.block = ""
        elif tag == "svg" and self.depth:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.heading:
            self.found[-1][0][0] += data
        elif self.block:
            self.found[-1][2][-1] += data


def slides(html: str) -> list[Slide]:
    """The first heading of each slide, its alt texts, and its other texts."""
    parser = _Slides()
    parser.feed(html)
    parser.close()
    return [Slide(_line("".join(title)), tuple(alts), tuple(filter(None, map(_line, texts))))
            for title, alts, texts in parser.found]


def _line(text: str) -> str:
    return " ".join(text.split())


def addresses(html: str) -> Iterator[str]:
    """Every address that a browser loads by itself to show the page: links that wait for a click are none."""
    found: list[str] = []

    def note(address: str) -> None:
        found.append(address)

    with_addresses(html, note)
    return iter(dict.fromkeys(found))


def with_addresses(html: str, change: Callable[[str], str | None]) -> str:
    """The page with each loaded address replaced by what `change` makes of it, or left where that is None."""

    def quoted(text: str, quote: str) -> str:
        new = change(unescape(text))
        return f"{quote}{text if new is None else escape(new)}{quote}"

    def attribute(match: re.Match[str]) -> str:
        return match[1] + quoted(match[2][1:-1], match[2][0])

    def url(match: re.Match[str]) -> str:
        given = unescape(match[1])
        new = change(given[1:-1] if given[:1] in ("'", '"') else given)
        return match[0] if new is None else f"url({new})"  # a data address has nothing to be quoted

    def imported(match: re.Match[str]) -> str:
        new = change(match[1][1:-1])
        return match[0] if new is None else f'@import "{new}"'

    def piece(match: re.Match[str]) -> str:
        text = match[0]
        start = text[:8].lower()
        if start.startswith("<style"):
            return IMPORT.sub(imported, URL.sub(url, text))
        if start.startswith("<script"):
            tag, more, rest = text.partition(">")
            return LOADED.sub(attribute, tag) + more + rest
        if start.startswith("<!--"):
            return text
        text = STYLED.sub(lambda style: URL.sub(url, style[0]), LOADED.sub(attribute, text))
        return LINKED.sub(attribute, text) if FOLLOWED.match(text) else text

    return PIECES.sub(piece, html)


def is_outside(address: str) -> bool:
    """Whether an address leads to another machine."""
    return re.match(r"\s*(?:(?!data:|file:|about:|blob:)[a-z][a-z0-9+.-]+:|//|\\\\)", address, re.I) is not None


def local(address: str) -> str | None:
    """The path that an address names beside the page, if it names one."""
    if is_outside(address) or re.match(r"\s*(?:data:|about:|blob:|#|$)", address, re.I):
        return None
    return unquote(re.sub(r"[?#].*", "", address.strip()))


def with_files_inside(html: str, folder: Path) -> str:
    """The page with each local file that it shows as a data address, to send as one file."""
    read: dict[str, str | None] = {}

    def inside(address: str) -> str | None:
        if address not in read:
            path = local(address)
            file = None if path is None else folder / path
            kind = None if file is None else TYPES.get(file.suffix.lower())
            read[address] = None
            if file is not None and kind is not None and file.is_file():
                read[address] = f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"
        return read[address]

    return with_addresses(html, inside)
