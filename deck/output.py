"""The folder that a build leaves: images and fonts first, Markdown last, what nobody names any more after that."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# Only names that a build has given are ever removed: a figure's name and a digest.
OURS = re.compile(r".+-([0-9a-f]{8})\.[a-z]+")
USED = re.compile(r"images/([^\s\"')]+)")


def write(output: Path, pages: Mapping[str, str], images: Sequence[tuple[str, bytes]], fonts: Mapping[str, bytes],
          write_whole: Callable[[Path, bytes], None]) -> None:
    """Write a deck so that it is whole at every instant.

    Parameters
    ----------
    output : Path
        The deck's folder, made if needed.
    pages : mapping
        The Markdown of each language.
    images, fonts
        Files for the folders `images` and `fonts`, by name.
    write_whole : callable
        Writes one file at once: whoever reads it sees the earlier one or the later one.
    """
    for folder, files in (("fonts", fonts.items()), ("images", images)):
        for name, data in files:
            _unless_same(output / folder / name, data, write_whole)
    for language, markdown in pages.items():
        _unless_same(output / f"slides.{language}.md", markdown.encode("utf-8"), write_whole)
    for name, data in images:  # another build may have removed one before our Markdown named it
        _unless_same(output / "images" / name, data, write_whole)
    _remove_unused(output, write_whole)


def _unless_same(path: Path, data: bytes, write_whole: Callable[[Path, bytes], None]) -> None:
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return
    write_whole(path, data)


def _remove_unused(output: Path, write_whole: Callable[[Path, bytes], None]) -> None:
    used, removed = _used(output), {}
    for path in (output / "images").glob("*"):
        if path.name not in used and (data := _ours(path)) is not None:
            path.unlink(missing_ok=True)
            removed[path] = data
    used = _used(output)
    for path, data in removed.items():
        if path.name in used:  # by a build that ran meanwhile
            write_whole(path, data)


def _used(output: Path) -> set[str]:
    pages = (page.read_text(encoding="utf-8", errors="replace") for page in output.glob("slides.*.md"))
    return {name for page in pages for name in USED.findall(page)}


def _ours(path: Path) -> bytes | None:
    """The content of a file that a build wrote, which its name tells: other files are nobody's to remove."""
    named = OURS.fullmatch(path.name)
    if named is None or not path.is_file():
        return None
    with contextlib.suppress(FileNotFoundError):
        data = path.read_bytes()
        return data if hashlib.sha256(data).hexdigest().startswith(named[1]) else None
    return None
