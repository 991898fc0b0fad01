"""Programs run side by side, of which none outlives its time, a fault or Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import psutil

TRIES = 2
# What Marp says when the browser hung or died under it, which the next try may not.
BROWSER_TROUBLE = re.compile(r"timed? ?out|TimeoutError|Target closed|Protocol error|Failed to launch", re.I)
PAUSE = 0.005
GONE = 2.0


class Job(NamedTuple):
    """A command. `room` is a folder of its own: the programs it starts keep their files there and are known by it."""

    name: str
    command: Sequence[str]
    room: Path
    environment: Mapping[str, str]


class Outcome(NamedTuple):
    """How a job ended: its exit status, None if it was ended at the time limit, and what it printed."""

    job: Job
    status: int | None
    printed: str


class _Running(NamedTuple):
    job: Job
    process: subprocess.Popen[bytes]
    tries: int
    deadline: float


def run(jobs: Sequence[Job], *, at_once: int, time_limit: float) -> Generator[Outcome, None, None]:
    """Run the jobs and give each outcome as it comes; a job that hangs is ended and tried once more.

    Close the generator (``contextlib.closing``) to end what still runs.

    Parameters
    ----------
    jobs : sequence of Job
    at_once : int
        How many run side by side.
    time_limit : float
        Seconds for one try.
    """
    waiting = deque((job, 1) for job in jobs)
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                running.append(_started(*waiting.popleft(), time_limit))
            time.sleep(PAUSE)
            for one in list(running):
                status = one.process.poll()
                late = status is None and time.monotonic() > one.deadline
                if status is None and not late:
                    continue
                if late or status:
                    end(one.process, one.job.room)
                running.remove(one)
                outcome = Outcome(one.job, status, _log(one.job).read_text(encoding="utf-8", errors="replace"))
                if one.tries < TRIES and (late or (status and BROWSER_TROUBLE.search(outcome.printed))):
                    waiting.append((one.job, one.tries + 1))
                else:
                    yield outcome
    finally:
        for one in running:
            end(one.process, one.job.room)


def _log(job: Job) -> Path:
    return job.room / "printed.log"


def _started(job: Job, tries: int, time_limit: float) -> _Running:
    with _log(job).open("wb") as log:
        # A session of its own: Ctrl-C reaches us alone, and we end the others in order.
        process = subprocess.Popen(job.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=job.room,
                                   env={**job.environment, "TMPDIR": str(job.room)}, start_new_session=True)
    return _Running(job, process, tries, time.monotonic() + time_limit)


def end(process: subprocess.Popen[bytes], room: Path) -> None:
    """End a program with all that it started.

    The browser runs in a session of its own, out of reach of the program's group, and lives on when the program dies:
    it is known by its folder in `room`.
    """
    with contextlib.suppress(ImportError):  # without the extra no browser was started
        _end_started_by(process.pid, room)
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
    process.wait()


def _end_started_by(pid: int, room: Path) -> None:
    import psutil

    # Frozen first: Marp starts another browser as soon as it sees its own end.
    with contextlib.suppress(psutil.Error):
        psutil.Process(pid).suspend()
    until = time.monotonic() + GONE
    while (found := _started_by(pid, room)) and time.monotonic() < until:
        for other in found:
            with contextlib.suppress(psutil.Error):
                other.kill()
        time.sleep(PAUSE)


def _started_by(pid: int, room: Path) -> list[psutil.Process]:
    """What `pid` started, at whatever remove, and still lives.

    A child that has left its parent and has not yet become the browser is known by its environment alone.
    """
    import psutil

    ours, found = {pid}, []
    for other in psutil.process_iter(["ppid", "cmdline", "environ", "status"]):
        named = ((other.info["environ"] or {}).get("TMPDIR") == str(room)
                 or any(str(room) in word for word in other.info["cmdline"] or ()))
        if other.pid not in (pid, os.getpid()) and (named or other.info["ppid"] in ours):
            ours.add(other.pid)
            # One that nobody has buried yet is dead all the same.
            if other.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(other)
    return found
