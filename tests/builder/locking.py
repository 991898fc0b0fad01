"""A small deck that is locked, and what its tests ask of it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from builder.command import main

SLIDES = """\
---
marp: true
---
{{ figure("max_pooling") }}
{{ figure("dropout") }}
{{ image("dot.png", alt="Un point.", width=10) }}
Des mots.
"""


def filled(folder: Path) -> Path:
    """The deck in a folder: two figures, a picture of its own, some words."""
    (folder / "slides.fr.md.j2").write_text(SLIDES, encoding="utf-8")
    Image.new("RGB", (10, 10)).save(folder / "dot.png")
    return folder


def built(deck: Path, *options: str) -> int:
    """The exit status of a build."""
    return main([str(deck), "-j", "1", *options])


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its content and the time of its last change."""
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
