"""The typeface of slides and figures: the files of the package font-source-sans-pro."""

from __future__ import annotations

from pathlib import Path

import font_source_sans_pro

FACES = {"Regular": (400, "normal"), "Semibold": (600, "normal"), "Bold": (700, "normal"),
         "It": (400, "italic"), "SemiboldIt": (600, "italic")}  # fmt: skip


def font_files() -> dict[str, Path]:
    """The file of each face."""
    folder = Path(font_source_sans_pro.font_directory)
    return {face: folder / f"SourceSansPro-{face}.ttf" for face in FACES}
