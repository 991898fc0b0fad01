"""What the site reads otherwise than it is written: files outside of docs/, and bars in docstrings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Pages whose text is that of a file which people look for at the top of a repository.
FILES = {"security": "SECURITY.md", "changes": "CHANGELOG.md"}
LITERAL = re.compile(r"(`+[^`]+`+)")


def in_the_site(app: Any, name: str, source: list[str]) -> None:
    """Fill those pages, and lead links to the files there: for Sphinx's event `source-read`."""
    if name in FILES:
        path = ROOT / FILES[name]
        app.env.note_dependency(str(path))
        source[0] = path.read_text(encoding="utf-8")
    for page, file in FILES.items():
        source[0] = re.sub(rf"\]\((\.\./)?{re.escape(file)}", f"]({page}.md", source[0])


def absolute_values(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Let |x| be an absolute value, not the name of a substitution: for `autodoc-process-docstring`."""
    for number, line in enumerate(lines):
        parts = LITERAL.split(line)
        lines[number] = "".join(part if part.startswith("`") else part.replace("|", "\\|") for part in parts)
