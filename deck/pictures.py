"""Whether a picture of a deck's own is one that a slide can show: a browser leaves out what it cannot read."""

from __future__ import annotations

import io
import warnings
from xml.etree import ElementTree

LARGEST = 50_000_000  # bytes; a deck of one such picture can hardly be sent
PIXELS = 50_000_000  # some fifty screens
KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}


def sound(name: str, suffix: str, data: bytes) -> None:
    """Refuse a picture that is none.

    Raises
    ------
    ValueError
        It is empty, too large, of another kind than its suffix says, cut off or damaged.
    """
    if not data:
        raise ValueError(f"image: {name!r} is an empty file; save the picture anew")
    if len(data) > LARGEST:
        raise ValueError(f"image: {name!r} has {len(data):,} bytes; {LARGEST:,} is the most for a slide")
    if suffix == ".svg":
        _drawing(name, data)
    else:
        _pixels(name, suffix, data)


def _drawing(name: str, data: bytes) -> None:
    if b"<!ENTITY" in data:
        raise ValueError(f"image: {name!r} defines entities, which may grow without end; save it without them")
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:  # an encoding that there is not
        raise ValueError(f"image: {name!r} is no SVG: {error}") from error
    if root.tag.rpartition("}")[2] != "svg":
        raise ValueError(f"image: {name!r} is no SVG: it begins with <{root.tag.rpartition('}')[2]}>")


def _pixels(name: str, suffix: str, data: bytes) -> None:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is large: told below
            picture = Image.open(io.BytesIO(data), formats=sorted({*KINDS.values()}))
    except UnidentifiedImageError:
        raise ValueError(f"image: {name!r} is no picture, whatever its name says; save it anew as PNG or SVG") from None
    except Image.DecompressionBombError:
        raise ValueError(f"image: {name!r} has far too many pixels; {PIXELS:,} is the most for a slide") from None
    except Exception as error:
        raise ValueError(f"image: {name!r} is damaged ({error}); save it anew") from error
    if picture.width * picture.height > PIXELS:
        raise ValueError(f"image: {name!r} has {picture.width:,} × {picture.height:,} pixels; {PIXELS:,} is the most "
                         "for a slide")  # fmt: skip
    if picture.format != KINDS[suffix]:
        raise ValueError(f"image: {name!r} is a {picture.format} by its content; save it under that suffix")
    try:
        picture.load()
    except Exception as error:  # cut off, or damaged
        raise ValueError(f"image: {name!r} is damaged ({error}); save it anew") from error
