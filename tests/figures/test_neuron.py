"""Slide 3: the worked example is right, and every number of it is on the figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from layout import faults, texts

from engine.activations import ACTIVATIONS
from figures.one_neuron import neuron
from figures.style import BLUE_TEXT, GREEN, ORANGE, ORANGE_TEXT, colour, style


def written(picture: Any) -> list[str]:
    return [t.get_text() for t in texts(picture.figure)]


def test_the_example_of_the_slide() -> None:
    picture = neuron()
    facts = picture.facts
    assert facts["inputs"] == [2, 3, 1]
    assert facts["weights"] == [0.5, -1.5, 1.5]
    assert facts["products"] == [1, -4.5, 1.5]
    assert facts["sum"] == -2
    assert facts["output"] == 0  # f does something, so that the slide's question is not answered by ReLU
    for text in ("Entrées", "Sortie", "Exemple", "2", "3", "1", "×\u202f0,5", "×\u202f(−1,5)", "×\u202f1,5",
                 "= 1", "= −4,5", "= 1,5", "1 −\u00a04,5 +\u00a01,5", "= −2", "−2", "0", "$f$ = ReLU", "somme"):
        assert text in written(picture)


def test_symbols() -> None:
    for count in (1, 3, 6):
        shown = written(neuron(inputs=range_of(count), weights=range_of(count)))
        assert [i for i in range(1, 8) if f"$x_{i}$" in shown] == list(range(1, count + 1))
        assert [i for i in range(1, 8) if f"$w_{i}$" in shown] == list(range(1, count + 1))
        assert any(f"^{{{count}}} w_i" in text and "+ b" not in text for text in shown)


def range_of(count: int) -> list[float]:
    return [float(i) for i in range(1, count + 1)]


def test_bias() -> None:
    picture = neuron(bias=2.5)
    shown = written(picture)
    assert picture.facts["sum"] == pytest.approx(0.5)
    assert any("x_i + b" in text for text in shown)
    assert {"$b$", "biais", "= 2,5", "= 0,5"} <= set(shown)
    assert not {"$b$", "biais"} & set(written(neuron()))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation(name: str) -> None:
    inputs, weights = (0.3, -1.2, 2.0, 0.7), (1.1, 0.4, -0.9, 2.5)
    picture = neuron(inputs=inputs, weights=weights, bias=0.25, activation=name)
    total = float(torch.tensor(inputs, dtype=torch.float64) @ torch.tensor(weights, dtype=torch.float64)) + 0.25
    assert picture.facts["sum"] == pytest.approx(total, rel=1e-12)
    oracle = {"leaky_relu": "leaky_relu", "hard_sigmoid": "hardsigmoid", "hard_swish": "hardswish"}.get(name, name)
    if name == "log_softmax":
        assert picture.facts["output"] == pytest.approx(-np.log1p(np.exp(-total)), rel=1e-12)
    elif name != "maxout":
        wanted = float(getattr(torch.nn.functional, oracle)(torch.tensor(total, dtype=torch.float64)))
        assert picture.facts["output"] == pytest.approx(wanted, rel=1e-12)
    with style():
        assert faults(picture.figure) == []


def test_the_point_is_on_the_curve() -> None:
    picture = neuron(activation="tanh")
    axes = picture.figure.axes[0]
    curve = max(axes.lines, key=lambda line: len(line.get_xdata()))
    point = next(p for p in axes.patches if p.get_facecolor()[:3] == pytest.approx(rgb(colour(GREEN))))
    x, y = point.center
    nearest = np.min((np.asarray(curve.get_xdata()) - x) ** 2 + (np.asarray(curve.get_ydata()) - y) ** 2)
    assert nearest < 1


def rgb(text: str) -> tuple[float, ...]:
    return tuple(int(text[i:i + 2], 16) / 255 for i in (1, 3, 5))


def test_sign_is_shown_by_colour_and_by_dashes() -> None:
    picture = neuron()
    axes = picture.figure.axes[0]
    colours = {t.get_text(): t.get_color() for t in texts(picture.figure)}
    assert colours["×\u202f0,5"] == colour(BLUE_TEXT)
    assert colours["×\u202f(−1,5)"] == colour(ORANGE_TEXT)
    dashed = {line.get_linestyle() for line in axes.lines if line.get_color() == colour(ORANGE)}
    assert dashed == {"--"}
    assert not [line for line in neuron(weights=(1, 2, 3)).figure.axes[0].lines if line.get_color() == colour(ORANGE)]


def test_a_rounded_number_says_so() -> None:
    shown = written(neuron(inputs=(1, 1), weights=(1 / 3, 0.5), activation="sigmoid"))
    assert "≈ 0,333" in shown
    assert "≈ 0,833" in shown
    assert "= 0,5" in shown


@pytest.mark.parametrize("parameters", [
    {}, {"palette": "dark"}, {"inputs": (2,), "weights": (-0.7,), "bias": -1},
    {"inputs": (1, -2.25, 3, 0.5, 12, -4), "weights": (0.25, -1.5, 0.4, 2, -0.1, 0.33), "bias": 0.5},
    {"inputs": (100, 33.333), "weights": (-88.88, 0.001), "activation": "gelu"},
    {"inputs": 6 * (-99.999,), "weights": 6 * (-99.999,), "bias": -99.999},
])  # fmt: skip
def test_layout(parameters: dict[str, Any]) -> None:
    picture = neuron(**parameters)
    with style():
        assert faults(picture.figure) == []
    assert picture.size == (1136, 440)
    assert len(picture.svg()) < 300_000


def test_alt_tells_the_example() -> None:
    alt = neuron().alt
    assert "0,5 × 2 + (−1,5) × 3 + 1,5 × 1 = −2" in alt
    assert alt.endswith("0.")
    assert "3 entrées" in alt
    assert "son entrée" in neuron(inputs=(1,), weights=(1,)).alt


@pytest.mark.parametrize(("parameters", "error", "message"), [
    ({"inputs": ()}, ValueError, "neuron: inputs must be 1 to 6 numbers, not 0"),
    ({"inputs": 7 * (1,)}, ValueError, "neuron: inputs must be 1 to 6 numbers, not 7"),
    ({"inputs": (1, 2)}, ValueError, "one weight for each input, not 3 weights for 2 inputs"),
    ({"inputs": "123"}, TypeError, "neuron: inputs must be a list of numbers"),
    ({"weights": (1, 2, "a")}, TypeError, "neuron: weights must be a number, not 'a'"),
    ({"weights": (1, 2, float("nan"))}, ValueError, "neuron: weights must be in"),
    ({"bias": 1000}, ValueError, "neuron: bias must be in"),
    ({"activation": "rellu"}, ValueError, "neuron: no activation 'rellu'; did you mean 'relu'"),
])  # fmt: skip
def test_bad_parameters(parameters: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        neuron(**parameters)


def test_the_products_end_where_their_arrows_begin() -> None:
    products = [t for t in texts(neuron().figure) if t.get_text() in ("= 1", "= −4,5", "= 1,5")]
    assert len(products) == 3
    assert len({t.get_position()[0] for t in products}) == 1
    assert {t.get_ha() for t in products} == {"right"}


@pytest.mark.parametrize(("bias", "sum_is_left"), [(0, True), (6, False)])
def test_the_sum_stands_on_the_axis_and_its_name_on_the_other_half(bias: float, sum_is_left: bool) -> None:
    small = {t.get_text(): t.get_window_extent() for t in texts(neuron(bias=bias).figure) if t.get_fontsize() == 12}
    name, number = small["somme"], small["−2" if sum_is_left else "4"]
    assert (number.x1 < name.x0) if sum_is_left else (name.x1 < number.x0)
