"""The command: what it does, what it says, and the exit status."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
import warnings
from collections.abc import Sequence

from builder.arguments import output_of, parsed
from builder.unchanged import stands


def run() -> int:
    """The command of a shell: `main`, and an end that a pipe or a terminal without accents cannot spoil."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    warnings.formatwarning = lambda message, *_: f"build.py: {message}\n"
    gc.disable()  # a command ends before its garbage matters, and looking for it takes a tenth of a second
    status = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # `| head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if "numba" in sys.modules:
        os._exit(status)  # everything is on the disk; taking LLVM apart takes a fifth of a second
    return status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 1 for a deck that cannot be built, 2 for a wrong command line."""
    started = time.perf_counter()
    options = parsed(arguments)
    try:
        if options.list_figures:
            return _list_figures(options)
        if options.why or options.locked:
            return _looked_at(options, started)
        if options.preview:
            from builder.preview import preview

            return preview(options)
        anew = options.no_cache or options.explain or options.lock or options.check
        if not anew and (record := stands(options, str(output_of(options)))):
            if not options.quiet:
                print(f"{record['said']}: nothing to do, {time.perf_counter() - started:.2f} s")
            return 0
        from builder.building import build

        return build(options, started)
    except KeyboardInterrupt:
        print("build.py: interrupted; what stood there stands", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `| head`: nobody reads on
        return 0
    except OSError as error:
        if options.verbose:
            _show_traceback()
        print(f"build.py: {error.filename or ''}: {error.strerror or error}".replace(": : ", ": "), file=sys.stderr)
        return 1
    except Exception as error:
        return _refused(error, options)


def _looked_at(options: argparse.Namespace, started: float) -> int:
    """What writes nothing into the deck: where an image comes from, and whether the deck is as it was locked."""
    if options.why:
        from builder.why import why

        return why(options)
    from builder.building import build
    from builder.locked import compare

    return compare(options, build, started)


def _refused(error: Exception, options: argparse.Namespace) -> int:
    """Tell the faults of a deck, each with its file and line."""
    from deck.exports import ExportError
    from deck.faults import DeckError

    if isinstance(error, ExportError):
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    if type(error).__name__ == "PaletteError":  # its module could not be imported, with the class in it
        print(error, file=sys.stderr)
        return 1
    if not isinstance(error, DeckError):
        raise error
    for fault in error.faults:
        if options.verbose and fault.cause is not None:
            import traceback

            traceback.print_exception(fault.cause)
        print(fault, file=sys.stderr)
    count = len(error.faults)
    written = "what was exported before stands" if error.exporting else "nothing written: what stood there stands"
    print(f"build.py: {count} fault{'s' * (count > 1)}, {written}", file=sys.stderr)
    return 1


def _show_traceback() -> None:
    import traceback

    traceback.print_exc()


def _list_figures(options: argparse.Namespace) -> int:
    """Print each figure's call and what it shows."""
    from builder.own import listings

    for name, listed in listings(options).items():
        print(f"{listed.call(name)}\n    {listed.summary}")
    return 0
