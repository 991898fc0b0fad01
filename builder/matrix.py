"""Build a deck from nothing under settings that must change no byte of it, and compare every file.

`python -m builder.matrix` runs all of them; `--only workers,hashseed` some.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from builder import lock, unchanged
from builder.arguments import INTRODUCTION, positive
from builder.lock import Lock
from builder.settings import ROOT, SETTINGS, Place, Setting, chosen

# Of whoever starts the matrix; the settings are what may differ.
DROPPED = ("FIGURES_CACHE", "MPLBACKEND", "MPLCONFIGDIR", "MATPLOTLIBRC", "XDG_CONFIG_HOME", "ENGINE_NUM_THREADS")
LONGEST = 1800.0  # s


class Outcome(NamedTuple):
    """What a build under a setting gave, and the traces that tell whether the setting was in force."""

    lock: Lock
    traces: dict[str, str]
    seconds: float


def build(setting: Setting, deck: Path, folder: Path, kernels: Path | None = None) -> Outcome:
    """Build `deck` from nothing in processes of their own, in `folder`; machine code is kept in `kernels` if given.

    Raises
    ------
    RuntimeError
        A process failed, or a command that the setting needs is not installed.
    """
    place = Place(ROOT, folder / "home", folder / "start")
    for path in (place.home, place.folder):
        path.mkdir(parents=True)
    if setting.prepare is not None:
        place = setting.prepare(place)
    # A font list that was made before the user's fonts came would not show them.
    cache = kernels if kernels is not None and setting.prepare is None else folder / "cache"
    environment = _environment(setting, place, cache)
    started = time.perf_counter()
    command = [str(place.checkout / "build.py"), str(deck.resolve()), "-o", str(folder / "out"), "-q", "--no-cache",
               "--time-limit", "3600"]
    _run(setting, [*command, *setting.options], place, environment)
    seconds = time.perf_counter() - started
    record = unchanged.read(str(folder / "out"))
    if record is None:
        raise RuntimeError("the build left no record")
    return Outcome(lock.of(record), json.loads(_run(setting, ["-m", "builder.traces"], place, environment)), seconds)


def _environment(setting: Setting, place: Place, cache: Path) -> dict[str, str]:
    names = {*DROPPED, *(name for other in SETTINGS.values() for name in other.variables)}
    clean = {name: value for name, value in os.environ.items() if name not in names}
    return {**clean, **setting.variables, "HOME": str(place.home), "XDG_CACHE_HOME": str(cache),
            "PYTHONPATH": str(place.checkout)}  # fmt: skip


def _run(setting: Setting, arguments: Sequence[str], place: Place, environment: dict[str, str]) -> str:
    if setting.command and shutil.which(setting.command[0]) is None:
        raise RuntimeError(f"needs the command {setting.command[0]}: apt-get install {setting.command[0]}")
    done = subprocess.run([*setting.command, sys.executable, *arguments], cwd=place.folder, env=environment, text=True,
                          encoding="utf-8", errors="replace", capture_output=True, check=False, timeout=LONGEST)
    if done.returncode:
        raise RuntimeError(f"the process failed ({done.returncode}):\n{done.stderr[-2000:]}")
    return done.stdout


def compared(names: Sequence[str], deck: Path, jobs: int = 1, kernels: Path | None = None) -> Iterator[tuple[str, Any]]:
    """The plain build as "plain", then each setting with its outcome, or the error that it ended with."""
    with tempfile.TemporaryDirectory(prefix="matrix-") as folder, ThreadPoolExecutor(jobs) as pool:
        settings = {"plain": Setting(), **{name: SETTINGS[name] for name in names}}
        waiting: dict[str, Future[Outcome]] = {
            name: pool.submit(build, setting, deck, Path(folder) / name, kernels) for name, setting in settings.items()}
        try:
            for name, future in waiting.items():
                try:
                    yield name, future.result()
                except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
                    yield name, error
                with contextlib.suppress(OSError):
                    shutil.rmtree(Path(folder) / name)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table; the exit status is 1 if any file differs or any build fails."""
    options = _options(arguments)
    plain: Outcome | None = None
    failed = 0
    print(f"{'setting':20} {'files':>5} {'seconds':>8}  bytes      in force")
    for name, outcome in compared(options.only, options.deck, options.jobs, options.kernels):
        if isinstance(outcome, Exception):
            failed += 1
            print(f"{name:20} {outcome}", flush=True)
            if name == "plain":
                return 1
            continue
        plain = plain or outcome
        unlike = lock.differences(plain.lock, outcome.lock)
        failed += bool(unlike)
        count = sum(map(len, outcome.lock.files.values()))
        verdict = "DIFFER" if unlike else "" if name == "plain" else "the same"
        print(f"{name:20} {count:5} {outcome.seconds:8.1f}  {verdict:9}  {_in_force(name, plain, outcome)}", flush=True)
        for one in unlike:
            print(f"    differs: {one.language}: {one.was or one.now}", flush=True)
    print(f"{len(options.only)} settings, {failed or 'none'} of them {'not ' if failed else 'un'}like the plain build")
    return int(bool(failed))


def _in_force(name: str, plain: Outcome, outcome: Outcome) -> str:
    shows = SETTINGS[name].shows if name in SETTINGS else ""
    if not shows:
        return ""
    was, now = plain.traces[shows], outcome.traces[shows]
    return f"{shows} {was} → {now}" if was != now else f"not to be seen here ({shows} {now})"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    line = argparse.ArgumentParser(prog="python -m builder.matrix", description=__doc__,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    line.add_argument("deck", nargs="?", type=Path, default=INTRODUCTION, metavar="DECK")
    line.add_argument("--only", default=",".join(SETTINGS), metavar="NAMES",
                      help=f"a list of {', '.join(SETTINGS)}; a first word stands for all that begin with it")
    line.add_argument("--jobs", type=positive, default=1, help="builds side by side (default: 1)")
    line.add_argument("--kernels", type=Path, metavar="DIR",
                      help="a cache folder to keep machine code in (default: compiled anew under each setting)")
    options = line.parse_args(arguments)
    try:
        options.only = chosen(options.only)
    except ValueError as error:
        line.error(str(error))
    return options


if __name__ == "__main__":
    sys.exit(main())
