"""The room that a template is filled in: it reaches its figures, its words and its own folder, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from types import BuiltinMethodType, GeneratorType, MethodType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedFormatter
from markupsafe import Markup

from deck.budget import Budget, text
from deck.functions import Function
from deck.guards import Guards
from deck.operations import before, operated, padded
from deck.reachable import FILTERS, GLOBALS, RUN, SHOWN, is_reachable, kind, refusal
from deck.within import loader

HIDDEN = ("_loop_vars", "_block_vars")  # Jinja's own arguments of every call within a loop or a block


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with a list of what may be reached in place of one of what may not, and an end to its work.

    Jinja's own refuses names with an underscore and what changes a list; what an object has besides, the size of
    what is computed, and `~`, comparisons and slices, which no sandbox sees, are ours to hold.
    """

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, deck: Path, filters: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(loader=loader(deck), undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
                         trim_blocks=True, lstrip_blocks=True, autoescape=False, extensions=["jinja2.ext.do"])
        self.budget = Budget()
        self.finalize = self._shown
        known: dict[str, Callable[..., Any]] = {**self.filters, **filters}
        self.filters = {name: self._weighed(name, function, told=name in filters) for name, function in known.items()
                        if name in FILTERS or name in filters}  # fmt: skip
        tests: Mapping[str, Any] = self.tests
        self.tests = {name: self._weighed(name, function) for name, function in tests.items()}
        self.globals = {name: value for name, value in self.globals.items() if name in GLOBALS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = Guards().visit(super()._parse(source, name, filename))
        return tree.set_environment(self)  # type: ignore[return-value]

    def _weighed(self, name: str, function: Callable[..., Any], *, told: bool = False) -> Callable[..., Any]:
        @wraps(function)  # with Jinja's mark of what it wants as its first argument
        def weighed(*arguments: Any, **named: Any) -> Any:
            skipped = 1 if hasattr(function, "jinja_pass_arg") else 0
            given = [*arguments[skipped:], *named.values()]
            if told and given and isinstance(given[0], jinja2.Undefined):
                str(given[0])  # tells what is not there
            self.budget.turn()
            self.budget.weigh(given)
            if given:
                before(name, given[0], given[1:])
            return self.budget.weigh(_plain(function(*arguments, **named)))

        return weighed

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether the name is on the list."""
        return is_reachable(obj, attr)

    def unsafe_undefined(self, obj: Any, attribute: str) -> jinja2.Undefined:
        """Refuse at once: Jinja would wait until the value is used."""
        raise SecurityError(refusal(obj, attribute))

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether it is a macro, a method on the list, or a function that the build handed in."""
        ours = (MethodType, BuiltinMethodType)
        given = callable(obj) and any(obj is value for value in self.globals.values())
        return given or isinstance(obj, (*RUN, *ours, Filled, jinja2.Undefined))  # which tells its own fault

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """Call what may be called, with arguments and a result that are not too large."""
        if getattr(__obj, "__self__", None) is __self:  # from deck.guards
            return __obj(*args)
        if isinstance(__obj, Function):
            named = {key: value for key, value in kwargs.items() if key not in HIDDEN}
            __self.budget.weigh([*args, *named.values()])
            return __self.budget.weigh(__obj.called(__self.budget, args, named))
        if not __self.is_safe_callable(__obj):
            raise SecurityError(f"{kind(__obj)} cannot be called in a template")
        __self.budget.turn()
        __self.budget.weigh([*args, *kwargs.values()])
        if isinstance(__obj, (BuiltinMethodType, MethodType)) and isinstance(__obj.__self__, str):
            before(__obj.__name__, __obj.__self__, args)
        return __self.budget.weigh(__context.call(__obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """An operation whose result is not too large."""
        operated(operator, left, right)
        return self.budget.weigh(super().call_binop(context, operator, left, right))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """`"…".format(…)` that sees what a template sees."""
        if not isinstance(value, (BuiltinMethodType, MethodType)) or value.__name__ != "format" \
                or not isinstance(value.__self__, str):
            return None
        return Filled(self, str(value.__self__))

    def turn(self) -> str:
        """Count a turn, from deck.guards."""
        return self.budget.turn()

    def weigh(self, value: Any) -> Any:
        """Weigh a value, from deck.guards."""
        return self.budget.weigh(value)

    def joined(self, *parts: Any) -> str:
        """`a ~ b`, from deck.guards."""
        return self.concat(str(self._shown(part)) for part in parts)

    def concat(self, parts: Iterable[str]) -> str:
        """Put together what a template, macro or block prints."""
        pieces, length = [], 0
        for part in parts:
            length += len(part)
            try:
                self.budget.spend(len(text(length, part)))
            except SecurityError as error:
                if isinstance(parts, GeneratorType):
                    parts.throw(error)  # where it stands in the template, which the error then tells
                raise
            pieces.append(part)
        return "".join(pieces)

    def _shown(self, value: Any) -> Any:
        """What `{{ }}` prints; anything else has an address that differs from run to run, or tells of this machine."""
        if isinstance(value, jinja2.Undefined):
            return str(value)
        if callable(value) or isinstance(value, Function):
            name = getattr(value, "__name__", None) or getattr(value, "name", value)
            raise TypeError(f"{name!r} is a function: call it, or read a fact as facts['name']")
        if not isinstance(value, SHOWN):
            raise TypeError(f"{kind(value)} cannot be shown; if it holds a list, add | list or | join(', ')")
        return str(self.budget.weigh(value))


def _plain(value: Any) -> Any:
    # A text that Jinja marks as safe has a format of its own, which would see Python's attributes.
    return str.__str__(value) if isinstance(value, Markup) else value


class Filled:
    """The method `format` of a text, as a template may call it."""

    def __init__(self, environment: Sandbox, pattern: str) -> None:
        self._environment, self._pattern = environment, pattern

    def __call__(self, *arguments: Any, **named: Any) -> str:
        """The text, its fields filled."""
        return Formatter(self._environment).vformat(self._pattern, arguments, named)


class Formatter(SandboxedFormatter):
    """Fills `{:>9}` to a width that is not too large, with values that a slide may show."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """One field."""
        padded(format_spec)
        if not isinstance(value, SHOWN):
            raise TypeError(f"{kind(value)} cannot be shown")
        return str(super().format_field(self._env.weigh(value), format_spec))  # type: ignore[attr-defined]
