"""A deck's template: what it calls, what is wrong with it, and the Markdown that it becomes."""

from __future__ import annotations

import contextlib
import difflib
import functools
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from jinja2 import meta, nodes

from deck.budget import Budget
from deck.faults import DeckError, Fault, described, raising_line, shown
from deck.markup import note
from deck.parts import parts
from deck.sandbox import Sandbox
from deck.undefined import explained

NAME = re.compile(r"slides\.([a-z]{2,3}(?:-[A-Za-z]+)?)\.md\.j2")


class Call(NamedTuple):
    """A figure that a template asks for with constant arguments."""

    path: Path
    line: int
    name: str
    parameters: Mapping[str, Any]


class Template(NamedTuple):
    """A template that was read: its parts, the main file first, each with its syntax tree."""

    deck: Path
    language: str
    environment: Sandbox
    parts: Mapping[Path, nodes.Template]

    @property
    def path(self) -> Path:
        """The main file."""
        return next(iter(self.parts))


def languages(deck: Path) -> list[str]:
    """The languages that a deck has a template for."""
    return sorted(match[1] for path in deck.iterdir() if (match := NAME.fullmatch(path.name)))


def read(deck: Path, language: str, filters: Mapping[str, Callable[..., Any]]) -> Template:
    """Read and parse the template of one language, with all that it includes; `filters` write its numbers.

    Raises
    ------
    DeckError
        A folder or template that is not there, text that is not UTF-8, a syntax error.
    """
    deck = deck.resolve()
    if not deck.is_dir():
        near = difflib.get_close_matches(deck.name, [p.name for p in _folders(deck.parent)], 1)
        hint = f"; did you mean {shown(deck.parent / near[0])}?" if near else ""
        raise DeckError([Fault(deck, 0, f"no such folder{hint}")])
    path = deck / f"slides.{language}.md.j2"
    if not path.is_file():
        raise DeckError([Fault(path, 0, _no_template(path))])
    environment = Sandbox(deck, {"note": note, **filters})
    return Template(deck, language, environment, dict(parts(environment, deck, path.name)))


def _no_template(path: Path) -> str:
    """Why a template cannot be read, or which one may be meant."""
    if path.is_symlink() and not path.exists():
        return f"a link to {os.readlink(path)}, where there is nothing"
    if path.exists():
        return f"a {'folder' if path.is_dir() else 'device'}, and no template"
    names = [f"slides.{name}.md.j2" for name in languages(path.parent)]
    if names:
        return f"no such template; the deck has {', '.join(names)}"
    near = difflib.get_close_matches(path.name, [p.name for p in path.parent.iterdir() if p.is_file()], 1)
    hint = f"; {near[0]!r} would be one if it were named so" if near else ""
    return f"no such template; the deck has no slides.<lang>.md.j2{hint}"


def _folders(parent: Path) -> list[Path]:
    return [p for p in parent.iterdir() if p.is_dir()] if parent.is_dir() else []


def calls(template: Template, function: str = "figure") -> list[Call]:
    """The calls of `function` whose arguments are constants, in the order of the slides."""
    found = []
    for path, tree in template.parts.items():
        for node in tree.find_all(nodes.Call):
            if isinstance(node.node, nodes.Name) and node.node.name == function:
                try:
                    names = [argument.as_const() for argument in node.args]
                    parameters = {argument.key: argument.value.as_const() for argument in node.kwargs}
                except nodes.Impossible:
                    continue
                if len(names) == 1 and not node.dyn_args and not node.dyn_kwargs:
                    found.append(Call(path, node.lineno, str(names[0]), parameters))
    return found


