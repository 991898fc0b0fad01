"""Light or dark: one line in a template's head, known before anything is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from deck.faults import DeckError
from deck.template import read
from deck.variant import variant
from figures.palette import PALETTES


def chosen(tmp_path: Path, text: str) -> str:
    (tmp_path / "slides.fr.md.j2").write_text(text, encoding="utf-8")
    return variant(read(tmp_path, "fr", {}))


@pytest.mark.parametrize(("text", "expected"), [
    ("# A", "light"),
    ('{% set variant = "dark" %}\n# A', "dark"),
    ("{% set variant = 'light' %}", "light"),
    ('{# dark #}\n{% set logo = none %}\n\n{%- set variant = "dark" -%}', "dark"),
    ('{% set variante = "dark" %}', "light"),
])  # fmt: skip
def test_the_head_chooses(tmp_path: Path, text: str, expected: str) -> None:
    assert chosen(tmp_path, text) == expected


@pytest.mark.parametrize(("text", "told"), [
    ('\n{% set variant = "drak" %}', "slides.fr.md.j2:2: no variant 'drak'; did you mean 'dark'?"),
    ('{% set variant = "sombre" %}', "slides.fr.md.j2:1: no variant 'sombre'; there are 'light' or 'dark'"),
    ("{% set variant = 3 %}", "no variant 3; there are"),
    ('{% set x = "dark" %}\n{% set variant = x %}', ":2: variant is set to 'light' or 'dark', as a constant"),
    ('\n\n{% set palette = "dark" %}', ":3: palette holds the theme's colours; {% set variant = 'dark' %} chooses"),
    ('{% if true %}{% set variant = "dark" %}{% endif %}', ":1: variant is set to 'light' or 'dark', as a constant"),
])  # fmt: skip
def test_anything_else_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DeckError) as caught:
        chosen(tmp_path, text)
    assert told in str(caught.value)


FIGURE = '{{ figure("max_pooling") }}'


def test_a_dark_deck_has_dark_figures_and_colours(built) -> None:  # type: ignore[no-untyped-def]
    for head, palette in (("", "light"), ('{% set variant = "dark" %}\n', "dark")):
        run = built(f"{head}{FIGURE}\n{{{{ palette[variant].paper }}}} {{{{ palette.dark.ink }}}}")
        assert run.status == 0, run.err
        assert f"{PALETTES[palette].paper} {PALETTES['dark'].ink}" in run.markdown
        [image] = (run.output / "images").iterdir()
        assert PALETTES[palette].purple.lower() in image.read_text(encoding="utf-8").lower()


def test_one_figure_can_be_dark_whatever_the_deck_is(built) -> None:  # type: ignore[no-untyped-def]
    alone = built('{{ figure("max_pooling", palette="dark") }}').markdown
    assert built(f'{{% set variant = "dark" %}}\n{FIGURE}').markdown.strip() == alone.strip()
    light = built('{% set variant = "dark" %}\n{{ figure("max_pooling", palette="light") }}').markdown
    assert light.strip() == built(FIGURE).markdown.strip()


def test_a_figure_whose_arguments_are_no_constants_follows_too(built) -> None:  # type: ignore[no-untyped-def]
    called = '{% set variant = "dark" %}\n{% for n in [2] %}{{ figure("max_pooling", kernel_size=n) }}{% endfor %}'
    assert built(called).markdown.strip() == built(f'{{% set variant = "dark" %}}\n{FIGURE}').markdown.strip()
