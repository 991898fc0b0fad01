"""What was computed before, under the digest of all that decided it: one folder for every checkout of a user.

Each entry is one file, written beside and renamed, that begins with the digest of its content: builds may share the
folder, and one that was cut or altered is noticed when it is read. An entry that was read or written lately is young;
`prune` drops the oldest.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

VARIABLE = "FIGURES_CACHE"
LIMIT = 2**30  # bytes
HOUR = 3600.0  # s
KINDS = ("calls", "uses", "pictures", "results", "outlines", "listings")


class DamagedEntry(UserWarning):
    """An entry of the store that is not what was written."""


def root() -> Path:
    """The store's folder: of the variable FIGURES_CACHE, or the user's cache folder."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen).absolute()
    from platformdirs import user_cache_path

    return user_cache_path("executable-figures", appauthor=False)


def place(kind: str, key: str) -> Path:
    """Where an entry stands."""
    return root() / kind / key[:2] / key[2:]


def get(kind: str, key: str) -> bytes | None:
    """The content of an entry, if it is there and whole."""
    path = place(kind, key)
    try:
        data = path.read_bytes()
    except OSError:
        return None
    content = data[32:]
    if data[:32] != hashlib.sha256(content).digest():
        warnings.warn(f"{path}: damaged, made again", DamagedEntry, stacklevel=2)
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return content


def keep(kind: str, key: str, content: bytes) -> None:
    """Remember, if that can be: a read-only or full store slows a build and does not stop it."""
    with contextlib.suppress(OSError):
        write_whole(place(kind, key), hashlib.sha256(content).digest() + content)


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, then rename: whoever reads `path` sees the earlier file or the later one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class Entry(NamedTuple):
    """A file of the store: when it was last used, how large it is."""

    used: float
    size: int
    path: Path


def entries() -> Iterator[Entry]:
    """Every file of the store, left-overs of writers that were killed among them."""
    for kind in KINDS:
        for path in (root() / kind).rglob("*"):
            with contextlib.suppress(OSError):
                found = path.stat()
                if path.is_file():
                    yield Entry(found.st_mtime, found.st_size, path)


def prune(limit: int = LIMIT) -> int:
    """Drop what was used least recently, until the rest is no larger than `limit` bytes; return what went, in bytes."""
    gone = 0
    found = sorted(entries())
    excess = sum(entry.size for entry in found) - limit
    for entry in found:
        abandoned = entry.path.suffix == ".part" and entry.used < time.time() - HOUR
        if abandoned or gone < excess:
            with contextlib.suppress(OSError):
                entry.path.unlink()
                gone += entry.size
    return gone
