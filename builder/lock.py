"""`slides.lock`: the digest of every image and of the Markdown of each language, and the versions they were made under.

A lock follows from the record of a build alone, as lines that a comparison of texts shows well.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from builder import unchanged
from deck.faults import DeckError, Fault
from figures import provenance

FORMAT = 1
HEAD = "# What `python build.py --lock` built. `python build.py --locked` builds it again from nothing and compares.\n"
DIGEST = re.compile(r"[0-9a-f]{64}")
NAMED = re.compile(r"(.+)-[0-9a-f]{8}(\.[a-z]+)")


class File(NamedTuple):
    """A locked file. `call` is the key of the call that drew it, "" for what is no figure."""

    digest: str
    call: str = ""


class Lock(NamedTuple):
    """The versions, and the files of each language by their name."""

    versions: Mapping[str, str]
    files: Mapping[str, Mapping[str, File]]


class Difference(NamedTuple):
    """A file that is not as it was locked; `was` or `now` is "" where it was not there or is not any more."""

    language: str
    was: str
    now: str


def of(record: Mapping[str, Any]) -> Lock:
    """The lock of a build, from its record."""
    outputs = record["outputs"]
    calls = {f"images/{figure['image']}": _call(figure) for figure in record["figures"]}
    files = {}
    for page, images in record["pages"].items():
        language = page.split(".")[1]
        files[language] = {name: File(outputs[name], calls.get(name, "")) for name in sorted({page, *images})}
    circumstances = record["circumstances"]
    python = ".".join(circumstances["python"].split()[0].split(".")[:2])
    return Lock(dict(sorted({**circumstances["versions"], "python": python}.items())), files)


def text(lock: Lock) -> str:
    """The lock as TOML, a line a file."""
    lines = [HEAD, f"format = {FORMAT}\n\n[versions]\n", *(f"{_quoted(k)} = {_quoted(v)}\n"
                                                           for k, v in sorted(lock.versions.items()))]  # fmt: skip
    for language, files in sorted(lock.files.items()):
        lines.append(f"\n[files.{_quoted(language)}]\n")
        for name, file in sorted(files.items()):
            call = f", call = {_quoted(file.call)}" if file.call else ""
            lines.append(f"{_quoted(name)} = {{ sha256 = {_quoted(file.digest)}{call} }}\n")
    return "".join(lines)


def read(deck: Path) -> Lock:
    """The lock of a deck.

    Raises
    ------
    DeckError
        There is none, it is no TOML, it is of another format, or something in it is not what `text` writes.
    """
    path = deck / unchanged.LOCK
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _error(path, "no such file; `python build.py --lock` writes it") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise _error(path, f"no lock file: {error}", int(line[1]) if line else 0) from None
    except UnicodeDecodeError:
        raise _error(path, "no lock file: not UTF-8") from None
    if data.get("format") != FORMAT:
        there = f"format {data['format']!r}" if "format" in data else "no format"
        raise _error(path, f"{there}, this version reads format {FORMAT}; `python build.py --lock` writes it anew")
    versions, files = data.get("versions"), data.get("files")
    if not isinstance(versions, dict) or not all(isinstance(version, str) for version in versions.values()):
        raise _error(path, "no table [versions] of texts")
    if not isinstance(files, dict) or not files or not all(isinstance(table, dict) for table in files.values()):
        raise _error(path, "no table [files.LANGUAGE]")
    return Lock(versions, {language: {name: _file(path, name, value) for name, value in table.items()}
                           for language, table in files.items()})  # fmt: skip


def differences(lock: Lock, found: Lock) -> list[Difference]:
    """Every file that differs, is missing or is new, in the order of languages and names."""
    return [difference for language in sorted({*lock.files, *found.files})
            for difference in _compared(language, lock.files.get(language, {}), found.files.get(language, {}))]


def other_versions(lock: Lock, found: Lock) -> list[str]:
    """The versions that are not those of the lock, each as a phrase."""
    names = sorted({*lock.versions, *found.versions})
    pairs = [(name, lock.versions.get(name, "none"), found.versions.get(name, "none")) for name in names]
    return [f"{name} {was} → {now}" for name, was, now in pairs if was != now]


def _compared(language: str, was: Mapping[str, File], now: Mapping[str, File]) -> list[Difference]:
    old = [name for name in was if was[name].digest != now.get(name, File("")).digest]
    new = [name for name in now if now[name].digest != was.get(name, File("")).digest]
    found = []
    # An image's name changes with its content. The same call has drawn it again, or a call that has been edited.
    for alike in (_call_of, _stem_of):
        for name in list(old):
            fits = [other for other in new if alike(other, now[other]) == alike(name, was[name]) != ""]
            if fits:
                found.append(Difference(language, name, fits[0]))
                old.remove(name)
                new.remove(fits[0])
    found += [Difference(language, name, "") for name in old] + [Difference(language, "", name) for name in new]
    return sorted(found, key=lambda difference: difference.was or difference.now)


def _call_of(name: str, file: File) -> str:
    return file.call


def _stem_of(name: str, file: File) -> str:
    match = NAMED.fullmatch(name)
    return match[1] + match[2] if match else name


def _call(figure: Mapping[str, Any]) -> str:
    call = provenance.described(figure["name"], figure["parameters"], figure["lang"], figure["palette"])
    return provenance.key(call)[:16]


def _file(path: Path, name: str, value: Any) -> File:
    known: Sequence[str] = ("sha256", "call")
    fits = isinstance(value, dict) and {*value} <= {*known} and all(isinstance(part, str) for part in value.values())
    if not fits or not DIGEST.fullmatch(value.get("sha256", "")):
        raise _error(path, f"{name!r} has no sha256 of 64 hexadecimal digits")
    return File(value["sha256"], value.get("call", ""))


def _quoted(text: str) -> str:
    # What JSON escapes TOML reads the same way, but for DEL, which JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _error(path: Path, message: str, line: int = 0) -> DeckError:
    return DeckError([Fault(path, line, message)])
