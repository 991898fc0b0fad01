"""Completion by a shell: it runs the command with what was typed, and argcomplete answers with what could come next."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from builder.arguments import INTRODUCTION
from deck.extras import install

LOADER = "complete -o default -o bashdefault -D -F _python_argcomplete_global"
# The command is `python build.py` or `python -m deck`: the second or third word is what completes the rest.
FISH = r"""
function __figures_words
    set -l words (commandline -opc)
    if test "$words[2..3]" = "-m deck"
        echo 3
    else if string match -qr '(^|/)build\.py$' -- "$words[2]"
        echo 2
    end
end
function __figures_complete
    set -l words (commandline -opc)
    set -lx _ARGCOMPLETE (__figures_words)
    set -lx _ARGCOMPLETE_DFS \t
    set -lx _ARGCOMPLETE_IFS \n
    set -lx _ARGCOMPLETE_SUPPRESS_SPACE 1
    set -lx _ARGCOMPLETE_SHELL fish
    set -lx COMP_LINE (commandline -p)
    set -lx COMP_POINT (string length (commandline -cp))
    set -lx COMP_TYPE
    $words[1..$_ARGCOMPLETE] 8>&1 9>&2 1>/dev/null 2>&1
end
complete --command python --command python3 -n 'test -n "$(__figures_words)"' -f -a '(__figures_complete)'
"""


class MissingLibraryError(OSError):
    """What completes is not installed; the message names the command that installs it."""


def script(shell: str) -> str:
    """What a shell is to read, as by `eval "$(python build.py --completion bash)"`."""
    try:
        import argcomplete
    except ImportError as error:
        raise MissingLibraryError(f"--completion needs argcomplete: {install('completion')}") from error
    if shell == "fish":
        return FISH
    code = files(argcomplete).joinpath("bash_completion.d", "_python-argcomplete").read_text(encoding="utf-8")
    # Of bash's commands only ours: what it completes others by is nobody's to replace.
    return code.replace(LOADER, LOADER.replace("-D ", "") + " python python3")


def answer(line: argparse.ArgumentParser) -> None:
    """Tell the shell that asks, and end the process."""
    try:
        import argcomplete
        from argcomplete.completers import SuppressCompleter
    except ImportError:
        raise SystemExit(1) from None
    completers = {"deck": _decks, "output": _folders, "cache": _folders, "lang": _languages, "why": _images}
    for action in line._actions:
        if action.dest in completers:
            action.completer = completers[action.dest]  # type: ignore[attr-defined]
    argcomplete.autocomplete(line, always_complete_options="long", default_completer=SuppressCompleter())


def _folders(prefix: str, **_: Any) -> Iterator[str]:
    folder, name = os.path.split(prefix)
    for entry in sorted(os.scandir(os.path.expanduser(folder) or "."), key=lambda entry: entry.name):
        if entry.is_dir() and entry.name.startswith(name) and entry.name.startswith(".") <= name.startswith("."):
            yield os.path.join(folder, entry.name) + "/"


def _decks(prefix: str, **_: Any) -> Iterator[str]:
    """Folders with a template, and folders on the way to one."""
    for folder in _folders(prefix):
        place = Path(folder).expanduser()
        if any(place.glob("slides.*.md.j2")):
            yield folder.rstrip("/")
        elif any(place.glob("*/")):
            yield folder


def _languages(prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    deck = Path(parsed_args.deck or INTRODUCTION)
    return sorted(path.name.split(".")[1] for path in deck.glob("slides.*.md.j2"))


def _images(prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """The images of the deck that was built, and the figures that drew them."""
    output = Path(parsed_args.output or Path("dist") / Path(parsed_args.deck or INTRODUCTION).resolve().name)
    images = sorted(path.name for path in output.glob("images/*.svg"))
    return [*images, *sorted({name.rpartition("-")[0] for name in images})]
