"""Which figure was drawn: a bar on a terminal, a line each when verbose."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from builder.terminal import is_lively


@contextmanager
def progress(options: argparse.Namespace, total: int) -> Iterator[Callable[[str], None]]:
    """A function to call with the name of each figure that was drawn."""
    if options.verbose:
        yield lambda name: print(f"drawn: {name}", file=sys.stderr)
    elif options.quiet or total == 0 or not is_lively(sys.stderr):
        yield lambda name: None
    else:
        from rich.console import Console
        from rich.progress import Progress

        # Without a thread that refreshes it: a process with threads cannot be copied, and copies are the fast workers.
        with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
            task = bar.add_task("figures", total=total)
            bar.refresh()
            yield lambda name: bar.update(task, advance=1, description=name, refresh=True)
