"""The results as tables, for the terminal and for docs/performance.md."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import GAIN, LARGE, SLOWER, Result
from benchmarks.roofline import Roofline
from benchmarks.timing import PAUSE, SAMPLE

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
LIBRARIES = ("numpy", "numba", "torch", "scipy", "opencv-python-headless", "scikit-learn")

METHOD = f"""\
# How fast the engine is

Written by `python -m benchmarks`; do not edit. {{date}}, on {{machine}}, {{versions}}.

## Method

Each row is a piece of work that the engine and its peers do in one process, on the same arrays, with the same number
of threads. Before anything is timed, every peer's result is compared with the engine's; one that differs ends the
run. The work is then done by turns, one sample of each in every round, each round starting with another, so that a
disturbance of the machine meets all alike. There are {{sittings}} sittings, in each of which every row is measured
once, with new arrays that begin at a line of the cache: in a virtual machine, memory is up to 1.8 times as fast in one
place, or in one minute, as in another. A sample is as many calls as last {SAMPLE * 1e6:.0f} µs, or one, after an
untimed one that brings the data back into the cache. The garbage collector rests. With several threads,
{PAUSE * 1e3:.0f} ms pass between samples, until the threads of the library before sleep.

Peers write into arrays that exist where they can (`out=`), PyTorch runs without autograd (`inference_mode`) except
where it trains, in both memory formats for images; the best of all counts. Trainings start from the same weights,
and their losses are compared.

- *ratio*: the engine's least time over the least of the best peer, below 1 is faster; *medians*: the same of medians.
- *must*, *aim*: what the ratio with one thread is to be; the *verdict* says which of them is reached.
- *roofline*: the share of what the machine can do, the least time that the work's bytes or its multiplications and
  additions need over the time taken. Bytes are counted once each, in and out; arithmetic is that of the plain
  formula, with 17 operations for an exponential. Numbers still in a cache that is faster than the one measured make
  shares above 100 %.
- With several threads, *own* is the engine's time over its own with one thread, by turns as well: {SLOWER} at most,
  and 1 / {GAIN} = {1 / GAIN:.3f} at most for large work ({LARGE * 1e3:.0f} ms or more with one thread). Adam fits
  are no large work: each step needs the one before.
"""


def page(results: Sequence[Result], rooflines: dict[int, Roofline], sittings: int) -> str:
    """The Markdown of docs/performance.md."""
    parts = [METHOD.format(date=datetime.date.today().isoformat(), machine=machine(), versions=versions(),
                           sittings=sittings)]
    for threads, roofline in rooflines.items():
        parts += [f"## {_threads(threads)}\n", limits(roofline) + "\n", table(results, threads) + "\n",
                  summary(results, threads) + "\n"]
    return "\n".join(parts)


def machine() -> str:
    """The processor's name and how many of them there are."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(models) or 1} × {models[0] if models else platform.processor() or platform.machine()}"


def versions() -> str:
    """Python's and the libraries'."""
    return ", ".join([f"Python {platform.python_version()}",
                      *(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)])


def limits(roofline: Roofline) -> str:
    """The measured roofline in a sentence."""
    bandwidth = ", ".join(f"{value / 1e9:.0f} GB/s in {level}" for level, value in roofline.bandwidth.items())
    peak = ", ".join(f"{value / 1e9:.0f} GFLOP/s in {dtype}" for dtype, value in roofline.peak.items())
    return f"Measured limits: copying {bandwidth}; multiplying and adding {peak}."


def table(results: Iterable[Result], threads: int) -> str:
    """The results at one number of threads, as Markdown that is aligned in a terminal as well."""
    judged = ("must", "aim") if threads == 1 else ("own",)
    rows = [("work", "dtype", "ours", "best peer", "", "ratio", "medians", *judged, "verdict", "roofline")]
    for result in results:
        if result.threads == threads:
            limit = (f"{result.must:g}", f"{result.aim:g}") if threads == 1 else (f"{result.own_ratio:.2f}",)
            best = result.peers[result.best_peer]
            rows.append((result.row, result.dtype, duration(result.ours.least), duration(best.least), result.best_peer,
                         _short(result.ratio), _short(result.median_ratio), *limit, result.verdict,
                         f"{result.share:.0%}"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def summary(results: Iterable[Result], threads: int) -> str:
    """How many rows hold, and which do not."""
    mine = [result for result in results if result.threads == threads]
    missed = [f"{result.row} ({result.dtype})" for result in mine if result.verdict == "missed"]
    reached = f"{len(mine) - len(missed)} of {len(mine)} rows reach what they must with {_threads(threads).lower()}"
    aims = f", {sum(result.verdict == 'aim' for result in mine)} of them their aim" if threads == 1 else ""
    return reached + aims + (f". Missed: {', '.join(missed)}." if missed else ".")


def as_json(results: Iterable[Result], rooflines: dict[int, Roofline]) -> dict[str, Any]:
    """Everything measured, for a program to read."""
    return {
        "machine": machine(), "versions": versions(),
        "rooflines": {str(threads): roofline._asdict() for threads, roofline in rooflines.items()},
        "results": [{**result._asdict(), "ours": result.ours.told(), "best_peer": result.best_peer,
                     "peers": {name: times.told() for name, times in result.peers.items()}, "ratio": result.ratio,
                     "median_ratio": result.median_ratio, "share": result.share, "verdict": result.verdict}
                    for result in results],
    }


def duration(seconds: float) -> str:
    """In the unit that suits it, three digits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        # What three digits round to 1000 of a unit is 1 of the next.
        if seconds >= 0.9995 * size:
            return f"{seconds / size:.3g} {unit}" if seconds < 1000 else f"{seconds:.0f} s"
    return f"{seconds * 1e9:.0f} ns"


def _short(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def _threads(count: int) -> str:
    return "One thread" if count == 1 else f"{count} threads"
