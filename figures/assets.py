"""Drawn figures as slides use them, kept under everything that decided them and found again without drawing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from figures import store
from figures.canonical import canonical, digest, file_digest
from figures.catalogue import entry, speaker
from figures.deck_files import in_folder
from figures.libraries import libraries
from figures.listing import known
from figures.palette import palettes
from figures.registry import FigureCall, bind, home
from figures.sources import Home, content, source_digest
from figures.typeface import font_files
from figures.used import located as used_file
from figures.versions import OF_PICTURES, versions

RECORDED = ("parameters", "alt", "facts", "width", "height", "seconds")
SAVING = "figures.render"  # the module that turns a picture into bytes, for every figure


class Asset(NamedTuple):
    """A drawn figure as a slide uses it, and all that it came from.

    `parameters` has every parameter as JSON has it, `words` the sentences by key, `files` the digests of files by name;
    `key` is the digest of the bound call and of the sources and versions that draw it.
    """

    name: str
    lang: str
    palette: str
    parameters: Mapping[str, Any]
    key: str
    svg: bytes
    alt: str
    facts: Mapping[str, Any]
    width: int
    height: int
    words: Mapping[str, Any]
    files: Mapping[str, str]
    seconds: float
    reused: bool

    @property
    def filename(self) -> str:
        """The figure's name and the digest of its content: another picture has another name."""
        return f"{self.name}-{hashlib.sha256(self.svg).hexdigest()[:8]}.svg"


def find(name: str, parameters: Mapping[str, Any], *, lang: str, palette: str = "light",
         folder: Path | None = None) -> Asset | None:  # fmt: skip
    """The asset of a call as a template writes it, if it is in the store: the figure's module is not imported."""
    key = _written(name, parameters, lang, palette, folder)
    data = store.get("calls", key) if key else None
    if data is None:
        return None
    key, palette = json.loads(data)
    return _stored(key, name, lang, palette, folder if name in known(folder) else speaker(lang, folder))


def bound(name: str, parameters: Mapping[str, Any], *, lang: str, palette: str = "light",
          folder: Path | None = None) -> FigureCall:  # fmt: skip
    """A call as a template writes it, bound; `find` knows it the next time."""
    call = bind(name, parameters, lang=lang, palette=palette, folder=folder)
    if key := _written(name, parameters, lang, palette, folder):
        store.keep("calls", key, json.dumps([base(call), call.palette]).encode())
    return call


def base(call: FigureCall) -> str:
    """Digest of what decides a picture, but for the words and files that it takes: only drawing it tells which."""
    module = home(call.name, call.deck)
    assert module is not None
    # By its colours, not by its name: they stand in a file that is no source.
    colours = canonical(palettes()[call.palette]._asdict())
    return digest("1", call.name, canonical(call.parameters), call.lang, colours, _ground(module))


def stored(call: FigureCall) -> Asset | None:
    """The asset of a call from the store: None if there is none, or if a word or a file that it took has changed."""
    return _stored(base(call), call.name, call.lang, call.palette, call.speaker)


def _stored(key: str, name: str, lang: str, palette: str, deck: Path | None) -> Asset | None:
    data = store.get("uses", key)
    if data is None:
        return None
    uses = json.loads(data)
    try:
        words = texts(lang, uses["words"], deck)
    except KeyError:
        return None
    files = contents(uses["files"], deck)
    data = store.get("pictures", _whole(key, words, files))
    if data is None:
        return None
    head, _, svg = data.partition(b"\n")
    return Asset(name, lang, palette, key=key, svg=svg, words=words, files=files, reused=True, **json.loads(head))


def keep(asset: Asset) -> None:
    """Put a fresh asset into the store."""
    record = {field: getattr(asset, field) for field in RECORDED}
    head = json.dumps(record, ensure_ascii=False).encode() + b"\n"
    store.keep("pictures", _whole(asset.key, asset.words, asset.files), head + asset.svg)
    store.keep("uses", asset.key, json.dumps({"words": sorted(asset.words), "files": sorted(asset.files)}).encode())


def texts(lang: str, keys: Iterable[str], deck: Path | None = None) -> dict[str, Any]:
    """The sentences of these keys, for a figure of this project or of a deck's own."""
    return {key: entry(lang, key, deck) for key in sorted(keys)}


def contents(names: Iterable[str], deck: Path | None = None) -> dict[str, str]:
    """The digests of these files, as a figure of this project or of a deck's own noted them."""
    return {name: file_digest(used_file(name, deck) if deck else used_file(name)) for name in sorted(names)}


def _whole(key: str, words: Mapping[str, Any], files: Mapping[str, str]) -> str:
    return digest(key, json.dumps([words, files], sort_keys=True))


def _ground(module: Home) -> str:
    """Digest of what all calls of a module rest on: sources, versions, the typeface."""
    fonts = [content(path) for path in font_files().values()]
    return digest(source_digest(module), source_digest(SAVING),
                  json.dumps([versions(OF_PICTURES) | libraries(module), fonts]))  # fmt: skip


def _written(name: str, parameters: Mapping[str, Any], lang: str, palette: str, folder: Path | None) -> str | None:
    module = home(name, folder)
    if module is None:
        return None
    given = {key: in_folder(value, folder) for key, value in sorted(parameters.items())}
    try:
        colours = canonical({variant: colours._asdict() for variant, colours in palettes().items()})
        return digest("1", name, canonical(given), lang, palette, colours, _ground(module))
    except TypeError:  # a value that has no key: binding tells
        return None
