"""`python -m deck`: the command, from any folder. The one door by which deck leads to what is built from it."""

from __future__ import annotations  # PYTHON_ARGCOMPLETE_OK, see builder/completion.py

import os
import sys

if __name__ == "__main__":
    # `-m` lets the current folder come first, and a deck's own figures.py would be taken for the package of that name.
    if not sys.flags.safe_path and sys.path[0] not in ("", os.path.dirname(os.path.dirname(os.path.abspath(__file__)))):
        del sys.path[0]
    from builder.command import run

    sys.exit(run())
