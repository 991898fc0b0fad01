"""What was exported from what: a file beside the deck, so that only what has changed is converted again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
# What makes the files: a change in one of these and all are made again.
MAKERS = ("marp.config.cjs", "exports.py", "conversions.py", "page.py", "pdf.py", "pptx.py")


def digest(data: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(data).hexdigest()


def makers() -> str:
    """A digest of the code that makes the files."""
    return digest(b"".join((HERE / name).read_bytes() for name in MAKERS))


class Record:
    """The exports of one Markdown file, by kind. A record that cannot be read is none."""

    def __init__(self, markdown: Path) -> None:
        self.folder = markdown.parent
        self.path = self.folder / f".{markdown.stem}.exports.json"
        self.kinds: dict[str, dict[str, Any]] = {}
        self._seen: dict[str, str] = {}  # all kinds show the same files, which are read once
        with contextlib.suppress(OSError, ValueError):
            read = json.loads(self.path.read_bytes())
            self.kinds = {kind: entry for kind, entry in read.items() if isinstance(entry, dict)}

    def fresh(self, kind: str, key: str) -> list[Path] | None:
        """The files of a kind, if they are those that `key` gave and nothing that they show has changed."""
        entry = self.kinds.get(kind, {})
        if entry.get("key") != key:
            return None
        with contextlib.suppress(OSError, TypeError, AttributeError):
            needs, files = entry["needs"].items(), entry["files"].items()
            if files and all(self._digest(name) == seen for name, seen in (*needs, *files)):
                return [self.folder / name for name, _ in files]
        return None

    def _digest(self, name: str) -> str:
        if name not in self._seen:
            self._seen[name] = digest((self.folder / name).read_bytes())
        return self._seen[name]

    def enter(self, kind: str, key: str, needs: Mapping[str, str], files: Sequence[tuple[str, bytes]]) -> list[Path]:
        """Write the files of a kind, forget those it had before, and note both."""
        for name, data in files:
            write_whole(self.folder / name, data)
        new = {name: digest(data) for name, data in files}
        for name, seen in self.kinds.get(kind, {}).get("files", {}).items():
            with contextlib.suppress(OSError):
                if name not in new and digest((self.folder / name).read_bytes()) == seen:
                    (self.folder / name).unlink()
        self.kinds[kind] = {"key": key, "needs": dict(needs), "files": new}
        write_whole(self.path, json.dumps(self.kinds, indent=1, sort_keys=True).encode())
        return [self.folder / name for name in new]


def needed(folder: Path, paths: Iterable[str], began: float) -> dict[str, str]:
    """The digest of each file that a deck shows; none for one that changed since the conversion began."""
    return {path: digest((folder / path).read_bytes()) if (folder / path).stat().st_mtime < began else "changed"
            for path in sorted(set(paths))}


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, then rename: whoever reads `path` sees the earlier file or the later one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)  # the temporary file was its owner's alone
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
