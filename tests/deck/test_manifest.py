"""`deck.toml`: what a deck takes from it, and what is told of one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import build
from deck.faults import DeckError
from deck.manifest import read

PLAIN = "# {{ deck.title }}\n"


def deck(tmp_path: Path, toml: str, *languages: str) -> Path:
    for language in languages or ("fr",):
        (tmp_path / f"slides.{language}.md.j2").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "deck.toml").write_text(toml, encoding="utf-8")
    return tmp_path


def test_without_a_file_there_are_the_languages_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "slides.fr.md.j2").touch()
    (tmp_path / "slides.en.md.j2").touch()
    manifest = read(tmp_path)
    assert manifest.languages == ("en", "fr")
    assert manifest.about("fr") == manifest.named("fr") == {}
    assert (manifest.logo, manifest.theme, manifest.variant, manifest.size, manifest.seed) == ("", "", "", "", None)


def test_texts_and_variables_by_language(tmp_path: Path) -> None:
    manifest = read(deck(tmp_path, """
        [deck]
        title = { fr = "Régression", en = "Regression", de = "Regression später" }
        footer = ""
        author = "Anne"
        [variables]
        day = 2026-03-01
        room = { fr = "salle 3", en = "room 3" }
        sizes = { en = 3, width = 4 }
        layers = [3, [4, 10:30:00]]
        """, "fr", "en"))  # fmt: skip
    assert manifest.about("fr") == {"title": "Régression", "author": "Anne"}
    assert manifest.about("en")["title"] == "Regression"
    assert manifest.named("en") == {"day": "2026-03-01", "room": "room 3", "sizes": {"en": 3, "width": 4},
                                    "layers": [3, [4, "10:30:00"]]}  # fmt: skip


def test_the_deck_says_which_languages_are_built_and_in_which_order(
    built: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"slides.en.md.j2": PLAIN, "slides.de.md.j2": "{{ unfinished"}
    toml = '[deck]\nlanguages = ["fr", "en"]\ntitle = {fr = "Un", en = "One"}\n'
    run = built(PLAIN, files={**texts, "deck.toml": toml})
    assert run.status == 0, run.err
    assert run.out.startswith("dist/exposé/slides.fr.md, dist/exposé/slides.en.md: ")
    assert (run.output / "slides.en.md").read_text(encoding="utf-8") == "# One\n"
    assert not (run.output / "slides.de.md").exists()
    assert "deck.toml:3: title says nothing for 'de', which is built; it has fr, en" in built(PLAIN, "--lang", "de").err
    assert built(PLAIN, "--lang", "en").out.startswith("dist/exposé/slides.en.md: ")


def test_the_deck_chooses_its_colours_and_a_template_may_choose_others(built: Callable) -> None:
    toml = '[deck]\nvariant = "dark"\n'
    assert built("{{ variant }}", files={"deck.toml": toml}).markdown == "dark"
    assert built('{% set variant = "light" %}{{ variant }}').markdown == "light"


def test_the_logo_is_the_decks_or_the_computed_one(built: Callable) -> None:
    assert re.fullmatch(r'<img src="images/emblem-\w+\.svg" alt="Emblème.*" width="90" height="90">',
                        built("{{ logo(width=90) }}").markdown)
    files = {"mon logo.svg": "<svg/>", "deck.toml": '[deck]\nlogo = "mon logo.svg"\n'}
    assert re.fullmatch(r'<img src="images/mon-logo-\w+\.svg" alt="Logo" width="200">',
                        built("{{ logo() }}", files=files).markdown)


def test_a_text_that_the_deck_does_not_have_is_told(built: Callable) -> None:
    run = built("\n{{ deck.titel }}", files={"deck.toml": '[deck]\ntitle = "x"\n'})
    assert "slides.fr.md.j2:2: deck: no fact 'titel'; did you mean 'title'?" in run.err


FAULTY = {
    "a misspelt table": ("\n[dekc]\n", 2, "no table or key 'dekc' here; did you mean 'deck'?"),
    "a key outside of its table": ('title = "x"\n', 1, "no table or key 'title' here; it belongs under [deck]"),
    "no table": ("deck = 3", 1, "deck is a table: write [deck] on a line of its own"),
    "a misspelt key": ('[deck]\n# a\ntilte = "x"', 3, "no key 'tilte' in [deck]; did you mean 'title'?"),
    "another key": ("[deck]\nfont = 3", 2, "no key 'font' in [deck]; did you mean 'footer'?"),
    "a number for a text": ("[deck]\ntitle = 3", 2, "title must be a text on one line, or a table of them"),
    "two lines": ('[deck]\ntitle = "a\\nb"', 2, "title must be a text on one line, or a table of them by "),
    "a number for a language": ('[deck]\ntitle = {fr = 3, en = "x"}', 2, "title.fr must be a text on one line, not 3"),
    "no text for a language": ('[deck]\n\nfooter = {en = "x"}', 3, "footer says nothing for 'fr', which is built; it "),
    "no variable for a language": ('[deck]\nlanguages = ["fr", "en"]\n[variables]\nv = {en = 1}', 4,
                                   "v says nothing for 'fr', which is built; it has en"),
    "no list of languages": ('[deck]\nlanguages = "fr"', 2,
                             'languages must be a list such as ["fr", "en"], not \'fr\''),
    "no languages": ("[deck]\nlanguages = []", 2, 'languages must be a list such as ["fr", "en"], not []'),
    "a language twice": ('[deck]\nlanguages = ["fr", "fr"]', 2, "languages: 'fr' stands twice"),
    "a language without a template": ('[deck]\nlanguages = [\n"fr",\n"de"]', 2,
                                      "languages: no template slides.de.md.j2; there are en, fr"),
    "no logo": ('[deck]\nlogo = "lgo.png"', 2, "logo: no file 'lgo.png' in exposé; did you mean 'logo.png'?"),
    "a logo that is no picture": ('[deck]\nlogo = "theme.css"', 2, "logo: 'theme.css' must end with .svg, .png, "),
    "a logo from outside": ('[deck]\nlogo = "../logo.png"', 2, "logo: '../logo.png' lies outside of the deck's folder"),
    "a logo that is none": ("[deck]\nlogo = 3", 2, "logo must be a file of the deck's folder, not 3"),
    "no theme": ('[deck]\ntheme = "them.css"', 2, "theme: no file 'them.css' in exposé; did you mean 'theme.css'?"),
    "a theme that is a folder": ('[deck]\ntheme = "."', 2, "theme: no file '.' in exposé"),
    "a misspelt variant": ('[deck]\nvariant = "drak"', 2, "no variant 'drak'; did you mean 'dark'?"),
    "no variant": ("[deck]\nvariant = true", 2, "no variant true; there are light, dark"),
    "a size": ('[deck]\nsize = "16/9"', 2, "no size '16/9'; did you mean '16:9'?"),
    "a seed": ("[deck]\nseed = -1", 2, "seed must be a whole number from 0 to 2**64 - 1, not -1"),
    "no seed": ("[deck]\nseed = true", 2, "seed must be a whole number from 0 to 2**64 - 1, not true"),
    "a name of the build's": ("[variables]\nx = 1\nfigure = 2", 3, "'figure' is what the build itself gives"),
    "a name of Jinja's": ("[variables]\nrange = 2", 2, "'range' is what the build itself gives"),
    "no name": ("[variables]\n\"my title\" = 2", 2, "'my title' is no name for a variable"),
    "a hidden name": ("[variables]\n_x = 2", 2, "'_x' is no name for a variable"),
    "a figure": ("[figures.max_poling]\nstride = 1", 1, "no figure 'max_poling'; did you mean 'max_pooling'?"),
    "a figure that is no table": ("[figures]\nmax_pooling = 1", 2, "max_pooling is a figure: write [figures."),
    "a parameter": ("[figures.max_pooling]\nstrid = 1", 2, "max_pooling: no parameter 'strid'; did you mean 'stride'?"),
    "a parameter of none": ("[figures]\nstrde = 1", 2, "no figure has a parameter 'strde'; did you mean 'stride'?"),
    "a palette": ('[figures]\npalette = "drak"', 2, "no palette 'drak'; did you mean 'dark'?"),
    "a palette of one": ("[figures.neuron]\npalette = 3", 2, "no palette 3; there are dark, light"),
    "a date": ("[figures.max_pooling]\nstride = 2026-01-01", 2, "stride: figures take numbers, texts, truth values"),
    "a value out of range": ("[figures.max_pooling]\nkernel_size = 2\nstride = 0", 3,
                             "stride must be at least 1, not 0"),
    "a file from outside": ('[figures.image_kernels]\nimage = "../x.png"', 2, "image: '../x.png' lies outside"),
    "no TOML": ("[deck]\ntitle: x", 2, "no TOML: "),
    "Latin-1": ("[deck]\ntitle = 'é'".encode("latin-1"), 2, "not UTF-8: byte 0xE9"),
}  # fmt: skip
TEMPLATE = '{{ figure("max_pooling") }} {{ figure("image_kernels") }}'
FILES = {"slides.en.md.j2": "", "logo.png": "", "theme.css": ""}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_is_told_once_with_its_line_and_the_last_deck_stays(built: Callable, fault: str) -> None:
    toml, line, message = FAULTY[fault]
    good = built("# Rien", files={**FILES, "deck.toml": ""})
    (good.output.parent.parent / "x.png").touch()
    stood = {p: p.read_bytes() for p in good.output.rglob("*") if p.is_file()}
    run = built(TEMPLATE if "from outside" in fault or "out of range" in fault else "# Rien", files={"deck.toml": toml})
    assert run.status == 1
    assert run.err.splitlines()[0].startswith(f"exposé/deck.toml:{line}: "), run.err
    assert message in run.err
    assert "\nbuild.py: 1 fault, nothing written: what stood there stands\n" in run.err
    assert {p: p.read_bytes() for p in good.output.rglob("*") if p.is_file()} == stood


def test_all_faults_are_told_together(built: Callable) -> None:
    run = built(PLAIN, files={"deck.toml": '[deck]\ntilte = 1\nseed = "a"\nlogo = 3\n'})
    assert [int(n) for n in re.findall(r"deck\.toml:(\d+):", run.err)] == [2, 3, 4]


def test_any_change_is_noticed(built: Callable) -> None:
    assert built(PLAIN, files={"deck.toml": '[deck]\ntitle = "a"'}).markdown == "# a\n"
    assert "nothing to do" in built(PLAIN).out
    assert built(PLAIN, files={"deck.toml": '[deck]\ntitle = "b"'}).markdown == "# b\n"
    assert "nothing to do" in built(PLAIN).out
    Path("exposé/deck.toml").unlink()
    assert build.main(["exposé", "-j", "1"]) == 1


LEAVES = st.one_of(st.integers(-3, 2**70), st.booleans(), st.text(max_size=5), st.floats())
NAMES = st.sampled_from(["fr", "en", "x"])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
                      max_leaves=4)  # fmt: skip


@given(st.sampled_from(["title", "logo", "languages", "seed", "theme", "variant", "size", "x"]), VALUES)
def test_whatever_stands_there_is_taken_or_refused_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: object
) -> None:
    folder = deck(tmp_path_factory.mktemp("deck"), f"[deck]\n\n{name} = {_toml(value)}\n")
    lines = {3}
    try:
        read(folder)
    except DeckError as error:
        lines = {fault.line for fault in error.faults}
    assert lines == {3}


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(sign):08x}" for sign in value) + '"'
    return str(value).lower()
