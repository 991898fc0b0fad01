"""How a command begins and ends where a shell started it: its streams, signals, and what a closed pipe leaves."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

# What asks a program to end, besides Ctrl-C. Windows has not all of them.
ASKING = ("SIGTERM", "SIGHUP", "SIGBREAK")


class Ended(KeyboardInterrupt):
    """A signal that asks the build to end: it does what Ctrl-C does, and says who asked."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.name, self.status = signal.Signals(number).name, 128 + number


def heed_signals() -> None:
    """End in order when asked to: workers and browsers are ended, drafts removed."""
    for name in ASKING:
        number = getattr(signal, name, None)
        # `nohup` has it ignored, and that is to stay.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _raise)


def _raise(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)  # whoever asks twice will not wait
    raise Ended(number)


def open_streams() -> None:
    """Take streams that were closed (`>&-`) for ones that nobody reads; no text is one that cannot be printed."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:  # the next file that is opened would be taken for it
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def refused(error: OSError) -> int:
    """The exit status where the standard output takes nothing: nobody reads on, or a disk is full."""
    _throw_away()
    if isinstance(error, BrokenPipeError):
        return 0
    with contextlib.suppress(OSError):
        print(f"build.py: standard output: {error.strerror}", file=sys.stderr)
    return 1


def closed(status: int) -> int:
    """The exit status once everything is printed, or nobody reads on."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:
        return status or refused(error)
    return status


def _throw_away() -> None:
    """What is left in the buffer would fail once more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
