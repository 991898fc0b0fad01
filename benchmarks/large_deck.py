"""A deck of many small figures: on one processor and on two, with nothing to do, and how much memory that takes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Taken, timed

TURNS = 3  # on one processor and on two, since the machine is not equally fast all the time


def large_deck(folder: Path, environment: dict[str, str], count: int) -> Iterator[str]:
    """The rows of `count` figures; `folder` holds the project."""
    yield f"| a deck of {count} figures | s | largest process, MB |"
    yield "|---|---|---|"
    cold: dict[int, list[Taken]] = {1: [], 2: []}
    for jobs in (1, 2) * TURNS:
        cold[jobs].append(_cold(folder, environment, count, jobs))
    for jobs, taken in cold.items():
        yield f"| cold, on {jobs} processor{'s' * (jobs > 1)} | {_least(taken):.1f} | {_most(taken):.0f} |"
    yield f"| two beside one | {_least(cold[1]) / _least(cold[2]):.2f} × | |"
    idle = [timed(_command(folder, count, 2), folder, environment) for _ in range(5)]
    yield f"| nothing to do | {_least(idle):.3f} | {_most(idle):.0f} |"
    few = count // 10
    taken = [_cold(folder, environment, few, 2)]
    yield f"| {few} figures, cold, on 2 processors | {_least(taken):.1f} | {_most(taken):.0f} |"


def _cold(folder: Path, environment: dict[str, str], count: int, jobs: int) -> Taken:
    shutil.rmtree(folder / "store", ignore_errors=True)
    shutil.rmtree(folder / "out", ignore_errors=True)
    # One worker beside the build itself would already take more than one processor.
    return timed(_command(folder, count, jobs), folder, environment, processors=jobs)


def _command(folder: Path, count: int, jobs: int) -> list[str]:
    deck = folder / f"deck-of-{count}"
    deck.mkdir(exist_ok=True)
    calls = [f'{{{{ figure("max_pooling", grid=[[{n % 10}, {n // 10 % 10}], [{n // 100 % 10}, {n // 1000}]]) }}}}'
             for n in range(count)]  # fmt: skip
    text = "\n\n---\n\n".join(calls) + "\n"
    template = deck / "slides.fr.md.j2"
    if not template.exists():
        template.write_text(text, encoding="utf-8")
    return [sys.executable, str(folder / "project" / "build.py"), str(deck), "-q", "-o", str(folder / "out"),
            "-j", str(jobs)]  # fmt: skip


def _least(taken: list[Taken]) -> float:
    return min(one.seconds for one in taken)


def _most(taken: list[Taken]) -> float:
    return max(one.memory for one in taken)
