"""Programs that hang are ended with everything they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from deck.processes import Job, run

# A program that starts another, in a session of its own, whenever its last one has died.
RESTLESS = """
import subprocess, sys
while True:
    subprocess.run([sys.executable, *sys.argv[1:]], start_new_session=True)
"""
SLEEPING = ["-c", "import time; time.sleep(600)"]


def of(room: Path) -> list[psutil.Process]:
    """What still runs with a folder of its own in `room`."""
    found = []
    for process in psutil.process_iter(["environ", "status"]):
        if ((process.info["environ"] or {}).get("TMPDIR") == str(room)
                and process.info["status"] != psutil.STATUS_ZOMBIE):
            found.append(process)
    return found


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="sessions are POSIX's")
@pytest.mark.parametrize("named", [True, False], ids=["named by its folder", "known by its environment"])
def test_a_program_that_starts_the_next_when_its_own_dies_leaves_none(named: bool, tmp_path: Path) -> None:
    """Marp does: in CI its second browser once outlived the export that ended the first."""
    job = Job("pdf", [sys.executable, "-c", RESTLESS, *SLEEPING, *([str(tmp_path)] if named else [])], tmp_path,
              os.environ)
    outcomes = list(run([job], at_once=1, time_limit=1.0))
    assert [outcome.status for outcome in outcomes] == [None]
    assert of(tmp_path) == []


def test_what_others_run_is_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, *SLEEPING])
    try:
        list(run([Job("pdf", [sys.executable, *SLEEPING], tmp_path, os.environ)], at_once=1, time_limit=0.5))
        assert other.poll() is None
    finally:
        other.send_signal(signal.SIGTERM)
        other.wait()
