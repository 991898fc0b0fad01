"""`--why IMAGE`: which call drew an image, from what, and the command that draws it again."""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import os
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from builder import unchanged, written
from builder.arguments import output_of
from builder.explain import input_name
from builder.reported import fault
from builder.terminal import complain
from deck.faults import shown
from figures import offered, own, provenance
from figures.canonical import file_digest, readable
from figures.listing import REQUIRED, UNSAID, know, known, listed_of
from figures.provenance import Origin
from figures.registry import drawn, home, names
from figures.sources import reach
from figures.versions import OF_PICTURES, versions

NAMED = re.compile(r"(.+)-([0-9a-f]{8})\.svg")
WIDTH, INDENT = 118, 11
COPIED = ("template", "python", "redraw")
Figure = Mapping[str, Any]
Told = dict[str, Any]


def why(options: argparse.Namespace, told: Told) -> int:
    """Tell where the image comes from; 1 if that cannot be told, or if it is not as it was drawn."""
    path = _found(Path(options.why), output_of(options), told)
    if path is None:
        return 1
    data = path.read_bytes()
    origin = provenance.read(data)
    if origin is None:
        return _refuse(told, f"{shown(path)} is no figure drawn by this project, or one drawn before images told "
                             "their call")  # fmt: skip
    edited = _edited(path, data)
    if edited:
        _refuse(told, edited)
    record, folder = _record(path, output_of(options))
    lines = list(_lines(origin, record, _figure(origin, record, path.name), folder))
    told |= {"image": shown(path), "edited": bool(edited), "origin": dict(lines)}
    for label, text in () if options.json else lines:
        line = f"{label:<{INDENT}}{text}"
        # What is copied from here must stay one line.
        print(line if label in COPIED else textwrap.fill(line, WIDTH, subsequent_indent=" " * INDENT,
                                                         break_long_words=False, break_on_hyphens=False))  # fmt: skip
    return int(bool(edited))


def _found(path: Path, output: Path, told: Told) -> Path | None:
    """The file of this path, or of this name in the deck that was built."""
    for place in (path, output / path, output / "images" / path):
        if place.is_file():
            return place
    there = sorted(file.name for file in output.glob("images/*.svg"))
    # A figure's name alone will do where it has drawn one image.
    alike = [name for name in there if (match := NAMED.fullmatch(name)) and match[1] == path.name]
    if len(alike) == 1:
        return output / "images" / alike[0]
    near = difflib.get_close_matches(path.name, there, 1)
    hint = f"it is one of {', '.join(alike)}" if alike else f"did you mean {near[0]}?" if near else \
           f"{shown(output / 'images')} has {len(there) or 'none'}"  # fmt: skip
    _refuse(told, f"no image {str(path)!r}; {hint}")
    return None


def _refuse(told: Told, message: str) -> int:
    complain(message)
    told["faults"] = [fault(message)]
    return 1


def _edited(path: Path, data: bytes) -> str:
    """Whether the content is still what its name says."""
    match, digest = NAMED.fullmatch(path.name), hashlib.sha256(data).hexdigest()
    if match is None or digest.startswith(match[2]):
        return ""
    return f"{shown(path)} was edited since it was drawn: its content has the digest {digest[:8]}, not {match[2]}"


def _record(path: Path, output: Path) -> tuple[Figure | None, Path]:
    """The record of the build that the image lies in, or else of the deck's."""
    for folder in (path.absolute().parent.parent, output):
        if (record := unchanged.read(str(folder))) is not None and "figures" in record:
            return record, Path(record["circumstances"]["deck"])
    return None, Path()


def _figure(origin: Origin, record: Figure | None, name: str) -> Figure | None:
    """What the record has of this call: of this very image rather than of another that the same call drew."""
    if record is None:
        return None
    same = [figure for figure in record["figures"] if origin.key == provenance.key(provenance.described(
            figure["name"], figure["parameters"], figure["lang"], figure["palette"]))]  # fmt: skip
    return next((figure for figure in same if figure["image"] == name), same[0] if same else None)


