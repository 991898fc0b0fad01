"""`--list-figures`: each figure with its parameters, what it shows and what facts it gives."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

from builder.own import listings

INDENT = "    "


def listed(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The figures in the order of their names, printed for whoever is no program."""
    found = []
    for name, one in listings(options).items():
        if not options.json:
            print(f"{one.call(name)}\n    {one.summary}")
            if one.facts:
                print(textwrap.fill(f"facts: {', '.join(one.facts)}", 100, initial_indent=INDENT,
                                    subsequent_indent=f"{INDENT}  "))  # fmt: skip
        parameters = [{"name": key, "default": text} for key, text in one.parameters.items()]
        found.append({"name": name, "summary": one.summary, "parameters": parameters, "facts": list(one.facts)})
    return found
