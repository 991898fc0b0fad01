"""`--list-figures`: each figure with its parameters and what it shows."""

from __future__ import annotations

import inspect
from typing import Any

from figures.registry import drawn, names

COMMON = ("lang", "palette")  # which every figure has


def listed() -> list[dict[str, Any]]:
    """The figures in the order of their names."""
    return [_figure(name) for name in names()]


def show(figures: list[dict[str, Any]]) -> None:
    """Print them."""
    for figure in figures:
        own = [f"{one['name']}={one['default']}" if one["default"] is not None else one["name"]
               for one in figure["parameters"]]  # fmt: skip
        print(f"{figure['name']}({', '.join(own)})\n    {figure['summary']}")


def _figure(name: str) -> dict[str, Any]:
    function = drawn(name)
    parameters = [{"name": p.name, "default": None if p.default is p.empty else repr(p.default)}
                  for p in inspect.signature(function).parameters.values() if p.name not in COMMON]  # fmt: skip
    summary = (inspect.getdoc(function) or "").partition("\n")[0]
    return {"name": name, "summary": summary, "parameters": parameters}
