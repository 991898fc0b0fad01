"""In what two images differ that should be the same: in pixels, or in elements without the library that draws SVG."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from itertools import zip_longest
from typing import Any

from deck.extras import install


def difference(was: bytes, now: bytes) -> str:
    """The difference of two images as a phrase."""
    try:
        first, second = _pixels(was), _pixels(now)
    except ImportError:
        return f"{_elements(was, now)} (for pixels: {install('compare')})"
    except (ValueError, OSError) as error:
        return f"cannot be drawn: {error}"
    if first.shape != second.shape:
        return f"{second.shape[1]} × {second.shape[0]} pixels instead of {first.shape[1]} × {first.shape[0]}"
    apart = abs(first - second).max(axis=2)
    count = int((apart > 0).sum())
    if not count:
        return f"no pixel does: {_elements(was, now)}"
    return f"{count} of {apart.size} pixels, at most by {apart.max()} of 255"


def _pixels(data: bytes) -> Any:
    import numpy as np
    from PIL import Image

    if data.lstrip()[:1] == b"<":
        import resvg_py

        data = bytes(resvg_py.svg_to_bytes(svg_string=data.decode("utf-8"), background="white", dpi=96))
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA")).astype(np.int16)


def _elements(was: bytes, now: bytes) -> str:
    """How many elements of the two files, in their order, are not the same."""
    try:
        pairs = list(zip_longest(_parts(was), _parts(now)))
    except ET.ParseError:
        return f"{len(now)} bytes instead of {len(was)}"
    return f"{sum(one != other for one, other in pairs)} of {len(pairs)} elements"


def _parts(data: bytes) -> list[tuple[Any, ...]]:
    return [(part.tag, part.attrib, part.text, part.tail) for part in ET.fromstring(data).iter()]
