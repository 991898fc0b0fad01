"""Builds that are killed, that find the disk full, that run at once: after each, the deck must be whole.

python -m benchmarks.chaos                      300 builds killed, 20 on a full disk, 20 pairs at once
python -m benchmarks.chaos --kills 30 --seed 7

A deck of two versions is built into one folder over and over, from an empty store every third time. After each build
the Markdown must be one of the two versions, and every image and font that it names must be there with the content that
its name or the whole build gave it. The last build, which nothing disturbs, must leave nothing behind but the deck.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ("max_pooling", "convolution_pixel", "neuron", "activation_pair")
OTHER = {"max_pooling": "stride=1", "neuron": "bias=1", "activation_pair": "reach=8", "convolution_pixel": "at=(2, 2)"}
NAMED = re.compile(r'(?:src="|url\(")((?:images|fonts)/[^"]+)"')


class Ground(NamedTuple):
    """Where it happens: two versions of a deck, the folder that both are built into, and the digests of each."""

    folder: Path
    versions: tuple[Path, Path]
    output: Path
    digests: dict[str, dict[str, str]]

    def command(self, version: int) -> list[str]:
        """Builds one of the versions."""
        return [sys.executable, str(ROOT / "build.py"), str(self.versions[version]), "-o", str(self.output), "-q",
                "--cache", str(self.folder / "store")]  # fmt: skip

    def forget(self) -> None:
        """Empty the store."""
        shutil.rmtree(self.folder / "store", ignore_errors=True)


def main() -> int:
    """Run it; the exit status is 1 if the deck was ever broken."""
    line = argparse.ArgumentParser(prog="benchmarks.chaos", description=__doc__.partition("\n")[0])
    for name, count in (("kills", 300), ("full", 20), ("pairs", 20), ("seed", 0)):
        line.add_argument(f"--{name}", type=int, default=count, help=f"default: {count}")
    options = line.parse_args()
    with tempfile.TemporaryDirectory(prefix="chaos é ") as folder:
        counts, broken = run(Path(folder), options.kills, options.full, options.pairs, options.seed)
    for name, count in sorted(counts.items()):
        print(f"{count:4d}  {name}")
    for fault in broken:
        print(f"broken: {fault}")
    print(f"{len(broken)} times the deck was broken")
    return bool(broken)


def run(folder: Path, kills: int, full: int, pairs: int, seed: int) -> tuple[Counter[str], list[str]]:
    """How the builds ended, and every fault that was found after one."""
    chance = random.Random(seed)
    ground, longest = prepared(folder)
    counts: Counter[str] = Counter()
    broken: list[str] = []
    number = 0
    while counts["killed"] < kills or number < full + pairs:
        fresh = (counts["killed"] + number) % 3 == 0
        if fresh:
            ground.forget()
        if counts["killed"] < kills:  # one that was quicker than its death does not count
            what = killed(ground, chance.randrange(2), chance.uniform(0, longest * (1 if fresh else 0.4)))
            number -= 1
        elif number < full:
            what = on_a_full_disk(ground, number % 2, chance.randrange(1, 60_000))
        else:
            what = at_once(ground)
        number += 1
        counts[what] += 1
        broken += [f"{what} (build {number}): {fault}" for fault in faults(ground)]
    left = undisturbed(ground)
    return counts, broken + [f"after the last build: {fault}" for fault in [*faults(ground), *left]]


def prepared(folder: Path) -> tuple[Ground, float]:
    """Build both versions in peace; also the seconds that one takes from an empty store."""
    decks = folder / "a", folder / "b"
    for deck, options in zip(decks, ({}, OTHER), strict=True):
        deck.mkdir()
        calls = [f'{{{{ figure("{name}", {options.get(name, "")}) }}}}' for name in FIGURES]
        font = '<style>@font-face { font-family: X; src: url("fonts/SourceSansPro-Bold.ttf"); }</style>'
        (deck / "slides.fr.md.j2").write_text(f"# {deck.name}\n\n{font}\n\n" + "\n\n---\n\n".join(calls) + "\n")
    ground = Ground(folder, decks, folder / "out", {})
    seconds = []
    for version in (0, 1):
        ground.forget()
        started = time.perf_counter()
        subprocess.run(ground.command(version), check=True, timeout=300)
        seconds.append(time.perf_counter() - started)
        page = (ground.output / "slides.fr.md").read_text(encoding="utf-8")
        ground.digests[page] = {name: _digest(ground.output / name) for name in NAMED.findall(page)}
    return ground, min(seconds)


def faults(ground: Ground) -> list[str]:
    """What is wrong with the deck that stands."""
    try:
        page = (ground.output / "slides.fr.md").read_text(encoding="utf-8")
    except OSError as error:
        return [f"no Markdown: {error}"]
    if page not in ground.digests:
        return ["the Markdown is neither of the two versions"]
    return [f"{name} is missing or altered" for name, digest in ground.digests[page].items()
            if _digest(ground.output / name) != digest]  # fmt: skip


def killed(ground: Ground, version: int, after: float) -> str:
    """Kill a build with all that it started."""
    process = subprocess.Popen(ground.command(version), start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return "killed"
    return "ended before it was killed" if process.returncode == 0 else f"failed with {process.returncode}"


def on_a_full_disk(ground: Ground, version: int, size: int) -> str:
    """Build where no file can grow beyond `size` bytes."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    done = subprocess.run(ground.command(version), preexec_fn=limited, capture_output=True, text=True, timeout=300,
                          check=False)  # fmt: skip
    if done.returncode == 0:
        return "disk full, but nothing large to write"
    told = done.returncode == 1 and "Traceback" not in done.stderr and "build.py: " in done.stderr
    return "disk full, told" if told else f"disk full, not told: {done.returncode} {done.stderr[-300:]}"


def at_once(ground: Ground) -> str:
    """Both versions at once into one folder."""
    processes = [subprocess.Popen(ground.command(version)) for version in (0, 1)]
    statuses = sorted(process.wait(300) for process in processes)
    return "two at once" if statuses == [0, 0] else f"two at once ended with {statuses}"


def undisturbed(ground: Ground) -> list[str]:
    """Build in peace, and name every file that is no part of the deck."""
    subprocess.run(ground.command(0), check=True, timeout=300)
    page = (ground.output / "slides.fr.md").read_text(encoding="utf-8")
    own = {"slides.fr.md", ".build.json", *ground.digests[page]}
    there = {p.relative_to(ground.output).as_posix() for p in ground.output.rglob("*") if p.is_file()}
    return [f"left over: {name}" for name in sorted(there - own) if not name.startswith("fonts/")]


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "none"


if __name__ == "__main__":
    sys.exit(main())
