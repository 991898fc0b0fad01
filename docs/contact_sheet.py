"""Draw docs/contact-sheet.png, the deck at a glance, from the Markdown that `python build.py` wrote.

Needs Marp (`npm ci`) and Chromium, which Marp finds by itself or by the variable CHROME_PATH.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
COLUMNS, GAP, COLOURS = 4, 12, 256


def marp() -> list[str]:
    """The Marp command: of the variable MARP, of this project's node_modules, or of the PATH."""
    local = ROOT / "node_modules" / ".bin" / "marp"
    found = os.environ.get("MARP") or (str(local) if local.exists() else shutil.which("marp"))
    if not found:
        raise SystemExit("contact_sheet.py: no Marp CLI; `npm ci` in the project's folder gets it")
    return [found, "--allow-local-files", "--no-stdin"]


def browser() -> str:
    """The browser that takes the pictures."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise SystemExit("contact_sheet.py: no Chromium; install it, or name it in the variable CHROME_PATH")
    return found


def photographed(markdown: Path, folder: Path, scale: float = 1) -> list[Path]:
    """A PNG of each slide, in order."""
    command = [*marp(), str(markdown), "--images", "png", "--image-scale", str(scale), "-o", str(folder / "slide.png")]
    done = subprocess.run(command, env={**os.environ, "CHROME_PATH": browser()}, capture_output=True, text=True,
                          timeout=300, check=False)
    slides = sorted(folder.glob("slide.*.png"))
    if done.returncode or not slides:
        raise SystemExit(f"contact_sheet.py: Marp failed:\n{done.stderr}")
    return slides


def sheet(slides: list[Path]) -> Image.Image:
    """All slides side by side, in few enough colours for a small file."""
    thumbnails = [Image.open(path).convert("RGB") for path in slides]
    width, height = thumbnails[0].size
    rows = -(-len(thumbnails) // COLUMNS)
    total = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP), "#C9D1D9")
    for i, thumbnail in enumerate(thumbnails):
        row, column = divmod(i, COLUMNS)
        total.paste(thumbnail, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    # The usual median cut spends the colours on the whites and greys, and paints what is green in blue.
    return total.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)


def main() -> int:
    """Write the sheet and say how large it is."""
    line = argparse.ArgumentParser(prog="contact_sheet.py", description=__doc__.splitlines()[0])
    line.add_argument("markdown", nargs="?", type=Path, default=ROOT / "dist" / "introduction" / "slides.fr.md")
    line.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "contact-sheet.png")
    options = line.parse_args()
    if not options.markdown.is_file():
        print(f"contact_sheet.py: no {options.markdown}; `python build.py` writes it", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        sheet(photographed(options.markdown, Path(folder), 0.3)).save(options.output, optimize=True)
    print(f"{options.output.name}: {options.output.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
