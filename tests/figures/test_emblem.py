"""The emblem: its field is the network that it says, its letters stand on a high and a low."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from layout import faults, texts

from engine.generator import normal
from figures.title import GAIN, SPREAD, WIDTHS, centres, emblem, field, isobars, parameters, with_weather


def test_the_field_is_a_tanh_network_as_torch_computes_it() -> None:
    x, y = np.linspace(-2, 2, 7), np.linspace(-1, 1, 5)
    values = torch.from_numpy(np.stack([g.ravel() for g in np.meshgrid(x, y)], axis=1))
    layers = []
    for i, (inputs, width) in enumerate(zip((2, *WIDTHS), WIDTHS, strict=False)):
        layer = torch.nn.Linear(inputs, width, dtype=torch.float64)
        weight = normal((width, inputs), seed=5, stream=2 * i) * GAIN / np.sqrt(inputs)
        layer.weight.data = torch.from_numpy(weight)
        layer.bias.data = torch.from_numpy(SPREAD * normal(width, seed=5, stream=2 * i + 1))
        layers += [layer, torch.nn.Tanh()]
    network = torch.nn.Sequential(*layers[:-1])
    z = network(values).detach().numpy().reshape(5, 7)
    np.testing.assert_allclose(field(5, x, y), (z - z.min()) / (z.max() - z.min()), rtol=0, atol=2e-6)
    assert parameters() == sum(p.numel() for p in network.parameters())


def test_centres_are_the_extremes_of_their_surroundings() -> None:
    rows, columns = np.mgrid[:60, :60]
    up, down = (rows - 20) ** 2 + (columns - 15) ** 2, (rows - 40) ** 2 + (columns - 42) ** 2
    hill = np.exp(-up / 50) - np.exp(-down / 50)
    high, low = centres(hill)
    assert (high.high, low.high) == (True, False)
    assert (round(high.x * 60 - 0.5), round(high.y * 60 - 0.5)) == (15, 20)
    assert (round(low.x * 60 - 0.5), round(low.y * 60 - 0.5)) == (42, 40)


def test_the_letters_stand_on_the_centres() -> None:
    picture = emblem(side=240)
    places = {t.get_text(): t.get_position() for t in texts(picture.figure)}
    assert set(places) == {"A", "D"}
    assert places["A"][0] == pytest.approx(240 * picture.facts["high"][0])
    assert places["D"][0] == pytest.approx(240 * picture.facts["low"][0])
    assert "127 paramètres" in picture.alt
    assert faults(picture.figure) == []
    assert len(picture.svg()) < 120_000


def test_the_seed_is_the_first_with_weather() -> None:
    assert with_weather(1) == with_weather(5) == 5
    assert emblem(seed=1).facts["seed"] == 5
    assert emblem(seed=1).svg() != emblem().svg()


@pytest.mark.parametrize("background", ["paper", "shade"])
def test_the_background_fills_the_slide(background: str) -> None:
    picture = isobars(background=background)
    assert picture.size == (1280, 720)
    assert len(picture.svg()) < 150_000


@pytest.mark.parametrize(
    ("function", "parameters", "message"),
    [(emblem, {"side": 40}, "emblem: side must be at least 80, not 40"),
     (emblem, {"seed": -1}, "emblem: seed must be at least 0, not -1"),
     (isobars, {"background": "shad"}, "isobars: no background 'shad'; did you mean 'shade'?"),
     (isobars, {"width": 10}, "isobars: width must be at least 100, not 10")],
)  # fmt: skip
def test_what_is_wrong_is_told(function, parameters: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match="^" + message.replace("?", r"\?")):
        function(**parameters)
