"""What is known of a figure without running it: its parameters, what it shows, where it stands."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

REQUIRED = inspect.Parameter.empty
COMMON = ("lang", "palette", "ax", "fig")
SECTION = re.compile(r"^Facts\n-+\n(.*?)(?=\n\n\w+\n-+\n|\Z)", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"^(\w+(?:, \w+)*)(?: :|$)", re.MULTILINE)
UNSAID = object()  # stands for a default that no text can hold: the source says it, and Python fills it in


class Listed(NamedTuple):
    """A figure's own parameters, each with the Python literal of its default: None without one, "" where none can say.

    `file`, seen from the deck's folder, and `line` are those of its definition; `facts` the names that its docstring
    tells in a section Facts.
    """

    parameters: Mapping[str, str | None]
    summary: str
    file: str
    line: int
    facts: Sequence[str] = ()

    def defaults(self) -> dict[str, Any]:
        """Each parameter's default: REQUIRED where there is none, UNSAID where it cannot be said."""
        return {name: REQUIRED if text is None else ast.literal_eval(text) if text else UNSAID
                for name, text in self.parameters.items()}  # fmt: skip

    def call(self, name: str) -> str:
        """The figure's parameters as Python has them."""
        written = [key if text is None else f"{key}={text or '...'}" for key, text in self.parameters.items()]
        return f"{name}({', '.join(written)})"


_known: dict[Path, Mapping[str, Listed]] = {}


def know(folder: Path, figures: Mapping[str, Listed]) -> None:
    """Let the figures of a deck be bound in this process; nothing of it runs."""
    _known[folder] = figures


def known(folder: Path | None) -> Mapping[str, Listed]:
    """The figures of a deck, as far as `know` has told."""
    return _known.get(folder, {}) if folder is not None else {}


def unknow(folder: Path) -> None:
    """Know none of them any more: the deck may have been edited."""
    _known.pop(folder, None)


def checked(function: Callable[..., Any], stock: Mapping[str, str]) -> list[inspect.Parameter]:
    """The parameters of a function's own that is to be a figure; `stock` has the modules of the stock figures.

    Raises
    ------
    TypeError, ValueError
        A function that cannot be one, or has a stock figure's name.
    """
    name = getattr(function, "__name__", "")
    if not inspect.isfunction(function) or not name.isidentifier():
        raise TypeError(f"@figure decorates a function with a name, not {function!r}")
    if name in stock and not function.__module__.startswith("figures."):
        hint = f"give yours another, such as {f'my_{name}'!r}"
        raise ValueError(f"{name!r} is a stock figure's name ({stock[name]}); {hint}")
    first, own = (parameters := list(inspect.signature(function).parameters.values()))[:1], parameters[1:]
    if not first or first[0].kind not in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD):
        raise TypeError(f"{name}: its first parameter must be words, as in `def {name}(words, *, size=3)`")
    for parameter in own:
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise TypeError(f"{name}: its parameters must be named one by one, not {parameter}")
        if parameter.name in COMMON:
            raise TypeError(f"{name}: every figure has {parameter.name!r} already; give the parameter another name")
    return own


def listed_of(drawn: Callable[..., Any], folder: Path = Path()) -> Listed:
    """What is to be known of a figure, which a deck's folder may hold."""
    function = inspect.unwrap(drawn)
    own = [p for p in inspect.signature(drawn).parameters.values() if p.name not in COMMON]
    parameters = {p.name: None if p.default is p.empty else literal(p.default) for p in own}
    told = inspect.getdoc(function) or ""
    summary = told.partition("\n")[0]
    path = Path(function.__code__.co_filename)
    file = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
    return Listed(parameters, summary, file, function.__code__.co_firstlineno, _facts(told))


def _facts(told: str) -> list[str]:
    """The names in the section Facts of a docstring."""
    section = SECTION.search(told)
    entries = ENTRY.findall(section[1]) if section else []
    return [name for names in entries for name in names.split(", ")]


def definition(folder: Path, name: str) -> tuple[Path, int]:
    """The file and line of a figure that is known."""
    listed = known(folder)[name]
    return folder / listed.file, listed.line


def literal(value: Any) -> str:
    """The Python literal of a value that is made of numbers, texts, lists and mappings; "" of any other."""
    try:
        text = repr(value)
        return text if _same(ast.literal_eval(text), value) else ""
    except Exception:
        return ""


def _same(one: Any, other: Any) -> bool:
    """Equal, and of the same types all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return _same(list(one.items()), list(other.items()))
    return bool(one == other)
