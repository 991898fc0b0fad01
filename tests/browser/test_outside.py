"""What Chromium really reads from outside of the slides' folder, held against what deck/outside.py finds."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from deck.outside import outside_references

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).parents[2]
specification = importlib.util.spec_from_file_location("ways", ROOT / "tests" / "deck" / "test_outside.py")
ways = importlib.util.module_from_spec(specification)
specification.loader.exec_module(ways)

SIDE = 61  # no other picture has it
# Settings of the whole deck would show on every slide.
WAYS = {name: text for name, text in ways.OUTSIDE.items()
        if not any(sign in text for sign in ("backgroundImage:", "header:", "---", "@import", "example.org"))
        }  # fmt: skip


def pdf(folder: Path, *options: str) -> list[bool]:
    """Whether each slide of the PDF shows the picture from outside."""
    import pikepdf  # here, so that tests without a browser need none

    command = [str(ROOT / "node_modules" / ".bin" / "marp"), "--no-stdin", *options, "slides.md", "-o", "slides.pdf"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False,
                          env={**os.environ, "CHROME_PATH": os.environ.get("CHROME_PATH", "/usr/bin/chromium")})
    assert done.returncode == 0, done.stderr
    with pikepdf.open(folder / "slides.pdf") as file:
        return [_shows(page.get("/Resources")) for page in file.pages]


def _shows(resources: Any) -> bool:
    kinds = [resources.get(kind, {}) for kind in ("/XObject", "/Pattern")] if resources is not None else []
    drawn = [item for kind in kinds for item in kind.values()]
    return any(item.get("/Width") == SIDE or _shows(item.get("/Resources")) for item in drawn)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("outside")
    folder = root / "slides"
    (folder / "images").mkdir(parents=True)
    (folder / "linked").symlink_to(root)
    Image.new("RGB", (SIDE, SIDE), "red").save(root / "x.png")
    slides = []
    for number, text in enumerate(WAYS.values()):
        if text.startswith(("a ", "a::after")):  # a style: of this slide's link
            text = f"<style scoped>\n{text}\n</style>\n\n<a>style</a>"
        slides.append(f"# {number}\n\n{text}".replace("[r]", f"[r{number}]"))
    (folder / "slides.md").write_text("---\nmarp: true\n---\n\n" + "\n\n---\n\n".join(slides), encoding="utf-8")
    return folder


def test_what_chromium_reads_from_outside_is_found(folder: Path) -> None:
    read = [name for name, shown in zip(WAYS, pdf(folder, "--allow-local-files"), strict=True) if shown]
    assert len(read) > 15, read  # otherwise this tests nothing
    for name in read:
        assert outside_references(WAYS[name], folder), name


def test_without_the_flag_nothing_is_read(folder: Path) -> None:
    assert not any(pdf(folder))
