"""The introduction in its languages: the same slides, figures and computed numbers, each in its own words."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from deck.faults import DeckError
from deck.template import Template, calls, languages, read
from engine.pictogram_catalogue import CLASSES

DECK = Path(__file__).parents[2] / "deck" / "introduction"
FIRST = "fr"
OTHERS = [language for language in languages(DECK) if language != FIRST]
ENDS = re.compile(r"^---\s*$", re.MULTILINE)


def template(language: str) -> Template:
    return read(DECK, language, {"number": str, "percent": str})


def source(language: str) -> str:
    return (DECK / f"slides.{language}.md.j2").read_text(encoding="utf-8")


def slides(language: str) -> list[str]:
    """The slides of a template, the first with the settings of the deck."""
    return ENDS.split(source(language))[1:]  # the calls that name the figures come first


def facts(slide: str) -> Counter[str]:
    """The computed numbers, however they are written."""
    return Counter(re.findall(r"\w+\.facts[\w.\[\]]*|engine\.\w+|round_number", slide))


# Digits that nothing computes: names, dates and settings, formulas, and what a sentence defines.
GIVEN = {
    "Apache 2.0", "V1", "V2", "V4", "1/(1 − p)", "ReLU", "en 0 et", "at 0 and", "pas de 1", "stride of 1",
    "1 filtre",
}  # fmt: skip


@pytest.mark.parametrize("language", languages(DECK))
def test_no_number_is_written_that_is_computed(language: str) -> None:
    text = "\n---\n".join(slides(language)[1:])
    unread = r"\{#.*?#\}|\{[{%].*?[}%]\}|<style>.*?</style>|<https?:[^>]*>|<!-- _.*?-->"
    said = re.sub(unread, "", text, flags=re.DOTALL)
    said = re.sub("[\u00a0\u202f\n]", " ", said)
    for words in GIVEN:
        said = said.replace(words, "")
    assert [said[max(0, m.start() - 30):m.end() + 20] for m in re.finditer(r"\d+", said)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_figures_are_asked_for(language: str) -> None:
    first, other = ([(call.name, call.parameters) for call in calls(template(name))] for name in (FIRST, language))
    assert len(first) == 16
    assert other == first


@pytest.mark.parametrize("language", OTHERS)
def test_the_slides_are_built_alike(language: str) -> None:
    first, other = slides(FIRST), slides(language)
    assert len(first) == len(other) == 17  # the front matter, then sixteen
    marks = r"<!-- _.*-->|^#+ |^=$|^[*+-] |\{%.*%\}|^\{\{ \w+ \}\}$|\n\n(?=\S)"
    for number, (one, two) in enumerate(zip(first, other, strict=True)):
        assert re.findall(marks, two, re.MULTILINE) == re.findall(marks, one, re.MULTILINE), f"slide {number}"
        assert facts(two) == facts(one), f"slide {number}"


@pytest.mark.parametrize("language", languages(DECK))
def test_the_front_matter_names_the_language(language: str) -> None:
    front = slides(language)[0]
    assert re.findall(r"^(\w+):", front, re.MULTILINE) == re.findall(r"^(\w+):", slides(FIRST)[0], re.MULTILINE)
    assert f"\nlang: {language}\n" in front


def test_number_words_are_true() -> None:
    """What is written in letters, which no filter writes."""
    for language, words in (("fr", "Les dix vignettes"), ("en", "The ten small pictures")):
        assert words in source(language)
    assert len(CLASSES) == 10


@pytest.mark.parametrize("language", OTHERS)
def test_notes_are_translated_whole(language: str) -> None:
    def notes(name: str) -> list[int]:
        found = re.findall(r"\{% filter note %\}(.*?)\{% endfilter %\}", source(name), re.DOTALL)
        return [len(note) for note in found]

    assert len(notes(FIRST)) == 16
    for number, (one, two) in enumerate(zip(notes(FIRST), notes(language), strict=True), 1):
        assert 0.7 < two / one < 1.4, f"slide {number}: {one} letters, then {two}"


def test_the_english_slides_are_english() -> None:
    text = source("en").replace("Météo-France", "")
    said = re.sub(r"\{#.*?#\}|\{[{%].*?[}%]\}", "x", text, flags=re.DOTALL)
    assert not re.search("[àâçèéêëîïôùûœ«»\u00a0\u202f]", said)
    assert not re.search(r"\s[;:!?](?!\w)", re.sub(r"<!--.*?-->|<style>.*?</style>", "", said, flags=re.DOTALL))
    assert not re.search(r"\d,\d(?!\d\d)|\d[ ]\d{3}", said)
    assert not re.search(r"[^\x00-\x7f‘’–−×Σᵢ…α|]", said), set(re.findall(r"[^\x00-\x7f]", said))
    american = r"\b(?:colors?|gray|neighbors?|regulariz\w+|recogniz\w+|license)\b"
    assert not re.search(american, said, re.IGNORECASE)


def test_a_language_without_a_template_is_told() -> None:
    with pytest.raises(DeckError, match=r"slides\.en\.md\.j2, slides\.fr\.md\.j2"):
        read(DECK, "xx", {})
