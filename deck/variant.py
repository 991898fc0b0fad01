"""Which of a few looks a template chooses in its head: known before anything is drawn or filled."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from jinja2 import nodes

from deck.faults import DeckError, Fault
from deck.template import Template

COLOURS = "palette"  # what a template calls them, and what a figure's own parameter is called: easily confused


def variant(template: Template, choices: Sequence[str] = ("light", "dark"), name: str = "variant", *,
            default: str = "") -> str:  # fmt: skip
    """What the template's head sets `name` to, as in `{% set variant = "dark" %}`; without one the deck's default.

    Read from the syntax tree: the figures whose arguments are constants are drawn before the template is filled.

    Raises
    ------
    DeckError
        Set to anything but one of the choices, set by an expression or not in the head; the colours' own name set.
    """
    tree, found, faults = template.parts[template.path], default or choices[0], []
    in_head = list(tree.body)
    for node in tree.find_all(nodes.Assign):
        if isinstance(node.target, nodes.Name) and node.target.name == COLOURS:
            message = f"{COLOURS} holds the theme's colours; {{% set {name} = {choices[-1]!r} %}} chooses among them"
            faults.append(Fault(template.path, node.lineno, message))
        elif isinstance(node.target, nodes.Name) and node.target.name == name:
            value = node.node.value if isinstance(node.node, nodes.Const) and node in in_head else None
            if value in choices:
                found = str(value)
            else:
                faults.append(Fault(template.path, node.lineno, _told(name, value, choices)))
    if faults:
        raise DeckError(faults)
    return found


def _told(name: str, value: object, choices: Sequence[str]) -> str:
    there = " or ".join(map(repr, choices))
    if value is None:
        return f"{name} is set to {there}, as a constant and at the head of the template"
    near = difflib.get_close_matches(str(value), choices, 1)
    return f"no {name} {value!r}; " + (f"did you mean {near[0]!r}?" if near else f"there are {there}")
