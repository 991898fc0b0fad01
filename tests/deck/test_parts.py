"""A deck of several files: what is included, imported and extended knows the figures, variables and settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from deck import template as slides
from deck.places import slide_places

TOML = """
[deck]
title = "Un cours"
[variables]
wide = 400
words = ["un", "deux"]
[figures.max_pooling]
stride = 1
"""
BASE = "{{ head() }}\n\n# {{ deck.title }}\n\n{% block slides %}{% endblock %}\n"
MACROS = """\
{% macro shown(name, width=wide) %}
{{ figure(name, **kwargs).scaled(width) }}
{% endmacro %}
{% macro pooled() %}{{ figure("max_pooling", kernel_size=3) }}{% endmacro %}
"""
PART = '## {{ words[1] }}\n\n{{ figure("max_pooling") }}\n'
MAIN = """\
{% extends "base.j2" %}
{% from "macros.j2" import shown %}
{% import "macros.j2" as m %}
{% block slides %}
{{ shown("max_pooling", kernel_size=2) }}

{{ m.pooled() }}

---

{% include "parties/deux.md" %}
{% endblock %}
"""


def files(**others: str) -> dict[str, str]:
    return {"base.j2": BASE, "macros.j2": MACROS, "parties/deux.md": PART, "deck.toml": TOML, **others}


@pytest.fixture
def several(built: Callable, tmp_path: Path) -> Callable:
    (tmp_path / "exposé" / "parties").mkdir(parents=True)
    return built


def test_a_deck_of_several_files(several: Callable) -> None:
    run = several(MAIN, files=files())
    assert run.status == 0, run.err
    assert run.markdown.startswith("---\nmarp: true\nlang: fr\ntitle: Un cours\npaginate: true\n---\n")
    assert run.markdown.count("\n# Un cours\n") == run.markdown.count("\n## deux\n") == 1
    images = re.findall(r'<img src="images/(.+?)".*?width="(\d+)"', run.markdown)
    assert [width for _, width in images] == ["400", "1136", "1136"]
    assert images[0][0] == images[2][0] != images[1][0]
    assert ": 2 figures drawn" in run.out


@pytest.mark.parametrize(("name", "old", "new", "told"), [
    ("parties/deux.md", "max_pooling", "max_poling", "parties/deux.md:3: no figure 'max_poling'; did you mean"),
    ("macros.j2", "kernel_size=3", "kernel_size=0", "macros.j2:4: max_pooling: kernel_size must be at least 1, not 0"),
    ("parties/deux.md", "words[1]", "words[1", "parties/deux.md:1: unexpected '}', expected ']'"),
    ("base.j2", "deck.title", "deck.titel", "base.j2:3: deck: no fact 'titel'; did you mean 'title'?"),
    ("macros.j2", "macro shown", "macro show", "slides.fr.md.j2:5: the template 'macros.j2' (imported on"),
    ("deck.toml", "stride = 1", "stride = 0", "deck.toml:8: max_pooling: stride must be at least 1, not 0"),
])  # fmt: skip
def test_a_fault_is_told_in_the_file_that_has_it(several: Callable, name: str, old: str, new: str, told: str) -> None:
    run = several(MAIN, files=files(**{name: files()[name].replace(old, new)}))
    assert run.status == 1
    assert f"exposé/{told}" in run.err
    assert "1 fault," in run.err


@pytest.mark.parametrize("cycle", ["{% include 'slides.fr.md.j2' %}", "{% extends 'slides.fr.md.j2' %}",
                                   "{% include 'a.md' %}"])  # fmt: skip
def test_a_circle_ends(built: Callable, cycle: str) -> None:
    run = built(cycle, files={"a.md": "{% include 'slides.fr.md.j2' %}"})
    assert run.status == 1
    assert re.match(r"exposé/(slides\.fr\.md\.j2|a\.md):1: a macro, a block or an include runs itself again", run.err)


def test_a_change_in_any_file_is_noticed(several: Callable) -> None:
    several(MAIN, files=files())
    changes = (("parties/deux.md", "## ", "## N° "), ("macros.j2", "wide", "300"), ("base.j2", "# ", "# ! "))
    for name, old, new in changes:
        assert "nothing to do" in several(MAIN).out
        assert "nothing to do" not in several(MAIN, files={name: files()[name].replace(old, new)}).out


def test_a_slide_comes_from_its_line_whatever_head_prints(several: Callable, tmp_path: Path) -> None:
    text = "{# … #}\n{{ head() }}\n\n# {{ deck.title }}\n\n---\n\n## Deux\n\n{% include 'parties/deux.md' %}\n"
    assert several(text, files=files()).status == 0
    template = slides.read(tmp_path / "exposé", "fr", {})
    front = "---\nmarp: true\n---\n\n<style>\n" + "a {}\n" * 40 + "</style>\n"
    known = {"head": lambda: front, "deck": {"title": "Un"}, "words": ["un", "deux"], "figure": lambda name: name}
    places = slide_places(template, known)
    assert [(place.path.name, place.line) for place in places] == [("slides.fr.md.j2", 4), ("slides.fr.md.j2", 8)]
    spots = [(spot.path.name, spot.line, spot.value) for spot in places[1].spots]
    assert spots == [("slides.fr.md.j2", 8, "Deux"), ("deux.md", 1, "deux"), ("deux.md", 3, "max_pooling")]
