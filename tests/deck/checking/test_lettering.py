"""How large the letters of a drawing are."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from deck.checking.lettering import lettering

POINTS = 0.75  # of a pixel


def saved(figure: Figure, kind: str = "path") -> bytes:
    stream = io.BytesIO()
    with rc_context({"svg.fonttype": kind}):
        figure.savefig(stream, format="svg")
    return stream.getvalue()


def drawn(text: str, pixels: float, kind: str = "path", **style: object) -> list[tuple[str, float]]:
    """What is found in matplotlib's drawing of a text, its sizes in pixels."""
    figure = Figure(figsize=(4, 3), dpi=96)
    figure.text(0.2, 0.5, text, fontsize=pixels * POINTS, **style)
    found, (width, height) = lettering(saved(figure, kind))
    assert (width * 96 / 72, height * 96 / 72) == pytest.approx((384, 288))
    return [(letters.text, letters.size / POINTS) for letters in found]


@given(st.floats(2, 200), st.floats(0, 360), st.sampled_from(["path", "none"]))
def test_a_text_has_the_size_that_matplotlib_was_told(pixels: float, angle: float, kind: str) -> None:
    ((text, size),) = drawn("un mot", pixels, kind, rotation=angle)
    assert text == "un mot"
    assert size == pytest.approx(pixels, rel=1e-3)


def test_a_formula_has_the_size_of_its_letters_not_of_its_indices() -> None:
    ((text, size),) = drawn("$x_1^2$", 20)
    assert (text, round(size, 2)) == ("$x_1^2$", 20)


def test_a_text_with_a_halo_is_left_out_since_its_outlines_tell_no_size() -> None:
    assert drawn("mot", 20, path_effects=[withStroke(linewidth=3, foreground="white")]) == []


def test_labels_of_axes_are_found_and_their_marks_are_not() -> None:
    figure = Figure(figsize=(4, 3), dpi=96)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], marker="o")
    axes.tick_params(labelsize=12)
    found, _ = lettering(saved(figure))
    assert {round(letters.size, 2) for letters in found} == {12}
    assert {"0.0", "1.0"} <= {letters.text for letters in found}


@pytest.mark.parametrize(("inside", "size"), [
    ('<text font-size="10">a</text>', 10),
    ('<g transform="scale(2)"><text style="font-size: 10px">a</text></g>', 20),
    ('<g transform="matrix(0 3 -3 0 5 5)"><text style="font: bold 10px sans">a</text></g>', 30),
    ('<g font-size="12pt"><text>a</text></g>', 16),
    ('<g font-size="10"><text font-size="50%">a</text></g>', 5),
    ('<text><tspan font-size="8">a</tspan></text>', 8),
    ("<text>a</text>", 16),
])  # fmt: skip
def test_letters_that_are_text_have_the_size_of_their_style(inside: str, size: float) -> None:
    found, box = lettering(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20">{inside}</svg>'.encode())
    assert box == (30, 20)
    assert [letters.size for letters in found] == [pytest.approx(size)]


def test_a_drawing_without_a_view_box_has_its_own_size() -> None:
    assert lettering(b'<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="10"/>') == ([], (96, 10))
    assert lettering(b'<svg xmlns="http://www.w3.org/2000/svg"/>') == ([], (0, 0))


def test_what_is_no_drawing_is_told() -> None:
    with pytest.raises(ET.ParseError):
        lettering(b"<svg>")
