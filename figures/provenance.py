"""Where an image comes from, written into it: the call that drew it, its licence, whose work it shows."""

from __future__ import annotations

import hashlib
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any, NamedTuple

from figures.canonical import readable

LICENCE = "Apache-2.0"
MAKER = "executable-figures"
SHAPE = "executable-figures call 1: "
LONGEST = 400  # characters of one parameter's JSON; what is longer stands as its digest
# Parameters that came later: where one is left out, an image says what it said before there was any.
LATER = {"linear_classifier": ("labels",), "convolutional_network": ("labels",), "network_layers": ("weights",)}
DUBLIN = "{http://purl.org/dc/elements/1.1/}"
METADATA = "{http://www.w3.org/2000/svg}metadata"
# XML has no place for these; JSON writes any of them as an escape, which brings them back.
UNWRITABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Origin(NamedTuple):
    """What an image says of itself. `parameters` holds what JSON has; what was long is a digest."""

    name: str
    lang: str
    palette: str
    parameters: Mapping[str, Any]
    key: str
    licence: str
    credit: str


def described(name: str, parameters: Mapping[str, Any], lang: str, palette: str) -> str:
    """A call as one line of JSON; arrays and files stand as digests of their content."""
    short = {key: _shortened(value) for key, value in parameters.items()
             if value is not None or key not in LATER.get(name, ())}
    call = {"figure": name, "language": lang, "palette": palette, "parameters": short}
    return _escaped(json.dumps(call, ensure_ascii=False))


def key(description: str) -> str:
    """The digest of a call as `described`.

    Neither sources nor versions are in it, nor anything of a machine: a comment that changes in a source file must
    change no byte of an image.
    """
    return hashlib.sha256(description.encode()).hexdigest()


def origin(name: str, parameters: Mapping[str, Any], lang: str, palette: str) -> dict[str, str]:
    """The metadata of a call, under the names that matplotlib has for Dublin Core's."""
    general = {"Language": lang, "Creator": MAKER, "Rights": LICENCE}
    try:
        description = described(name, readable(parameters), lang, palette)
    except TypeError:  # a Python caller may give what has no text: a function, an object
        return general
    return {**general, "Identifier": f"sha256:{key(description)}", "Description": SHAPE + description}


def read(svg: bytes) -> Origin | None:
    """What an SVG of ours says of itself; None for any other file, and for one whose call does not fit its key."""
    try:
        metadata = ET.fromstring(svg).find(METADATA)
    except (ET.ParseError, ValueError):
        return None
    fields = {} if metadata is None else {part.tag.removeprefix(DUBLIN): "".join(part.itertext()).strip()
                                          for part in metadata.iter() if part.tag.startswith(DUBLIN)}  # fmt: skip
    description = fields.get("description", "")
    if not description.startswith(SHAPE):
        return None
    description = description.removeprefix(SHAPE)
    if fields.get("identifier") != f"sha256:{key(description)}":
        return None
    call = json.loads(description)
    return Origin(call["figure"], call["language"], call["palette"], call["parameters"], key(description),
                  fields.get("rights", ""), fields.get("source", ""))  # fmt: skip


def _shortened(value: Any) -> Any:
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= LONGEST else f"long({hashlib.sha256(_escaped(text).encode()).hexdigest()})"


def _escaped(text: str) -> str:
    return UNWRITABLE.sub(lambda character: json.dumps(character[0])[1:-1], text)
