"""The command: what it does, what it says, and the exit status."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builder.arguments import output_of, parsed
from builder.ending import Ended, closed, heed_signals, open_streams, refused
from builder.unchanged import stands

Told = dict[str, Any]


def run() -> int:
    """The command of a shell: `main`, and an end that a signal, a pipe or a terminal without accents cannot spoil."""
    open_streams()
    heed_signals()
    warnings.formatwarning = lambda message, *_: f"build.py: {message}\n"
    gc.disable()  # a command ends before its garbage matters, and looking for it takes a tenth of a second
    try:
        status = main()
    except OSError as error:  # while the help was printed
        status = refused(error)
    status = closed(status)
    if "numba" in sys.modules:
        os._exit(status)  # everything is on the disk; taking LLVM apart takes a fifth of a second
    return status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 1 for a deck that cannot be built, 2 for a wrong command line."""
    started = time.perf_counter()
    options = parsed(arguments)
    if not options.json:
        return _run(options, started, {})
    from builder.reported import reported

    return reported(options, lambda told: _run(options, started, told), started)


def _run(options: argparse.Namespace, started: float, told: Told) -> int:
    """Do what the options ask for, and tell; what is for machines goes into `told` as well."""
    try:
        return _done(options, started, told)
    except Ended as end:
        _complain(f"ended by {end.name}; what stood there stands")
        return end.status
    except KeyboardInterrupt:
        _complain("interrupted; what stood there stands")
        return 130
    except BrokenPipeError:  # `| head`: nobody reads on
        return 0
    except OSError as error:
        if options.verbose:
            _show_traceback()
        return _stopped(told, f"{_named(error)}: {error.strerror or error}".removeprefix(": "))
    except Exception as error:
        return _refused(error, options, told)


def _named(error: OSError) -> str:
    """The file or folder that an error is about, as the user knows it: not the room for what is not finished."""
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else Path()
    unfinished = path.name.startswith((".new-", ".draft"))
    return str(path.parent if unfinished else error.filename or "")


def _done(options: argparse.Namespace, started: float, told: Told) -> int:
    if options.list_figures or options.list_functions or options.version or options.completion:
        return _about_itself(options, told)
    if options.new:
        from builder.new import new

        return new(options.new, options.lang or "fr", quiet=options.quiet)
    if options.why:
        from builder.why import why

        return why(options, told)
    if options.preview and not options.locked:
        from builder.preview import preview

        return preview(options)
    anew = options.no_cache or options.explain or options.lock or options.check
    if not anew and not options.locked and (record := stands(options, str(output_of(options)))):
        if not options.quiet:
            print(f"{record['said']}: nothing to do, {time.perf_counter() - started:.2f} s")
        if options.json:
            from builder.reported import built

            told |= built(output_of(options), record)
        return 0
    return _built(options, started, told)


def _built(options: argparse.Namespace, started: float, told: Told) -> int:
    """Build the deck, or build it elsewhere and compare it with what was locked."""
    from builder.crew import Crew

    with Crew() as crew:
        if options.jobs > 1 and options.executor == "processes":
            crew.make_ready()
        from builder.building import build

        if not options.locked:
            return build(options, started, told, crew)
        from builder.locked import compare

        return compare(options, build, started, told, crew)


def _about_itself(options: argparse.Namespace, told: Told) -> int:
    """What needs no deck."""
    if options.completion:
        from builder.completion import script

        print(script(options.completion), end="")
    elif options.version:
        from builder import about

        told["versions"] = about.about()
        if not options.json:
            about.show(told["versions"])
    elif options.list_functions:
        from builder import vocabulary

        found = vocabulary.vocabulary()
        told |= found
        if not options.json:
            vocabulary.show(found)
    else:
        from builder.listed import listed

        told["figures"] = listed(options)
    return 0


def _refused(error: Exception, options: argparse.Namespace, told: Told) -> int:
    """Tell the faults of a deck, each with its file and line."""
    from deck.exports import ExportError
    from deck.faults import DeckError, shown

    if isinstance(error, ExportError):
        return _stopped(told, str(error))
    if type(error).__name__ == "PaletteError":  # its module could not be imported, with the class in it
        return _stopped(told, str(error), place="")
    if not isinstance(error, DeckError):
        raise error
    for fault in error.faults:
        if options.verbose and fault.cause is not None:
            import traceback

            traceback.print_exception(fault.cause)
        _complain(fault.told, place=f"{shown(fault.path)}:{fault.line}" if fault.line else shown(fault.path))
    if options.json:
        from builder.reported import faults

        told["faults"] = faults(error.faults)
    count = len(error.faults)
    _complain(f"{count} fault{'s' * (count > 1)}, {error.standing}")
    return 1


def _stopped(told: Told, message: str, *, place: str = "build.py") -> int:
    """Tell what keeps the command from going on and is no fault of a deck."""
    from builder.reported import fault

    _complain(message, place=place)
    told["faults"] = [fault(message)]
    return 1


def _complain(message: str, *, place: str = "build.py") -> None:
    from builder.terminal import complain

    complain(message, place=place)


def _show_traceback() -> None:
    import traceback

    traceback.print_exc()
