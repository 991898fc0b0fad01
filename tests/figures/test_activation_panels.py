"""Slides 4 and 5: what a panel tells beside its curve."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from layout import texts
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from engine.activations import ACTIVATIONS
from figures.activations import activation_gallery, activation_pair
from figures.style import PALETTES, PAPER, PURPLE, colour, contrast


def written(figure: Figure) -> list[str]:
    return [t.get_text() for t in texts(figure)]


def curves(figure: Figure) -> list[Line2D]:
    return [line for line in figure.axes[0].lines if line.get_color() == colour(PURPLE) and line.get_linewidth() > 2]


def test_the_derivative_is_dashed_over_the_function() -> None:
    axes = activation_pair().figure.axes[0]
    dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
    assert len(dashed) == 3
    assert all(under.get_zorder() < line.get_zorder() for line in dashed for under in curves(axes.figure))


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("figure", [activation_pair, activation_gallery])
def test_dashes_have_the_colour_of_their_label_and_can_be_seen_from_afar(figure: Any, palette: str) -> None:
    picture = figure(palette=palette)
    labels = {to_hex(t.get_color()) for t in texts(picture.figure) if re.match(r"dérivée|\$w_\d x \+ b", t.get_text())}
    dashed = [line for line in picture.figure.axes[0].lines if line.get_linestyle() == "--"]
    assert {to_hex(line.get_color()) for line in dashed} == labels
    assert all(contrast(line.get_color(), PALETTES[palette].paper) >= 4.5 for line in dashed)
    assert all(line.get_linewidth() / 0.75 >= 3 for line in dashed)
    # Lengths in widths of the line.
    assert all(line._unscaled_dash_pattern[1][0] * line.get_linewidth() / 0.75 >= 12 for line in dashed)


@pytest.mark.parametrize("palette", PALETTES)
def test_where_the_derivative_lies_on_the_function_paper_parts_its_dashes(palette: str) -> None:
    lines = activation_pair(names=("relu", "relu"), palette=palette).figure.axes[0].lines
    paper = [line for line in lines if line.get_color() == PALETTES[palette].paper]
    dashed = [line for line in lines if line.get_linestyle() == "--"]
    for gap, zeros in zip(paper, dashed[::2], strict=True):
        assert gap.get_zorder() < zeros.get_zorder()
        assert np.ptp(gap.get_ydata()) == np.ptp(zeros.get_ydata()) == 0 == gap.get_ydata()[0] - zeros.get_ydata()[0]
        assert np.ptp(gap.get_xdata()) > 0.95 * np.ptp(zeros.get_xdata())


def test_the_jump_of_relus_derivative_is_open_at_1_and_full_at_0() -> None:
    figure = activation_pair().figure
    (x, top), (same, bottom) = (p.center for p in figure.axes[0].patches if isinstance(p, Circle))
    inside = [to_hex(p.get_facecolor()) for p in figure.axes[0].patches if isinstance(p, Circle)]
    assert x == same
    assert inside[0] == colour(PAPER).lower() != inside[1]
    ticks = {t.get_text(): t.get_window_extent() for t in texts(figure) if t.get_position()[0] in range(560, 660)}
    for text, y in (("1", top), ("0", bottom)):
        assert 556 - (ticks[text].y0 + ticks[text].y1) / 2 == pytest.approx(y, abs=2)
    assert not [p for p in activation_pair(names=("sigmoid", "tanh")).figure.axes[0].patches if isinstance(p, Circle)]


def test_the_use_is_as_large_as_two_lines_allow() -> None:
    def sizes(*names: str) -> set[float]:
        uses = [t for t in texts(activation_pair(names=names).figure) if t.get_position()[1] > 480]
        assert len(uses) <= 4
        return {t.get_fontsize() / 0.75 for t in uses}

    assert sizes("sigmoid", "relu") == {26}
    assert all(len(sizes(name, "relu")) == 1 for name in ACTIVATIONS)


def test_the_leak_that_is_drawn_is_the_one_told() -> None:
    picture = activation_gallery(names=["leaky_relu", "relu"], leak=0.25)
    assert picture.facts["activations"][0]["constants"] == {r"\alpha": 0.25}
    leaky, plain = (np.asarray(line.get_ydata(), float) for line in curves(picture.figure))
    assert (leaky[0] - leaky[200]) / (leaky[200] - leaky[-1]) == pytest.approx(0.25)
    assert plain[0] == plain[200]
    assert ACTIVATIONS["leaky_relu"].constants[0].value == 0.01


def test_maxout_names_its_pieces_where_they_are_the_larger() -> None:
    assert {"$w_1 x + b_1$", "$w_2 x + b_2$"} <= set(written(activation_gallery().figure))
    near = written(activation_gallery(names=["maxout"], reach=0.5).figure)
    assert "$w_1 x + b_1$" in near
    assert "$w_2 x + b_2$" not in near  # its turn comes at 1


@pytest.mark.parametrize("reach", [3.0, 6.0, 10.0])
@pytest.mark.parametrize("name", ["maxout", "relu", "gelu", "leaky_relu", "sigmoid", "tanh", "elu"])
def test_no_line_of_the_axes_runs_through_the_name_of_the_derivative(name: str, reach: float) -> None:
    """At a reach of 10 the axis struck through that of maxout."""
    figure = activation_pair(names=(name, name), reach=reach).figure
    axes = figure.axes[0]
    figure.canvas.draw()
    labels = [t.get_window_extent() for t in texts(figure) if t.get_text().startswith("dérivée")]
    assert labels
    level = [line for line in axes.lines if line.get_color() != PALETTES["light"].paper
             and line.get_linestyle() == "-" and len(line.get_xdata()) == 2 and np.ptp(line.get_ydata()) == 0]
    assert level
    for box in labels:
        for line in level:
            (x0, y), (x1, _) = axes.transData.transform(line.get_xydata())
            assert not (box.y0 + 1 < y < box.y1 - 1 and min(x1, box.x1) - max(x0, box.x0) > 1)
