"""What prose says of a value, in French, English and languages with other rules."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import catalogue, used
from figures.language import MINUS, NARROW, Words
from figures.writing import FILTERS

FR, EN = Words("fr"), Words("en")
NBSP = "\u00a0"
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def french(name: str, *values: Any, **named: Any) -> str:
    return FILTERS[name](FR, *values, **named)


def english(name: str, *values: Any, **named: Any) -> str:
    return FILTERS[name](EN, *values, **named)


WRITTEN = [
    ("number", (30730,), f"30{NARROW}730", "30,730"),
    ("number", (-0.5, 2), f"{MINUS}0,50", f"{MINUS}0.50"),
    ("percent", (0.8734, 1), f"87,3{NARROW}%", "87.3%"),
    ("signed", (0.5,), "+0,5", "+0.5"),
    ("signed", (-0.5,), f"{MINUS}0,5", f"{MINUS}0.5"),
    ("signed", (0,), "0", "0"),
    ("signed", (0.001, 2), "0,00", "0.00"),
    ("signed", (-0.001, 2), "0,00", "0.00"),
    ("significant", (0.0045193,), "0,00452", "0.00452"),
    ("significant", (452160,), f"452{NARROW}000", "452,000"),
    ("significant", (9.996,), "10,0", "10.0"),
    ("significant", (-0.5, 1), f"{MINUS}0,5", f"{MINUS}0.5"),
    ("significant", (0,), "0,00", "0.00"),
    ("scientific", (0.0045193,), f"4,52{NBSP}×{NBSP}10⁻³", f"4.52{NBSP}×{NBSP}10⁻³"),
    ("scientific", (6.02e23, 0), f"6{NBSP}×{NBSP}10²³", f"6{NBSP}×{NBSP}10²³"),
    ("scientific", (-99.99, 1), f"{MINUS}1,0{NBSP}×{NBSP}10²", f"{MINUS}1.0{NBSP}×{NBSP}10²"),
    ("math", (-30730.25, 2), r"-30\,730{,}25", "-30{,}730.25"),
    ("unit", (-12345.5, "kilometer-per-hour"), f"{MINUS}12{NARROW}345,5{NARROW}km/h", f"{MINUS}12,345.5{NBSP}km/h"),
    ("unit", (1013.25, "hectopascal", 1), f"1{NARROW}013,2{NARROW}hPa", f"1,013.2{NBSP}hPa"),
    ("unit", (2, "kilowatt-hour", None, "long"), f"2{NBSP}kilowatt-heures", f"2{NBSP}kilowatt-hours"),
    ("unit", (-0.001, "meter", 2), f"0,00{NARROW}m", f"0.00{NBSP}m"),
    ("listed", ([1, 2, 3],), "1, 2 et 3", "1, 2 and 3"),
    ("listed", ([1.5, 2, 3.25],), f"1,5{NARROW}; 2 et 3,25", "1.5, 2 and 3.25"),
    ("listed", ((1.5, 2),), "1,5 et 2", "1.5 and 2"),
    ("listed", (range(3),), "0, 1 et 2", "0, 1 and 2"),
    ("listed", (["a, b", "c", "d"],), "a, b, c et d", "a, b, c and d"),
    ("listed", ([0.123, 0.5], 1, "or"), "0,1 ou 0,5", "0.1 or 0.5"),
    ("plural", (0, "neuron", "neurons"), "neuron", "neurons"),
    ("plural", (1, "neuron", "neurons"), "neuron", "neuron"),
    ("plural", (1.5, "neuron", "neurons"), "neuron", "neurons"),
    ("plural", (-2, "neuron", "neurons"), "neurons", "neurons"),
    ("plural", (10**6, "neuron", "neurons"), "neurons", "neurons"),
    ("date", ("2026-11-23",), "23 novembre 2026", "23 November 2026"),
    ("date", ("2026-05-01",), "1er mai 2026", "1 May 2026"),
    ("date", ("2026-05-01", "full"), "vendredi 1er mai 2026", "Friday, 1 May 2026"),
    ("date", ("2026-05-01", "short"), "01/05/2026", "01/05/2026"),
    ("date", ("2026-05-01", "MMMMd"), "1er mai", "1 May"),
    ("date", (datetime.date(2026, 5, 11), "yMMMM"), "mai 2026", "May 2026"),
    ("date", (datetime.datetime(2026, 5, 11, 23, 59, tzinfo=datetime.UTC),), "11 mai 2026", "11 May 2026"),
    ("date", ("2026-05-11T23:59:00-11:00",), "11 mai 2026", "11 May 2026"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "fr", "en"), WRITTEN)
def test_a_value_is_written_as_the_language_does(name: str, values: tuple[Any, ...], fr: str, en: str) -> None:
    assert (french(name, *values), english(name, *values)) == (fr, en)


def test_every_filter_is_tried_and_says_what_it_does() -> None:
    assert {name for name, *_ in WRITTEN} | {"ordinal"} == set(FILTERS)
    assert all((function.__doc__ or "").strip() for function in FILTERS.values())


def test_ordinals_and_forms_by_name() -> None:
    assert [french("ordinal", n, "er", "e") for n in (1, 2, 11)] == ["1er", "2e", "11e"]
    endings = ("st", "nd", "rd", "th")
    assert [english("ordinal", n, *endings) for n in (1, 2, 3, 4, 11, 22, 103, 1013)] == [
        "1st", "2nd", "3rd", "4th", "11th", "22nd", "103rd", "1,013th"]
    assert french("plural", 10**6, "neurone", "de neurones", "neurones") == "de neurones"
    assert french("plural", 10**6, one="neurone", other="neurones") == "neurones"
    assert french("plural", 10**6, one="neurone", many="de neurones", other="neurones") == "de neurones"


def test_a_language_with_more_forms(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "pl.toml").write_text('[language]\nlocale = "pl"\n')
    polish = Words("pl", tmp_path)
    forms = ("mapa", "mapy", "map", "mapy")
    assert [FILTERS["plural"](polish, n, *forms) for n in (1, 3, 5, 22, 0.5)] == ["mapa", "mapy", "map", "mapy", "mapy"]
    with pytest.raises(ValueError, match="plural: pl has the forms one, few, many, other, not 2 of them"):
        FILTERS["plural"](polish, 3, "mapa", "mapy")
    with pytest.raises(ValueError, match="plural: the form 'few', for 3, is missing; pl has one, few, many, other"):
        FILTERS["plural"](polish, 3, one="mapa", other="mapy")


WRONG = [
    ("number", ("3",), "number: takes a number, not '3'"),
    ("number", (True,), "number: takes a number, not True"),
    ("number", (float("nan"),), "number: takes a number, not nan"),
    ("number", (3, 1.5), "number: digits must be a whole number from 0 to 15, not 1.5"),
    ("percent", (0.5, -1), "percent: digits must be a whole number from 0 to 15, not -1"),
    ("significant", (3, 0), "significant: digits must be a whole number from 1 to 15, not 0"),
    ("significant", (1e-14,), "significant: 1e-14 is too small or too large to be read so; write it | scientific"),
    ("scientific", ([1],), "scientific: takes a number, not [1]"),
    ("unit", (3, "kilmeter"), "unit: no unit 'kilmeter'; did you mean 'kilometer'?"),
    ("unit", (3, "meter", None, "lng"), "unit: no length 'lng'; did you mean 'long'?"),
    ("listed", ("abc",), "listed: takes a list, not 'abc'"),
    ("listed", ([],), "listed: the list is empty; write {% if … %} around it"),
    ("listed", ([1, None],), "listed: takes a number, not None"),
    ("listed", ([1], None, "xor"), "listed: no style 'xor'; did you mean 'or'?"),
    ("plural", (2, "neurone"), "plural: fr has the forms one, many, other, not 1 of them"),
    ("plural", ("2", "neurone", "neurones"), "plural: takes a number, not '2'"),
    ("plural", (2, "neurone", 3), "plural: other must be a text, not 3"),
    ("ordinal", (1.5, "er", "e"), "ordinal: takes a whole number of at least 0, not 1.5"),
    ("ordinal", (1, "st", "nd", "rd", "th"), "ordinal: fr has the forms one, other, not 4 of them"),
    ("date", ("23/11/2026",), "date: takes a day such as \"2026-11-23\", not '23/11/2026'"),
    ("date", (2026,), "date: takes a day such as \"2026-11-23\", not 2026"),
    ("date", ("2026-11-23", "lnog"), "date: no style 'lnog'; did you mean 'long'?"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "message"), WRONG)
def test_what_a_filter_does_not_take_is_told(name: str, values: tuple[Any, ...], message: str) -> None:
    with pytest.raises((ValueError, TypeError)) as told:
        french(name, *values)
    assert str(told.value).startswith(message)


@settings(deadline=None)
@given(st.floats(1e-6, 1e6) | st.floats(-1e6, -1e-6), st.integers(1, 6))
def test_significant_digits_read_back(value: float, digits: int) -> None:
    text = english("significant", value, digits)
    back = float(text.replace(",", "").replace(MINUS, "-"))
    assert back == pytest.approx(value, rel=0.5001 * 10.0 ** (1 - digits))
    assert len(text.replace(",", "").strip(f"{MINUS}0.").replace(".", "")) <= digits


@settings(deadline=None)
@given(st.floats(1e-290, 1e290), st.integers(0, 9))
def test_a_power_of_ten_reads_back(value: float, digits: int) -> None:
    mantissa, power = english("scientific", value, digits).split(f"{NBSP}×{NBSP}10")
    assert 1 <= float(mantissa) < 10
    assert len(mantissa.partition(".")[2]) == digits
    assert float(f"{mantissa}e{power.translate(SUPERSCRIPTS)}") == pytest.approx(value, rel=0.51 * 10.0**-digits)


def test_the_first_of_a_month_is_a_word_of_the_catalogue() -> None:
    with used.noted() as noted:
        french("date", "2026-05-02")
        Words("fr")
    assert noted.words == {"language.locale"}
    with used.noted() as noted:
        french("date", "2026-05-01")
    assert noted.words == {"language.first_day"}


def test_neither_clock_nor_place_nor_habits_of_the_machine_count() -> None:
    code = ("from figures.language import Words\nfrom figures.writing import FILTERS as f\nw = Words('fr')\n"
            "print(ascii([f['date'](w, '2026-05-01T00:30:00+02:00', s) for s in ('full', 'short', 'yMMMd', 'Hms')] + "
            "[f['unit'](w, 3, 'meter'), f['listed'](w, [1, 2])]))")
    said = {subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                           env={**os.environ, "TZ": zone, "LANG": lang, "LC_ALL": lang, "LANGUAGE": lang}).stdout
            for zone, lang in (("Pacific/Auckland", "tr_TR.UTF-8"), ("America/Lima", "C"))}  # fmt: skip
    assert len(said) == 1
    assert "vendredi 1er mai 2026" in said.pop()


def test_no_catalogue_has_a_locale_that_babel_does_not_know() -> None:
    assert [Words(language).locale.language for language in catalogue.languages()] == catalogue.languages()
