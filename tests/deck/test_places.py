"""From a slide to the line of its template."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slide_texts import BREAKS

import deck as slides
from deck import Facts, Image
from deck.places import Place, slide_places
from deck.slide_breaks import slides as split


def picture(name: str = "a") -> Image:
    return Image(f"images/{name}.svg", f"Le dessin {name}.", 10, 20, Facts(name, {}))


def places(folder: Path, text: str, parts: Mapping[str, str] | None = None, **known: Any) -> list[Place]:
    for name, content in {"slides.fr.md.j2": text, **(parts or {})}.items():
        (folder / name).write_text(content, encoding="utf-8")
    return slide_places(slides.read(folder, "fr", {}), {"figure": picture, **known})


def lines(found: list[Place]) -> list[tuple[str, int]]:
    return [(place.path.name, place.line) for place in found]


def own(*numbers: int) -> list[tuple[str, int]]:
    return [("slides.fr.md.j2", number) for number in numbers]


def test_a_slide_is_at_its_first_words(tmp_path: Path) -> None:
    text = "---\nmarp: true\n---\n\n# Un\n\n---\n<!-- _class: x -->\n\n## Deux\n\n---\n\n{{ figure('b') }}\n"
    found = places(tmp_path, text)
    assert lines(found) == own(5, 10, 14)
    assert found[2].spots == ((tmp_path / "slides.fr.md.j2", 14, "image", "images/b.svg", "Le dessin b."),)


def test_what_jinja_leaves_out_of_the_markdown_is_counted(tmp_path: Path) -> None:
    text = ("{# a\nb #}\n{% set x = [1,\n 2] %}\n# Un\n\n---\n{%- if true %}\n\n\n# Deux\n{%- endif %}\n\n\n"
            "---\n# {{ x[0] }}\n")
    assert lines(places(tmp_path, text)) == own(5, 11, 16)


def test_included_slides_are_at_their_own_lines(tmp_path: Path) -> None:
    parts = {"part.md": "\n# Dedans\n\n---\n\n# Encore\n"}
    found = places(tmp_path, '# Un\n\n---\n{% include "part.md" %}\n\n---\n\n# Fin\n', parts)
    assert lines(found) == [*own(1), ("part.md", 2), ("part.md", 6), *own(8)]


def test_slides_of_a_loop_and_of_a_macro_are_at_the_line_that_writes_them(tmp_path: Path) -> None:
    text = ("{% macro slide(name) %}\n\n---\n\n# {{ name }}\n{{ figure(name) }}\n{% endmacro %}\n# Un\n"
            "{% for name in 'bc' %}\n{{ slide(name) }}\n{% endfor %}\n\n---\n\n# Fin\n")
    found = places(tmp_path, text)
    assert lines(found) == own(8, 5, 5, 15)
    assert [spot.line for spot in found[2].spots if spot.kind == "image"] == [6]


def test_a_macro_of_another_file_may_name_a_figure(tmp_path: Path) -> None:
    parts = {"names.j2": "{% macro pick(n) %}dessin{{ n }}{% endmacro %}"}
    found = places(tmp_path, '{% from "names.j2" import pick %}\n# Un\n\n{{ figure(pick(2)) }}\n', parts)
    assert [spot[1:4] for spot in found[0].spots] == [(2, "text", "Un"), (4, "image", "images/dessin2.svg")]


def test_a_block_kept_in_a_variable_keeps_its_value(tmp_path: Path) -> None:
    text = "{% set n %}3{% endset %}\n{% if n | int == 3 %}\n# Trois\n{% endif %}\n"
    assert lines(places(tmp_path, text)) == own(3)


def test_a_template_that_changes_its_own_text_is_followed_as_far_as_it_goes(tmp_path: Path) -> None:
    text = "# Un\n\n---\n{% filter indent(2, blank=false) %}\n\na\n\nb\n{% endfilter %}\n\n---\n\n# Fin\n"
    assert lines(places(tmp_path, text)) == own(1, 6, 13)
    text = "{% macro n() %}3{% endmacro %}\n# Un\n\n---\n\n# {{ 1 + n() | int + 1 / (n() | int) }}\n\n---\n\n# Fin\n"
    assert lines(places(tmp_path, text))[::2] == own(2, 10)


def test_the_deck_is_the_same_afterwards(tmp_path: Path) -> None:
    (tmp_path / "slides.fr.md.j2").write_text("# {{ say('x') }}\n\n---\n\n{{ figure('a') }}\n", encoding="utf-8")
    template, known = slides.read(tmp_path, "fr", {}), {"figure": picture, "say": str.upper}
    before = slides.fill(template, known)
    slide_places(template, known)
    assert template.environment.globals["say"] is str.upper
    assert slides.fill(template, known) == before


@pytest.mark.parametrize(("text", "count"), BREAKS)
def test_a_text_breaks_into_slides_as_in_marp(text: str, count: int) -> None:
    """The same texts go through Marp itself in tests/browser/test_check.py."""
    assert len(split(text)) == count


def test_alt_text_of_either_syntax_is_read() -> None:
    (slide,) = split("![un *mot* w:30](a.png) et\n<img src=\"b.png\" alt=\"&quot;bg deux&quot;\">\n\n"
                     "<img alt='Trois : 3 > 2' src='c.png'>\n\n![bg left](d.png)\n")
    assert [(p.line, p.kind, p.value, p.alt) for p in slide.parts if p.kind != "text"] == [
        (0, "image", "a.png", "un mot w:30"), (1, "image", "b.png", '"bg deux"'),
        (3, "image", "c.png", "Trois : 3 > 2"),
        (5, "background", "d.png", "bg left")]


SLIDE = st.lists(st.sampled_from(["## Titre", "texte", "{{ figure('a') }}", "<!-- note -->", "- a\n- b",
                                  "```\n---\n```", "{% include 'part.md' %}", "{# rien #}",
                                  "{% if true %}x{% endif %}"]), max_size=5)


@given(st.lists(SLIDE, min_size=1, max_size=6))
def test_each_slide_is_at_a_line_between_its_rulers(tmp_path_factory: pytest.TempPathFactory,
                                                    deck: list[list[str]]) -> None:
    text, first = "", []
    for number, blocks in enumerate(deck):
        first.append(text.count("\n") + 1)
        text += "".join(f"\n{block}\n\n" for block in blocks) + ("\n---\n" if number < len(deck) - 1 else "")
    found = places(tmp_path_factory.mktemp("deck"), text, {"part.md": "dedans\n"})
    assert len(found) == len(deck)
    for place, start, end in zip(found, first, [*first[1:], text.count("\n") + 2], strict=True):
        assert place.path.name == "part.md" or start - 1 <= place.line < end