def mistakes(template: Template, known: Mapping[str, Any]) -> list[Fault]:
    """Every filter that there is not, and every variable that is read and nobody sets."""
    faults = []
    for path, tree in template.parts.items():
        filters = template.environment.filters
        wrong = [node for node in tree.find_all(nodes.Filter) if node.name not in filters]
        faults += [_unknown(path, node.lineno, "no filter", node.name, filters) for node in wrong]
        tests = template.environment.tests
        faults += [_unknown(path, node.lineno, "no test", node.name, tests)
                   for node in tree.find_all(nodes.Test) if node.name not in tests]
        # An included file sees the variables of the file that includes it: only filling it tells.
        if path == template.path and not wrong:
            # One that is set somewhere may be set here, and asking whether one is defined is no fault.
            names = _undeclared(tree) - {*known, *template.environment.globals} - _assigned(tree) - _asked(tree)
            unquoted = _unquoted(tree)
            faults += [_unknown(path, node.lineno, "undefined variable", node.name, {*known, *_assigned(tree)},
                                unquoted.get(node.name, ""))
                       for node in tree.find_all(nodes.Name) if node.ctx == "load" and node.name in names]
    return faults


def _unquoted(tree: nodes.Template) -> dict[str, str]:
    """What a name was meant to be that stands where a figure's name, a text, should."""
    calls = [node for node in tree.find_all(nodes.Call) if isinstance(node.node, nodes.Name) and node.args]
    return {call.args[0].name: f'write {call.node.name}("{call.args[0].name}")' for call in calls  # type: ignore[attr-defined]
            if isinstance(call.args[0], nodes.Name) and call.node.name == "figure"}  # type: ignore[attr-defined]


@functools.lru_cache(maxsize=16)
def _undeclared(tree: nodes.Template) -> set[str]:
    with contextlib.suppress(jinja2.TemplateError):  # a block defined twice, …: filling it tells
        return meta.find_undeclared_variables(tree)
    return set()


def _asked(tree: nodes.Template) -> set[str]:
    asking = [*tree.find_all(nodes.Test), *tree.find_all(nodes.Filter)]
    return {node.node.name for node in asking if isinstance(node.node, nodes.Name)
            and node.name in ("defined", "undefined", "default", "d")}


def _unknown(path: Path, line: int, what: str, name: str, there: Iterable[str], hint: str = "") -> Fault:
    near = difflib.get_close_matches(name, sorted(there), 1)
    hint = hint or (f"did you mean {near[0]!r}?" if near else "")
    return Fault(path, line, f"{what} {name!r}" + (f"; {hint}" if hint else ""))


def _assigned(tree: nodes.Template) -> set[str]:
    # A block sees what is set, imported and defined at the top of its file, which Jinja's own search does not know.
    imported = [name for node in tree.find_all(nodes.FromImport) for name in node.names]
    return {*(node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"),
            *(node.target for node in tree.find_all(nodes.Import)),
            *(name if isinstance(name, str) else name[1] for name in imported),
            *(node.name for node in tree.find_all(nodes.Macro))}  # fmt: skip


def study(template: Template) -> None:
    """Do what `mistakes` and `fill` begin with and need no figure for; what goes wrong, they tell."""
    with contextlib.suppress(Exception):
        _undeclared(template.parts[template.path])
        for path in template.parts:
            template.environment.get_template(path.relative_to(template.deck).as_posix())


def fill(template: Template, known: Mapping[str, Any]) -> str:
    """The Markdown.

    Raises
    ------
    DeckError
        Whatever goes wrong while the template is filled, with the line where it does.
    """
    template.environment.globals.update(known)  # macros of imported files call figures too
    template.environment.budget = Budget()
    try:
        markdown = template.environment.get_template(template.path.name).render(known)
        markdown.encode("utf-8")
        return markdown
    except jinja2.TemplateNotFound as error:
        raise DeckError([_fault(template, error, f"no file {error.name!r} to include")]) from error
    except jinja2.TemplateSyntaxError as error:
        path = Path(error.filename) if error.filename else template.path
        raise DeckError([Fault(path, error.lineno, error.message or "syntax error", error)]) from error
    except RecursionError as error:
        message = "a macro, a block or an include runs itself again without end"
        raise DeckError([_fault(template, error, message)]) from error
    except Exception as error:
        raise DeckError([_fault(template, error, described(error))]) from error


def _fault(template: Template, error: Exception, message: str) -> Fault:
    path, line = raising_line(error, template.deck) or (template.path, 0)
    message = message.removeprefix("UndefinedError: ").removeprefix("SecurityError: ")
    return Fault(path, line, explained(message, template.parts.get(path), line), error)
