"""The names of a figure's parameters, told without importing what it draws with."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
from pathlib import Path

from figures import store
from figures.listing import COMMON, known
from figures.registry import FIGURES, drawn, home
from figures.sources import content, module_file


def parameters(name: str, deck: Path | None = None) -> tuple[str, ...]:
    """The parameters of a figure's own, in their order; none for a figure that there is not.

    `deck` is the folder of a deck that may bring the figure along.
    """
    if (listed := known(deck).get(name)) is not None:
        return tuple(listed.parameters)
    module = home(name)
    if module is None:
        return ()
    path = module_file(module) if name not in FIGURES else None
    found = None if path is None else _written(path).get(name)
    if found is None:  # of another package, or imported already
        found = [each for each in inspect.signature(drawn(name)).parameters if each not in COMMON]
    return tuple(found)


def _written(path: Path) -> dict[str, list[str]]:
    """The parameters of every function of a file but their first, which is the words: remembered by its digest."""
    key = hashlib.sha256(b"parameters 1" + content(path).encode()).hexdigest()
    if (data := store.get("outlines", key)) is not None:
        found: dict[str, list[str]] = json.loads(data)
        return found
    functions = [node for node in ast.parse(path.read_bytes()).body if isinstance(node, ast.FunctionDef)]
    found = {node.name: [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)][1:]
             for node in functions}  # fmt: skip
    store.keep("outlines", key, json.dumps(found).encode())
    return found
