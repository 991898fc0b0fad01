"""What the pages promise of the code: every name has its place, and the diagrams are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest

import engine
from builder.filters import filters
from docs import drawings
from docs.look import variables
from figures.palette import palettes

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_reference_has_every_public_name_of_the_engine_once() -> None:
    text = (DOCS / "engine-reference.md").read_text(encoding="utf-8")
    named = re.findall(r"(?:autofunction|autoclass|py:data):: engine\.(\w+)", text)
    assert sorted(named) == sorted(engine.__all__)


def test_the_readme_has_the_three_commands_that_ci_runs() -> None:
    text = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^python -m pip install", text, re.MULTILINE)) == 3


def test_every_page_is_in_the_contents_and_begins_with_its_title() -> None:
    contents = (DOCS / "index.md").read_text(encoding="utf-8")
    for path in DOCS.glob("*.md"):
        if path.stem not in ("index", "security", "changes"):
            assert re.search(rf"^{path.stem}$", contents, re.MULTILINE), path.name
            assert path.read_text(encoding="utf-8").startswith("# "), path.name


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_the_diagram_is_what_the_program_draws(palette: str) -> None:
    assert drawings.way(palette) == (DOCS / f"way-{palette}.svg").read_bytes()


def test_the_table_of_filters_says_what_they_write() -> None:
    text = (DOCS / "write-a-slide.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert len(rows) > 8
    for written, *expected in rows:
        for language, said in zip(("en", "fr"), expected, strict=True):
            environment = jinja2.Environment()
            environment.filters.update(filters(language))
            found = environment.compile_expression(written.replace("\\|", "|"))()
            assert re.sub(r"\s", " ", str(found)) == said, (language, written)


def test_the_site_has_the_colours_of_the_deck() -> None:
    for colours in palettes().values():
        for name, value in variables(colours).items():
            assert value in colours._asdict().values() or name.startswith("font-stack")
