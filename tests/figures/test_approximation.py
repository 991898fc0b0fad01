"""Slide 7: its numbers against closed forms, numpy's least squares and SciPy; its artists against its numbers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout import faults, texts
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, Polygon
from scipy import integrate, optimize, special

from figures.approximation import universal_approximation
from figures.approximation_errors import best_error
from figures.approximation_network import approximation
from figures.approximation_panel import pale_blue
from figures.approximation_scales import BOTTOM, strips
from figures.approximation_target import NAMED, points_of
from figures.approximation_ticks import end_text, knot_texts, nice_ticks, significant, tick_texts
from figures.language import Words
from figures.style import PALETTES, contrast, style

WORDS = Words("fr")
LIGHT = PALETTES["light"]


def goal(target="square", interval=(-1, 1), points=1024):
    return points_of("test", target, interval, points)


def written(picture):
    return [text.get_text() for text in texts(picture.figure)]


def lines(picture, colour, width):
    """Vertices of the lines of a colour and width in px."""
    return [line.get_xydata() for line in picture.figure.axes[0].lines
            if to_hex(line.get_color()) == colour.lower() and line.get_linewidth() == pytest.approx(width * 0.75)]


def knot_discs(picture):
    return [patch for patch in picture.figure.axes[0].patches if isinstance(patch, Circle)
            and to_hex(patch.get_edgecolor()) == LIGHT.orange.lower()]


@pytest.fixture(scope="module")
def default():
    return universal_approximation()


def test_the_best_networks_for_the_square_bend_where_theory_says(default):
    facts = default.facts
    assert facts["segments"] == [3, 5]
    np.testing.assert_allclose(facts["knots"][0], [-1 / 3, 1 / 3], atol=2e-3)
    np.testing.assert_allclose(facts["knots"][1], [-3 / 5, -1 / 5, 1 / 5, 3 / 5], atol=2e-3)
    np.testing.assert_allclose(facts["rms"], [(2 / 3) ** 2 / np.sqrt(180), (2 / 5) ** 2 / np.sqrt(180)], rtol=1e-3)
    assert facts["ratio"] == pytest.approx(25 / 9, rel=1e-3)
    assert facts["parameters"] == [7, 13]


def test_the_figure_says_its_numbers(default):
    said = written(default)
    for text in ("Couche cachée à 2 neurones", "Couche cachée à 4 neurones", "3 segments", "5 segments",
                 "erreur RMS = 0,033", "erreur RMS = 0,012", "−0,33", "0,33", "−0,60", "−0,20", "0,20", "0,60",
                 "(même échelle)", "x", "réseau", "cible $x^2$"):
        assert text in said, text
    assert default.size == (1136, 478)
    assert "coudes en −0,60 ; −0,20 ; 0,20 ; 0,60, erreur RMS 0,012" in default.alt
    assert default.alt.endswith(".")


def test_the_rms_is_that_of_the_drawn_line():
    target = goal()
    network = approximation(target, 4, hidden_bias=True, seed=0)
    drawn = np.interp(target.x, network.ends, network.values)
    assert network.fit.rms == pytest.approx(np.sqrt(np.mean((drawn - target.x**2) ** 2)), rel=1e-9)


def test_orange_lines_are_the_networks_and_discs_their_knots(default):
    broken = lines(default, LIGHT.orange, 3)
    assert [len(points) for points in broken] == [4, 6]
    inner = np.concatenate([points[1:-1] for points in broken])
    centres = np.array([disc.center for disc in knot_discs(default)])
    np.testing.assert_allclose(centres, inner)
    # The panel's width stands for the interval's 2: the horizontal distances are those of the knots.
    (left, right), scale = broken[0][[0, -1], 0], 2 / (broken[0][-1, 0] - broken[0][0, 0])
    np.testing.assert_allclose((broken[0][1:-1, 0] - (left + right) / 2) * scale, default.facts["knots"][0], atol=1e-3)


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_the_target_is_wide_and_differs_from_the_network_in_grey_too(palette):
    picture = universal_approximation(palette=palette)
    with style(palette):
        blue, orange = pale_blue(), PALETTES[palette].orange
        assert contrast(blue, orange) > 1.9
    for target, network in zip(lines(picture, blue, 8), lines(picture, orange, 3), strict=True):
        np.testing.assert_allclose(target[[0, -1], 0], network[[0, -1], 0], atol=0.5)  # the first point is no end


@pytest.mark.parametrize(("widths", "columns"), [((3,), 1), ((2, 4), 1), ((2, 4, 8), 2)])
def test_the_scale_stands_in_the_middle_of_the_gap_and_x_at_the_end_of_its_axis(widths, columns):
    picture = universal_approximation(widths=widths)
    said = texts(picture.figure)
    scale = sorted({text.get_position()[0] for text in said if text.get_text() == "0,5"})
    assert len(scale) == columns
    ends = sorted((broken[0, 0], broken[-1, 0]) for broken in lines(picture, LIGHT.orange, 3))
    for x, (_, right), (left, _) in zip(scale, ends, ends[1:], strict=False):
        assert x == pytest.approx((right + left) / 2)
    names = sorted(text.get_position() for text in said if text.get_text() == "x")
    for (x, y), (_, right) in zip(names, ends, strict=True):
        assert right < x < right + 20
        assert y < BOTTOM


def test_what_the_neurons_add_is_drawn_in_the_unit_of_the_curves(default):
    ramps = [r for r in lines(default, LIGHT.purple, 2) if len(r) == 3]
    assert len(ramps) == 6
    broken = lines(default, LIGHT.orange, 3)[0]
    # With two neurons that face away from each other, the outer segments are the neurons themselves.
    slopes = sorted(np.diff(r[:, 1]).sum() / np.abs(np.diff(r[:, 0])[np.abs(np.diff(r[:, 1])) > 1e-9]).sum()
                    for r in ramps[:2])
    outer = np.diff(broken[:, 1])[[0, -1]] / np.diff(broken[:, 0])[[0, -1]]
    np.testing.assert_allclose(slopes, sorted(outer), rtol=1e-6)
    assert all(r[:, 1].max() == pytest.approx(BOTTOM) for r in ramps)


@pytest.mark.parametrize("name", ["square", "sine", "tanh"])
def test_a_smaller_scale_of_the_neurons_is_said(name):
    picture, target = universal_approximation(target=name), goal(name)
    shown = [approximation(target, width, hidden_bias=True, seed=0) for width in (2, 4)]
    scale = strips(target, shown)
    assert scale.curve(0) - scale.curve(1) == pytest.approx(scale.reduction * (scale.added(0) - scale.added(1)))
    note = "(même échelle)" if scale.reduction == 1 else f"(échelle 1/{scale.reduction})"
    assert note in written(picture)
    assert (scale.reduction == 1) == (name == "square")


def test_added_and_bias_are_the_network():
    network = approximation(goal("sine"), 4, hidden_bias=True, seed=0)
    x = np.linspace(-0.99, 0.99, 57)
    fit = network.fit
    by_hand = fit.output_bias + sum(v * np.maximum(w * x + b, 0) for v, w, b in
                                    zip(fit.output_weight, fit.hidden_weight, fit.hidden_bias, strict=True))
    np.testing.assert_allclose(np.interp(x, network.ends, network.values), by_hand, atol=1e-9)


def test_without_biases_the_best_network_is_a_v():
    picture, x = universal_approximation(hidden_bias=False), goal().x
    basis = np.stack([np.abs(x), np.ones_like(x)], axis=1)
    error = np.sqrt(np.mean((basis @ np.linalg.lstsq(basis, x * x, rcond=None)[0] - x * x) ** 2))
    np.testing.assert_allclose(picture.facts["rms"], error, rtol=1e-6)
    assert picture.facts["knots"] == [[0.0], [0.0]]
    assert picture.facts["segments"] == [2, 2]
    assert picture.facts["parameters"] == [5, 9]
    assert "Couche cachée à 4 neurones, sans biais" in written(picture)
    assert {"0", "coude en", "2 segments"} <= set(written(picture))
    assert "sans biais" in picture.alt


def test_many_widths_give_a_panel_of_errors():
    picture = universal_approximation(widths=(16, 2, 8, 4))
    said = written(picture)
    assert "Erreur RMS" in said
    assert sum(text.startswith("Couche cachée") for text in said) == 2
    order = np.argsort(picture.facts["widths"])
    rms, best = np.array(picture.facts["rms"])[order], np.array(picture.facts["best_rms"])[order]
    np.testing.assert_allclose(rms, best, rtol=5e-3)
    assert {significant(WORDS, error) for error in rms} <= {text.replace("erreur RMS = ", "") for text in said}
    discs = sorted(disc.center for disc in knot_discs(picture) if disc.center[0] > 1136 - 270 - 1)
    assert len(discs) == 4
    across, down = np.diff(discs, axis=0).T
    np.testing.assert_allclose(across, across[0])  # doublings are equal steps on a logarithmic axis
    np.testing.assert_allclose(down / down[0], np.diff(np.log(rms)) / np.log(rms[1] / rms[0]), rtol=1e-9)


@pytest.mark.parametrize(("target", "expected"), [("square", "meilleure ligne brisée"), ("sine", "pente −2"),
                                                   ("absolute", None), (np.abs, None)])
def test_the_panel_of_errors_says_what_to_expect(target, expected):
    said = " ".join(written(universal_approximation(target=target, widths=(2, 3, 4, 5), points=64)))
    for text in ("meilleure ligne brisée", "pente −2"):
        assert (text in said) == (text == expected)


@pytest.mark.parametrize("width", [1, 2, 5])
@pytest.mark.parametrize("interval", [(-1, 1), (0, 3)])
def test_best_error_is_that_of_the_best_line_on_each_segment(width, interval):
    length = (interval[1] - interval[0]) / (width + 1)

    def loss(level):
        return integrate.quad(lambda t: (t * t - level) ** 2, -length / 2, length / 2)[0] / length

    least = optimize.minimize_scalar(loss, bounds=(0, length**2), method="bounded", options={"xatol": 1e-12}).fun
    assert best_error(goal(interval=interval), width) == pytest.approx(np.sqrt(least), rel=1e-6)


@pytest.mark.parametrize(("name", "function"), [
    ("square", np.square), ("absolute", np.abs), ("sine", lambda x: np.sin(np.pi * x)),
    ("tanh", lambda x: np.tanh(4 * x)), ("bump", lambda x: np.exp(-8 * x * x)),
    ("step", lambda x: special.expit(20 * x)),
])  # fmt: skip
def test_named_targets(name, function):
    target = goal(name, (-1.5, 2), 101)
    np.testing.assert_allclose(target.y, function(target.x), rtol=1e-12, atol=1e-15)
    assert target.interval == (-1.5, 2.0)
    assert target.formula.startswith("$")
    assert target.plain


def test_every_named_target_is_tested():
    assert set(NAMED) == {"square", "absolute", "sine", "tanh", "bump", "step"}


def test_a_function_and_its_points_are_targets_too(default):
    function = universal_approximation(target=lambda x: x * x)
    assert function.facts["rms"] == default.facts["rms"]
    assert function.facts["target"] == "function"
    assert "d’une fonction continue" in function.alt
    x = goal().x[::-1]
    given = (x.copy(), x * x)
    points = universal_approximation(target=given)
    np.testing.assert_allclose(points.facts["rms"], default.facts["rms"], rtol=1e-9)
    np.testing.assert_array_equal(given[0], x)
    assert "1\u202f024 points" in written(points)
    assert points.facts["interval"] == [goal().x[0], goal().x[-1]]


def test_points_are_the_middles_of_equal_parts():
    x = goal(interval=(-1, 1), points=16).x
    np.testing.assert_allclose(x, (2 * np.arange(16) + 1) / 16 - 1)
    np.testing.assert_array_equal(x, -x[::-1])


def test_parameters_change_the_drawing(default):
    said = set(written(universal_approximation(target="sine", widths=(3, 6), interval=(0, 2))))
    assert {"Couche cachée à 3 neurones", "Couche cachée à 6 neurones", r"cible $\sin(\pi x)$", "2"} <= said
    narrow = universal_approximation(widths=(1,))
    assert "2 segments" in written(narrow)
    assert "Couche cachée à 1 neurone" in written(narrow)
    assert "par un réseau" in narrow.alt
    assert "par 2 réseaux" in default.alt


@pytest.mark.parametrize("parameters", [
    {}, {"palette": "dark", "target": "tanh"}, {"target": "sine"}, {"widths": (3,)}, {"widths": (2, 4, 8)},
    {"widths": (2, 4, 8, 16)}, {"widths": (1, 2, 3, 4, 6, 8, 12, 16)}, {"hidden_bias": False}, {"target": "step"},
    {"hidden_bias": False, "widths": (1, 2, 4, 8)}, {"target": "bump", "interval": (-2, 3), "widths": (4, 6)},
    {"target": "absolute", "widths": (1, 2, 4, 5)}, {"target": lambda x: 1e-5 * x * x}, {"widths": (40, 64)},
    {"target": lambda x: 3e6 + 2e6 * x * x, "interval": (-500, 100)}, {"target": lambda x: 0 * x + 7},
    {"target": (np.arange(600), np.arange(600) ** 2 % 97)}, {"points": 16}, {"points": 4096},
])  # fmt: skip
def test_the_layout_holds(parameters):
    picture = universal_approximation(**parameters)
    with style(parameters.get("palette", "light")):
        assert faults(picture.figure) == []
    assert len(picture.svg()) < 300_000


def test_knots_that_cannot_be_written_are_not_announced():
    said = written(universal_approximation(widths=(40,), points=256))
    assert "41 segments" in said
    assert not any(text.startswith("coude") for text in said)


def test_the_dark_palette_draws_the_same_in_other_colours(default):
    dark = universal_approximation(palette="dark")
    assert dark.facts == default.facts
    assert lines(dark, PALETTES["dark"].orange, 3)
    assert not lines(dark, LIGHT.orange, 3)


def test_the_error_is_the_area_between_target_and_network(default):
    shades = [p for p in default.figure.axes[0].patches if isinstance(p, Polygon) and len(p.get_xy()) > 100]
    assert len(shades) == 2
    for shade, broken in zip(shades, lines(default, LIGHT.orange, 3), strict=True):
        np.testing.assert_allclose(shade.get_xy()[-1 - len(broken):-1], broken[::-1])


@pytest.mark.parametrize(("parameters", "error", "message"), [
    ({"target": "sinus"}, ValueError, "no target 'sinus'; did you mean 'sine'"),
    ({"target": 3}, TypeError, "must be a name, a function or a pair of arrays"),
    ({"target": (np.zeros(5), np.zeros(4))}, ValueError, r"x and y must be two rows of at least 4 numbers, not \(5,\)"),
    ({"target": (np.zeros(5), np.zeros(5))}, ValueError, "x must hold more than one value, not only 0"),
    ({"target": (np.arange(5), [1, 2, np.nan, 4, 5])}, ValueError, "y must be finite; it holds nan"),
    ({"target": (np.arange(4), list("abcd"))}, TypeError, "y must hold real numbers"),
    ({"target": (np.arange(5), np.arange(5)), "widths": (5,)}, ValueError,
     "5 neurons need at least 6 different x, not 5"),
    ({"target": lambda x: x[:3]}, ValueError, r"one number for each x, not \(3,\) for -1, …"),
    ({"target": lambda x: (x, x)}, ValueError, r"one number for each x, not \(2,\) at x = -1"),
    ({"target": lambda x: 1 // 0}, ValueError, "one number for each x; it raised ZeroDivisionError: .* at x = -1"),
    ({"target": lambda: 1}, ValueError, "one number for each x; it raised TypeError: .*"),
    ({"target": lambda x: None}, TypeError, "must hold real numbers, not object"),
    ({"target": lambda x: x / 0 * np.inf}, ValueError, "must be finite"),
    ({"widths": 4}, TypeError, r"widths must list numbers of neurons such as \(2, 4\), not 4"),
    ({"widths": ()}, ValueError, "1 to 8 numbers of neurons, not 0"),
    ({"widths": range(1, 10)}, TypeError, "widths must list"),
    ({"widths": list(range(1, 10))}, ValueError, "1 to 8 numbers of neurons, not 9"),
    ({"widths": (2, 2)}, ValueError, r"widths must differ, not \(2, 2\)"),
    ({"widths": (0,)}, ValueError, "widths must be at least 1, not 0"),
    ({"widths": (65,)}, ValueError, "widths must be at most 64, not 65"),
    ({"widths": (2.5,)}, TypeError, "widths must be an integer, not 2.5"),
    ({"hidden_bias": "no"}, TypeError, "hidden_bias must be True or False, not 'no'"),
    ({"interval": (1, -1)}, ValueError, "from a lower to a higher number, not 1 to -1"),
    ({"interval": 1}, TypeError, "interval must be a pair of numbers, not 1"),
    ({"interval": (0, np.inf)}, ValueError, "interval must be finite"),
    ({"points": 8}, ValueError, "points must be at least 16, not 8"),
    ({"points": 5000}, ValueError, "points must be at most 4096, not 5000"),
    ({"seed": -1}, ValueError, "seed must be at least 0, not -1"),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_bad_parameters(parameters, error, message):
    with pytest.raises(error, match=f"^universal_approximation: .*{message}"):
        universal_approximation(**parameters)


@pytest.mark.parametrize(("value", "figures", "expected"), [
    (0.0331, 2, "0,033"), (0.0996, 2, "0,10"), (0.000996, 2, "1,0 × 10⁻³"), (0.00103, 2, "0,0010"), (1.86, 2, "1,9"),
    (26.84, 2, "27"), (0.18, 2, "0,18"), (4.17e-5, 2, "4,2 × 10⁻⁵"), (1e-14, 2, "0"), (0.0, 2, "0"),
    (5962791143.1, 2, "6,0 × 10⁹"), (99_960.0, 2, "99 960"),
    (0.005, 1, "0,005"), (0.1, 1, "0,1"), (1e-4, 1, "10⁻⁴"), (2e-6, 1, "2 × 10⁻⁶"),
])  # fmt: skip
def test_significant_digits(value, figures, expected):
    assert significant(WORDS, value, figures) == expected


def test_powers_of_ten_are_typeset():
    assert significant(WORDS, 4.17e-5, typeset=True) == r"$4{,}2\times 10^{-5}$"
    assert significant(WORDS, 1e-6, 1, typeset=True) == r"$10^{-6}$"
    assert significant(WORDS, 0.0331, typeset=True) == "0,033"


@settings(max_examples=60, deadline=None)
@given(low=st.floats(-1e4, 1e4), span=st.floats(1e-3, 1e5), share=st.floats(0.05, 0.9))
def test_ticks_are_round_apart_and_inside(low, span, share):
    ticks, least = nice_ticks(low, low + span, share * span), share * span
    assert all(b - a >= 0.999 * least for a, b in itertools.pairwise(ticks))
    assert all(low - 0.021 * span <= tick <= low + 1.021 * span for tick in ticks)
    assert len(ticks) >= int(0.999 / (5 * share))  # 1, 2, 5, 10: a step is at most 2.5 times too wide
    for tick in ticks:
        mantissa = float(f"{abs(tick):e}".split("e")[0])
        assert tick == 0 or abs(mantissa - round(mantissa, 4)) < 1e-3


def test_scales_of_very_large_and_small_numbers_have_a_power_of_ten():
    assert tick_texts(WORDS, [0.0, 0.5, 1.0]) == ["0", "0,5", "1"]
    assert tick_texts(WORDS, [-5000.0, 0.0, 5000.0]) == ["−5\u202f000", "0", "5\u202f000"]
    assert tick_texts(WORDS, [0.0, 5e11, 1e12]) == ["0", r"$0{,}5{\times}10^{12}$", r"$1{\times}10^{12}$"]
    assert tick_texts(WORDS, [0.0, 2e-6]) == ["0", r"$2{\times}10^{-6}$"]
    assert end_text(WORDS, -1.0, (-1.0, 1.0)) == "−1"
    assert end_text(WORDS, 0.0005, (0.0, 0.0005)) == "0,000500"


def test_knots_are_written_with_as_many_decimals_as_a_pixel_needs():
    assert knot_texts(WORDS, [-1 / 3, 0.0, 0.6], (-1, 1)) == ["−0,33", "0", "0,60"]
    assert knot_texts(WORDS, [-0.0004], (-1, 1)) == ["0"]
    assert knot_texts(WORDS, [123.4], (0, 500)) == ["123"]
    assert knot_texts(WORDS, [0.01234], (0, 0.05)) == ["0,0123"]


def test_knots_between_the_same_two_points_are_one():
    network = approximation(goal("absolute"), 2, hidden_bias=True, seed=0)
    assert network.segments == 2
    np.testing.assert_allclose(network.knots, 0, atol=1e-3)
    steep = approximation(goal(lambda x: np.where(x < 0, 0.0, 1.0)), 2, hidden_bias=True, seed=0)
    assert steep.segments == 3  # a jump's two bends are near too, but it cannot be drawn without both


@pytest.mark.parametrize("target", [lambda x: math.sin(x), lambda x: max(x, 0), lambda x: 0.5,
                                    lambda x: x if x > 0 else 0])  # fmt: skip
def test_a_function_of_one_number_does_as_well_as_one_of_arrays(target):
    goal = points_of("f", target, (-1, 1), 16)
    assert goal.y.tolist() == [float(target(x)) for x in goal.x.tolist()]


def test_a_function_of_arrays_is_asked_once():
    asked = []
    points_of("f", lambda x: asked.append(x.shape) or x * x, (-1, 1), 16)
    assert asked == [(18,)]
