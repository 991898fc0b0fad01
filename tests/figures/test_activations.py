"""Slides 4 and 5: the curves drawn are the functions, the formulas are written the French way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from layout import faults, texts
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from engine.activations import ACTIVATIONS
from figures.activation_plot import computed, framed
from figures.activations import activation_gallery, activation_pair
from figures.style import PURPLE, colour, style

TORCH = {"leaky_relu": "leaky_relu", "hard_sigmoid": "hardsigmoid", "hard_swish": "hardswish"}
SCALAR = [name for name in ACTIVATIONS if name not in ("maxout", "log_softmax")]
TWELVE = list(ACTIVATIONS)[-12:]


def written(figure: Figure) -> list[str]:
    return [t.get_text() for t in texts(figure)]


def curves(figure: Figure) -> list[Line2D]:
    """The thick curves, from left to right and top to bottom as they were drawn."""
    return [line for line in figure.axes[0].lines if line.get_color() == colour(PURPLE) and line.get_linewidth() > 2]


def reference(name: str, t: np.ndarray) -> np.ndarray:
    if name == "maxout":
        return np.maximum(1 - 0.5 * t, t - 0.5)
    if name == "leaky_relu":
        return torch.nn.functional.leaky_relu(torch.tensor(t), 0.1).numpy()  # the gallery's own slope
    if name == "log_softmax":
        return torch.nn.functional.logsigmoid(torch.tensor(t)).numpy()
    return getattr(torch.nn.functional, TORCH.get(name, name))(torch.tensor(t)).numpy()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_curve_on_the_slide_is_the_function(name: str) -> None:
    drawn = curves(activation_gallery(names=[name], reach=5).figure)[0]
    x, y = np.asarray(drawn.get_xdata(), float), np.asarray(drawn.get_ydata(), float)
    assert x.size == 401
    t = (x - x[0]) / (x[-1] - x[0]) * 10 - 5
    value = reference(name, t)
    # The heights are an affine function of the values, downwards, the same over the whole curve.
    scale = (y[np.argmin(value)] - y[np.argmax(value)]) / np.ptp(value)
    np.testing.assert_allclose(y, y[np.argmax(value)] + scale * (value.max() - value), atol=0.05)
    assert scale > 0


@pytest.mark.parametrize("name", SCALAR)
def test_values_and_derivatives_are_torchs(name: str) -> None:
    curve = computed(ACTIVATIONS[name], 6.0)
    t = torch.tensor(curve.t, requires_grad=True)
    value = getattr(torch.nn.functional, TORCH.get(name, name))(t)
    value.sum().backward()
    np.testing.assert_allclose(curve.value, value.detach().numpy(), rtol=2e-6, atol=2e-7)
    np.testing.assert_allclose(curve.derivative, t.grad.numpy(), rtol=2e-6, atol=2e-7)


def test_the_axes_go_through_the_origin() -> None:
    curve = computed(ACTIVATIONS["tanh"], 4.0)
    frame = framed(curve, 100, 50, 300, 200)
    assert frame.at(0.0, 0.0) == pytest.approx((250, 150))
    lines = activation_gallery(names=["tanh"], reach=4).figure.axes[0].lines
    upright = [line for line in lines if len(line.get_xdata()) == 2 and np.ptp(line.get_xdata()) == 0]
    level = [line for line in lines if len(line.get_xdata()) == 2 and np.ptp(line.get_ydata()) == 0]
    assert len(upright) == 1
    assert len(level) == 3


def test_the_derivative_of_relu_is_two_pieces() -> None:
    figure = activation_pair(names=("relu", "relu")).figure
    dashed = [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]
    assert len(dashed) == 4
    assert all(np.ptp(line.get_ydata()) == 0 for line in dashed)
    smooth = activation_pair(names=("sigmoid", "sigmoid")).figure
    dashed = [line for line in smooth.axes[0].lines if line.get_linestyle() == "--"]
    assert len(dashed) == 2
    assert all(len(line.get_xdata()) == 401 for line in dashed)


def test_the_pair_says_what_the_seed_says() -> None:
    picture = activation_pair()
    shown = " ".join(written(picture.figure)).replace(r"$\mathbf{Utilisation}$", "Utilisation")
    assert ("Utilisation\u00a0: à mettre en fin de réseau pour prédire une probabilité (entre 0 et 1)") in shown
    assert "Utilisation\u00a0: entre chaque couche pour dé-linéariser (à coût de calcul faible)" in shown
    assert "dérivée\u00a0: au plus 0,25" in shown
    assert "dérivée\u00a0: au plus 1" in shown
    assert r"$f(x) = \dfrac{1}{1 + e^{-x}}$" in written(picture.figure)
    assert r"$f(x) = \max(0\,;\, x)$" in written(picture.figure)
    assert picture.facts["activations"][0]["largest_derivative"] == 0.25


def test_each_use_stands_under_its_panel() -> None:
    figure = activation_pair(names=("relu", "sigmoid")).figure
    uses = [t for t in texts(figure) if t.get_position()[1] > 440]
    left = " ".join(t.get_text() for t in uses if t.get_position()[0] < 568)
    right = " ".join(t.get_text() for t in uses if t.get_position()[0] > 568)
    assert "chaque couche" in left
    assert "probabilité" in right


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_has_a_name_a_formula_and_a_use(name: str) -> None:
    picture = activation_pair(names=(name, "relu"), reach=4)
    with style():
        assert faults(picture.figure) == []
    assert any("Utilisation" in text for text in written(picture.figure))
    assert all(not (text.startswith("$f(x)") and ("." in text or r",\, " in text)) for text in written(picture.figure))


def test_constants_are_written_the_french_way() -> None:
    shown = written(activation_gallery().figure)
    assert r"$\mathrm{\alpha} = 0{,}1$ (souvent 0,01)" in shown
    assert r"$\mathrm{\alpha} = 0{,}01$" in written(activation_gallery(leak=0.01).figure)
    assert r"$\mathrm{\alpha} = 1$" in shown
    assert r"$f(x) = \max(0\,;\, x) + \mathrm{\alpha}\, \min(0\,;\, x)$" in shown  # alike in formula and value
    assert r"$w_1 = -0{,}5$ ; $b_1 = 1$ ; $w_2 = 1$ ; $b_2 = -0{,}5$" in shown
    selu = written(activation_gallery(names=["selu"]).figure)
    assert r"$\mathrm{\lambda} \approx 1{,}051$ ; $\mathrm{\alpha} \approx 1{,}673$" in selu


def test_the_gallery_shows_what_is_asked_for() -> None:
    for names in (["mish"], ["gelu", "silu", "gelu"], TWELVE):
        picture = activation_gallery(names=names)
        assert [a["name"] for a in picture.facts["activations"]] == names
        assert len(curves(picture.figure)) == len(names)
    names = [a["name"] for a in activation_gallery().facts["activations"]]
    assert names == ["sigmoid", "tanh", "relu", "leaky_relu", "maxout", "elu"]


def test_maxout_shows_its_two_pieces() -> None:
    lines = activation_gallery(names=["maxout"]).figure.axes[0].lines
    dashed = [line for line in lines if line.get_linestyle() == "--"]
    assert len(dashed) == 2
    for line, slope in zip(dashed, (-0.5, 1.0), strict=True):
        # Below the knee, at 1, only the dashes tell of them: there over 1.5 units or more, of 8 in all.
        unit = (1136 - 54) / 8
        knee = 40 + 5 * unit
        x = np.asarray(line.get_xdata(), float)
        assert (x[-1] - knee if slope < 0 else knee - x[0]) >= 1.5 * unit


@pytest.mark.parametrize("parameters", [
    {}, {"palette": "dark"}, {"names": TWELVE}, {"names": list(ACTIVATIONS)[:12]}, {"names": ["hard_swish"]},
    {"names": ["gelu", "softplus"], "reach": 100}, {"names": ["selu", "celu", "silu", "mish"], "reach": 0.5},
    {"names": ["selu", "celu", "silu", "mish", "tanh"], "reach": 1}, {"names": TWELVE[:8], "reach": 30},
])  # fmt: skip
def test_gallery_layout(parameters: dict[str, Any]) -> None:
    picture = activation_gallery(**parameters)
    with style():
        assert faults(picture.figure) == []
    assert picture.size == (1136, 556)
    assert len(picture.svg()) < 300_000


@pytest.mark.parametrize("parameters", [{}, {"palette": "dark"}, {"reach": 0.5}, {"reach": 100}])
def test_pair_layout(parameters: dict[str, Any]) -> None:
    picture = activation_pair(**parameters)
    with style():
        assert faults(picture.figure) == []
    assert picture.size == (1136, 556)
    assert len(picture.svg()) < 300_000


def test_alt_texts() -> None:
    assert "sigmoïde et ReLU" in activation_pair().alt
    assert "0,25" in activation_pair().alt
    alt = activation_gallery().alt
    assert "6 fonctions" in alt
    assert "leaky ReLU" in alt
    assert alt.endswith(".")
    assert "une fonction" in activation_gallery(names=["elu"]).alt


@pytest.mark.parametrize(("figure", "parameters", "error", "message"), [
    (activation_pair, {"names": ("relu",)}, ValueError, "activation_pair: names must be 2 activations, not 1"),
    (activation_pair, {"names": "relu"}, TypeError, "activation_pair: names must be a list of activations"),
    (activation_pair, {"names": ("relu", "softmax")}, ValueError, "activation_pair: no activation 'softmax'"),
    (activation_pair, {"reach": 0}, ValueError, r"activation_pair: reach must be in \[0.5, 100.0\], not 0"),
    (activation_gallery, {"names": []}, ValueError, "activation_gallery: names must be 1 to 12 activations, not 0"),
    (activation_gallery, {"names": 13 * ["elu"]}, ValueError, "names must be 1 to 12 activations, not 13"),
    (activation_gallery, {"names": ["sigmoide"]}, ValueError, "did you mean 'sigmoid'"),
    (activation_gallery, {"leak": 2}, ValueError, r"activation_gallery: leak must be in \[-1.0, 1.0\], not 2"),
    (activation_gallery, {"reach": "far"}, TypeError, "activation_gallery: reach must be a number, not 'far'"),
])  # fmt: skip
def test_bad_parameters(figure: Any, parameters: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        figure(**parameters)
