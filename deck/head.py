"""What stands before the first slide: Marp's front matter and the theme, printed by a template in one line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import nodes

from deck.faults import Fault
from deck.manifest import Manifest
from deck.nearest import nearest
from deck.template import Template

# Of a deck that has no theme of its own.
HOUSE = Path(__file__).resolve().parent / "introduction" / "theme.css"
DIRECTIVES = (
    "author", "backgroundColor", "backgroundImage", "backgroundPosition", "backgroundRepeat", "backgroundSize", "class",
    "color", "description", "footer", "header", "headingDivider", "image", "keywords", "lang", "math", "paginate",
    "size", "title", "transition", "url",
)  # fmt: skip
# Words that YAML leaves as they are; any other text is quoted.
PLAIN = re.compile(r"[^\W\d_][\w ’'().«»–/+-]*(?<! )")
OPENING = "---\nmarp: true\n"
TAKEN = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def head_function(template: Template, manifest: Manifest, known: Mapping[str, Any]) -> Callable[..., str]:
    """`head()` as a template calls it; `known` is what the theme is filled with."""

    def head(**directives: Any) -> str:
        return front_matter(manifest, template.language, directives) + f"\n<style>\n{theme()}</style>\n"

    def theme() -> str:
        environment = template.environment
        if manifest.theme:
            return environment.get_template(manifest.theme).render(known)
        return environment.from_string(HOUSE.read_text(encoding="utf-8")).render(known)

    return head


def misplaced(template: Template, markdown: str) -> list[Fault]:
    """The calls of `head()` that print after something else: Marp reads settings at the very beginning alone."""
    if not markdown.count(OPENING) > markdown.startswith(OPENING):
        return []
    found = [(path, node.lineno) for path, tree in template.parts.items() for node in tree.find_all(nodes.Call)
             if isinstance(node.node, nodes.Name) and node.node.name == "head"]  # fmt: skip
    message = "head() must be the first thing that the template prints, and only once; {% set %} and {# #} may precede"
    return [Fault(path, line, message) for path, line in found[-1:]]


def front_matter(manifest: Manifest, language: str, directives: Mapping[str, Any]) -> str:
    """The front matter of a deck, with these directives of Marp in the place of its settings or besides them.

    Raises
    ------
    ValueError
        A directive that Marp does not have, or that is neither a text, a number, a truth value nor a list of them.
    """
    about = manifest.about(language)
    own: dict[str, Any] = {"lang": language, **{name: about.get(name) for name in ("title", "author", "footer")},
                           "paginate": True, "size": manifest.size or None}  # fmt: skip
    for name in directives:
        if name not in DIRECTIVES:
            raise ValueError(f"head: no directive {name!r}{nearest(name, DIRECTIVES)}")
    lines = [f"{name}: {_yaml(name, value)}\n" for name, value in {**own, **directives}.items() if value is not None]
    return "".join([OPENING, *lines, "---\n"])


def _yaml(name: str, value: Any) -> str:
    """A value on one line, as little quoted as may be: the Markdown is read by people too."""
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_yaml(name, part) for part in value)}]"
    if not isinstance(value, str) or not all(sign.isprintable() or sign.isspace() for sign in value) \
            or len(value.splitlines()) > 1 or "\t" in value:  # fmt: skip
        raise ValueError(f"head: {name} must be a text on one line, a number, true or false, or a list, not {value!r}")
    plain = PLAIN.fullmatch(value) and value.lower() not in TAKEN
    return value if plain else "'" + value.replace("'", "''") + "'"
