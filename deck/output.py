"""The folder that a build leaves: images and fonts first, Markdown last, what nobody names any more after that."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from filelock import FileLock, Timeout

# Only names that a build has given are ever removed: a figure's name and a digest.
OURS = re.compile(r".+-([0-9a-f]{8})\.[a-z]+")
USED = re.compile(r"images/([^\s\"'()<>&?#]+)")
DRAFT = ".draft"
Write = Callable[[Path, bytes], None]


@contextlib.contextmanager
def alone(output: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Build into `output` as the only one; `waiting` is called if another build has to end first."""
    # Not in the folder itself, where it would be litter; the system frees it when its process ends, however that ends.
    # By whatever links, drives or letters it is named: one folder, one lock.
    whole = os.path.normcase(output.resolve())
    name = hashlib.sha256(os.fsencode(whole)).hexdigest()[:16]
    lock = FileLock(Path(tempfile.gettempdir()) / f"figures-build-{_user()}-{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def refusal(output: Path, deck: Path) -> str:
    """Why a folder cannot be written, in words, before anything is tried; "" if it may."""
    if output.resolve() == deck.resolve():
        return "the deck's own folder, which holds what is written by hand; write into another, such as -o dist"
    for place in (output, *output.parents):
        if place.is_symlink() and not place.exists():
            return f"{place} is a link to {os.readlink(place)}, where there is nothing"
        if place.exists():
            return "" if place.is_dir() else f"{place} is a file, and no folder to write into"
    return ""


class Draft:
    """The files of the deck that is being built, beside those of the last one until `publish` puts them in place."""

    def __init__(self, output: Path, write_whole: Write) -> None:
        self.output = output
        self._write = write_whole
        self._folder = output / DRAFT
        self._digests: dict[str, str] = {}
        self._new = not output.exists()
        self.discard()  # what a killed build left

    def add(self, name: str, data: bytes) -> str:
        """Take a file, by its name below the output folder; its bytes need not be kept any longer."""
        if name not in self._digests:
            if not _is(self.output / name, data):
                self._write(self._folder / name, data)
            self._digests[name] = hashlib.sha256(data).hexdigest()
        return name

    def publish(self, pages: Mapping[str, str], names: set[str]) -> dict[str, str]:
        """Put the files of these names in their place, then the Markdown of each language.

        Returns the digest of each file of the deck by its name.
        """
        for name in sorted(names):
            if (self._folder / name).is_file():
                (self.output / name).parent.mkdir(exist_ok=True)
                os.replace(self._folder / name, self.output / name)
        for name, markdown in pages.items():
            data = markdown.encode("utf-8")
            if not _is(self.output / name, data):
                self._write(self.output / name, data)
            self._digests[name] = hashlib.sha256(data).hexdigest()
        return {name: self._digests[name] for name in sorted({*names, *pages})}

    def discard(self) -> None:
        """Forget the draft: what stood there stands."""
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._new:
            with contextlib.suppress(OSError):  # it holds a deck by now
                self.output.rmdir()

    def clear(self) -> None:
        """Remove what no slide shows any more, and what killed builds left."""
        self.discard()
        used = _used(self.output)
        for path in (self.output / "images").glob("*"):
            if path.name not in used and _ours(path):
                path.unlink(missing_ok=True)
        for folder in (self.output, self.output / "images", self.output / "fonts"):
            for path in folder.glob(".*.part"):  # of a writer that was killed
                path.unlink(missing_ok=True)


def _is(path: Path, data: bytes) -> bool:
    with contextlib.suppress(OSError):
        return path.stat().st_size == len(data) and path.read_bytes() == data
    return False


def _used(output: Path) -> set[str]:
    """The images that a Markdown file, or an HTML file made from an earlier one, still names."""
    pages = [*output.glob("slides.*.md"), *output.glob("slides.*.html")]
    texts = (page.read_text(encoding="utf-8", errors="replace") for page in pages)
    return {name for text in texts for name in USED.findall(text)}


def _ours(path: Path) -> bool:
    """Whether a build wrote a file, which its name tells: other files are nobody's to remove."""
    named = OURS.fullmatch(path.name)
    if named is None or not path.is_file():
        return False
    with contextlib.suppress(FileNotFoundError):
        return hashlib.sha256(path.read_bytes()).hexdigest().startswith(named[1])
    return False
