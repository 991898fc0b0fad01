"""How prose writes a value in its language: what the filters of a template do, each a function of the words."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from babel.dates import format_datetime, get_date_format
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.plural import PluralRule
from babel.units import UnknownUnitError, format_unit

from figures.language import MINUS, NARROW, Words

DIGITS = 15  # as many as a float has
STYLES = ("short", "medium", "long", "full")
LISTS = {"and": "standard", "or": "or"}
LENGTHS = ("short", "long", "narrow")
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SPACE = "\u00a0"  # no line ends within a number
QUOTED, ALONE = re.compile(r"('[^']*')"), re.compile(r"(?<!d)d(?!d)")  # in a pattern of dates
CATEGORIES = ("zero", "one", "two", "few", "many", "other")  # in the order of the CLDR


def number(words: Words, value: float, digits: int | None = None) -> str:
    """A number with at most 3 decimals, or with exactly `digits`: 30 730, 0,25."""
    return words.number(_real("number", value), _digits("number", digits))


def percent(words: Words, share: float, digits: int = 0) -> str:
    """A share of 1 as a percentage: 87,3 %."""
    return words.percent(_real("percent", share), _digits("percent", digits))


def signed(words: Words, value: float, digits: int | None = None) -> str:
    """A change: a number with its sign, + as well as −; 0 has none."""
    text = words.number(_real("signed", value), _digits("signed", digits))
    return text if text.startswith(MINUS) or not re.search("[1-9]", text) else f"+{text}"


def significant(words: Words, value: float, digits: int = 3) -> str:
    """A number with so many significant digits: 0,00452, 452 000."""
    number, kept = _real("significant", value), _digits("significant", digits, 1)
    exponent = int(f"{number:.{kept - 1}e}".partition("e")[2])
    if abs(exponent) > DIGITS - kept:
        raise ValueError(f"significant: {value!r} is too small or too large to be read so; write it | scientific")
    return words.number(round(number, kept - 1 - exponent), max(kept - 1 - exponent, 0))


def scientific(words: Words, value: float, digits: int = 2) -> str:
    """A number from 1 to 10, with `digits` decimals, times a power of ten: 4,52 × 10⁻³."""
    mantissa, _, power = f"{_real('scientific', value):.{_digits('scientific', digits)}e}".partition("e")
    return f"{words.number(float(mantissa), digits)}{SPACE}×{SPACE}10{str(int(power)).translate(SUPERSCRIPT)}"


def math(words: Words, value: float, digits: int | None = None) -> str:
    """A number inside a formula, between dollars: no space after its comma."""
    return words.math(_real("math", value), _digits("math", digits))


def unit(words: Words, value: float, name: str, digits: int | None = None, length: str = "short") -> str:
    """A number with a unit of the CLDR, such as "kilometer-per-hour", "celsius", "hectopascal", "megabyte"."""
    text, locale = words.number(_real("unit", value), _digits("unit", digits)), words.locale
    pattern = "0.###" if digits is None else f"0.{'0' * digits}".rstrip(".")
    plain = format_decimal(value + 0, format=pattern, locale=locale)
    try:
        written = format_unit(value + 0, name, _choice("unit", "length", length, LENGTHS), pattern, locale=locale)
    except UnknownUnitError:
        there = [key.partition("-")[2] for key in locale._data["unit_patterns"]]  # which Babel has no other name for
        raise ValueError(f"unit: no unit {name!r}{_near(name, there)}") from None
    # Babel's own minus is a hyphen; a unit's hyphens are not ours to change.
    return str(written).replace(plain, text, 1).replace(f"{text} ", f"{text}{SPACE}")


def listed(words: Words, values: Sequence[Any], digits: int | None = None, style: str = "and") -> str:
    """Numbers or texts one after the other: 1, 2 et 3; with style="or", 1, 2 ou 3."""
    if isinstance(values, str) or not isinstance(values, (list, tuple, range)):
        raise TypeError(f"listed: takes a list, not {values!r}")
    if not values:
        raise ValueError("listed: the list is empty; write {% if … %} around it")
    kept = _digits("listed", digits)
    texts = [value if isinstance(value, str) else words.number(_real("listed", value), kept) for value in values]
    pattern: Any = LISTS[_choice("listed", "style", style, LISTS)]
    # A comma between numbers is not to be taken for one within.
    if len(texts) > 2 and any(not isinstance(v, str) and "," in text for v, text in zip(values, texts, strict=True)):
        between = re.sub("^ ", NARROW, words.between())  # no line begins with a semicolon
        texts = [between.join(texts[:-1]), texts[-1]]
    return format_list(texts, pattern, locale=words.locale)


def plural(words: Words, count: float, *forms: str, **named: str) -> str:
    """The form that agrees with a count: {{ n | plural("neurone", "neurones") }}.

    In the order of the language's CLDR categories (one, few, many, other …), or by their names. Two forms are `one`
    and `other`, where a count below a million needs no others.
    """
    rule = words.locale.plural_form
    return _form("plural", words, rule, abs(_real("plural", count)), forms, named)


def ordinal(words: Words, count: int, *forms: str, **named: str) -> str:
    """A number with the ending of its ordinal: ordinal("er", "e"), in English ordinal("st", "nd", "rd", "th")."""
    if type(count) is not int or count < 0:
        raise ValueError(f"ordinal: takes a whole number of at least 0, not {count!r}")
    return words.number(count) + _form("ordinal", words, words.locale.ordinal_form, count, forms, named)


def date(words: Words, value: datetime.date | str, style: str = "long") -> str:
    """A day, as a date or as a text such as "2026-11-23": short, medium, long, full, or a skeleton such as "yMMMM"."""
    day = _day(value)
    skeletons = words.locale.datetime_skeletons
    chosen = _choice("date", "style", style, [*STYLES, *skeletons])
    pattern: str = (get_date_format(chosen, words.locale) if style in STYLES else skeletons[chosen]).pattern
    if day.day == 1 and "MMM" in pattern:  # « 1er mai »: what Babel does not know
        first = words.say("language.first_day")
        pattern = "".join(part if part.startswith("'") else ALONE.sub(f"'{first}'", part)
                          for part in QUOTED.split(pattern))  # fmt: skip
    return format_datetime(day, pattern, locale=words.locale)


_ALL: tuple[Callable[..., str], ...] = (number, percent, signed, significant, scientific, math, unit, listed, plural,
                                        ordinal, date)  # fmt: skip
FILTERS = {function.__name__: function for function in _ALL}
"""Every filter by its name in a template."""


def _real(function: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e300:
        raise ValueError(f"{function}: takes a number, not {value!r}")
    return value


def _digits(function: str, digits: Any, least: int = 0) -> Any:
    if digits is not None and (type(digits) is not int or not least <= digits <= DIGITS):
        raise ValueError(f"{function}: digits must be a whole number from {least} to {DIGITS}, not {digits!r}")
    return digits


def _choice(function: str, name: str, value: Any, there: Any) -> Any:
    if value not in there:
        raise ValueError(f"{function}: no {name} {value!r}{_near(value, list(there))}")
    return value


def _near(value: Any, there: list[str]) -> str:
    near = difflib.get_close_matches(str(value), there, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(there[:8])}" + " …" * (len(there) > 8)


def _form(function: str, words: Words, rule: PluralRule, count: float, forms: tuple[str, ...],
          named: Mapping[str, str]) -> str:
    there = [name for name in CATEGORIES if name in {*rule.tags, "other"}]
    common = {rule(n) for n in range(1000)}  # others, such as « un million de », may be left out
    if forms and not named and len(forms) == len(there):
        named = dict(zip(there, forms, strict=True))
    elif len(forms) == 2 and not named and common <= {"one", "other"} and "one" in there:
        named = {"one": forms[0], "other": forms[1]}
    elif forms:
        raise ValueError(f"{function}: {words.language} has the forms {', '.join(there)}, not {len(forms)} of them")
    for name, form in named.items():
        if not isinstance(form, str):
            raise TypeError(f"{function}: {name} must be a text, not {form!r}")
        _choice(function, "form", name, there)
    wanted = rule(count)
    if wanted not in named and (wanted in common or "other" not in named):
        raise ValueError(f"{function}: the form {wanted!r}, for {count!r}, is missing; {words.language} has "
                         f"{', '.join(there)}")
    return named[wanted] if wanted in named else named["other"]


def _day(value: Any) -> datetime.datetime:
    """Midnight of a day without a zone: neither the clock nor the place of this machine counts."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f'date: takes a day such as "2026-11-23", not {value!r} ({error})') from None
    if not isinstance(value, datetime.date):
        raise TypeError(f'date: takes a day such as "2026-11-23", not {value!r}')
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None)
    return datetime.datetime(value.year, value.month, value.day)
