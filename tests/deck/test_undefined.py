"""A name that means nothing is told in words of the slides, with the nearest that does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

TEXTS = {
    "## {{ a.facts.share }}\n{% set a = figure('a') %}\n{{ a }}\n{% set a = 3 %}":
        (1, "undefined variable 'a'; it is set further down, in line 3"),
    "{% if false %}{% set a = 1 %}{% endif %}\n{{ a }}": (2, "undefined variable 'a'"),
    "{{ figure('a').fact }}": (1, "an image has no 'fact'; did you mean 'facts'?"),
    "{{ figure('a').caption }}": (1, "an image has no 'caption'; there are alt, facts, height, scaled, src, width"),
    "{{ [1][7] }}": (1, "list object has no element 7"),
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_told(built: Callable, text: str) -> None:
    text, (line, told) = text.replace("figure('a')", "figure('neuron')"), TEXTS[text]
    run = built("{{ head() }}\n" + text)
    assert run.status == 1
    assert run.err.splitlines()[0] == f"exposé/slides.fr.md.j2:{line + 1}: {told}"
