"""The palette file: what is wrong with it is told with its line, and what is right can be read on a slide."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import figures  # noqa: F401 (fills the registry)
from figures.assets import base as key
from figures.palette import COLOUR, FILE, PALETTES, VARIANTS, Palette, PaletteError, palettes, read
from figures.registry import bind
from figures.style import PALETTES as OF_STYLE
from figures.style import colour, contrast, style

TEXT = FILE.read_text(encoding="utf-8")


def told(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "palette.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PaletteError) as caught:
        read(path)
    return str(caught.value).splitlines()


def line_of(text: str, start: str, after: str = "") -> int:
    lines = text.splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith(after)) if after else 0
    return next(i for i, line in enumerate(lines, 1) if i > begin and line.startswith(start))


def test_the_file_is_what_figures_draw_with() -> None:
    assert read(FILE) == PALETTES == OF_STYLE == palettes()
    for variant in VARIANTS:
        with style(variant):
            assert tuple(colour(role) for role in Palette._fields) == PALETTES[variant]


def test_the_main_colour_is_the_seeds_steel_blue() -> None:
    assert PALETTES["light"].blue == "#4682B4"


def test_another_colour_is_another_picture_in_that_variant_only(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [bind("max_pooling", {}, palette=variant) for variant in VARIANTS]
    before = [key(call) for call in calls]
    changed = {**PALETTES, "light": PALETTES["light"]._replace(hairline="#D5DBE2")}
    monkeypatch.setattr("figures.palette.PALETTES", changed)
    after = [key(call) for call in calls]
    assert [a == b for a, b in zip(after, before, strict=True)] == [False, True]


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "palette.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert read(path) == PALETTES


@pytest.mark.parametrize("value", ['"SteelBleu"', '"#12345"', '"#12345G"', '"#FFF"', "4682", "[1, 2, 3]", '""', "true"])
def test_what_is_no_colour_is_told_with_its_line(tmp_path: Path, value: str) -> None:
    text = TEXT.replace('green = "#4FC79B"', f"green = {value}")
    [fault] = told(tmp_path, text)
    line = line_of(text, "green =", "[dark]")
    assert fault.startswith(f"palette.toml:{line}: green must be a colour written #RRGGBB")


def test_a_misspelt_role_is_told_once_with_the_nearest(tmp_path: Path) -> None:
    text = TEXT.replace("orange_text =", "orange_txt =", 1)
    [fault] = told(tmp_path, text)
    assert fault == f"palette.toml:{line_of(text, 'orange_txt')}: no role 'orange_txt'; did you mean 'orange_text'?"


def test_a_missing_role_is_told_at_its_table(tmp_path: Path) -> None:
    text = TEXT.replace('ink = "#F1F4F7"\n', "")
    assert told(tmp_path, text) == [f"palette.toml:{line_of(text, '[dark]')}: role 'ink' is missing"]


def test_variants_are_checked_as_well(tmp_path: Path) -> None:
    text = TEXT.replace("[dark]", "[drak]")
    assert told(tmp_path, text) == [f"palette.toml:{line_of(text, '[drak]')}: no variant 'drak'; did you mean 'dark'?"]
    text = TEXT[:TEXT.index("[dark]")]
    assert told(tmp_path, text) == ["palette.toml:1: variant 'dark' is missing"]
    [fault] = told(tmp_path, 'dark = "#000000"\n' + text)
    assert fault == "palette.toml:1: dark must be a table, [dark], not '#000000'"


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    text = TEXT.replace('"#FFFFFF"', '"white"').replace("muted =", "mutted =", 1).replace('"#6FA8D6"', "7")
    assert len(told(tmp_path, text)) == 3


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    [fault] = told(tmp_path, "[light\n")
    assert "line 1" in fault
    with pytest.raises(PaletteError, match=r"none\.toml: cannot be read"):
        read(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(PaletteError, match=r"latin\.toml: cannot be read"):
        read(tmp_path / "latin.toml")


@given(st.lists(st.text("#0123456789abcdefABCDEFgG ", min_size=0, max_size=8), min_size=1, max_size=3))
def test_only_colours_pass(values: list[str]) -> None:
    for value in values:
        digits = value[1:]
        right = value[:1] == "#" and len(digits) == 6 and all(c in "0123456789abcdefABCDEF" for c in digits)
        assert bool(COLOUR.fullmatch(value)) == right


# The pairs that theme.css makes: text and its ground. 4.5 is WCAG's AA for text, 3 for large text and shapes.
ON_PAPER = ["ink", "muted", "shade", "orange_text", "green_text"]
ON_TINT = ["ink", "muted", "shade", "blue_text", "green_text", "purple_text"]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("text", "ground", "least"), [
    *((text, "paper", 4.5) for text in ON_PAPER), *((text, "tint", 4.5) for text in ON_TINT),
    ("blue", "paper", 3), ("orange", "paper", 3),
])  # fmt: skip
def test_the_themes_pairs_have_wcags_contrast(variant: str, text: str, ground: str, least: float) -> None:
    with style(variant):
        assert contrast(text, ground) >= least


def test_a_section_slide_has_wcags_contrast() -> None:
    light, dark = PALETTES["light"], PALETTES["dark"]
    assert contrast(light.paper, light.shade) >= 4.5
    assert contrast(dark.shade, light.shade) >= 4.5
    assert contrast(dark.orange, light.shade) >= 3
