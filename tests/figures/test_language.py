"""Numbers and sentences as the language writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.catalogue import catalogue, languages
from figures.language import MINUS, NARROW, Words

FR, EN = Words("fr"), Words("en")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(30730, None, f"30{NARROW}730"), (0.5, None, "0,5"), (-8, None, f"{MINUS}8"), (2.0, None, "2"),
     (1 / 3, 3, "0,333"), (2, 2, "2,00"), (-0.001, 2, "0,00"), (452160.5, 1, f"452{NARROW}160,5"), (0, None, "0"),
     (0.00001, None, "0"), (2.5, 0, "2")],
)  # fmt: skip
def test_number(value: float, digits: int | None, text: str) -> None:
    assert FR.number(value, digits) == text


def test_percent_list_and_formula() -> None:
    assert FR.percent(0.8734, 1) == f"87,3{NARROW}%"
    assert FR.listed([4, 1.5, -7]) == f"4 ; 1,5 ; {MINUS}7"
    assert FR.math(-30730.25, 2) == r"-30\,730{,}25"
    assert FR.signed(-4) == f"({MINUS}4)"
    assert FR.signed(4) == "4"


def test_english_numbers() -> None:
    assert EN.number(-30730.25) == f"{MINUS}30,730.25"
    assert EN.percent(0.8734, 1) == "87.3%"
    assert EN.listed([4, 1.5, -7]) == f"4, 1.5, {MINUS}7"
    assert EN.math(-30730.25, 2) == "-30{,}730.25"
    assert EN.between("sizes").join("342") == "3–4–2"


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_a_number_reads_back(value: float, digits: int) -> None:
    text = FR.number(value, digits)
    back = float(text.replace(NARROW, "").replace(",", ".").replace(MINUS, "-"))
    assert back == pytest.approx(value, abs=0.51 * 10.0**-digits + 1e-6)
    assert len(text.partition(",")[2]) == digits


def test_a_sentence_is_filled_as_the_language_writes_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {"language": {"percent": "{number}" + NARROW + "%", "between": {"numbers": " ; "}},
               "a": {"b": "{n} cartes, {x:.2}, {p:.1%}, {v}, {name}",
                     "c": {"one": "{count} neurone", "other": "{count} neurones"}}}  # fmt: skip
    monkeypatch.setattr("figures.catalogue.catalogue", lambda language: entries)
    words = Words("fr")
    assert words.say("a.b", n=3072, x=0.5, p=0.5, v=[1, 2.5], name="averse") == (
        f"3{NARROW}072 cartes, 0,50, 50,0{NARROW}%, 1 ; 2,5, averse")
    assert [words.say("a.c", count=n) for n in (0, 1, 2)] == ["0 neurone", "1 neurone", "2 neurones"]
    with pytest.raises(KeyError, match=r"no entry 'a\.d'; did you mean 'a\.[bc]'"):
        words.say("a.d")


def test_an_unknown_language_is_told() -> None:
    with pytest.raises(ValueError, match="no words for language 'de'; there are en, fr"):
        catalogue("de")
    assert "fr" in languages()
