"""Throw malformed calls at every public function of the engine: `python -m benchmarks.fuzz --calls 100000`.

A call may be answered or refused: with a ValueError or TypeError that begins with the function's name. All else is a
fault: another exception, a warning, a write into the caller's array, a crash, a call that does not come back.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from benchmarks.fuzz_calls import functions
from benchmarks.fuzz_child import STATE, planned, shown

PATIENCE = 60.0
"""Seconds that a call may take, code that is compiled for it included."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. 0 where every call was answered or refused as it should be, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100_000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same calls (default: 0)")
    parser.add_argument("--functions", default="*", metavar="PATTERN", help="such as 'conv2d*' (default: all)")
    options = parser.parse_args(arguments)
    names = fnmatch.filter(functions(), options.functions)
    if not names:
        parser.error(f"no function is called {options.functions!r}")
    with tempfile.TemporaryFile() as state:
        state.write(STATE.pack(0, 0, 0))
        state.flush()
        crashed = run(state.fileno(), options.seed, options.calls, names)
        _, answered, refused = STATE.unpack(os.pread(state.fileno(), STATE.size, 0))
    wrong = options.calls - answered - refused - crashed
    print(f"{options.calls} calls: {answered} answered, {refused} refused, {crashed} crashed"
          + (f", {wrong} faulty" if wrong else ""))
    return int(bool(wrong or crashed))


def run(state: int, seed: int, calls: int, names: list[str]) -> int:
    """Make the calls in as many processes as it takes, one after the other; how many ended in a crash."""
    first = crashed = 0
    while first < calls:
        command = [sys.executable, "-m", "benchmarks.fuzz_child", str(state), str(seed), str(first), str(calls),
                   ",".join(names)]
        with subprocess.Popen(command, pass_fds=[state]) as child:
            end = _watched(child, state)
        first = STATE.unpack(os.pread(state, STATE.size, 0))[0]
        if first < calls:
            print(f"{first}\t{end}\t{shown(planned(seed, first, names))}".replace("\n", " "), flush=True)
            crashed, first = crashed + 1, first + 1
    return crashed


def _watched(child: subprocess.Popen[bytes], state: int) -> str:
    """How a process ended; one that makes no progress is ended."""
    number, since = -1, time.monotonic()
    while child.poll() is None:
        now = STATE.unpack(os.pread(state, STATE.size, 0))[0]
        if now != number:
            number, since = now, time.monotonic()
        elif time.monotonic() - since > PATIENCE:
            child.kill()
            child.wait()
            return "hung"
        time.sleep(0.05)
    return signal.Signals(-child.returncode).name if child.returncode < 0 else f"exit status {child.returncode}"


if __name__ == "__main__":
    sys.exit(main())
