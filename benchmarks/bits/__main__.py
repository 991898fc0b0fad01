"""Take the digest of what every public function of the engine gives, here or under stand-ins for other machines."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import engine
from benchmarks.bits.record import Record, missing
from benchmarks.bits.settings import SETTINGS, Digests, Outcome, differences, run
from benchmarks.bits.subjects import FULL, SHORT, SUBJECTS, Sizes
from benchmarks.bits.traces import traces


def taken(sizes: Sizes, module: object = engine) -> tuple[Digests, set[str]]:
    """The digests of every subject in this process, and the public names that no subject covers."""
    digests, seen = {}, set()
    for name, subject in SUBJECTS.items():
        record = Record(module)
        subject(record, sizes)
        digests[name] = record.digests
        seen |= record.seen
    return digests, missing(engine, seen)


def total(digests: object) -> str:
    """One digest of digests, short enough to be read out."""
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()[:16]


def main() -> int:
    """Print the digests, or with --matrix compare them; the exit status is 1 if any differs or a function lacks."""
    line = argparse.ArgumentParser(prog="python -m benchmarks.bits", description=__doc__)
    line.add_argument("--short", action="store_true", help="small sizes: seconds rather than minutes")
    line.add_argument("--matrix", action="store_true", help="in processes that stand in for other machines")
    line.add_argument("--settings", nargs="+", choices=SETTINGS, default=list(SETTINGS), metavar="NAME",
                      help=f"those of the matrix only: {', '.join(SETTINGS)}")
    line.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes of the matrix side by side")
    line.add_argument("--json", action="store_true", help="the digests of all functions, for a program to read")
    options = line.parse_args()
    if options.matrix:
        return _matrix(options.settings, options.short, max(1, options.jobs))
    digests, left_out = taken(SHORT if options.short else FULL)
    if left_out:
        print(f"benchmarks.bits: no subject covers {', '.join(sorted(left_out))}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(Outcome(digests, traces())._asdict()))
    else:
        for subject, functions in digests.items():
            print(f"{subject:14} {total(functions)}  {len(functions)} functions")
        print(f"{'total':14} {total(digests)}")
    return 0


def _matrix(settings: list[str], short: bool, jobs: int) -> int:
    """Run the host, then every other setting, and say of each whether its bits are the host's."""
    failed = False
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        def timed(setting: str) -> tuple[Outcome, float]:
            start = time.perf_counter()
            return run(setting, Path(folder) / setting, short=short), time.perf_counter() - start

        others = {setting: pool.submit(timed, setting) for setting in ["host", *settings]}
        host = others["host"].result()[0]
        for setting, future in others.items():
            outcome, seconds = future.result()
            unlike = differences(host.digests, outcome.digests)
            changed = [f"{name} {trace}" for name, trace in outcome.traces.items() if trace != host.traces[name]]
            print(f"{setting:26} {total(outcome.digests)}  {seconds:5.0f} s  {'; '.join(changed)}", flush=True)
            for name in unlike:
                print(f"    differs: {name}", flush=True)
            failed |= bool(unlike)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
