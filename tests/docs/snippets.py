"""The fenced blocks of the documents, and how each is tried.

A block of `sh`, `python` or `jinja` is run. A comment in the line above says what else is to be known of it:

<!-- not run: why -->         nothing is run; a `python build.py` line must still be one that the command takes
<!-- browser -->              run by tests/browser: needs a browser or Marp, or takes its time
<!-- refused: message -->     a template that must be refused, with this message
<!-- fails: message -->       commands that must fail, with this message
<!-- file: PATH -->           written there, in the page's folder, for the blocks after it
<!-- with picture: PATH -->   a picture of this name lies beside the template
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"^(?:<!-- *(?P<mark>[^\n]*?) *-->\n)?```(?P<kind>sh|python|jinja|toml)\n(?P<text>.*?)^```$",
                   re.MULTILINE | re.DOTALL)  # fmt: skip
FENCED = re.compile(r"^```(sh|python|jinja|toml)$", re.MULTILINE)
# What installs: .ci/run does it.
INSTALLING = re.compile(r"^python -m pip install[^&]*(?:&& npm ci *)?(?:&& )?|^npm ci(?: *&& *)?")


class Snippet(NamedTuple):
    """A fenced block: where it stands, its language, its text, and what its comment says."""

    path: Path
    line: int
    kind: str
    text: str
    mark: str = ""
    value: str = ""

    @property
    def name(self) -> str:
        """How a test calls it."""
        return f"{self.path.relative_to(ROOT).as_posix()}:{self.line}"


def pages() -> list[Path]:
    """README and what is written by hand in docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def snippets(path: Path) -> list[Snippet]:
    """The blocks of a page, in their order."""
    text = path.read_text(encoding="utf-8")
    found = []
    for match in BLOCK.finditer(text):
        mark, _, value = (match["mark"] or "").partition(":")
        found.append(Snippet(path, text.count("\n", 0, match.start()) + 1, match["kind"], match["text"],
                             mark.strip(), value.strip()))  # fmt: skip
    assert len(found) == len(FENCED.findall(text)), f"{path.name}: a block that is not read"
    return found


def commands(snippet: Snippet) -> list[str]:
    """The lines of a shell block, without what installs."""
    lines = [INSTALLING.sub("", line.strip()) for line in snippet.text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]
