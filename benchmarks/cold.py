"""`python -m benchmarks.cold`: how long all kernels that the deck needs take to compile from nothing, on one core.

The figures of the deck are drawn by a process of its own, with empty caches and on one processor, while numba says what
it compiles. Times are those of the processor: other work beside it lengthens them less than the clock's.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LIMIT = 6.0  # s


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the kernels by their time; with --strict, 1 where they take longer than they must."""
    line = argparse.ArgumentParser(prog="python -m benchmarks.cold", description=__doc__.partition("\n")[0])
    line.add_argument("--strict", action="store_true", help=f"exit status 1 above {LIMIT:g} s")
    line.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = line.parse_args(arguments)
    if options.child:
        return _child()
    with tempfile.TemporaryDirectory() as empty:
        environment = os.environ | {"XDG_CACHE_HOME": empty, "ENGINE_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        run = subprocess.run([sys.executable, "-m", "benchmarks.cold", "--child"], env=environment, cwd=ROOT, text=True,
                             stdout=subprocess.PIPE, check=True)
    print(run.stdout, end="")
    total = float(run.stdout.splitlines()[-1].split()[0])
    return int(options.strict and total > LIMIT)


def _child() -> int:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    import numba
    import numpy as np
    from numba.core import event

    # What numba needs for its first kernel of all is not the engine's.
    numba.njit(lambda x: x[0])(np.ones(1))
    recorder = _recorder(event)
    registry = importlib.import_module("figures.registry")
    with event.install_listener("numba:compile", recorder):
        for name in registry.names():  # in this process: a build draws in others, which the recorder does not see
            registry.drawn(name)()
    _report(recorder.seconds)
    return 0


def _recorder(event: Any) -> Any:
    class Recorder(event.Listener):  # type: ignore[misc]
        """Time by kernel, without that of the kernels which it calls."""

        def __init__(self) -> None:
            self.seconds: dict[str, list[float]] = defaultdict(list)
            self.open: list[list[float]] = []

        def on_start(self, happened: Any) -> None:
            self.open.append([time.process_time(), 0.0])

        def on_end(self, happened: Any) -> None:
            (started, inner), compiled = self.open.pop(), happened.data["dispatcher"]
            taken = time.process_time() - started
            if self.open:
                self.open[-1][1] += taken
            name = f"{compiled.__module__}.{compiled.__name__}"
            self.seconds[name if name.startswith("engine.") else "numba's own"].append(taken - inner)

    return Recorder()


def _report(seconds: dict[str, list[float]]) -> None:
    for name, times in sorted(seconds.items(), key=lambda item: -sum(item[1])):
        print(f"{sum(times):6.2f} s  {len(times):3d} ×  {name}")
    print(f"{sum(map(sum, seconds.values())):6.2f} s in all")


if __name__ == "__main__":
    sys.exit(main())
