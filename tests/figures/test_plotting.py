"""A plot of somebody's own looks like the others: type, colours, numbers of the language."""

from __future__ import annotations

import matplotlib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from figures import Picture, legend, plot_figure
from figures.language import Words
from figures.plotting import CURVES, Numbers
from figures.style import FAMILY, colour, style


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_it_has_the_type_and_the_colours_of_the_house(palette: str) -> None:
    with style(palette):
        figure, axes = plot_figure(Words("fr"), x="étape", y="perte", title="Descente")
        lines = [axes.plot([0, 1.5], label=str(k))[0] for k in range(len(CURVES))]
        texts = [*legend(axes).get_texts(), axes.xaxis.label, axes.yaxis.label, axes.title]
        figure.draw_without_rendering()
        texts += axes.get_xticklabels()
        assert [line.get_color() for line in lines] == [colour(name) for name in CURVES]
        assert {*(text.get_fontfamily()[0] for text in texts)} == {FAMILY}
        assert {to_hex(text.get_color()) for text in texts} == {colour("ink").lower()}
        assert min(text.get_fontsize() / 0.75 for text in texts) >= 16  # slide pixels: --check asks for 14
        assert axes.title.get_fontsize() > axes.xaxis.label.get_fontsize()
    assert Picture(figure, "Une descente.").size == (1136, 556)
    assert axes.get_ylim()[0] < axes.get_ylim()[1]


def test_everything_is_within_the_canvas() -> None:
    with style():
        figure, panels = plot_figure(Words("fr"), x="étape", y="perte", title="Titre", columns=2, rows=2)
        assert panels.shape == (2, 2)
        panels[0, 0].plot([1e6, 2e6])
        figure.draw_without_rendering()
        box = figure.get_tightbbox()
    assert box is not None
    assert box.x0 >= 0
    assert box.y0 >= 0
    assert box.x1 <= 1136 / 96
    assert box.y1 <= 556 / 96


def test_panels_keep_apart() -> None:
    with style():
        figure, (left, right) = plot_figure(Words("fr"), y="erreur", columns=2)
        figure.draw_without_rendering()
        gap = right.yaxis.label.get_window_extent().x0 - left.get_window_extent().x1
    assert gap >= 24  # px


def test_logarithmic_axes_have_no_stray_ticks() -> None:
    with style():
        figure, axes = plot_figure(Words("fr"))
        axes.plot([1, 2], [1e-3, 1e3])
        axes.set_yscale("log")
        figure.draw_without_rendering()
        minor = axes.yaxis.get_minor_ticks()
    assert minor
    assert {tick.tick1line.get_markersize() for tick in minor} == {0}


@pytest.mark.parametrize(("language", "texts"), [
    ("fr", ["−10\u202f000", "0", "10\u202f000"]), ("en", ["−10,000", "0", "10,000"])])  # fmt: skip
def test_ticks_are_written_as_the_language_does(language: str, texts: list[str]) -> None:
    assert Numbers(Words(language)).format_ticks([-10_000, 0, 10_000]) == texts


@pytest.mark.parametrize(("ticks", "texts"), [
    ([0, 0.5, 1], ["0,0", "0,5", "1,0"]), ([1, 2, 3], ["1", "2", "3"]), ([0.1 + 0.2, 0.4], ["0,3", "0,4"]),
    ([0, 0.00025], ["0,00000", "0,00025"]), ([7.25], ["7,25"]),
    ([1e6, 2e6], ["1\u202f000\u202f000", "2\u202f000\u202f000"]),
])  # fmt: skip
def test_they_have_the_decimals_that_tell_them_apart(ticks: list[float], texts: list[str]) -> None:
    assert Numbers(Words("fr")).format_ticks(ticks) == texts


@given(st.integers(-50, 50), st.integers(1, 40), st.integers(-6, 6))
@settings(deadline=None)
def test_no_two_ticks_read_alike(first: int, count: int, power: int) -> None:
    texts = Numbers(Words("en")).format_ticks([(first + k) * 10.0**power for k in range(count + 1)])
    assert len({*texts}) == count + 1


def test_no_setting_of_the_users_is_left_changed() -> None:
    before = dict(matplotlib.rcParams)
    _, axes = plot_figure(Words("fr"))
    axes.plot([1, 2], label="x")
    legend(axes)
    assert dict(matplotlib.rcParams) == before
