"""Colours that can be read, text in our own typeface, nothing of the user's settings."""

from __future__ import annotations

import matplotlib
import pytest
from matplotlib.font_manager import FontEntry, FontProperties, findfont, fontManager
from matplotlib.text import Text

from figures.parts import cell, line, weighted, write
from figures.picture import Picture
from figures.style import (
    FAMILY,
    INK,
    PALETTES,
    PAPER,
    colour,
    contrast,
    mix,
    readable_on,
    register_fonts,
    slide_figure,
    style,
)
from figures.typeface import font_files


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("role", ["ink", "muted", "shade", "blue_text", "orange_text", "green_text", "purple_text"])
def test_text_has_the_contrast_that_wcag_asks_for(palette: str, role: str) -> None:
    with style(palette):
        assert contrast(role, PAPER) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("role", ["blue", "orange", "green", "purple"])
def test_shapes_stand_out_from_the_paper(palette: str, role: str) -> None:
    with style(palette):
        assert contrast(role, PAPER) >= 3


def test_known_contrasts() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert readable_on("#000000") == PAPER
    assert readable_on("#FFFFAA") == INK


def test_a_role_has_another_colour_on_a_dark_slide() -> None:
    assert colour(PAPER) == "#FFFFFF"
    with style("dark"):
        assert colour(PAPER) != "#FFFFFF"
        assert mix(INK, PAPER, 0) == colour(INK).lower()
    assert colour(PAPER) == "#FFFFFF"
    assert colour("#123456") == "#123456"


def test_the_typeface_is_named_by_file() -> None:
    with style():
        for weight, face in ((400, "Regular"), (600, "Semibold"), (700, "Bold")):
            assert findfont(FontProperties(family=FAMILY, weight=weight)) == str(font_files()[face])
        italic = findfont(FontProperties(family=FAMILY, style="italic"))
    assert italic == str(font_files()["It"])


def drawn() -> bytes:
    with style():
        figure, axes = slide_figure(300, 200)
        write(axes, 150, 60, r"Équation $f(x) = \frac{1}{2}$", 28)
        line(axes, [(0, 0), (300, 200)], dashes=(6, 3))
        weighted(axes, (0, 100), (300, 100), -0.5)
        cell(axes, 10, 10, 40, "8", colour(INK))
    return Picture(figure, "Une équation.", {}).svg()


def test_the_users_settings_change_no_byte() -> None:
    expected = drawn()
    hostile = {"font.family": "cursive", "lines.linewidth": 9, "svg.fonttype": "none", "axes.linewidth": 4,
               "text.color": "red", "savefig.dpi": 33, "figure.dpi": 44, "path.sketch": (1, 2, 3),
               "mathtext.fontset": "cm", "svg.hashsalt": "other", "savefig.bbox": "tight"}  # fmt: skip
    with matplotlib.rc_context(hostile):
        assert drawn() == expected
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_a_fill_role_gives_a_weight_its_sign_without_colour() -> None:
    with style():
        _, axes = slide_figure(300, 200)
        positive, negative = weighted(axes, (0, 0), (9, 9), 0.5), weighted(axes, (0, 0), (9, 9), -0.5)
    assert positive.get_linestyle() == "-"
    assert negative.get_linestyle() != "-"
    assert positive.get_color() != negative.get_color()


def test_letters_do_not_follow_the_locale() -> None:
    """HarfBuzz takes the user's locale for the language of a text that has none: in Turkish another « i »."""
    if "text.language" in matplotlib.rcParams:
        with style():
            assert Text().get_language() == "und"


def test_a_font_of_our_familys_name_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    impostor = FontEntry(fname="impostor.ttf", name=FAMILY, style="normal", weight=400, stretch="normal",
                         size="scalable")  # fmt: skip
    monkeypatch.setattr(fontManager, "ttflist", [impostor, *fontManager.ttflist])
    register_fonts()
    assert {e.fname for e in fontManager.ttflist if e.name == FAMILY} == {str(path) for path in font_files().values()}
