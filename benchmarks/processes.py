"""What a process takes, from the start of its interpreter to its end: seconds, and memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple


class Taken(NamedTuple):
    """Seconds, and the most memory that the process or one that it waited for ever used, in MB."""

    seconds: float
    memory: float


def timed(command: list[str], folder: Path, environment: dict[str, str], processors: int | None = None) -> Taken:
    """What a command takes, on so many processors and no more.

    Raises
    ------
    RuntimeError
        A command that fails.
    """

    def confine() -> None:
        if processors is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:processors])

    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said, preexec_fn=confine)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {said.read().decode(errors='replace')[-2000:]}")
    return Taken(seconds, usage.ru_maxrss / 1024)
