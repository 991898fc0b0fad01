"""The folder that a build leaves: images and fonts first, Markdown last, what nobody names any more after that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

# Only names that a build has given are ever removed: a figure's name and a digest.
OURS = re.compile(r".+-[0-9a-f]{8}\.[a-z]+")
USED = re.compile(r"images/([^\s\"')]+)")


def write(output: Path, pages: Mapping[str, str], images: Iterable[tuple[str, bytes]], fonts: Mapping[str, bytes],
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
    _remove_unused(output)


def _unless_same(path: Path, data: bytes, write_whole: Callable[[Path, bytes], None]) -> None:
    if not (path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data):
        write_whole(path, data)


def _remove_unused(output: Path) -> None:
    used: set[str] = set()
    for page in output.glob("slides.*.md"):
        used.update(USED.findall(page.read_text(encoding="utf-8")))
    for path in (output / "images").glob("*"):
        if path.name not in used and OURS.fullmatch(path.name):
            path.unlink(missing_ok=True)
