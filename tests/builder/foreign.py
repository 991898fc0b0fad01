"""The decks of strangers, built from an empty store, and numbers as French slides write them."""

from __future__ import annotations

import html
import math
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from builder.command import main

DECKS = Path(__file__).parents[1] / "foreign_decks"
NAMES = ("regression", "recurrent", "optimisation")


class Built(NamedTuple):
    """A deck that was built from an empty store, with what was said."""

    source: Path
    dist: Path
    status: int
    out: str
    err: str

    def text(self, language: str = "fr") -> str:
        """Its slides, with ordinary spaces, without the theme."""
        text = (self.dist / f"slides.{language}.md").read_text(encoding="utf-8")
        return re.sub("[\u00a0\u202f]", " ", html.unescape(text.rpartition("</style>")[2]))

    def alt(self, figure: str, language: str = "fr") -> str:
        found = re.search(rf'src="images/{figure}-[0-9a-f]+\.svg" alt="([^"]*)"', self.text(language))
        assert found, figure
        return found[1]


def build(deck: Path, folder: Path, *options: str) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIGURES_CACHE", str(folder / "store"))
        status = main([str(deck), "-o", str(folder / "dist"), "-j", "1", *options])
    return Built(deck, folder / "dist", status, "", "")


def comma(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",").replace("-", "−")


def formula(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", "{,}")


def scientific(value: float) -> str:
    power = math.floor(math.log10(value))
    raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{comma(value / 10**power, 1)} × 10{raised}"
