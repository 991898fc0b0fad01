"""The visible words, by language: a catalogue of sentences and the way a language writes numbers."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

from figures import used
from figures.catalogue import catalogue, entry, extended

NARROW = "\u202f"  # no-break space of French numbers and before % ; ! ? (a colon takes the full one)
MINUS = "\u2212"
# Between dollars a comma is punctuation with a space after it, a space is nothing and a hyphen is a minus.
TYPESET = str.maketrans({",": "{,}", NARROW: r"\,", "\u00a0": r"\,", MINUS: "-"})


class Words:
    """The words of one language, and its numbers.

    A sentence is looked up by a dotted key and filled as by `str.format`, where numbers are written as the language
    does: ``{n}`` 30 730, ``{x:.2}`` two decimals, ``{x:.1%}`` a percentage with one decimal. An entry with the
    language's plural forms (``one`` and ``other`` in French) agrees with `count`. Babel knows how a language writes
    numbers and counts; how it writes percentages and lists stands in its catalogue under ``language``.
    The figures that a deck brings along find the words of its folder ``words`` too.
    """

    def __init__(self, language: str, deck: Path | None = None) -> None:
        # One without words is told before it draws.
        words = extended(language, deck) if deck is not None else catalogue(language)
        self.language = language
        self._deck = deck
        self.locale = Locale.parse(language, sep="-")
        if own := words.get("language", {}).get("locale"):
            used.word("language.locale")
            self.locale = _region(own, self.locale, language)

    def say(self, key: str, **values: Any) -> str:
        """The sentence of `key`, filled with `values`."""
        sentence = entry(self.language, key, self._deck)
        used.word(key)
        if isinstance(sentence, Mapping):
            # French has a form for millions, which take « de »: no figure needs it.
            sentence = sentence.get(self.locale.plural_form(abs(values["count"])), sentence["other"])
        return _Filled(self).vformat(sentence, (), values)

    def number(self, value: float, digits: int | None = None) -> str:
        """A number; with `digits`, rounded to that many decimals, all written."""
        if isinstance(value, bool) or not isinstance(value, Real) or not abs(value) < 1e15:
            raise ValueError(f"number: {value!r} is no number below 10¹⁵ in size")
        pattern = "#,##0.###" if digits is None else "#,##0." + "0" * digits
        if digits is not None:
            value = round(float(value), digits)
        # Babel knows the language's separators; a zero keeps no sign, and a minus is a minus, not a hyphen.
        return format_decimal(value + 0, format=pattern.rstrip("."), locale=self.locale).replace("-", MINUS)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share of 1 as a percentage."""
        return self.say("language.percent", number=self.number(100 * share, digits))

    def signed(self, value: float, digits: int | None = None) -> str:
        """A number in a sum or product: negative ones in parentheses."""
        text = self.number(value, digits)
        return f"({text})" if text.startswith(MINUS) else text

    def math(self, value: float, digits: int | None = None) -> str:
        """A number inside a formula between dollars: no space after the comma."""
        return self.number(value, digits).translate(TYPESET)

    def listed(self, values: Iterable[float], digits: int | None = None) -> str:
        """Numbers one after the other."""
        return self.between().join(self.number(value, digits) for value in values)

    def between(self, kind: str = "numbers") -> str:
        """What separates the members of a list: of numbers, names or sizes."""
        return self.say(f"language.between.{kind}")


def _region(name: str, general: Locale, language: str) -> Locale:
    """The locale that a catalogue names, such as that of a country."""
    try:
        found = Locale.parse(name, sep="-")
    except (ValueError, UnknownLocaleError) as error:
        raise ValueError(f"words/{language}.toml: locale {name!r} is none that Babel knows") from error
    if found.language != general.language:  # a catalogue that was copied from another
        raise ValueError(f"words/{language}.toml: locale {name!r} is not one of {language}; write {language!r}")
    return found


class _Filled(string.Formatter):
    """`str.format` with the numbers of a language."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def format_field(self, value: Any, format_spec: str) -> str:
        digits = int(format_spec[1:].rstrip("%")) if format_spec.startswith(".") else None
        if isinstance(value, Real) and not isinstance(value, bool):
            number = int(value) if isinstance(value, Integral) else float(value)
            if format_spec.endswith("%"):
                return self.words.percent(number, digits or 0)
            return self.words.number(number, digits)
        if not isinstance(value, str) and hasattr(value, "__len__"):
            return self.words.listed(_flat(value), digits)
        return str(super().format_field(value, format_spec))


def _flat(values: Any) -> list[Any]:
    """The numbers of nested lists or of an array, one after the other."""
    if hasattr(values, "__len__") and getattr(values, "shape", None) != ():
        return [number for part in values for number in _flat(part)]
    return [values]
