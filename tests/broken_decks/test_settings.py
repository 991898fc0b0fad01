"""Decks whose `deck.toml` is wrong."""

from __future__ import annotations

from breaking import Broken, each

GOOD = "# A\n"


def toml(text: str | bytes, place: str, said: str, nearest: str = "") -> Broken:
    """A good template beside a `deck.toml`."""
    return Broken(GOOD, place, said, nearest, {"deck.toml": text})


BROKEN = {
    "broken TOML": toml('[deck]\ntitle = "A\n', "deck.toml:2", "no TOML: "),
    "TOML in Latin-1": toml('[deck]\ntitle = "é"\n'.encode("latin-1"), "deck.toml:2", "UTF-8"),
    "a misspelt key": toml('[deck]\ntitel = "A"\n', "deck.toml:2", "no key 'titel' in [deck]", "did you mean 'title'?"),
    "a misspelt table": toml('[dekc]\ntitle = "A"\n', "deck.toml:1", "'dekc'", "did you mean 'deck'?"),
    "a key out of its table": toml('title = "A"\n', "deck.toml:1", "it belongs under [deck]"),
    "a title that is a number": toml("[deck]\ntitle = 3\n", "deck.toml:2", "title must be a text on one line"),
    "a title without a language": toml('[deck]\ntitle = { en = "A" }\n', "deck.toml:2", "says nothing for 'fr'"),
    "a language without a template": toml('[deck]\nlanguages = ["fr", "en"]\n', "deck.toml:2",
                                          "no template slides.en.md.j2", "fr"),
    "a logo that is missing": toml('[deck]\nlogo = "lgo.png"\n', "deck.toml:2", "logo: no file 'lgo.png' in talk"),
    "a theme that is missing": toml('[deck]\ntheme = "them.css"\n', "deck.toml:2", "theme: no file 'them.css'"),
    "a theme from outside": toml('[deck]\ntheme = "../a.css"\n', "deck.toml:2", "lies outside of the deck's folder"),
    "an unknown variant": toml('[deck]\nvariant = "drak"\n', "deck.toml:2", "no variant 'drak'",
                               "did you mean 'dark'?"),
    "an unknown size": toml('[deck]\nsize = "16:10"\n', "deck.toml:2", "no size '16:10'", "did you mean '16:9'?"),
    "a seed below 0": toml("[deck]\nseed = -1\n", "deck.toml:2", "seed must be a whole number"),
    "a variable that is no name": toml('[variables]\n"a b" = 1\n', "deck.toml:2", "'a b' is no name"),
    "a default of no figure": toml("[figures.max_poling]\nstride = 1\n", "deck.toml:1", "max_poling",
                                   "did you mean 'max_pooling'?"),
    "a default of no parameter": toml("[figures.max_pooling]\nstrid = 1\n", "deck.toml:2", "strid", "'stride'"),
}  # fmt: skip

test_one_fault_is_told_and_the_last_deck_stays = each(BROKEN)