def _lines(origin: Origin, record: Figure | None, figure: Figure | None, folder: Path) -> Iterator[tuple[str, str]]:
    """Label and text of everything that is known."""
    name, lang, palette = origin.name, origin.lang, origin.palette
    deck = _brought(name, folder)
    where = written.place(name, deck, offered=offered.offers(str(home(name, deck))))
    # What was too long for the image stands in the record whole.
    given = _chosen(name, origin.parameters if figure is None else figure["parameters"], deck)
    files = _files(record, figure, folder)
    of_deck = {digest: written.relative(path, folder) for digest, path in files.items()}
    yield "template", written.in_template(name, given, palette, of_deck)
    yield "python", written.in_python(name, given, lang, palette, files, where)
    if figure is not None:
        yield "place", figure["place"]
    yield "key", origin.key
    yield "sources", _sources(name, record, folder, deck)
    if figure is not None:
        yield "words", "; ".join(f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in
                                 sorted(figure["words"].items())) or "none"  # fmt: skip
    there = record["circumstances"]["versions"] if record is not None and figure is not None else versions(OF_PICTURES)
    yield "versions", ", ".join(f"{package} {version}" for package, version in there.items()) + (
        "" if figure is not None else " (those here; no record of its build lies beside it)")  # fmt: skip
    if figure is not None:
        yield "drawn in", f"{figure['seconds']} s"
    yield "licence", "; ".join(filter(None, (origin.licence or "its author's to say", origin.credit)))
    try:
        yield "redraw", written.command(name, given, lang, palette, files, where)
    except written.UnwritableError as error:
        whole = "the deck" if figure is None else shown(folder)
        yield "redraw", f"python build.py {whole}    ({error})"


def _brought(name: str, folder: Path) -> Path | None:
    """The deck's folder, if it brings the figure along: as the store knows, for nothing is run to tell."""
    deck = folder.resolve()
    if own.file(deck) is not None:
        know(deck, own.remembered(deck) or {})
    return deck if name in known(deck) else None


def _chosen(name: str, parameters: Mapping[str, Any], deck: Path | None) -> dict[str, Any]:
    """The parameters that are not the defaults, which need not be written."""

    def text(value: Any) -> str:
        return provenance.described("", {"": value}, "", "")

    if home(name, deck) is None:
        return dict(parameters)
    listed = known(deck)[name] if deck is not None else listed_of(drawn(name))
    defaults = {key: readable(default) for key, default in listed.defaults().items()
                if default is not REQUIRED and default is not UNSAID}  # fmt: skip
    return {key: value for key, value in parameters.items()
            if key not in defaults or text(value) != text(defaults[key])}  # fmt: skip


def _files(record: Figure | None, figure: Figure | None, folder: Path) -> dict[str, str]:
    """The files by digest that a parameter may be: the deck's own, and those that the drawing read."""
    if record is None or figure is None:
        return {}
    own = {digest: str(folder / name.removeprefix("deck:")) for name, digest in record["inputs"].items()
           if name.startswith("deck:")}  # fmt: skip
    return {**{digest: name for name, digest in figure["files"].items() if os.path.isabs(name)}, **own}


def _sources(name: str, record: Figure | None, folder: Path, deck: Path | None) -> str:
    module = home(name, deck)
    if module is None:
        near = difflib.get_close_matches(name, names(), 1)
        return f"no figure {name!r} here" + (f"; did you mean {near[0]!r}?" if near else "")
    paths = {input_name(path, folder): path for path in (*reach(module), *reach("figures.render"))}
    then = {} if record is None else record["inputs"]
    changed = {name for name, path in paths.items() if name in then and then[name] != file_digest(path)}
    return ", ".join(name + (" (changed since)" if name in changed else "") for name in sorted(paths))
