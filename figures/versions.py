"""The installed versions of what decides a picture, read from the names of folders: importing them takes too long."""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Sequence

# What decides the bits of a number, and besides those what decides the bytes of a picture.
OF_NUMBERS = ("numpy", "numba", "llvmlite")
OF_PICTURES = (*OF_NUMBERS, "matplotlib", "pillow", "contourpy", "font-source-sans-pro", "babel", "fonttools")
DISTRIBUTION = re.compile(r"([A-Za-z0-9_.]+)-([^-]+?)(?:-py[\d.]+)?\.(?:dist|egg)-info")


def versions(packages: Sequence[str]) -> dict[str, str]:
    """The version of each package, "none" where it is not installed."""
    there = _installed()
    return {package: there.get(package, "none") for package in packages}


@functools.cache
def _installed() -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if match := DISTRIBUTION.fullmatch(name):
                # The first folder of the path is the one that is imported from.
                found.setdefault(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    return found
