"""`--new PATH`: a small deck that builds at once and says in its comments how the rest is written."""

from __future__ import annotations

import difflib
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deck.faults import DeckError, Fault, shown

SCAFFOLD = Path(__file__).resolve().parent / "scaffold"
# No tool shall take for a part of this project what is one of somebody's deck.
ENDING = ".txt"
SAYS = {"deck.toml": "its title, its look, its defaults", "slides": "its slides", "figures.py": "a figure of its own"}


def new(path: Path, language: str, *, quiet: bool = False) -> int:
    """Make a deck in a folder that is empty or not there yet, and say what to type next.

    Raises
    ------
    DeckError
        A folder that has something in it, a file of that name, a language that no deck is there for.
    """
    source = _source(language)
    _refuse_what_is_there(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Copied beside it first: a disk that is full leaves no half of a deck, which would be refused the next time.
    with tempfile.TemporaryDirectory(prefix=".new-", dir=path.parent) as draft:
        for file in sorted(source.iterdir()):
            shutil.copyfile(file, Path(draft, file.name.removesuffix(ENDING)))
        made = sorted(each.name for each in Path(draft).iterdir())
        path.mkdir(exist_ok=True)
        for name in made:
            Path(draft, name).rename(path / name)
    if not quiet:
        print(_said(path, made))
    return 0


def command() -> str:
    """What the user types for this command."""
    return "python -m deck" if Path(sys.argv[0]).parent.name == "deck" else "python build.py"


def _source(language: str) -> Path:
    there = sorted(folder.name for folder in SCAFFOLD.iterdir() if folder.is_dir())
    if language not in there:
        near = difflib.get_close_matches(language, there, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {' and '.join(there)}"
        raise DeckError([Fault(Path("--lang"), 0, f"no new deck in {language!r}; {hint}")])
    return SCAFFOLD / language


def _refuse_what_is_there(path: Path) -> None:
    if path.is_dir():
        there = sorted(each.name for each in path.iterdir())
        if there:
            few = ", ".join(there[:3]) + (", …" if len(there) > 3 else "")
            raise DeckError([Fault(path, 0, f"not empty (it has {few}); name a folder that is not there yet")])
    elif path.exists() or path.is_symlink():
        raise DeckError([Fault(path, 0, "a file, where the deck's folder would be; name another")])


def _said(path: Path, made: list[str]) -> str:
    deck = shown(path.absolute())
    quoted = shlex.quote(deck) if sys.platform != "win32" else subprocess.list2cmdline([deck])
    files = [f"  {name:<17} {SAYS.get(name) or SAYS.get(name.partition('.')[0])}" for name in made]
    return "\n".join([f"{deck}: a deck of {len(made)} files", *files, "Build it, then see it while you write:",
                      f"  {command()} {quoted}", f"  {command()} {quoted} --preview"])  # fmt: skip
