"""What slides would load from elsewhere: found in Markdown, HTML or CSS before a browser reads it.

A browser that makes a PDF may read local files. It reads those of the output folder and no other, because a deck that
names another is refused first. This takes too much for a reference rather than too little: it knows no code blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote


class Reference(NamedTuple):
    """An address that slides load from outside of their folder, and the line that names it."""

    line: int
    address: str

    def __str__(self) -> str:
        return (f"{self.address!r} lies outside of the slides' folder, and may not be loaded from there; put the file "
                "into the deck's folder and show it with image(…)")


QUOTED = r"""(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern in (
    r"""url\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))""",
    r"""@import\s*(?:"([^"]*)"|'([^']*)')""",
    # Attributes that load, of elements that Marp lets through. A link (`href`) loads nothing until it is clicked.
    r"(?:\b(?:src|poster)|xlink:href)\s*=\s*" + QUOTED,
    r"<(?:link|base|image|use|feImage)\b[^>]*?\bhref\s*=\s*" + QUOTED,
)]  # fmt: skip
LISTS = [re.compile(pattern, re.IGNORECASE) for pattern in (
    r"(?:image)?srcset\s*=\s*" + QUOTED, r"image-set\s*\(([^;}]*)")]
# An address of Markdown stands behind `](`, or behind `]:` at the start of a line.
INLINE = re.compile(r"\]\(\s*(?:<([^>\n]*)>|([^\s)]+))")
DEFINED = re.compile(r"^[ >]*\[[^\]]+\]:\s*(?:<([^>\n]*)>|(\S+))", re.MULTILINE)
# Without what could hide a bracket from this pattern, or show it one that Markdown does not see.
LINK = re.compile(r"(?<![!\\])\[[^\[\]`\\<>$]*\]\Z")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def outside_references(markdown: str, folder: Path) -> list[Reference]:
    """What `markdown` would load from outside of `folder`: another folder, the network, a device.

    Parameters
    ----------
    markdown : str
        Slides as Marp takes them; its HTML and style sheets will do as well.
    folder : Path
        The folder that the slides lie in.

    Returns
    -------
    list of Reference
        In the order of the lines; empty for slides that may be shown to a browser.
    """
    found: dict[str, Reference] = {}
    for text in _readings(markdown):
        for at, address in _addresses(text):
            if _is_outside(address, folder):
                found.setdefault(address, Reference(text.count("\n", 0, at) + 1, address))
    return sorted(found.values())


def _readings(markdown: str) -> Iterator[str]:
    """The text as each of its languages reads it; none of them may hide an address by an escape."""
    plain = {markdown: None}
    for rewrite in (_yaml, _html, _css):  # also one after the other: HTML that holds CSS, YAML that holds either
        plain |= {rewrite(text): None for text in list(plain)}
    yield from plain


def _html(text: str) -> str:
    return re.sub(r"&#?\w+;?", lambda found: unescape(found[0]).replace("\n", " "), text)


def _yaml(text: str) -> str:
    text = re.sub(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))",
                  lambda found: _character(found[1] or found[2] or found[3]), text, flags=re.IGNORECASE)
    return re.sub(r"\\/", "/", text)


def _css(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", lambda found: " " + "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    text = re.sub(r"\\([0-9a-f]{1,6})[ \t]?", lambda found: _character(found[1]), text, flags=re.IGNORECASE)
    return re.sub(r"\\([^\n0-9a-fA-F])", r"\1", text)


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    for pattern in PATTERNS:
        for found in pattern.finditer(text):
            yield found.start(), next((part for part in found.groups() if part), "")
    for pattern in LISTS:
        for found in pattern.finditer(text):
            listed = next((part for part in found.groups() if part), "")
            for address in re.findall(r"""[^\s,"'()]+""", "" if listed.startswith("data:") else listed):
                # of `image-set("a.png" 1x, url(b.png) type("image/png"))` only what can be a path
                if re.search(r"[./\\:]", address) and not re.fullmatch(r"[\d.]+x|image/[\w+.-]+", address):
                    yield found.start(), address
    for found in INLINE.finditer(text):
        link = LINK.search(text, max(0, found.start() - 300), found.start() + 1)
        if link is None:
            yield found.start(), found[1] or found[2]
    for found in DEFINED.finditer(text):
        address = found[1] or found[2]
        if not re.match(r"(?:https?|mailto):", address, re.IGNORECASE):  # of a link
            yield found.start(), address


def _is_outside(address: str, folder: Path) -> bool:
    address = re.sub(r"[\t\r\n]", "", address).strip("\0\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x1f ")
    if not address or address.startswith("#"):
        return False
    scheme = SCHEME.match(address)
    if scheme:
        return scheme[0].lower() != "data:"
    for path in {address, unquote(address)}:
        path = re.split(r"[?#]", path, maxsplit=1)[0].replace("\\", "/")
        try:
            if path.startswith("/") or not (folder.resolve() / path).resolve().is_relative_to(folder.resolve()):
                return True
        except (OSError, RuntimeError, ValueError):
            return True
    return False
