"""Which source files a figure depends on: its module and, through their imports, the others of this project."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from figures import beside, store

ROOT = Path(__file__).parent.parent
PACKAGES = ("engine", "figures")
Home = str | Path  # where figures are written: a module that is imported by name, or the figures.py of a deck


class Outline(NamedTuple):
    """What a file imports of this project: (module, name or None), and where its top level takes each name from."""

    imports: list[tuple[str, str | None]]
    names: dict[str, str]


def reach(home: Home) -> frozenset[Path]:
    """The files of every project module that `home` imports, however indirectly, of those beside it, and its own.

    A name imported from a package (``from figures import figure``) leads to the module that the package takes it
    from, not to everything that the package imports.
    """
    return frozenset(named_reach(home).values())


def source_digest(home: Home) -> str:
    """Digest of the sources that `home` reaches; where the project lies does not count, nor where a deck does."""
    if _within(home):
        return _digest_within(str(home))
    digest = hashlib.sha256()
    for name, path in sorted(named_reach(home).items()):
        digest.update(name.encode() + b"\0" + (content(path) if _project(path) else beside.content(path)).encode())
    return digest.hexdigest()


def named_reach(home: Home) -> Mapping[str, Path]:
    """`reach`, each file by a name that it has wherever project and deck lie."""
    walked = walk(home)
    if walked is None:
        return {shown(path): path for path in _reach_within(str(home))}
    files = {f"own:{name}": path for name, path in walked.files.items()}
    for module, name in walked.project:
        files |= {shown(path): path for path in _reach_within(_home(module, name) if name else module)}
    return files


def walk(home: Home) -> beside.Walk | None:
    """What somebody's own module imports; None for a module of this project, and for one that has no file."""
    if isinstance(home, Path):
        return beside.walk(home, home.parent)
    path = None if _within(home) else module_file(home)
    if path is None:
        return None
    depth = home.count(".") + (path.name == "__init__.py")
    return beside.walk(path, path.parents[depth], home.partition(".")[0] if depth else "")


@functools.cache
def _reach_within(module: str) -> frozenset[Path]:
    files: set[Path] = set()
    waiting = [module]
    while waiting:
        path = module_file(waiting.pop())
        if path is not None and path not in files:
            files.add(path)
            waiting += [_home(origin, name) if name else origin for origin, name in outline(path).imports]
    return frozenset(files)


@functools.cache
def _digest_within(module: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(_reach_within(module)):
        digest.update(shown(path).encode() + b"\0" + content(path).encode())
    return digest.hexdigest()


def _within(home: Home) -> bool:
    return isinstance(home, str) and _ours(home)


def _project(path: Path) -> bool:
    return any(path.is_relative_to(ROOT / package) for package in PACKAGES)


@functools.cache
def shown(path: Path) -> str:
    """A source file as every checkout calls it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def homes(package: str) -> Mapping[str, str]:
    """Which module each public name of a package comes from, without importing it."""
    path = module_file(package)
    return outline(path).names if path is not None else {}


@functools.cache
def content(path: Path) -> str:
    """Digest of a file, as it was when this process first asked."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@functools.cache
def outline(path: Path) -> Outline:
    """What a file imports: parsed once, remembered by the file's digest."""
    key = hashlib.sha256(b"2" + content(path).encode()).hexdigest()
    if (data := store.get("outlines", key)) is not None:
        imports, names = json.loads(data)
        return Outline([(module, name) for module, name in imports], names)
    tree = ast.parse(path.read_bytes())
    found = Outline(list(_imports(tree)), dict(_names(tree)))
    store.keep("outlines", key, json.dumps(found).encode())
    return found


def forget() -> None:
    """Read every source again: they may have been edited since."""
    for cached in (_reach_within, _digest_within, content, outline, module_file):
        cached.cache_clear()
    beside.forget()


@functools.cache
def module_file(module: str) -> Path | None:
    """The source file of a module: of this project, or of one that somebody's figures are written in."""
    if module.partition(".")[0] in PACKAGES:
        base = ROOT.joinpath(*module.split("."))
        return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)
    if module in ("__main__", "builtins"):
        return None
    try:
        found = importlib.util.find_spec(module)  # somebody else's: on their path, or of an installed package
    except (ImportError, ValueError):
        return None
    origin = (found.origin if found else None) or ""
    return Path(origin) if origin.endswith(".py") else None


def _ours(module: str | None) -> bool:
    return bool(module) and str(module).partition(".")[0] in PACKAGES


def _imports(tree: ast.AST) -> Iterator[tuple[str, str | None]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names if _ours(alias.name))
        elif isinstance(node, ast.ImportFrom) and _ours(node.module):
            yield from ((str(node.module), alias.name) for alias in node.names)


def _names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names that a file takes from elsewhere at its top level, or for the eyes of a type checker only."""
    within = [part for node in tree.body if isinstance(node, ast.If) for part in node.body]
    for node in [*tree.body, *within]:
        if isinstance(node, ast.ImportFrom) and _ours(node.module):
            yield from ((alias.asname or alias.name, str(node.module)) for alias in node.names)


def _home(module: str, name: str) -> str:
    """The module that defines `name` as seen from `module`."""
    path = module_file(module)
    taken: dict[str, Any] = outline(path).names if path is not None and path.name == "__init__.py" else {}
    if name in taken:
        return str(taken[name])
    return f"{module}.{name}" if module_file(f"{module}.{name}") else module
