"""The files that a deck's calls name: its own, in its folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

FILES = (".csv", ".gif", ".jpeg", ".jpg", ".npy", ".npz", ".png", ".svg", ".tif", ".tiff", ".webp")


def in_folder(value: Any, folder: Path | None) -> Any:
    """A deck names its files from its own folder."""
    # What has no suffix is a word, such as background="paper", even beside a file of that name.
    if folder is None or not isinstance(value, str) or not (suffix := Path(value).suffix):
        return value
    # One that is missing is missed there, and the nearest name is looked for there.
    named = suffix.lower() in FILES and "\n" not in value
    return str(folder / value) if named or os.path.isfile(folder / value) else value
