"""`--list-figures`: each figure with its parameters and what it shows."""

from __future__ import annotations

import argparse
from typing import Any

from builder.own import listings


def listed(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The figures in the order of their names, and print them."""
    found = []
    for name, one in listings(options).items():
        print(f"{one.call(name)}\n    {one.summary}")
        parameters = [{"name": key, "default": text} for key, text in one.parameters.items()]
        found.append({"name": name, "summary": one.summary, "parameters": parameters})
    return found
