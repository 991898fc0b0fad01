"""The process that makes the calls of `benchmarks.fuzz`, and what it finds wrong with them."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import struct
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.fuzz_calls import Call, call
from benchmarks.fuzz_good import Arguments

MEMORY = 2 << 30  # bytes that calls may ask for beyond what the process has
STATE = struct.Struct("qqq")
"""The number of the call that is being made; how many before it were answered, and refused."""


def planned(seed: int, number: int, names: list[str]) -> Call:
    """Call `number` of a run: it depends on nothing else, so that a run goes on where a process ended."""
    random = Random(f"{seed} {number}")
    return call(random.choice(names), random)


def shown(made: Call) -> str:
    """The call nearly as Python would be told it, on one line."""
    def brief(value: Any) -> str:
        if isinstance(value, np.ndarray):
            return (f"<{type(value).__name__} {value.dtype} {value.shape} strides {value.strides} "
                    f"{np.asarray(value).reshape(-1)[:12].tolist()}>")
        # Addresses are the only thing in which two runs of one seed differ.
        return re.sub(" at 0x[0-9a-f]+", "", repr(value))
    return f"{made.name}({', '.join(f'{name}={brief(value)}' for name, value in made.arguments.items())})"


def _memory(arguments: Arguments) -> dict[str, bytes]:
    """What the caller's arrays hold, the memory around views included."""
    arrays = {name: value for name, value in arguments.items()
              if isinstance(value, np.ndarray) and not value.dtype.hasobject}
    # np.asarray: a masked array would first fill in what it masks.
    return {name: np.asarray(array.base if isinstance(array.base, np.ndarray) else array).tobytes()
            for name, array in arrays.items()}


def _written(made: Call, before: dict[str, bytes], answered: bool) -> list[str]:
    """The arguments that a call has changed and may not: all but `out`, and what shares its memory, if it answered."""
    out = made.arguments.get("out") if answered else None
    return [name for name, memory in _memory(made.arguments).items() if memory != before[name] and not (
        isinstance(out, np.ndarray) and np.may_share_memory(out, made.arguments[name]))]


def fault(made: Call) -> str | None:
    """Make a call. "answered" and "refused" are well; anything else says what is wrong."""
    before = _memory(made.arguments)
    try:
        made.function(**made.arguments)
        verdict = "answered"
    except (ValueError, TypeError) as refusal:
        text = str(refusal)
        verdict = "refused" if text.startswith(f"{made.name}: ") else f"{type(refusal).__name__}: {text}"
    except Exception as other:
        verdict = f"{type(other).__name__}: {other}"
    written = _written(made, before, verdict == "answered")
    return f"wrote into {', '.join(written)} ({verdict})" if written else verdict


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


def main(state: int, seed: int, first: int, last: int, names: list[str]) -> None:
    """Make calls first to last - 1; a fault is a line of its own on standard output."""
    _, answered, refused = STATE.unpack(os.pread(state, STATE.size, 0))
    warnings.simplefilter("error")
    with _limited():
        for number in range(first, last):
            # Written before the call and straight to the file: it must outlive a crash.
            os.pwrite(state, STATE.pack(number, answered, refused), 0)
            made = planned(seed, number, names)
            verdict = fault(made)
            answered, refused = answered + (verdict == "answered"), refused + (verdict == "refused")
            if verdict not in ("answered", "refused"):
                print(f"{number}\t{verdict}\t{shown(made)}".replace("\n", " "), flush=True)
    os.pwrite(state, STATE.pack(last, answered, refused), 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5].split(","))
