"""What a template may say besides figures: filters that write values, and functions that compute them."""

from __future__ import annotations

import functools
import inspect

from builder.functions import COUNTS, table
from figures.writing import FILTERS


def show() -> dict[str, list[str]]:
    """Print both, and return them."""
    found = {"filters": of_text(), "functions": of_engine()}
    print("\n".join([*found["filters"], "", *found["functions"]]))
    return found


def of_text() -> list[str]:
    """Each filter as a template writes it."""
    lines = []
    for name, function in FILTERS.items():
        rest = _parameters(inspect.signature(functools.partial(function, None)), 1)
        lines.append(f"value | {name}{rest}\n    {_about(function)}")
    return lines


def of_engine() -> list[str]:
    """Each function of engine as a template calls it, with what it gives."""
    import engine

    lines = []
    for name, run in table().items():
        public = getattr(engine, name, run)
        own = inspect.signature(public if name in COUNTS else functools.partial(run, None))
        lines.append(f"engine.{name}{_parameters(own)}\n    {_about(run) or _about(public)}")
    return lines


def _parameters(signature: inspect.Signature, skipped: int = 0) -> inspect.Signature:
    given = list(signature.parameters.values())[skipped:]
    return inspect.Signature([parameter.replace(annotation=parameter.empty) for parameter in given])


def _about(function: object) -> str:
    return (inspect.getdoc(function) or "").partition("\n")[0]
