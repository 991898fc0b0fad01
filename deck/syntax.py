"""What is wrong with a template's syntax, in words that say where it began: Jinja tells where it gave up."""

from __future__ import annotations

import itertools
import re

import jinja2

from deck.nearest import nearest

INNERMOST = re.compile(r"innermost block that needs to be closed is '(\w+)'")
UNKNOWN = re.compile(r"Encountered unknown tag '(\w+)'")
TAGS = ("block", "call", "do", "elif", "else", "endblock", "endcall", "endfilter", "endfor", "endif", "endmacro",
        "endset", "endwith", "extends", "filter", "for", "from", "if", "import", "include", "macro", "set", "with")


def told(error: jinja2.TemplateSyntaxError, source: str, environment: jinja2.Environment) -> tuple[int, str]:
    """The line to mend, and what is wrong there."""
    message, line = error.message or "syntax error", error.lineno
    unknown, innermost = UNKNOWN.search(message), INNERMOST.search(message)
    if innermost:
        began = _opened(source, environment, innermost[1], line if unknown else None)
        name = f"{{% {innermost[1]} %}}"
        if unknown is None:
            return began or line, f"{name} has no {{% end{innermost[1]} %}}"
        here = f" of line {began}" if began else ""
        return line, f"{{% {unknown[1]} %}} where {name}{here} is open; write {{% end{innermost[1]} %}} first"
    if unknown:
        return line, f"no tag {unknown[1]!r}{nearest(unknown[1], TAGS, otherwise='')}"
    if "end of comment" in message:
        return line, "{# begins a comment that no #} ends"
    if message.lower().startswith("unexpected end of template"):
        return line, "{{ or {% has no }} or %}, or a bracket in it has no end"
    return line, message


def _opened(source: str, environment: jinja2.Environment, name: str, before: int | None) -> int | None:
    """The line of the tag that is still open: the last of its name that no end has closed."""
    open_tags: list[tuple[str, int]] = []
    try:
        tokens = [token for token in environment.lex(source) if token[1] != "whitespace"]
    except jinja2.TemplateSyntaxError:
        return None
    for (line, kind, _), (_, following, word) in itertools.pairwise(tokens):
        if kind != "block_begin" or following != "name" or (before is not None and line >= before):
            continue
        if word.startswith("end"):
            opened = [place for place, (tag, _) in enumerate(open_tags) if tag == word.removeprefix("end")]
            del open_tags[opened[-1] if opened else len(open_tags):]
        else:
            open_tags.append((word, line))
    return next((line for tag, line in reversed(open_tags) if tag == name), None)
