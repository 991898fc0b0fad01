"""The catalogues: the same keys and placeholders in every language, none missing, none unused, all of them fit."""

from __future__ import annotations

import ast
import re
import shutil
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from layout import faults, texts
from matplotlib.figure import Figure
from other_parameters import CALLS

from figures import Picture, catalogue, used
from figures.catalogue import entry, languages
from figures.language import Words
from figures.registry import drawn as drawn_by
from figures.style import style
from figures.writing import FILTERS

pytestmark = pytest.mark.xdist_group("words")  # every figure is drawn for them once, not once a process

ROOT = Path(__file__).parents[2]
FIRST = "fr"
OTHERS = [language for language in languages() if language != FIRST]
# What no sentence of a language may hold.
NEVER = {
    "fr": r"[^\s\u00a0\u202f][:;!?»](?!\S*\$)|(?<![\u00a0\u202f ])[:;!?»%](?!\})|['\"]|\d\.\d(?!%)",
    "en": r"[\u00a0\u202f«»]|\s[:;!?,.%]|['\"]|\d,\d(?!\d\d)",
}
# px between what is drawn on both sides of a word, which the comparison of texts with texts does not see.
ROOM = {
    "dropout.probability": 134, "dropout.survivors": 134, "convolution_sweep.next": 148,
    "convolutional_network.times_weights": 60, "convolutional_network.plus_biases": 62,
}  # fmt: skip
TYPESET = re.compile(r"\{[^{}]*\}|\$[^$]*\$")


def leaves(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict) and "other" not in value:
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key


def keys(language: str) -> set[str]:
    return set(leaves(dict(catalogue.catalogue(language))))


def forms(language: str, key: str) -> dict[str, str]:
    said = entry(language, key)
    return said if isinstance(said, dict) else {"other": said}


