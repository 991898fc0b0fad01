"""The images of one language of a deck, gathered while its template is filled."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deck.faults import DeckError, Fault, blamed, calling_line, shown
from deck.markup import Facts, Image
from deck.pictures import sound
from deck.template import Template
from deck.within import inside

SUFFIXES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")


class Album:
    """Every image by the call that made it, the names of the files that slides show, and the faults found."""

    def __init__(self, language: str, keep: Callable[[str, bytes], str]) -> None:
        self.language = language
        self._keep = keep
        self._images: dict[str, Image] = {}
        self._pictures: dict[str, bool] = {}
        self.files: set[str] = set()
        self.faults: list[Fault] = []
        self.blanks = 0

    def add(self, call: str, image: Image, data: bytes, *, picture: str, reused: bool) -> None:
        """Enter the image of a call; calls that mean one picture are one figure."""
        if call not in self._images:
            self._pictures.setdefault(picture, reused)
            self._keep(image.src, data)
            self._images[call] = image

    def count(self, reused: bool) -> int:
        """How many figures were reused, or drawn."""
        return sum(was is reused for was in self._pictures.values())

    def __contains__(self, call: str) -> bool:
        return call in self._images

    def shown(self, call: str) -> Image:
        """The image of a call that the template does reach: only its file is published."""
        image = self._images[call]
        self.files.add(image.src)
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
            self.faults.append(blamed(*calling_line(), error))

    def check(self) -> None:
        """Raise what was found."""
        if self.faults:
            raise DeckError(self.faults)

    def image_function(self, template: Template) -> Callable[..., Image]:
        """`image(path, alt=…, width=…, height=…)` as a template calls it: a picture file of the deck's own."""

        def image(path: str, *, alt: str, width: int, height: int | None = None) -> Image:
            with self.blame():
                Image("", alt, width, height, Facts(path, {})).checked()
                file = _existing(template.deck, path)
                data = file.read_bytes()
                sound(path, file.suffix.lower(), data)
                # Safe in any address, and short enough for any disk.
                stem = re.sub(r"[^A-Za-z0-9_]+", "-", file.stem).strip("-")[:60] or "image"
                filename = f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}{file.suffix.lower()}"
                source = self._keep(f"images/{filename}", data)
                self.files.add(source)
                return Image(source, alt, width, height, Facts(path, {}))
            return self.blank(path)

        return image


def _existing(deck: Path, path: str) -> Path:
    file = inside(deck, path)
    if not file.is_file():
        pictures = [p.relative_to(deck).as_posix() for p in deck.rglob("*") if p.suffix.lower() in SUFFIXES]
        near = [path.replace("\\", "/")] if path.replace("\\", "/") in pictures else \
            difflib.get_close_matches(path, pictures, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"the deck has {', '.join(sorted(pictures)) or 'no picture'}"
        raise ValueError(f"image: no file {path!r} in {shown(deck)}; {hint}")
    if file.suffix.lower() not in SUFFIXES:
        raise ValueError(f"image: {path!r} is no picture that a browser shows; use one of {', '.join(SUFFIXES)}")
    return file
