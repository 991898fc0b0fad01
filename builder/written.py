"""A figure's call as text: in a template, in Python, on a command line."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DIGEST = re.compile(r"(array|file|long)\((?:[^()]|\([^()]*\))*([0-9a-f]{64})\)")


class UnwritableError(ValueError):
    """A call with a value of which only the digest is known."""


def in_template(name: str, parameters: Mapping[str, Any], palette: str, files: Mapping[str, str]) -> str:
    """The call as a template writes it; `files` names files by their digest."""
    given = dict(parameters) if palette == "light" else {**parameters, "palette": palette}
    parts = [json.dumps(name), *(f"{key}={_jinja(_named(value, files))}" for key, value in given.items())]
    return f"{{{{ figure({', '.join(parts)}) }}}}"


def in_python(name: str, parameters: Mapping[str, Any], lang: str, palette: str, files: Mapping[str, str],
              where: str = "figures") -> str:  # fmt: skip
    """The call in Python; `where` as `place` has it."""
    given = {**parameters, "lang": lang, **({} if palette == "light" else {"palette": palette})}
    function = where if where.startswith("figures.registry") else f"{where}.{name}"
    return f"{function}({', '.join(f'{key}={_python(_named(value, files))}' for key, value in given.items())})"


def place(name: str, deck: Path | None, *, offered: bool) -> str:
    """Where Python finds a figure: here, among those of a deck's own, or among those that packages offer."""
    if deck is not None:
        folder = relative(str(deck)).replace(os.sep, "/")
        return f"figures.own.load({json.dumps(folder)})"
    return f"figures.registry.drawn({json.dumps(name)})" if offered else "figures"


def command(name: str, parameters: Mapping[str, Any], lang: str, palette: str, files: Mapping[str, str],
            where: str = "figures") -> str:  # fmt: skip
    """The command of a shell that draws the figure into the folder where it is run.

    Raises
    ------
    UnwritableError
        An array, a file that is not there, or a value too long to stand in an image: only their digest is known.
    """
    for key, value in parameters.items():
        if kind := _unknown(_named(value, files)):
            raise UnwritableError(f"{key} is {kind} of which only the digest is known")
    call, file = in_python(name, parameters, lang, palette, files, where), json.dumps(f"{name}.svg")
    module = next((module for module in ("figures.own", "figures.registry") if call.startswith(module)), "figures")
    return f"python -c {shlex.quote(f'import {module}; {call}.save({file})')}"


def _jinja(value: Any) -> str:
    return _literal(value, {None: "none", True: "true", False: "false"})


def _python(value: Any) -> str:
    return _literal(value, {None: "None", True: "True", False: "False"})


def _literal(value: Any, words: Mapping[bool | None, str]) -> str:
    """A value of JSON as a literal; both languages read the texts of JSON."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_literal(part, words) for part in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{json.dumps(key)}: {_literal(part, words)}' for key, part in value.items())}}}"
    if value is None or isinstance(value, bool):
        return words[value]
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _named(value: Any, files: Mapping[str, str]) -> Any:
    """A value with the name of each file that is known in the place of its digest."""
    if isinstance(value, list):
        return [_named(part, files) for part in value]
    if isinstance(value, Mapping):
        return {key: _named(part, files) for key, part in value.items()}
    match = DIGEST.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[1] != "file" or match[2] not in files:
        return value
    return relative(files[match[2]]).replace(os.sep, "/")


def relative(path: str, start: str | os.PathLike[str] = os.curdir) -> str:
    """The way from one folder to a file; the whole path where there is none, on another drive of Windows."""
    try:
        return os.path.relpath(path, start)
    except ValueError:
        return path


def _unknown(value: Any) -> str | None:
    """What a value is of which only the digest is known, None for any other."""
    if isinstance(value, (list, Mapping)):
        return next(filter(None, map(_unknown, value if isinstance(value, list) else value.values())), None)
    match = DIGEST.fullmatch(value) if isinstance(value, str) else None
    return {"array": "an array", "file": "a file", "long": "a long value"}[match[1]] if match else None
