"""What a drawing takes besides its parameters, noted while it is drawn: sentences of the catalogue, and files.

The next build compares just these, so that a figure is drawn again when a word of its own changes and not when
another's does.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

BESIDE = "./"  # begins the name of a file in the folder of a deck with figures of its own, wherever that lies


class Used(NamedTuple):
    """The keys of the sentences, and the files, that were asked for since the noting began.

    Of the files that are opened those below `folder` count, where a figure of somebody's own has its data.
    Libraries count by their version, our own sources by their digest. Of `sources` the digest is known already, any
    other module that lies there counts as a file. What is `moving` is named from its folder.
    """

    words: set[str]
    files: set[str]
    folder: str | None
    sources: frozenset[str] = frozenset()
    moving: bool = False


_noting: ContextVar[Used | None] = ContextVar("noting", default=None)


@contextlib.contextmanager
def noted(folder: Path | None = None, sources: Iterable[Path] | None = None) -> Iterator[Used]:
    """Note what is used inside; of a deck that may lie anywhere, besides its `sources`."""
    if folder is not None:
        _listen()
    known = frozenset(map(str, sources or ()))
    used = Used(set(), set(), str(folder.absolute()) + os.sep if folder is not None else None, known,
                sources is not None)  # fmt: skip
    token = _noting.set(used)
    try:
        yield used
    finally:
        _noting.reset(token)


def word(key: str) -> None:
    """A sentence was asked for."""
    if (used := _noting.get()) is not None:
        used.words.add(key)


def packaged(package: str, path: str) -> Path:
    """A data file that an installed package brings; noted by the package's name: each environment has its own."""
    if (used := _noting.get()) is not None:
        used.files.add(f"{package}:{path}")
    return located(f"{package}:{path}")


def located(name: str, folder: Path | None = None) -> Path:
    """The file of a name as it was noted."""
    if name.startswith(BESIDE) and folder is not None:
        return folder / name.removeprefix(BESIDE)
    package, colon, path = name.partition(":")
    if not colon or len(package) == 1:  # a drive of Windows
        return Path(name)
    found = importlib.util.find_spec(package)
    places = list(found.submodule_search_locations or []) if found else []
    return Path(places[0] if places else package) / path


@functools.cache
def _listen() -> None:
    # The interpreter tells of every file that is opened, by whatever library: nothing has to be declared.
    sys.addaudithook(_opened)


def _opened(event: str, arguments: tuple[object, ...]) -> None:
    if event != "open" or (used := _noting.get()) is None or used.folder is None:
        return
    path, mode = arguments[0], arguments[1]
    reading = isinstance(mode, str) and not set(mode) & set("wax+")
    if reading and isinstance(path, (str, bytes, os.PathLike)):
        name = os.path.abspath(os.fsdecode(path))
        # Python's own reading of modules is covered by the digest of the sources.
        source = name in used.sources if used.moving else name.endswith(".py")
        if name.startswith(used.folder) and not source and not name.endswith(".pyc"):
            used.files.add(BESIDE + name[len(used.folder) :].replace(os.sep, "/") if used.moving else name)


@contextlib.contextmanager
def unnoted() -> Iterator[None]:
    """What is read inside counts in another way."""
    token = _noting.set(None)
    try:
        yield
    finally:
        _noting.reset(token)
