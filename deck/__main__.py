"""`python -m deck`: the command, from any folder. The one door by which deck leads to what is built from it."""

from __future__ import annotations

import sys

from builder.command import run

if __name__ == "__main__":
    sys.exit(run())
