"""What decks do is allowed; what they may not is told with what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import deck as slides

MESSAGES = {
    "{{ figure('a').__class__ }}": "'__class__' is Python's own and not for templates",
    "{{ 'a'.uper() }}": "has no attribute 'uper'",
    "{{ 'a'.encode() }}": "'encode' of a text is not for templates; there are cap",
    "{{ [1].append(2) }}": "'append' is not for templates, where lists and mappings do not change; write "
                           "{% set … = xs + [x] %}",
    "{{ figure('a').count(1) }}": "'count' of an image is not for templates; there are alt, facts, height, scaled",
    "{{ [1] | map('string') }}": "a generator cannot be shown; if it holds a list, add | list or | join(', ')",
    "{{ figure }}": "'figure' is a function: call it",
    "{{ 'a'() }}": "a text cannot be called in a template",
}


@pytest.mark.parametrize("text", MESSAGES)
def test_a_refusal_tells_what_to_write_instead(folder: Path, text: str, refused: Callable) -> None:
    assert MESSAGES[text] in refused(folder, text).message


USUAL = {
    "{{ 'abc' | upper }} {{ 'a-b'.split('-') | join('+') }} {{ 'Année 2026 : %d' % 3 }}": "ABC a+b Année 2026 : 3",
    "{{ '{:>5.1f}|{a}'.format(1.25, a='é') }} {{ '%.2f' | format(0.5) }}": "  1.2|é 0.50",
    "{{ figure('a').facts.output[1] }} {{ figure('a').facts['share'] }} {{ figure('a').scaled(5).height }}": "2 0.5 10",
    "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ loop.index }}{{ k }}{{ v }}{{ ', ' if not loop.last }}{% endfor %}":
        "1a1, 2b2",
    "{% set n = namespace(t=0) %}{% for i in range(99999) %}{% set n.t = n.t + i %}{% endfor %}{{ n.t }}": "4999850001",
    "{% macro m(x) %}<{{ x }}{{ caller() }}>{% endmacro %}{% call m(1) %}c{% endcall %}": "<1c>",
    "{% for x in [1, [2, [3]]] recursive %}{{ loop(x) if x is sequence else x }}{% endfor %}": "123",
    "{% block a %}x{% endblock %}{{ self.a() }}": "xx",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}": "aba",
    "{% set j = joiner() %}{{ j() }}a{{ j() }}b": "a, b",
    "{{ [{'n': 2}, {'n': 1}] | sort(attribute='n') | map(attribute='n') | list }}": "[1, 2]",
    "{{ 2 ** 10 }} {{ 7 // 2 }} {{ [1, 2] + [3] }} {{ 'ab' * 2 }} {{ 3 in [1, 3] }} {{ 'abc'[1:] }}":
        "1024 3 [1, 2, 3] abab True bc",
    "{% for g in [{'n': 1, 's': 'a'}, {'n': 1, 's': 'b'}] | groupby('n') %}{{ g.grouper }}:{{ g.list | length }}"
    "{% for k, v in g.list[0] | dictsort %}{{ k }}{{ v }}{% endfor %}{% endfor %}": "1:2n1sa",
    "{{ none }} {{ true }} {{ (1, 'a') }} {{ {'a': 1} }}": "None True (1, 'a') {'a': 1}",
    "{% do figure('a') %}{{ '<' | e }}{{ 'a' ~ 1 ~ none }}": "&lt;a1None",
    "{{ engine.relu(-1) }} {{ engine['relu']([[1, -2], [3, 4]]) }} {{ engine.relu(figure('a').facts.output)[1] }}":
        "0.0 [[1.0, 0.0], [3.0, 4.0]] 2.0",
    "{% for x in range(3) %}{% block b scoped %}{{ engine.relu(x - 1) }} {% endblock %}{% endfor %}": "0.0 0.0 1.0 ",
    "{% macro m(x) %}{{ engine.linear_parameters(x, 10) }}{% endmacro %}{{ m(3072) }}": "30730",
    "{{ " + "~".join("1" * 300) + " }}": "1" * 300,
}  # fmt: skip


@pytest.mark.parametrize("text", USUAL)
def test_what_decks_do_is_allowed(folder: Path, text: str, filled: Callable) -> None:
    assert filled(folder, text) == USUAL[text]


def test_macros_and_modules_of_other_files(folder: Path, filled: Callable) -> None:
    files = {"m.md": "{% set a = 3 %}{% macro m(x) %}{{ figure(x) }}{% endmacro %}"}
    text = '{% import "m.md" as m %}{{ m.a }}{{ m.m("z") }}{% include "./part.md" %}'
    assert filled(folder, text, **files, **{"part.md": "é"}).startswith('3<img src="images/z.svg"')


def test_one_filling_takes_nothing_from_the_next(folder: Path) -> None:
    (folder / "slides.fr.md.j2").write_text("{% for i in range(90000) %}{% endfor %}")
    template = slides.read(folder, "fr", {})
    for _ in range(15):
        assert slides.fill(template, {}) == ""
