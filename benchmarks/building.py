"""What a build takes, beside a plain matplotlib script and sphinx-gallery on the same figures.

python -m benchmarks.building                 every row, by turns, and the table of docs/building.md
python -m benchmarks.building --many 0        without the deck of a thousand figures

Every build is a process of its own, from the start of the interpreter to its end. Rows are run by turns, `--rounds`
times, and the least and the median of each are told. Cold means an empty store and an empty cache of compiled kernels,
for the peers as well.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from benchmarks.large_deck import large_deck
from benchmarks.processes import timed

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = (".git", "node_modules", "dist", "tests")
PAGE = ROOT / "docs" / "building.md"
SCRIPT = """\
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import figures
for name in {names!r}:
    getattr(figures, name)().save(f"{{name}}.svg")
    plt.close("all")
"""
SCRAPER = """\
from sphinx_gallery.scrapers import figure_rst

def scrape(block, block_vars, gallery_conf):
    path = next(block_vars["image_path_iterator"])
    block_vars["example_globals"]["picture"].save(path)
    return figure_rst([path], gallery_conf["src_dir"])
"""
CONF = """\
import sys
sys.path.insert(0, ".")
project, extensions, html_theme = "peer", ["sphinx_gallery.gen_gallery"], "basic"
sphinx_gallery_conf = {"examples_dirs": "examples", "gallery_dirs": "gallery", "image_scrapers": ("scraper.scrape",),
                       "filename_pattern": ".*", "download_all_examples": False}
"""


class Row(NamedTuple):
    """A piece of work: how to prepare it, untimed, and the command that is timed."""

    name: str
    aim: float | None
    prepare: Callable[[], object]
    command: list[str]
    folder: Path


def main() -> int:
    """Run the rows and write the page."""
    line = argparse.ArgumentParser(prog="benchmarks.building", description=__doc__.partition("\n")[0])
    line.add_argument("--rounds", type=int, default=5, help="default: 5")
    line.add_argument("--many", type=int, default=1000, help="figures of the large deck (default: 1000; 0: none)")
    line.add_argument("--no-save", action="store_true", help="print only")
    options = line.parse_args()
    with tempfile.TemporaryDirectory(prefix="building-") as name:
        folder = Path(name)
        environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "FIGURES_CACHE": str(folder / "store"),
                       "PYTHONPATH": str(folder / "project")}  # fmt: skip
        shutil.copytree(ROOT, folder / "project", ignore=shutil.ignore_patterns(*LEFT_OUT))
        page = [*table(small(folder), environment, options.rounds)]
        if options.many:
            page += ["", *large_deck(folder, environment, options.many)]
    text = "\n".join([HEAD.format(today=date.today(), cores=os.cpu_count()), *page, ""])
    print(text)
    if not options.no_save:
        PAGE.write_text(text, encoding="utf-8")
    return 0


HEAD = """\
# How fast a build is

Written by `python -m benchmarks.building`; do not edit. {today}, {cores} cores. Each row is a process of its own, from
the start of the interpreter to its end; rows are run by turns. *Cold*: with an empty store and no compiled kernels. The
deck is the introduction; the peers draw the same figures, one after the other, as they do.
"""


def small(folder: Path) -> Iterator[Row]:
    """The introduction, and the peers on its figures."""
    project, store, cache = folder / "project", folder / "store", folder / "cache"
    template = project / "deck" / "introduction" / "slides.fr.md.j2"
    build = [sys.executable, str(project / "build.py"), "-q", "-o", str(folder / "out")]
    names = sorted(set(re.findall(r'figure\("(\w+)"', template.read_text(encoding="utf-8"))))
    script, gallery = folder / "script", folder / "sphinx"
    script.mkdir()
    (script / "draw.py").write_text(SCRIPT.format(names=names))
    (gallery / "examples").mkdir(parents=True)
    (gallery / "conf.py").write_text(CONF)
    (gallery / "scraper.py").write_text(SCRAPER)
    (gallery / "index.rst").write_text("Peer\n====\n\n.. toctree::\n\n   gallery/index\n")
    (gallery / "examples" / "README.txt").write_text("Figures\n=======\n")
    for name in names:
        (gallery / "examples" / f"plot_{name}.py").write_text(
            f'"""\n{name}\n{"=" * len(name)}\n"""\nimport figures\n\npicture = figures.{name}()\n')
    sphinx = [sys.executable, "-m", "sphinx", "-q", ".", "html"]
    draw = [sys.executable, "draw.py"]

    def empty() -> None:
        for place in (store, cache, folder / "out", gallery / "html", gallery / "gallery", gallery / "sg_api_usage"):
            shutil.rmtree(place, ignore_errors=True)

    def edit(path: Path, pattern: str, new: Callable[[int], str]) -> Callable[[], None]:
        def change() -> None:
            text = path.read_text(encoding="utf-8")
            found = re.search(pattern, text)
            assert found, path
            path.write_text(text[: found.start()] + new(time.time_ns()) + text[found.end() :], encoding="utf-8")

        return change

    numbers = itertools.count(10)
    text = edit(template, r"Bienvenue\.[^\n]*? Ce", lambda now: f"Bienvenue. {now} Ce")
    parameter = edit(template, r'figure\("max_pooling"[^)]*\)',
                     lambda now: f'figure("max_pooling", grid=[[{next(numbers)}, 1], [2, 3]])')
    code = edit(project / "figures" / "pooling.py", r"\Z", lambda now: f"\n# {now}\n")
    yield Row("cold", 15.0, empty, build, folder)
    yield Row("nothing to do", 0.08, lambda: None, build, folder)
    yield Row("the interpreter alone, `python -c pass`", None, lambda: None, [sys.executable, "-c", "pass"], folder)
    yield Row("a text changed", None, text, build, folder)
    yield Row("one parameter changed", 1.2, parameter, build, folder)
    yield Row("one figure's code changed", 1.5, code, build, folder)
    yield Row("peer: a plain matplotlib script, kernels compiled", None, lambda: None, draw, script)
    yield Row("peer: sphinx-gallery, nothing to do", None, lambda: None, sphinx, gallery)
    yield Row("peer: a plain matplotlib script, cold", None, empty, draw, script)
    yield Row("peer: sphinx-gallery, cold", None, empty, sphinx, gallery)


def table(rows: Iterator[Row], environment: dict[str, str], rounds: int) -> Iterator[str]:
    """Time every row in every round."""
    found = list(rows)
    times: dict[str, list[float]] = {row.name: [] for row in found}
    for _ in range(rounds):
        for row in found:
            row.prepare()
            times[row.name].append(timed(row.command, row.folder, environment).seconds)
    yield "| build | least, s | median, s | aim, s |"
    yield "|---|---|---|---|"
    for row in found:
        aim = "" if row.aim is None else f"{row.aim:g}"
        yield f"| {row.name} | {min(times[row.name]):.3f} | {statistics.median(times[row.name]):.3f} | {aim} |"


if __name__ == "__main__":
    sys.exit(main())
