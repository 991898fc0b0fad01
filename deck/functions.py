"""Functions that a template may call: those that were handed in, with plain values in and plain values out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from deck.budget import Budget
from deck.nearest import nearest

# Numbers and texts in all arguments of one call.
MOST = 10_000
CALL = 4000  # units of the budget that a call takes besides what it computes


class Function:
    """A function of Python as a template sees it: called by name with numbers, texts and lists, and nothing else.

    `run` is given a function first that takes units from the budget of the template, to be called before the work.
    """

    def __init__(self, name: str, run: Callable[..., Any]) -> None:
        self.name, self._run = name, run

    def __repr__(self) -> str:
        return self.name  # the usual one differs from run to run

    def called(self, budget: Budget, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """The result, as numbers, texts and lists.

        Raises
        ------
        ValueError, TypeError
            A value of another kind, too many numbers, an argument too many or too few, whatever the function refuses.
        SecurityError
            More work than the template has left.
        """
        budget.spend(CALL)
        run = partial(self._run, budget.spend)
        fitting(self.name, inspect.signature(run), arguments, named)
        counted = [0]
        given = [self._plain(value, counted) for value in arguments]
        return self._returned(run(*given, **{key: self._plain(value, counted) for key, value in named.items()}))

    def _plain(self, value: Any, counted: list[int]) -> Any:
        """A copy of what a template gave: a figure's own lists are nothing to be changed."""
        counted[0] += 1
        if counted[0] > MOST:
            raise ValueError(f"{self.name}: takes at most {MOST:,} numbers at once")
        if value is None or type(value) in (bool, int, float, str):
            return value
        if type(value) in (list, tuple, range):
            return [self._plain(part, counted) for part in value]
        raise TypeError(f"{self.name}: takes numbers and lists of numbers, not {type(value).__name__}")

    def _returned(self, value: Any) -> Any:
        if value is None or type(value) in (bool, int, float, str):
            return value
        if type(value) in (list, tuple):
            return [self._returned(part) for part in value]
        raise TypeError(f"{self.name}: gave {type(value).__name__}, which is not for templates")


class Functions:
    """Functions under one name, such as `engine` in `{{ engine.relu(-1) }}`."""

    def __init__(self, name: str, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._name = name
        self._functions = {key: Function(f"{name}.{key}", run) for key, run in functions.items()}

    __iter__ = None  # otherwise Python would count through __getitem__

    def __repr__(self) -> str:
        return self._name

    def __contains__(self, name: object) -> bool:
        return name in self._functions

    def names(self) -> list[str]:
        """What may be called."""
        return sorted(self._functions)

    def __getitem__(self, name: Any) -> Function:
        """The function of a name; where there is none, Jinja asks here last.

        Raises
        ------
        ValueError
            With the nearest name.
        """
        if name in self._functions:
            return self._functions[name]
        raise ValueError(f"{self._name}: no function {name!r}{nearest(name, self.names())}")


def fitting(function: str, there: inspect.Signature, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    """Refuse arguments that a signature has no place for, in words that name the nearest one.

    Raises
    ------
    TypeError
    """
    rest = any(parameter.kind is parameter.VAR_KEYWORD for parameter in there.parameters.values())
    for key in named:
        if key not in there.parameters and not rest:
            raise TypeError(f"{function}: no parameter {key!r}{nearest(key, there.parameters, 'it has')}")
    try:
        there.bind(*arguments, **named)
    except TypeError as error:
        raise TypeError(f"{function}: {error}") from None
