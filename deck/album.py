"""The images of one language of a deck, gathered while its template is filled."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deck.faults import DeckError, Fault, calling_line, described, shown
from deck.markup import Facts, Image
from deck.template import Template

SUFFIXES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")


class Album:
    """Every image by the call that made it, the files to write, and the faults found on the way."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.images: dict[str, Image] = {}
        self.files: dict[str, bytes] = {}
        self._data: dict[str, bytes] = {}
        self.faults: list[Fault] = []
        self.drawn = self.reused = self.blanks = 0

    def add(self, call: str, image: Image, data: bytes, reused: bool) -> None:
        """Enter a figure; a call that is repeated is one figure."""
        if call not in self.images:
            self.drawn, self.reused = self.drawn + (not reused), self.reused + reused
            self.images[call], self._data[call] = image, data

    def shown(self, call: str) -> Image:
        """The image of a call that the template does reach: only its file is written."""
        image = self.images[call]
        self.files[Path(image.src).name] = self._data[call]
        return image

    def blank(self, name: str) -> Image:
        """Stands for an image that could not be made, so that the faults after it are found as well."""
        self.blanks += 1
        return Image("", "", 1, 1, Facts(name, {}))

    @contextmanager
    def blame(self) -> Iterator[None]:
        """Note an error with the line of the template that led to it, and go on."""
        try:
            yield
        except Exception as error:
            self.faults.append(Fault(*calling_line(), described(error), error))

    def check(self) -> None:
        """Raise what was found."""
        if self.faults:
            raise DeckError(self.faults)

    def image_function(self, template: Template) -> Callable[..., Image]:
        """`image(path, alt=…, width=…, height=…)` as a template calls it: a picture file of the deck's own."""

        def image(path: str, *, alt: str, width: int, height: int | None = None) -> Image:
            with self.blame():
                file = _existing(template.deck, path)
                data = file.read_bytes()
                stem = re.sub(r"[^A-Za-z0-9_]+", "-", file.stem).strip("-") or "image"  # safe in any address
                filename = f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}{file.suffix.lower()}"
                self.files[filename] = data
                return Image(f"images/{filename}", alt, width, height, Facts(path, {})).checked()
            return self.blank(path)

        return image


def _existing(deck: Path, path: str) -> Path:
    file = deck / path
    if not file.is_file():
        pictures = [p.relative_to(deck).as_posix() for p in deck.rglob("*") if p.suffix.lower() in SUFFIXES]
        near = difflib.get_close_matches(path, pictures, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"the deck has {', '.join(sorted(pictures)) or 'no picture'}"
        raise ValueError(f"image: no file {path!r} in {shown(deck)}; {hint}")
    if file.suffix.lower() not in SUFFIXES:
        raise ValueError(f"image: {path!r} is no picture that a browser shows; use one of {', '.join(SUFFIXES)}")
    return file
