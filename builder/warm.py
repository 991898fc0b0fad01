"""A process that has imported what takes long and waits for a command: the next build starts a second earlier.

Nothing of the project itself is imported before the command comes, so that edited code is what runs.
"""

from __future__ import annotations

import json
import os
import sys

LIBRARIES = ("numpy", "numba", "babel.numbers", "filelock", "font_source_sans_pro", "jinja2.sandbox", "PIL.Image",
             "matplotlib.figure", "matplotlib.font_manager", "matplotlib.backends.backend_svg",
             "matplotlib.backends.backend_agg", "matplotlib.mathtext")  # fmt: skip


def main() -> int:
    """Import, wait for one line with the arguments as JSON, build."""
    os.environ["MPLBACKEND"] = "agg"
    import importlib

    for name in LIBRARIES:
        importlib.import_module(name)
    line = sys.stdin.readline()
    if not line:  # whoever started this has gone
        return 0
    from builder.command import main as build

    return build(json.loads(line))


if __name__ == "__main__":
    sys.exit(main())
