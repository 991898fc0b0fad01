"""Time our exports beside bare Marp on the same Markdown, by turns: `python -m benchmarks.exports`.

Ours is a whole Python process, from its start to the written file, after a change of text; so is Marp's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.processes import timed
from deck.conversions import KINDS, OPTIONS, SUFFIX
from deck.marp import find_browser, find_marp

ROOT = Path(__file__).resolve().parent.parent
OURS = "import sys, pathlib; from deck.exports import export; export(pathlib.Path(sys.argv[1]), sys.argv[2].split(','))"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=(__doc__ or "").partition(":")[0])
    line.add_argument("markdown", nargs="?", type=Path, default=ROOT / "dist" / "introduction" / "slides.fr.md")
    line.add_argument("--kinds", nargs="+", choices=KINDS, default=["html", "pdf"], metavar="KIND",
                      help="of html, pdf, pptx and images (default: html pdf)")
    line.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds (default: %(default)s)")
    return line


def bare(kind: str, markdown: Path) -> list[str]:
    """Marp's own command for a kind of file."""
    target = markdown.with_name(f"bare{SUFFIX.get(kind, f'.{kind}')}")
    allow = [] if kind == "html" else ["--allow-local-files"]
    return [*find_marp().command, "--no-stdin", *allow, *OPTIONS[kind], str(markdown), "-o", str(target)]


def rounds(markdown: Path, kinds: Sequence[str], repeat: int) -> dict[tuple[str, str], list[float]]:
    """The seconds of each kind and of all together; Marp and ours take turns at being first."""
    environment = {**os.environ, "CHROME_PATH": find_browser().command[0], "PYTHONPATH": str(ROOT)}
    ours = [sys.executable, "-c", OURS, str(markdown)]
    found: dict[tuple[str, str], list[float]] = {}
    for number in range(-1, repeat):  # the first warms the disk and is forgotten
        for kind in (*kinds, "unchanged"):
            asked = ",".join(kinds) if kind == "unchanged" else kind
            if kind != "unchanged":
                markdown.write_text(f"{markdown.read_text(encoding='utf-8')}\n\n{number}", encoding="utf-8")
            else:
                timed([*ours, asked], ROOT, environment)
            pair = [("ours", [*ours, asked]), *([("Marp", bare(kind, markdown))] if kind != "unchanged" else [])]
            for who, command in pair if number % 2 else reversed(pair):
                seconds = timed(command, ROOT, environment).seconds
                if number >= 0:
                    found.setdefault((kind, who), []).append(seconds)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table."""
    options = parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(options.markdown.parent, Path(temporary) / "deck"))
        (folder / f".{options.markdown.stem}.exports.json").unlink(missing_ok=True)
        found = rounds(folder / options.markdown.name, options.kinds, options.repeat)
    print("| kind | ours, median s | fastest | bare Marp, median s | fastest | added, median of rounds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for kind in (*options.kinds, "unchanged"):
        ours, marp = found[kind, "ours"], found.get((kind, "Marp"), [])
        added = [a - b for a, b in zip(ours, marp, strict=False)]
        cells = [f"{statistics.median(row):.2f} | {min(row):.2f}" if row else "– | –" for row in (ours, marp)]
        print(f"| {kind} | {' | '.join(cells)} | {f'{statistics.median(added):+.2f}' if added else '–'} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
