"""Time the engine against its peers, and say where it stands."""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
from collections.abc import Sequence

from benchmarks.measure import Result, Sitting, results, sitting
from benchmarks.report import PAGE, as_json, duration, limits, page, summary, table
from benchmarks.roofline import Roofline, roofline
from benchmarks.rows import approximation, convolution, dropout, elementwise, pooling, training
from benchmarks.rows.row import Row, WrongResultError
from benchmarks.threads import threads
from benchmarks.timing import Budget

ROWS: tuple[Row, ...] = (*convolution.ROWS, *pooling.ROWS, *elementwise.ROWS, *dropout.ROWS, *training.ROWS,
                         *approximation.ROWS)
QUICK = Budget(seconds=0.05, rounds=3)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    line.add_argument("--rows", metavar="PATTERN", default="*", help="those whose name has it, such as 'relu 10*'")
    line.add_argument("--threads", type=int, nargs="+", default=[1, 2], metavar="N", help="default: 1 2")
    line.add_argument("--seconds", type=float, default=2.0, help="for each row and number of threads (default: 2)")
    line.add_argument("--repeat", type=int, default=7, metavar="N", help="rounds at least (default: 7)")
    line.add_argument("--sittings", type=int, default=5, metavar="N", help="with new arrays each (default: 5)")
    line.add_argument("--quick", action="store_true", help="no more than a look: few rounds of every row")
    line.add_argument("--save", action=argparse.BooleanOptionalAction, default=None,
                      help=f"write {PAGE.parent.name}/{PAGE.name} (default: where all rows are measured in full)")
    line.add_argument("--json", action="store_true", help="print everything measured for a program to read")
    line.add_argument("--strict", action="store_true", help="exit status 1 if a row misses what it must")
    return line


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 2 for a peer that computes something else."""
    line = parser()
    options = line.parse_args(arguments)
    if min(*options.threads, options.repeat, options.sittings) < 1:
        line.error("--threads, --repeat and --sittings must be at least 1")
    rows = [row for row in ROWS if fnmatch.fnmatch(f"{row.name} {row.dtype}", f"*{options.rows}*")]
    if not rows:
        line.error(f"no row is called {options.rows!r}")
    budget = QUICK if options.quick else Budget(options.seconds, options.repeat, options.sittings)
    try:
        found, rooflines = _measured(rows, options.threads, budget)
    except WrongResultError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(as_json(found, rooflines), indent=1))
    else:
        print("\n\n".join(f"{table(found, count)}\n\n{summary(found, count)}" for count in rooflines))
    if options.save or (options.save is None and len(rows) == len(ROWS) and not options.quick):
        PAGE.write_text(page(found, rooflines, budget.sittings), encoding="utf-8")
        _say(f"written: {PAGE.parent.name}/{PAGE.name}")
    return int(options.strict and any(result.verdict == "missed" for result in found))


def _measured(rows: Sequence[Row], counts: Sequence[int], budget: Budget) -> tuple[list[Result], dict[int, Roofline]]:
    """The results of all rows, and the limits of the machine: sitting after sitting, and in each every row once."""
    limit: dict[int, Roofline] = {}
    taken: list[list[Sitting]] = [[] for _ in rows]
    for number in range(budget.sittings):
        for count in counts:
            with threads(count):
                limit[count] = roofline(count).best_of(limit.get(count))
            _say(f"{count} × {limits(limit[count])}")
        for row, mine in zip(rows, taken, strict=True):
            try:
                mine.append(sitting(row, counts, budget.of_a_sitting()))
            except WrongResultError as error:
                raise WrongResultError(f"{row.name} {row.dtype}: {error}") from error
            _say(f"{number + 1} of {budget.sittings}: {_brief(results(row, mine, limit))}")
    return [result for row, mine in zip(rows, taken, strict=True) for result in results(row, mine, limit)], limit


def _brief(results: Sequence[Result]) -> str:
    """A row as soon as it is measured."""
    times = "; ".join(f"{result.threads} × {duration(result.ours.least)}, {result.ratio:.2g} of {result.best_peer}, "
                      f"{result.verdict}" for result in results)
    return f"{results[0].row} {results[0].dtype}: {times}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
