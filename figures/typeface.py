"""The typefaces of slides and figures: files of the packages font-source-sans-pro and matplotlib."""

from __future__ import annotations

from pathlib import Path

import font_source_sans_pro

from figures.used import located

FACES = {"Regular": (400, "normal"), "Semibold": (600, "normal"), "Bold": (700, "normal"),
         "It": (400, "italic"), "SemiboldIt": (600, "italic")}  # fmt: skip


def slide_fonts() -> dict[str, Path]:
    """The files that a deck's theme names, by file name: the typeface, and a fixed-width one for code."""
    code = located("matplotlib:mpl-data/fonts/ttf/DejaVuSansMono.ttf")
    return {path.name: path for path in (*font_files().values(), code)}


def font_files() -> dict[str, Path]:
    """The file of each face."""
    folder = Path(font_source_sans_pro.font_directory)
    return {face: folder / f"SourceSansPro-{face}.ttf" for face in FACES}
