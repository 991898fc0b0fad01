"""The command that installs an extra, for whoever lacks it."""

from __future__ import annotations

import shlex
from pathlib import Path

from deck.faults import shown

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = "executable-figures"


def install(extra: str) -> str:
    """The command as it is typed from where the user is: the project's folder, another one, or an installed package."""
    what = shown(PROJECT) if (PROJECT / "pyproject.toml").is_file() else PACKAGE
    editable = "-e " if what != PACKAGE else ""
    return f"python -m pip install {editable}{shlex.quote(f'{what}[{extra}]')}"
