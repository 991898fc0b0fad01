"""What figures tell the text: documented by name, plain values, the same in every language."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest

from figures.listing import listed_of
from figures.registry import MAKING
from figures.registry import drawn as drawn_by
from figures.render import plain
from figures.sources import homes

pytestmark = pytest.mark.xdist_group("words")  # every figure is drawn for them once, not once a process

OURS = sorted(name for name, module in homes("figures").items() if module not in MAKING)
ENTRY = re.compile(r"^(\w+(?:, \w+)*)(?: :|$)", re.MULTILINE)


def documented(name: str) -> set[str]:
    """The names in the section Facts of a figure's docstring."""
    sections = re.split(r"\n\n(\w+)\n-+\n", inspect.getdoc(drawn_by(name)) or "")
    text = dict(zip(sections[1::2], sections[2::2], strict=True))["Facts"]
    return {fact for names in ENTRY.findall(text) for fact in names.split(", ")}


@pytest.mark.parametrize("name", OURS)
def test_the_list_of_figures_names_them(name: str) -> None:
    assert set(listed_of(drawn_by(name)).facts) == documented(name)


def test_a_figure_without_the_section_lists_none() -> None:
    def plain_figure(words: object) -> None:
        """A figure."""

    assert list(listed_of(plain_figure).facts) == []


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    return {name: drawn_by(name)(lang="en").facts for name in OURS}


def test_every_fact_is_documented_and_every_one_documented_is_there(facts: dict[str, Any]) -> None:
    assert len(facts) == 15
    assert {name: set(values) for name, values in facts.items()} == {name: documented(name) for name in facts}


def test_facts_are_json_and_come_back_the_same(facts: dict[str, Any]) -> None:
    for name, values in facts.items():
        told = plain(values)
        assert json.loads(json.dumps(told, allow_nan=False)) == told, name


def test_no_fact_hides_behind_a_method_of_mappings(facts: dict[str, Any]) -> None:
    def names(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(names, value.values()))
        return set().union(*map(names, value)) if isinstance(value, list) else set()

    assert not names(plain(facts)) & {name for name in dir(dict) if not name.startswith("_")}
