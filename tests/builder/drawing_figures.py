"""Figures that behave well and figures that do not, in a module that workers can import."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from figures import Picture, figure
from figures.language import Words
from figures.parts import write
from figures.style import slide_figure


def picture(text: str, **facts: object) -> Picture:
    drawing, axes = slide_figure(100, 80)
    write(axes, 50, 50, text)
    return Picture(drawing, text, facts)


def begun(folder: str, nth: int) -> None:
    """Say who draws: in a folder, since a file that comes to be while it is drawn would change the call's key."""
    if folder:
        Path(folder, str(nth)).write_text(str(os.getpid()))


@figure
def dot(words: Words, *, radius: int = 3, pause: float = 0.0) -> Picture:
    time.sleep(pause)
    return picture(words.number(radius), radius=radius)


@figure
def worker(words: Words, *, nth: int = 0) -> Picture:
    from engine.threads import get_num_threads

    return picture("x", pid=os.getpid(), threads=get_num_threads())


@figure
def storing(words: Words, *, key: str) -> Picture:
    from figures import store

    store.keep("results", key, b"kept")
    return picture("x")


@figure
def spin(words: Words, *, folder: str = "", nth: int = 0) -> Picture:
    begun(folder, nth)
    while True:
        pass


@figure
def stuck(words: Words, *, folder: str = "", nth: int = 0) -> Picture:
    begun(folder, nth)
    ctypes.PyDLL(None).sleep(10_000)  # with the interpreter's lock in hand, as a kernel without nogil has it
    raise AssertionError("not reached")


@figure
def dying(words: Words, *, how: str) -> Picture:
    time.sleep(0.2)
    if how == "exit":
        os._exit(3)
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "segfault":
        ctypes.string_at(0)
    sys.exit(4)


@figure
def dying_once(words: Words, *, mark: str) -> Picture:
    """It dies where it is drawn first, as where a worker is taken away."""
    if not os.path.exists(mark):
        Path(mark).write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    return picture("survived")


class AwkwardError(Exception):
    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"{first} and {second}")


class MuteError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


@figure
def raising(words: Words, *, what: str = "value") -> Picture:
    class LocalError(Exception):
        pass

    kinds = {"value": ValueError("raising: what must not be value"), "awkward": AwkwardError(1, 2),
             "local": LocalError("here"), "mute": MuteError()}  # fmt: skip
    if what in kinds:
        raise kinds[what]
    return picture("x", broken=lambda: None)


@figure
def bulky(words: Words, *, nth: int) -> Picture:
    return picture("x", bulk="y" * 3_000_000, nth=nth)
