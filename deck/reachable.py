"""What a template may reach, by kind of object. What is not listed here is not for templates."""

from __future__ import annotations

from typing import Any

from jinja2.environment import TemplateModule
from jinja2.filters import _GroupTuple
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference, Undefined
from jinja2.utils import Cycler, Joiner, Namespace

from deck.functions import Function, Functions
from deck.markup import Facts, Image
from deck.nearest import nearest


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ATTRIBUTES: dict[type, frozenset[str]] = {
    str: _words("capitalize casefold count endswith find format index isalnum isalpha isdecimal isdigit islower "
                "isnumeric isspace istitle isupper join lower lstrip partition removeprefix removesuffix replace "
                "rfind rindex rpartition rsplit rstrip split splitlines startswith strip swapcase title "
                "upper"),
    Image: frozenset({"src", "alt", "width", "height", "facts", "scaled"}),
    _GroupTuple: frozenset({"grouper", "list"}),
    list: frozenset({"count", "index"}),
    tuple: frozenset({"count", "index"}),
    dict: frozenset({"get", "items", "keys", "values"}),
    LoopContext: _words("changed cycle depth depth0 first index index0 last length nextitem previtem revindex "
                        "revindex0"),
    Cycler: frozenset({"current", "next", "reset"}),
    Macro: frozenset({"arguments", "caller", "catch_kwargs", "catch_varargs", "name"}),
    BlockReference: frozenset({"super"}),
}
# These answer for names that the template itself has given.
NAMED = (Namespace, TemplateModule, TemplateReference)
RUN = (Macro, BlockReference, LoopContext, Joiner)
SHOWN = (str, int, float, list, tuple, dict, range, type(None))

FILTERS = _words(
    "abs batch capitalize center count d default dictsort e escape filesizeformat first float format groupby indent "
    "int items join last length list lower map max min note number percent reject rejectattr replace reverse round "
    "select selectattr slice sort string sum title tojson trim truncate unique upper urlencode wordcount "
    "wordwrap"
)
GLOBALS = frozenset({"cycler", "dict", "joiner", "namespace", "range"})


def attributes(value: Any) -> frozenset[str]:
    """The names that a template may ask a value for."""
    if isinstance(value, type):
        return frozenset()
    if isinstance(value, Functions):
        return frozenset(value.names())
    if isinstance(value, Facts):
        return ATTRIBUTES[dict] | {name for name in value if isinstance(name, str)}
    return next((names for kind, names in ATTRIBUTES.items() if isinstance(value, kind)), frozenset())


def is_reachable(value: Any, name: str) -> bool:
    """Whether a template may ask `value` for `name`."""
    if name.startswith("_"):
        return False
    return name in attributes(value) or (isinstance(value, NAMED) and not isinstance(value, type))


def refusal(value: Any, name: str) -> str:
    """Why a template may not."""
    if name.startswith("_"):
        return f"{name!r} is Python's own and not for templates"
    if isinstance(value, (list, dict)) and callable(getattr(value, name, None)):
        new = "xs + [x]" if isinstance(value, list) else "dict(d, k=x)"
        return f"{name!r} is not for templates, where lists and mappings do not change; write {{% set … = {new} %}}"
    there = sorted(attributes(value))
    return f"{name!r} of {kind(value)} is not for templates{nearest(name, there, 'there are' if there else '')}"


def kind(value: Any) -> str:
    """What a value is, in a trainer's words."""
    names = {str: "a text", bool: "a truth value", int: "a number", float: "a number", Image: "an image",
             Facts: "facts", list: "a list", tuple: "a list", dict: "a mapping", range: "a range",
             LoopContext: "the loop", Macro: "a macro", TemplateReference: "a template",
             TemplateModule: "an imported template", Undefined: "nothing", Function: "a function",
             Functions: "a set of functions"}  # fmt: skip
    if callable(value) and not isinstance(value, (type, Macro, Undefined)):
        return "a function"
    return next((name for cls, name in names.items() if isinstance(value, cls)), f"a {type(value).__name__}")