def placeholders(sentence: str) -> set[tuple[str, str]]:
    return {(name, spec or "") for _, name, spec, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.fixture(scope="module")
def own_images(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("own") / "images.npz"
    pixels = np.random.default_rng(0).random((40, 3, 32, 32))
    np.savez(path, images=pixels, labels=np.arange(40) % 2)
    return str(path)


Said = dict[str, tuple[Picture, set[str]]]


def drawn_in(language: str, own_images: str) -> Said:
    """Every call in a language: the picture, and the keys of what it says."""
    found = {}
    for title, (name, given) in CALLS.items():
        images = {"images": own_images} if given.get("images") else {}
        with used.noted() as noted:
            found[title] = drawn_by(name)(**{**given, **images}, lang=language), noted.words
    return found


@pytest.fixture(scope="module")
def said(own_images: str) -> Said:
    """What is said in English."""
    return drawn_in("en", own_images)


@pytest.fixture(scope="module")
def all_said(said: Said, own_images: str) -> dict[str, set[str]]:
    """The keys of what figures and filters say, by language."""
    found = {"en": said} | {language: drawn_in(language, own_images) for language in languages() if language != "en"}
    words = {}
    for language, calls in found.items():
        with used.noted() as noted:
            FILTERS["date"](Words(language), "2026-05-01")
        words[language] = noted.words.union(*(words for _, words in calls.values()))
    return words


def lacking(all_said: dict[str, set[str]]) -> set[str]:
    """What is wrong with the catalogues: words that one has and another has not, and words that nothing says."""
    there = {language: keys(language) for language in languages()}
    every = set().union(*there.values())
    missing = {f"{language}.toml: {key} is missing" for language in there for key in every - there[language]}
    unused = {f"{language}.toml: {key} is unused" for language in there for key in there[language] - all_said[language]}
    return missing | unused | {f"{language}.toml: {key} is said and not there" for language in there
                               for key in all_said[language] - there[language]}


def test_every_language_has_every_word_and_some_figure_says_it(all_said: dict[str, set[str]]) -> None:
    assert lacking(all_said) == set()


def test_a_word_that_is_missing_or_unused_in_either_is_found(all_said: dict[str, set[str]], words_folder: Path) -> None:
    for language in ("fr", "en"):
        path, (other,) = words_folder / f"{language}.toml", {"fr", "en"} - {language}
        text = path.read_text(encoding="utf-8")
        for before, after, told in (
            ('survivors = "', 'survivor = "', {f"{language}.toml: dropout.survivors is missing",
                                               f"{language}.toml: dropout.survivors is said and not there",
                                               f"{language}.toml: dropout.survivor is unused",
                                               f"{other}.toml: dropout.survivor is missing"}),
            ("[dropout]\n", '[dropout]\nnobody = "?"\n', {f"{language}.toml: dropout.nobody is unused",
                                                          f"{other}.toml: dropout.nobody is missing"}),
        ):  # fmt: skip
            path.write_text(text.replace(before, after, 1), encoding="utf-8")
            catalogue.catalogue.cache_clear()
            assert lacking(all_said) == told
        path.write_text(text, encoding="utf-8")
        catalogue.catalogue.cache_clear()


@pytest.mark.usefixtures("words_folder")
def test_a_word_that_both_lack_and_one_that_both_have_for_nothing_are_found(all_said: dict[str, set[str]]) -> None:
    said = {language: words ^ {"dropout.survivors", "dropout.nobody"} for language, words in all_said.items()}
    assert lacking(said) == {f"{language}.toml: {told}" for language in languages() for told in
                             ("dropout.survivors is unused", "dropout.nobody is said and not there")}


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_are_the_same(language: str) -> None:
    for key in keys(FIRST):
        first, other = forms(FIRST, key), forms(language, key)
        if key.endswith("_also") and not any(other.values()):  # a language that shows no second name
            continue
        assert placeholders(other["other"]) == placeholders(first["other"]), key
        for form in set(other) - {"other"}:
            assert placeholders(other[form]) <= placeholders(other["other"]), key


@pytest.mark.parametrize("language", languages())
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    locale = Words(language).locale
    # As Babel lists them; only the form of millions (« un million de »), which no figure counts, may be left out.
    needed = {locale.plural_form(count) for count in range(1000)} | {"other"}
    assert needed >= {*locale.plural_form.tags} - {"many"}
    counted = [key for key in keys(FIRST) if isinstance(entry(FIRST, key), dict)]
    assert len(counted) > 20
    for key in counted:
        assert set(forms(language, key)) == needed, key


def test_every_key_in_the_sources_is_in_the_catalogue() -> None:
    """Also of what no call above says: a sentence of a rare branch."""
    found = 0
    for path in sorted((ROOT / "figures").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                pattern = asked(node.args[0])
                found += pattern is not None
                assert pattern is None or any(re.fullmatch(pattern, key) for key in keys(FIRST)), ast.unparse(node)
    assert found > 100


def asked(argument: ast.expr) -> str | None:
    """The keys that `say` may be called with there, as a regular expression."""
    if isinstance(argument, ast.Constant):
        return re.escape(str(argument.value))
    if isinstance(argument, ast.JoinedStr):
        return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*"
                       for part in argument.values)  # fmt: skip
    return None


@pytest.mark.parametrize("language", NEVER)
def test_sentences_are_written_as_the_language_is(language: str) -> None:
    for key in keys(language) - {"activations.separator"}:
        if not key.startswith("language."):
            for sentence in forms(language, key).values():
                text = TYPESET.sub("x", TYPESET.sub("x", sentence))
                assert not re.search(NEVER[language], text), f"{key}: {sentence}"


@pytest.mark.parametrize("title", CALLS)
def test_english_words_fit(title: str, said: Said) -> None:
    assert faults(said[title][0].figure) == []


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", ROOM)
def test_words_in_a_narrow_place_fit(key: str, language: str) -> None:
    figure = drawn_by(key.partition(".")[0])(lang=language).figure
    with style():
        figure.canvas.draw()
        unit = figure.bbox.width / slide_width(figure)
        wide = {text.get_text(): text.get_window_extent().width / unit for text in texts(figure)}
    for line in Words(language).say(key).split("\n"):
        assert wide[line] <= ROOM[key]


def slide_width(figure: Figure) -> float:
    low, high = figure.axes[0].get_xlim()
    return high - low


@pytest.mark.parametrize("title", CALLS)
def test_the_alternative_text_is_an_english_sentence(title: str, said: Said) -> None:
    alt = said[title][0].alt
    assert re.match(r"[A-Z].*\.$", alt, re.DOTALL), alt
    assert len(alt.split()) >= 8
    assert not re.search(NEVER["en"], alt), alt
    assert not re.search(r"(?<![\w–])-\d|nan|inf\b|None|\{|\}|(?<![\w–])1 (?:neurons|inputs|segments|maps)\b", alt), alt


@pytest.fixture
def words_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the catalogues, in which there may be others."""
    folder = shutil.copytree(catalogue.FOLDER, tmp_path / "words")
    monkeypatch.setattr(catalogue, "FOLDER", folder)
    catalogue.catalogue.cache_clear()
    yield folder
    catalogue.catalogue.cache_clear()


def test_a_third_language_is_a_catalogue_and_no_python(words_folder: Path) -> None:
    text = (words_folder / "en.toml").read_text(encoding="utf-8")
    text = text.replace('percent = "{number}%"', 'percent = "% {number}"').replace('numbers = ", "', 'numbers = " | "')
    (words_folder / "pt-BR.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"words/pt-BR\.toml: locale 'en-GB' is not one of pt-BR; write 'pt-BR'"):
        Words("pt-BR")
    (words_folder / "pt-BR.toml").write_text(text.replace("en-GB", "pt-BR"), encoding="utf-8")
    catalogue.catalogue.cache_clear()
    words = Words("pt-BR")
    assert (words.number(30730.5), words.math(0.25), words.percent(0.873, 1)) == ("30.730,5", "0{,}25", "% 87,3")
    assert words.listed([1.5, 2]) == "1,5 | 2"
    picture = drawn_by("max_pooling")(grid=[[1.5, 2], [3, 4]], lang="pt-BR")
    assert "4 = max(1,5 | 2 | 3 | 4)" in [text.get_text() for text in picture.figure.axes[0].texts]


def test_a_language_with_more_plural_forms(words_folder: Path) -> None:
    path = words_folder / "pl.toml"
    for many, said in (('many = "{count} map", ', "5 map"), ("", "5 mapy")):
        forms = f'one = "{{count}} mapa", few = "{{count}} mapy", {many}other = "{{count}} mapy"'
        path.write_text(f"[maps]\nseen = {{ {forms} }}\n", encoding="utf-8")
        catalogue.catalogue.cache_clear()
        assert [Words("pl").say("maps.seen", count=n) for n in (1, 3, 5)] == ["1 mapa", "3 mapy", said]
