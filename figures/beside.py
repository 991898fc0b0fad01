"""What a module that is not of this project imports: files that lie beside it, this project's modules, libraries.

Nothing is run to know it. A deck's `figures.py` takes helpers from its own folder; a module of an installed package
those of the same package.
"""

from __future__ import annotations

import ast
import functools
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from figures.canonical import file_digest

PROJECT = ("builder", "deck", "engine", "figures")


class Walk(NamedTuple):
    """The files below the root by their name there, (module, name or None) of this project, names of libraries."""

    files: Mapping[str, Path]
    project: frozenset[tuple[str, str | None]]
    libraries: frozenset[str]


@functools.cache
def walk(path: Path, root: Path, package: str = "") -> Walk:
    """Follow the imports of `path`, a file below `root`.

    Parameters
    ----------
    path, root : Path
        The module's file, and the folder that its own modules are named from.
    package : str
        The package that it belongs to: then only this one's modules are its own, else all that lie in `root`.
    """
    files: dict[str, Path] = {}
    project: set[tuple[str, str | None]] = set()
    libraries = {package} - {""}
    waiting = [path]
    while waiting:
        here = waiting.pop()
        name = os.path.relpath(here, root).replace(os.sep, "/")
        if name in files:
            continue
        files[name] = here
        for module, part in _imports(here, root):
            top = module.partition(".")[0]
            if top in PROJECT:
                project.add((module, part))
            elif top == package or (not package and is_local(root, top)):
                waiting += _files(root, f"{module}.{part}" if part else module)
            elif top not in sys.stdlib_module_names:
                libraries.add(top)
    return Walk(files, frozenset(project), frozenset(libraries))


@functools.cache
def content(path: Path) -> str:
    """Digest of a file, as it was when it was first asked for since `forget`."""
    return file_digest(path)


def forget() -> None:
    """Look at every file again."""
    walk.cache_clear()
    content.cache_clear()


def is_local(root: Path, name: str) -> bool:
    """Whether `import name` means a module of the folder: neither this project's nor Python's own."""
    if name in PROJECT or name in sys.stdlib_module_names or not name:
        return False
    return (root / f"{name}.py").is_file() or any((root / name).glob("*.py"))


def _imports(path: Path, root: Path) -> Iterator[tuple[str, str | None]]:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):  # importing it tells
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, path, root)
            yield from ((module, alias.name) for alias in node.names if module)


def _absolute(node: ast.ImportFrom, path: Path, root: Path) -> str:
    if not node.level:
        return node.module or ""
    package = path.relative_to(root).parts[: -node.level]
    return ".".join([*package, *filter(None, [node.module])])


def _files(root: Path, module: str) -> Iterator[Path]:
    """The files that importing `module` runs: the packages that hold it, and itself if it is no name in one of them."""
    place = root
    for part in module.split("."):
        place /= part
        yield from (path for path in (place / "__init__.py", place.parent / f"{part}.py") if path.is_file())
