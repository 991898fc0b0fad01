"""Files of a deck that are missing, damaged, of another kind or encoding, or elsewhere."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from breaking import TEMPLATE, Broken, Content, each, is_told
from PIL import Image

SHOWN = '\n{{ image("logo.png", alt="a", width=9) }}'
DRAWN = SHOWN.replace("png", "svg")


def picture(kind: str = "PNG", size: int = 64) -> bytes:
    data = io.BytesIO()
    Image.linear_gradient("L").resize((size, size)).save(data, kind)
    return data.getvalue()


def declared(width: int, height: int) -> bytes:
    """The head of a PNG of any size, and nothing after it."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    head = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + head + struct.pack(">I", 9) + b"IDAT"


def logo(content: Content, name: str = "logo.png") -> dict[str, Content]:
    return {name: content}


def shown(said: str, content: Content, hint: str = "") -> Broken:
    """A slide with a logo that is wrong."""
    return Broken(SHOWN, "slides.fr.md.j2:2", said, hint, logo(content))


def drawn(said: str, content: Content) -> Broken:
    return Broken(DRAWN, "slides.fr.md.j2:2", said, "", logo(content, "logo.svg"))


BROKEN = {
    "a picture that is missing": Broken('{{ image("lgo.png", alt="a", width=9) }}', "slides.fr.md.j2:1",
                                        "image: no file 'lgo.png' in talk", "did you mean 'logo.png'?",
                                        logo(picture())),
    "a picture by a path of Windows": Broken(r'{{ image("a\\logo.png", alt="a", width=9) }}', "slides.fr.md.j2:1",
                                             "no file 'a", "did you mean 'a/logo.png'?", {"a/logo.png": picture()}),
    "an empty picture": shown("image: 'logo.png' is an empty file", b""),
    "a picture that is cut off": shown("image: 'logo.png' is damaged", picture()[:len(picture()) // 2], "save it anew"),
    "a picture of noise": shown("image: 'logo.png' is no picture", b"\1\2\3" * 99, "save it anew"),
    "a picture under a wrong suffix": shown("image: 'logo.png' is a JPEG by its content", picture("JPEG")),
    "a picture of too many pixels": shown("8,000 × 8,000 pixels; 50,000,000 is the most", declared(8000, 8000)),
    "a picture of absurdly many pixels": shown("far too many pixels", declared(200_000, 200_000)),
    "a picture of too many bytes": shown("has 50,000,001 bytes", b"\0" * 50_000_001),
    "an SVG that is cut off": drawn("is no SVG: ", b"<svg xmlns='http://www.w3.org/2000/svg'><g>"),
    "an SVG that is HTML": drawn("begins with <html>", b"<html><body/></html>"),
    "an SVG that grows": drawn("defines entities", b"<!DOCTYPE a [<!ENTITY b 'c'>]><svg>&b;</svg>"),
    "a picture that is a folder": shown("no file 'logo.png'", Path.mkdir),
    "a picture that is a dangling link": shown("no file 'logo.png'", lambda path: path.symlink_to("nowhere.png")),
    "a picture that is no picture": Broken('{{ image("a.txt", alt="a", width=9) }}', "slides.fr.md.j2:1",
                                           "'a.txt' is no picture", "use one of", {"a.txt": "a"}),
    "a picture from outside": Broken('{{ image("../x.png", alt="a", width=9) }}', "slides.fr.md.j2:1",
                                     "lies outside of the deck's folder", "copy the file"),
    "a picture by a link that leads outside": shown("lies outside", lambda path: path.symlink_to("/etc/hosts")),
    "Latin-1": Broken("# A\nun été".encode("latin-1"), "slides.fr.md.j2:2", "not UTF-8: byte 0xE9",
                      "save the file as UTF-8"),
    "UTF-16": Broken("# Un\n".encode("utf-16"), "slides.fr.md.j2:1", "not UTF-8", "save the file as UTF-8"),
    "a NUL byte": Broken(b"# A\n\nb\0c\n", "slides.fr.md.j2:3", "not UTF-8: byte 0x00", "save the file as UTF-8"),
    "an include in Latin-1": Broken("{% include 'a.md' %}", "a.md:1", "not UTF-8: byte 0xE9",
                                    files={"a.md": "é".encode("latin-1")}),
    "an include that is a folder": Broken("# A\n{% include 'a' %}", "slides.fr.md.j2:2", "is no file",
                                          files={"a": Path.mkdir}),
    "an include that is too large": Broken("# A\n{% include 'a' %}", "slides.fr.md.j2:2", "10,000,001 bytes",
                                           files={"a": b"a" * 10_000_001}),
    "links in a circle": Broken("# A\n{% include 'a' %}", "slides.fr.md.j2:2", "'a' is no path", files={
        "a": lambda path: path.symlink_to("a")}),
}  # fmt: skip

test_one_fault_is_told_and_the_last_deck_stays = each(BROKEN)


INSTEAD = {
    "a folder": (Path.mkdir, "a folder, and no template"),
    "a pipe": (os.mkfifo, "a device, and no template"),
    "a dangling link": (lambda path: path.symlink_to("nowhere"), "a link to nowhere, where there is nothing"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "a link to slides.fr.md.j2, where there is nothing"),
}


@pytest.mark.parametrize("kind", INSTEAD)
def test_what_stands_instead_of_a_template(deck: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    (deck / TEMPLATE).unlink()
    make, said = INSTEAD[kind]
    is_told(deck, Broken(make, TEMPLATE, said), capsys)


def test_a_template_that_cannot_be_read(
    deck: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def refusing(path: Path) -> bytes:
        if path.name == TEMPLATE:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", refusing)
    is_told(deck, Broken("# A", TEMPLATE, "cannot be read: Permission denied"), capsys)


def test_a_template_under_a_misspelt_name(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deck / TEMPLATE).rename(deck / "slide.fr.md.j2")

    def nothing(path: Path) -> None:
        pass

    is_told(deck, Broken(nothing, TEMPLATE, "'slide.fr.md.j2' would be one if it were named so"), capsys)
