"""Build a deck: compute and draw its figures, fill its template, write Marp Markdown.

python build.py                       the introduction, into dist/introduction/
python build.py PATH/TO/DECK -o DIR   another deck, elsewhere
"""

# PYTHON_ARGCOMPLETE_OK: a shell may run this with what was typed (builder/completion.py)
from __future__ import annotations

import sys

from builder.command import main, run

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(run())
