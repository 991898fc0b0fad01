"""Images: there, described, and with letters that can be read from the last row."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit
from urllib.request import url2pathname
from xml.etree import ElementTree as ET

from deck.checking.finding import Finding, View, quoted
from deck.checking.lettering import lettering

SMALLEST = 14  # px on a slide 1280 px wide
WIDTH = 1280
OPTION = re.compile(r"\w+:\S+")  # of Marp: w:300, blur:10px


def pictures(view: View, absent: Sequence[str]) -> Iterator[Finding]:
    """Faults of a slide's images; those at the addresses `absent` are told by others."""
    for index, image in enumerate(view.measured["images"]):
        spot, name = view.image(index), quoted(_name(image["written"]))
        if not image["painted"] and image["url"] not in absent:
            yield view.finding("image", f"image {name} is not shown: the browser cannot read it", spot)
        for message in _alt(image, name, spot and spot.alt):
            yield view.finding("alt", message, spot)
        for message in _small(image, name, view.measured["width"]):
            yield view.finding("small text", message, spot)


def _name(address: str) -> str:
    return f"{address[:30]}…" if address.startswith("data:") else address.rpartition("/")[2]


def _alt(image: Any, name: str, meant: str | None) -> Iterator[str]:
    alt = " ".join(image["alt"].split())
    wanted = [word for word in (meant or "").split() if not OPTION.fullmatch(word)]
    there = alt.split()
    if not alt:
        yield f"image {name} has no alt text; say in a sentence what it shows: image(…, alt=\"…\")"
    elif meant is not None and len(there) < len(wanted):
        lost = ", ".join(quoted(word) for word in dict.fromkeys(wanted) if wanted.count(word) > there.count(word))
        yield (f"alt text of {name} is cut: {lost} got lost, which Marp may have taken for keywords; "
               "use image(…, alt=\"…\"), which keeps every word")


def _small(image: Any, name: str, slide: float) -> Iterator[str]:
    data = _svg(image["url"])
    if data is None:
        return
    try:
        texts, (width, height) = lettering(data)
    except ET.ParseError:
        return
    if not width or not height:
        return
    scale = min(image["width"] / width, image["height"] / height) * WIDTH / slide
    small = sorted((text.size * scale, text.text) for text in texts if text.size * scale < SMALLEST - 0.05)
    if small:
        size, words = small[0]
        more = f" and {len(small) - 1} more" if len(small) > 1 else ""
        yield (f"figure {name} has text of {size:.1f} px, {quoted(words, 30)}{more}, where {SMALLEST} px is the least; "
               "show the figure larger, or less of it")


def _svg(url: str) -> bytes | None:
    """A drawing's bytes; None for photographs and what is not there."""
    if url.startswith("data:image/svg+xml"):
        head, _, body = url.partition(",")
        return base64.b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
    parts = urlsplit(url)
    path = Path(url2pathname(unquote(parts.path)))
    return path.read_bytes() if parts.scheme == "file" and path.suffix.lower() == ".svg" and path.is_file() else None
