"""What holds for every figure, whatever it shows."""

from __future__ import annotations

import inspect
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from layout import faults, texts
from matplotlib.colors import to_hex

import figures
from figures import Picture
from figures.catalogue import languages
from figures.language import NARROW
from figures.registry import drawn as drawn_by
from figures.render import plain
from figures.style import PALETTES, contrast, style

OURS = sorted(set(figures.__all__) - {"Picture", "figure"})
Drawn = dict[tuple[str, str, str], Picture]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return {}


def picture(drawn: Drawn, name: str, palette: str, lang: str = "fr") -> Picture:
    if (name, palette, lang) not in drawn:
        drawn[name, palette, lang] = drawn_by(name)(palette=palette, lang=lang)
    return drawn[name, palette, lang]


def test_every_figure_is_public() -> None:
    assert len(OURS) == 15
    for name in OURS:
        assert getattr(figures, name) is drawn_by(name)


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("name", OURS)
def test_no_text_touches_another_leaves_the_canvas_or_is_small(name: str, palette: str, lang: str, drawn) -> None:
    assert faults(picture(drawn, name, palette, lang).figure) == []


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("name", OURS)
def test_text_on_paper_can_be_read(name: str, palette: str, drawn) -> None:
    """Text stands on paper or on a fill that was chosen for it; on neither may it be pale."""
    paper = PALETTES[palette].paper
    with style(palette):
        for text in texts(picture(drawn, name, palette).figure):
            colour = to_hex(text.get_color())
            on_fill = max(contrast(colour, role) for role in PALETTES[palette])
            assert max(contrast(colour, paper), on_fill) >= 4.5, text.get_text()


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", OURS)
def test_the_file_is_small_whole_and_asks_nobody(name: str, lang: str, drawn) -> None:
    svg = picture(drawn, name, "light", lang).svg()
    assert len(svg) < 300_000
    for element in ET.fromstring(svg).iter():
        assert element.tag.rpartition("}")[2] not in ("script", "text", "foreignObject")
        for attribute, value in element.attrib.items():
            assert not attribute.endswith("href") or value.startswith(("#", "data:image/png;base64,"))


@pytest.mark.parametrize("name", OURS)
def test_the_figure_fits_the_slide(name: str, drawn) -> None:
    width, height = picture(drawn, name, "light").size
    assert (width, height) == (1280, 720) if name == "isobars" else width <= 1136
    assert height <= 556 or name == "isobars"
    assert width == height == 240 if name == "emblem" else width >= 1120


@pytest.mark.parametrize("name", OURS)
def test_the_alt_text_is_a_french_sentence(name: str, drawn) -> None:
    alt = picture(drawn, name, "light").alt
    assert re.match(r"[A-ZÉÀ«].*\.$", alt, re.DOTALL), alt
    assert len(alt.split()) >= 8
    assert not re.search(r"\d\.\d|(?<![\w–])-\d|['\"]", alt), alt
    assert not re.search(r"[^\s" + NARROW + "\u00a0][:;?!]", alt), alt
    assert not re.search(r"nan|inf|None|\{|\}", alt), alt


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", OURS)
def test_another_language_computes_the_same(name: str, lang: str, drawn) -> None:
    """The facts are equal but for the names in them, and the drawing is as large."""
    def numbers(value):
        if isinstance(value, dict):
            return {key: numbers(part) for key, part in value.items()}
        if isinstance(value, list):
            return [numbers(part) for part in value]
        return "a name" if isinstance(value, str) else value

    first, other = picture(drawn, name, "light"), picture(drawn, name, "light", lang)
    assert numbers(plain(first.facts)) == numbers(plain(other.facts))
    assert first.size == other.size
    assert lang == "fr" or first.alt != other.alt


@pytest.mark.parametrize("name", OURS)
def test_facts_are_plain_and_survive_the_store(name: str, drawn) -> None:
    facts = plain(picture(drawn, name, "light").facts)
    assert facts
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


@pytest.mark.parametrize("name", OURS)
def test_a_dark_slide_has_other_colours_and_the_same_facts(name: str, drawn) -> None:
    light, dark = (picture(drawn, name, palette) for palette in ("light", "dark"))
    assert light.alt == dark.alt
    assert plain(light.facts) == plain(dark.facts)
    assert light.svg() != dark.svg()


@pytest.mark.parametrize("name", OURS)
def test_the_documentation_tells_the_parameters(name: str) -> None:
    function = drawn_by(name)
    text = inspect.getdoc(function) or ""
    own = list(inspect.signature(function).parameters)
    assert text.splitlines()[0].endswith(".")
    for parameter in own:
        assert re.search(rf"^(?:\w+, )*{parameter}(?:, \w+)*(?: :|$)", text, re.MULTILINE), f"{name}: {parameter}"


def test_a_figure_works_alone_in_a_script(tmp_path: Path) -> None:
    path = figures.max_pooling(stride=1).save(tmp_path / "pool.svg")
    assert path.read_bytes().startswith(b"<?xml")


def test_drawing_twice_gives_the_same_bytes() -> None:
    for name in ("neuron", "dropout", "convolution_pixel"):
        assert drawn_by(name)().svg() == drawn_by(name)().svg()
