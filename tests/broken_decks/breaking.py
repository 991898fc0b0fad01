"""A small deck with one fault, and what must be said of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from builder.command import main

Content = str | bytes | Callable[[Path], object]  # a function makes what is no plain file
TEMPLATE = "slides.fr.md.j2"


class Broken(NamedTuple):
    """`place` is the file and line that must be blamed, "" where no file of the deck is; `nearest` the valid choice."""

    template: Content
    place: str
    said: str
    nearest: str = ""
    files: Mapping[str, Content] = {}
    options: tuple[str, ...] = ()


def write(folder: Path, files: Mapping[str, Content]) -> None:
    """Put files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)


def state(folder: Path) -> dict[str, bytes]:
    """Every file with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[str, dict[str, Any]]:
    """Run the command, which must fail: what a person is told, and what a program is."""
    capsys.readouterr()
    assert main(["talk", "-j", "1", "--json", *options]) == 1
    out, err = capsys.readouterr()
    return err, json.loads(out)


def is_told(deck: Path, broken: Broken, capsys: pytest.CaptureFixture[str]) -> None:
    """The fault is told in one line with its place, and what was built before stands, byte for byte."""
    write(deck, {**broken.files, TEMPLATE: broken.template})
    built = state(Path("dist"))
    assert built
    err, report = told(capsys, *broken.options)
    (fault,) = report["faults"]
    place = f"{fault['file']}:{fault['line']}" if fault["line"] else fault["file"] or ""
    assert place == (os.path.normpath(f"talk/{broken.place}") if broken.place else ""), err
    assert broken.said in fault["message"], err
    assert broken.nearest in (fault["hint"] or ""), err
    line = f"{place or 'build.py'}: {fault['message']}"
    assert line in err.splitlines(), err
    assert "Traceback" not in err
    assert len(line) < 300
    assert state(Path("dist")) == built


def each(broken: Mapping[str, Broken]) -> Callable[..., None]:
    """A test of every deck of a table."""

    @pytest.mark.parametrize("fault", broken)
    def test(deck: Path, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
        is_told(deck, broken[fault], capsys)

    return test
