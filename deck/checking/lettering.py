"""How large the letters of an SVG are, also where they are outlines, as matplotlib writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
STEP = re.compile(r"(matrix|translate|scale|rotate)\s*\(([^)]*)\)")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "mm": 96 / 25.4, "cm": 96 / 2.54}
OUTLINED = 100  # matplotlib's outlines are those of letters of this size, scaled


class Lettering(NamedTuple):
    """A text of a drawing and the size of its type, in the units of the drawing's view box."""

    text: str
    size: float


def lettering(svg: bytes) -> tuple[list[Lettering], tuple[float, float]]:
    """The texts of a drawing and the width and height of its view box.

    A text's size is that of its largest letters: indices and exponents are smaller by convention. A text with a halo is
    left out: of it matplotlib writes plain shapes, whose size tells nothing of their type's.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        The drawing is no XML.
    """
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True))
    root = ET.fromstring(svg, parser)
    box = [float(number) for number in NUMBER.findall(root.get("viewBox", ""))]
    width, height = box[2:4] if len(box) == 4 else (_length(root.get("width")), _length(root.get("height")))
    return list(_texts(root, 1.0, 16.0)), (width, height)


def _texts(element: ET.Element, scale: float, type_size: float) -> Iterator[Lettering]:
    if element.tag == f"{SVG}defs" or not isinstance(element.tag, str):
        return
    scale *= _scale(element.get("transform", ""))
    type_size = _type_size(element, type_size)
    if element.tag == f"{SVG}g" and element.get("id", "").startswith("text_"):
        sizes = list(_outlines(element, scale))
        if sizes:
            yield Lettering(_comment(element), max(sizes))
        if sizes or element.find(f".//{SVG}text") is None:
            return
    if element.tag == f"{SVG}text":
        if words := " ".join("".join(element.itertext()).split()):
            sizes = [type_size] if (element.text or "").strip() else []
            sizes += [_type_size(part, type_size) for part in element.iter(f"{SVG}tspan") if (part.text or "").strip()]
            yield Lettering(words, max(sizes, default=type_size) * scale)
        return
    for child in element:
        yield from _texts(child, scale, type_size)


def _outlines(element: ET.Element, scale: float) -> Iterator[float]:
    """The size of each letter that is drawn by reference to its outline."""
    for child in element:
        if child.tag == f"{SVG}use":
            if not (child.get(XLINK) or child.get("href") or "").startswith("#m"):  # a marker
                yield OUTLINED * scale * _scale(child.get("transform", ""))
        elif child.tag != f"{SVG}defs" and isinstance(child.tag, str):
            yield from _outlines(child, scale * _scale(child.get("transform", "")))


def _comment(element: ET.Element) -> str:
    """What a group of outlines says: matplotlib writes it beside them."""
    words = next((child.text or "" for child in element.iter(ET.Comment)), "")  # type: ignore[arg-type]
    return " ".join(words.split())


def _scale(transform: str) -> float:
    """How much a transform enlarges: the root of the area that it makes of a unit square."""
    area = 1.0
    for kind, inside in STEP.findall(transform):
        numbers = [float(number) for number in NUMBER.findall(inside)]
        if kind == "scale":
            area *= abs(numbers[0] * numbers[-1])
        elif kind == "matrix":
            area *= abs(numbers[0] * numbers[3] - numbers[1] * numbers[2])
    return math.sqrt(area)


def _type_size(element: ET.Element, inherited: float) -> float:
    style = re.search(r"(?:^|;)\s*font-size\s*:\s*([^;]+)|(?:^|;)\s*font\s*:[^;]*?([\d.]+(?:px|pt))",
                      element.get("style", ""))
    written = (style[1] or style[2] if style else None) or element.get("font-size")
    if written is None:
        return inherited
    number = NUMBER.match(written.strip())
    unit = written.strip()[number.end():] if number else ""
    if number and unit in ("em", "%"):
        return inherited * float(number[0]) / (100 if unit == "%" else 1)
    return float(number[0]) * UNITS.get(unit, 1.0) if number else inherited


def _length(written: str | None) -> float:
    number = NUMBER.match(written or "")
    return float(number[0]) * UNITS.get((written or "")[number.end():].strip(), 1.0) if number else 0.0
