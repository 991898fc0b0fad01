"""Build a deck: compute and draw its figures, fill its template, write Marp Markdown.

python build.py                       the introduction, into dist/introduction/
python build.py PATH/TO/DECK -o DIR   another deck, elsewhere
"""

from __future__ import annotations

import sys

from builder.command import main, run

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(run())
