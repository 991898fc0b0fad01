"""The files that a template is made of, read and parsed."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.parser import Parser

from deck.faults import DeckError, Fault
from deck.nearest import nearest
from deck.syntax import told
from deck.within import source


def parts(environment: jinja2.Environment, deck: Path, name: str) -> Iterator[tuple[Path, nodes.Template]]:
    """The file `name` and every file that it includes by a constant name, each with its syntax tree.

    Raises
    ------
    DeckError
        A file that is not there or outside of the deck's folder, text that is not UTF-8, a syntax error.
    """
    waiting, seen, faults = [(name, deck / name, 0)], set(), []
    while waiting:
        name, origin, line = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        try:
            tree = _parsed(environment, deck, name, origin, line)
        except DeckError as error:
            faults += error.faults
            continue
        yield deck / name, tree
        for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            wanted = getattr(node, "template", None)
            if isinstance(wanted, nodes.Const) and isinstance(wanted.value, str) \
                    and not getattr(node, "ignore_missing", False):
                waiting.append((wanted.value, deck / name, node.lineno))
    if faults:
        raise DeckError(faults)


def _parsed(environment: jinja2.Environment, deck: Path, name: str, origin: Path, line: int) -> nodes.Template:
    try:
        return environment.parse(source(deck, name), name, str(deck / name))
    except SecurityError as error:
        raise DeckError([Fault(origin, line, str(error), error)]) from error
    except RecursionError as error:
        message = "too many brackets or blocks in one another"
        raise DeckError([Fault(deck / name, _reading(error), message, error)]) from error
    except jinja2.TemplateSyntaxError as error:
        line, message = told(error, source(deck, name), environment)
        raise DeckError([Fault(deck / name, line, message, error)]) from error
    except UnicodeDecodeError as error:
        at = error.object[: error.start].count(b"\n") + 1
        message = f"not UTF-8: byte 0x{error.object[error.start]:02X}; save the file as UTF-8"
        raise DeckError([Fault(deck / name, at, message, error)]) from error
    except FileNotFoundError as error:
        hint = nearest(name, [p.name for p in deck.iterdir()], otherwise="")
        raise DeckError([Fault(origin, line, f"no file {name!r} to include{hint}", error)]) from error
    except OSError as error:
        raise DeckError([Fault(origin, line, f"{name!r} cannot be read: {error.strerror}", error)]) from error


def _reading(error: BaseException) -> int:
    """The line that Jinja's parser had come to."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    parsers = (frame.f_locals.get("self") for frame in frames)
    return next((parser.stream.current.lineno for parser in parsers if isinstance(parser, Parser)), 0)
