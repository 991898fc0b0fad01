"""`head()`: front matter that says what was meant, whatever signs a title has, and the theme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deck.head import HOUSE, front_matter
from deck.manifest import Manifest
from deck.toml_file import TomlFile

EMPTY = Manifest(TomlFile(Path("deck.toml"), "", {}), ("fr",), {}, {}, {})


def read(text: str) -> dict[str, object]:
    opening, front, rest = text.split("---\n")
    assert (opening, rest) == ("", "")
    return dict(yaml.safe_load(front))


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1).filter(lambda text: text.strip()))
def test_a_title_is_read_as_it_was_written(title: str) -> None:
    found = read(front_matter(EMPTY._replace(texts={"title": title, "footer": title, "author": "A"}), "fr", {}))
    assert found == {"marp": True, "lang": "fr", "title": title, "author": "A", "footer": title, "paginate": True}


@pytest.mark.parametrize("text", ["true", "Null", "no", "3", "1e3", "- a", "a: b", "a #b", "'", '"', "|", "~", " a "])
def test_a_text_stays_a_text(text: str) -> None:
    assert read(front_matter(EMPTY._replace(texts={"title": text}), "fr", {}))["title"] == text


def test_what_people_read_is_quoted_only_where_it_must_be() -> None:
    texts = {"title": "Introduction au Deep Learning", "footer": "Météo | L'essentiel"}
    text = front_matter(EMPTY._replace(texts=texts, size="4:3"), "fr", {})
    assert text == ("---\nmarp: true\nlang: fr\ntitle: Introduction au Deep Learning\n"
                    "footer: 'Météo | L''essentiel'\npaginate: true\nsize: '4:3'\n---\n")  # fmt: skip


def test_directives_of_one_template() -> None:
    given = {"paginate": False, "headingDivider": [1, 2], "footer": None, "math": "katex"}
    found = read(front_matter(EMPTY._replace(texts={"footer": "x"}), "en", given))
    assert found == {"marp": True, "lang": "en", "paginate": False, "headingDivider": [1, 2], "math": "katex"}


@pytest.mark.parametrize(("template", "told"), [
    ("{{ head(pagniate=true) }}", ":1: head: no directive 'pagniate'; did you mean 'paginate'?"),
    ("{{ head(theme='gaia') }}", ":1: head: no directive 'theme'"),
    ("{{ head(header='a\\nb') }}", ":1: head: header must be a text on one line"),
    ("{{ head(header={}) }}", ":1: head: header must be a text on one line"),
    ("\n\n{{ head() }}", ":3: head() must be the first thing that the template prints"),
    ("{{ head() }}\n{{ head() }}", ":2: head() must be the first thing"),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(built: Callable, template: str, told: str) -> None:
    run = built(template)
    assert run.status == 1
    assert f"slides.fr.md.j2{told}" in run.err


def test_the_head_is_what_a_template_would_write_out(built: Callable) -> None:
    files = {"theme.css": HOUSE.read_text(encoding="utf-8"), "deck.toml": '[deck]\ntitle = "Un"\n'}
    written = ("---\nmarp: true\nlang: fr\ntitle: Un\npaginate: true\n---\n\n"
               "<style>\n{% include 'theme.css' %}\n</style>\n\n# A\n")  # fmt: skip
    expected = built('{% set variant = "dark" %}\n' + written, files=files).markdown
    assert built('{% set variant = "dark" %}\n{# … #}\n{{ head() }}\n# A\n').markdown == expected
    assert "--paper: #" in expected


def test_a_theme_of_the_decks_own_knows_what_the_house_style_knows(built: Callable) -> None:
    files = {"deck.toml": '[deck]\ntheme = "my.css"\n[variables]\nwide = 9',
             "my.css": "a { color: {{ palette[variant].ink }}; width: {{ wide }}px }\n"}  # fmt: skip
    run = built("{{ head() }}\n# A\n", files=files)
    assert run.status == 0, run.err
    assert run.markdown.endswith("<style>\na { color: #1F2933; width: 9px }\n</style>\n\n# A\n")


@pytest.mark.parametrize(("css", "told"), [("\n\na { color: {{ inc }} }", ":3: undefined variable 'inc'"),
                                           ("\n{% if %}", ":2: ")])  # fmt: skip
def test_a_fault_of_a_theme_is_told_in_the_theme(built: Callable, css: str, told: str) -> None:
    run = built("{{ head() }}", files={"deck.toml": '[deck]\ntheme = "my.css"\n', "my.css": css})
    assert run.status == 1
    assert f"exposé/my.css{told}" in run.err


ESCAPES = ["head.__globals__", "head.__closure__", "logo.__code__", "deck.__class__", "deck.figure", "head('x')",
           "deck.update(a=1)", "deck.clear()", "(head | attr('__globals__'))", "words.append(1)", "words.__class__",
           "logo('../x.png')", "logo(width='1')"]  # fmt: skip


@pytest.mark.parametrize("expression", ESCAPES)
def test_what_the_deck_gives_to_templates_is_no_way_out(built: Callable, expression: str) -> None:
    run = built(f"\n{{{{ {expression} }}}}", files={"deck.toml": '[deck]\ntitle = "x"\n[variables]\nwords = [1]\n'})
    assert run.status == 1
    assert run.err.startswith("exposé/slides.fr.md.j2:2: ")
    assert "Traceback" not in run.err


def test_texts_of_the_deck_are_words_and_no_templates(built: Callable) -> None:
    toml = "[deck]\ntitle = '{{ figure.__globals__ }}'\n[variables]\nx = '{% include \"deck.toml\" %}'\n"
    run = built("{{ head() }}{{ deck.title }}{{ x }}", files={"deck.toml": toml})
    assert run.status == 0, run.err
    assert "\ntitle: '{{ figure.__globals__ }}'\n" in run.markdown
    assert run.markdown.endswith("{{ figure.__globals__ }}{% include \"deck.toml\" %}")


@pytest.mark.parametrize(("css", "told"), [
    ("{{ head() }}", "a macro, a block or an include runs itself again without end"),
    ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "turns"),
])  # fmt: skip
def test_a_theme_cannot_compute_without_end(built: Callable, css: str, told: str) -> None:
    run = built("{{ head() }}", files={"deck.toml": '[deck]\ntheme = "my.css"\n', "my.css": css})
    assert run.status == 1
    assert told in run.err
