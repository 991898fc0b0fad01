"""A page for every figure, with its calls, drawings and facts: Markdown for the documents' site.

python -m builder.gallery              into docs/gallery/
python -m builder.gallery -o DIR       elsewhere
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from builder.arguments import HERE
from builder.drawing import draw_all
from builder.gallery_pages import index, page
from figures import assets, store
from figures.assets import Asset
from figures.registry import FigureCall, home, names

LANGUAGE = "en"
PALETTES = ("light", "dark")


class Example(NamedTuple):
    """A call that the gallery shows. `shows` says what is to be seen, in a sentence; of the defaults, nothing.

    The one with `card` stands for its figure on the page of all.
    """

    name: str
    parameters: Mapping[str, Any]
    shows: str = ""
    card: bool = False


class Shown(NamedTuple):
    """An example as it was drawn, on light and on dark."""

    example: Example
    light: Asset
    dark: Asset


def examples(path: Path) -> list[Example]:
    """The calls of a file as `docs/gallery.toml`, each figure's defaults first.

    Raises
    ------
    ValueError
        A figure that there is not.
    """
    stock = [name for name in names() if str(home(name)).startswith("figures.")]
    chosen = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := sorted(set(chosen) - set(stock)):
        raise ValueError(f"{path.name}: no figure {unknown[0]!r}; there are {', '.join(stock)}")
    return [example for name in stock for example in
            [Example(name, {}), *(Example(name, **one) for one in chosen.get(name, []))]]


def drawn(wanted: Sequence[Example], *, jobs: int = 2) -> list[Shown]:
    """The examples with their drawings: from the store what is there, the others drawn side by side and kept.

    Raises
    ------
    DrawingError, ValueError, TypeError
        What is wrong with a call.
    """
    calls = [assets.bound(example.name, example.parameters, lang=LANGUAGE, palette=palette)
             for example in wanted for palette in PALETTES]  # fmt: skip
    found = [assets.stored(call) for call in calls]
    missing = [place for place, asset in enumerate(found) if asset is None]
    for place, outcome in draw_all([calls[place] for place in missing], jobs=jobs):
        found[missing[place]] = _kept(outcome, calls[missing[place]])
    whole = [asset for asset in found if asset is not None]
    return [Shown(example, *pair) for example, pair in
            zip(wanted, zip(whole[::2], whole[1::2], strict=True), strict=True)]


def _kept(outcome: Asset | Exception, call: FigureCall) -> Asset:
    if isinstance(outcome, Exception):
        outcome.add_note(f"gallery: {call.name}({dict(call.parameters)})")
        raise outcome
    assets.keep(outcome)
    return outcome


def write(folder: Path, calls: Path, *, jobs: int = 2) -> tuple[int, int]:
    """Write the gallery into a folder; return how many drawings were drawn, and how many there are.

    A file that has not changed is not written again: the site's generator goes by the time of files.
    """
    shown = drawn(examples(calls), jobs=jobs)
    pages: dict[str, list[Shown]] = {}
    for one in shown:
        pages.setdefault(one.example.name, []).append(one)
    files = {f"{name}.md": page(several).encode() for name, several in pages.items()}
    files["index.md"] = index(pages).encode()
    pictures = [asset for one in shown for asset in (one.light, one.dark)]
    files |= {asset.filename: asset.svg for asset in pictures}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            store.write_whole(path, content)
    _drop(folder, files)
    return sum(not asset.reused for asset in pictures), len(pictures)


def _drop(folder: Path, files: Iterable[str]) -> None:
    """The pages and drawings of an earlier gallery; whatever else lies there is somebody's own."""
    for path in folder.iterdir():
        if path.suffix in (".md", ".svg") and path.name not in files:
            path.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the gallery; the exit status is 1 if a call is wrong."""
    started = time.perf_counter()
    line = argparse.ArgumentParser(prog="python -m builder.gallery", description=(__doc__ or "").partition("\n")[0])
    line.add_argument("-o", "--output", type=Path, default=HERE / "docs" / "gallery", metavar="DIR",
                      help="where to write (default: docs/gallery)")
    line.add_argument("--calls", type=Path, default=HERE / "docs" / "gallery.toml", metavar="FILE",
                      help="the calls to show beside the defaults (default: docs/gallery.toml)")
    options = line.parse_args(arguments)
    try:
        fresh, total = write(options.output, options.calls)
    except (ValueError, TypeError, OSError) as error:
        print(f"gallery: {error}", file=sys.stderr)
        return 1
    print(f"{options.output.name}: {fresh} drawn, {total - fresh} reused, {time.perf_counter() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
