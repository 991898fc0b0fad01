"""`--preview`: build again whenever a file is saved, and show it in the browser."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

from builder.arguments import HERE, output_of
from builder.ending import Ended
from builder.unchanged import PACKAGES, SKIPPED
from deck.extras import install
from deck.faults import DeckError, Fault, shown
from deck.preview import HOST, State, serve

DEBOUNCE = 60  # ms within which the files of one saving belong together


class Build:
    """A build in a process of its own that was started before it is needed."""

    def __init__(self) -> None:
        self._next = _warm()
        self._running: subprocess.Popen[str] | None = None
        self._gate = threading.Lock()

    def run(self, arguments: list[str]) -> tuple[int, str] | None:
        """The exit status and what was said; None if a later build took its place."""
        with self._gate:
            if self._running is not None:
                _end(self._running)  # a deck on disk is whole whenever a build is ended
            mine, self._running, self._next = self._next, self._next, _warm()
        out, err = mine.communicate(json.dumps(arguments) + "\n")
        with self._gate:
            if self._running is not mine:
                return None
            self._running = None
        return mine.returncode, (out + err).strip()

    def close(self) -> None:
        """End every process."""
        with self._gate:
            if self._running is not None:
                _end(self._running)
                self._running = None
            _end(self._next)
            for stream in (self._next.stdin, self._next.stdout, self._next.stderr):  # nobody else talks to it
                if stream is not None:
                    stream.close()


def _warm() -> subprocess.Popen[str]:
    # -P: started from a deck's folder, `figures` must not be the figures.py that lies there.
    return subprocess.Popen([sys.executable, "-P", "-m", "builder.warm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True,
                            env={**os.environ, "PYTHONPATH": _path(), "PYTHONIOENCODING": "utf-8"})  # fmt: skip


def _path() -> str:
    return os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))


def _end(process: subprocess.Popen[str]) -> None:
    """End a process with all that it started."""
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def preview(options: argparse.Namespace) -> int:
    """Serve the deck and keep it up to date until Ctrl-C; 0 then."""
    watch = _watcher()
    output = output_of(options)
    state = State(output.absolute())
    build = Build()
    server = _served(state, options.port)
    status = 0
    try:
        address = f"http://{HOST}:{server.server_address[1]}/"
        print(f"build.py: preview at {address} (Ctrl-C ends it)", flush=True)
        _once(build, state, options)
        for changed in watch(_places(options), output):
            print(f"build.py: {', '.join(changed)} changed", flush=True)
            threading.Thread(target=_once, args=(build, state, options), daemon=True).start()
    except KeyboardInterrupt as end:
        print("build.py: preview ended", file=sys.stderr)
        status = end.status if isinstance(end, Ended) else 0
    finally:
        state.close()
        build.close()
        server.shutdown()
        server.server_close()
    return status


def _served(state: State, port: int | None) -> ThreadingHTTPServer:
    try:
        return serve(state, port or 0)
    except OSError as error:
        raise DeckError([Fault(Path("--port"), 0, f"{port} cannot be served: {error.strerror}")]) from error


def _once(build: Build, state: State, options: argparse.Namespace) -> None:
    started = time.perf_counter()
    done = build.run(_arguments(options))
    if done is None:
        return
    status, said = done
    print(said, file=sys.stderr if status else sys.stdout, flush=True)
    if status == 0:
        print(f"build.py: shown after {time.perf_counter() - started:.2f} s", flush=True)
    state.tell(said if status else "")


def _arguments(options: argparse.Namespace) -> list[str]:
    """The command line of the builds."""
    line = [str(options.deck), "-o", str(output_of(options)), "--html", "-j", str(options.jobs)]
    if options.lang:
        line += ["--lang", options.lang]
    if options.cache:
        line += ["--cache", str(options.cache)]
    if options.no_code:
        line.append("--no-code")
    return line


def _places(options: argparse.Namespace) -> list[Path]:
    return [options.deck.resolve(), *(HERE / name for name in PACKAGES)]


def _watcher() -> Callable[[list[Path], Path], Iterator[list[str]]]:
    try:
        import watchfiles
    except ImportError as error:
        message = f"--preview needs watchfiles: {install('preview')}"
        raise DeckError([Fault(Path("build.py"), 0, message, error)]) from error

    def watch(places: list[Path], output: Path) -> Iterator[list[str]]:
        own, deck = output.resolve(), places[0]

        def counts(_: object, path: str) -> bool:
            place = Path(path)
            hidden = any(part in SKIPPED or part.startswith(".") for part in place.parts[-4:])
            # The deck may lie in the folder that is written (`-o .`), or that folder in the deck's.
            written = place.is_relative_to(own) and not (deck.is_relative_to(own) and place.is_relative_to(deck))
            return not hidden and not written and not path.endswith(("~", ".swp", ".part"))

        for changes in watchfiles.watch(*places, watch_filter=counts, debounce=DEBOUNCE, step=20,
                                        raise_interrupt=True):  # fmt: skip
            yield sorted({shown(Path(path)) for _, path in changes})

    return watch
