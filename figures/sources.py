"""Which source files a figure depends on: its module and, through their imports, the others of this project."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("engine", "figures")


@functools.cache
def reach(module: str) -> frozenset[Path]:
    """The files of every project module that `module` imports, however indirectly, and its own.

    A name imported from a package (``from figures import figure``) leads to the module that the package takes it
    from, not to everything that the package imports.
    """
    files: set[Path] = set()
    waiting = [module]
    while waiting:
        path = _file(waiting.pop())
        if path is not None and path not in files:
            files.add(path)
            waiting += _imported(path)
    return frozenset(files)


@functools.cache
def source_digest(module: str) -> str:
    """Digest of the sources that `module` reaches; where the project lies does not count."""
    digest = hashlib.sha256()
    for path in sorted(reach(module)):
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@functools.cache
def _file(module: str) -> Path | None:
    if module.partition(".")[0] in PACKAGES:
        base = ROOT.joinpath(*module.split("."))
        return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)
    if "." in module or module in ("__main__", "builtins"):
        return None
    found = importlib.util.find_spec(module)  # a figure of somebody else's, in a file beside their deck
    origin = (found.origin if found else None) or ""
    return Path(origin) if origin.endswith(".py") and "site-packages" not in origin else None


@functools.cache
def _imported(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] in PACKAGES:
                    yield alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in PACKAGES:
            for alias in node.names:
                yield _home(node.module, alias.name)


def _home(module: str, name: str) -> str:
    """The module that defines `name` as seen from `module`."""
    if _file(f"{module}.{name}") and not _defined(module, name):
        return f"{module}.{name}"
    return _defined(module, name) or module


@functools.cache
def _defined(package: str, name: str) -> str | None:
    """Where a package's `__init__` takes a name from."""
    path = _file(package)
    if path is None or path.name != "__init__.py":
        return None
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.ImportFrom) and any((a.asname or a.name) == name for a in node.names):
            return node.module
    return None
