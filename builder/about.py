"""`--version`: the versions that decide what a build writes."""

from __future__ import annotations

import platform
import tomllib
from pathlib import Path

from builder.unchanged import ROOT
from figures.versions import OF_PICTURES, versions

NAME = "executable-figures"


def about() -> dict[str, str]:
    """The version of the project, of Python, of the libraries and of the programs; "none" for what is not there."""
    found = {"build.py": _own(), "python": platform.python_version(), "system": platform.platform(terse=True)}
    return {**found, **versions((*OF_PICTURES, "jinja2")), "marp": _marp(), "browser": _browser()}


def show(found: dict[str, str]) -> None:
    """Print them."""
    width = max(map(len, found)) + 1
    for name, version in found.items():
        print(f"{name:<{width}} {version}")


def _own() -> str:
    # A checkout that is edited may be newer than what is installed.
    source = Path(ROOT) / "pyproject.toml"
    if source.is_file():
        return str(tomllib.loads(source.read_text(encoding="utf-8"))["project"]["version"])
    return versions([NAME])[NAME]


def _marp() -> str:
    from deck.marp import MissingError, find_marp

    try:
        return find_marp().identity.rpartition(" ")[2]
    except MissingError:
        return "none"


def _browser() -> str:
    from deck.marp import MissingError, find_browser

    try:
        return find_browser().command[0]
    except MissingError:
        return "none"
