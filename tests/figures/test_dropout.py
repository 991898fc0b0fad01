"""Slide 14: what is crossed out is what the engine's mask drops, and nothing is joined to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from layout import faults, texts
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from engine.dropout import dropout as engine_dropout
from figures.style import BLUE, MUTED, ORANGE, colour, style
from figures.thinned import dropout, typical_drop

MIDDLE = 568


def edges(figure: Figure) -> list[Line2D]:
    lines = [line for line in figure.axes[0].lines if line.get_color() in (colour(BLUE), colour(ORANGE))]
    return [line for line in lines if max(line.get_ydata()) < 400]  # below stand the two of the key


def crossed_out(figure: Figure) -> set[tuple[float, float]]:
    """Where the middle of a cross is."""
    return {(round(float(np.mean(line.get_xdata())), 6), round(float(np.mean(line.get_ydata())), 6))
            for line in figure.axes[0].lines if line.get_color() == colour(MUTED)}  # fmt: skip


def discs(figure: Figure) -> list[Circle]:
    return [p for p in figure.axes[0].patches if isinstance(p, Circle)]


def test_five_of_ten_are_dropped() -> None:
    picture = dropout()
    assert {k: picture.facts[k] for k in ("p", "scale", "hidden", "dropped", "kept", "connections")} == {
        "p": 0.5, "scale": 2.0, "hidden": 10, "dropped": 5, "kept": 5, "connections": 50}  # fmt: skip
    written = [t.get_text() for t in texts(picture.figure)]
    for text in ("sans dropout", "10 neurones cachés", "50 connexions", "avec dropout",
                 "5 neurones cachés supprimés sur 10", "18 connexions sur 50",
                 "probabilité de", "suppression", "poids positif", "poids négatif"):
        assert text in written
    assert written.count("×\u202f2") == 5
    assert "$p = 0{,}5$" in written
    assert any(r"\dfrac{1}{1-p} = 2" in text for text in written)


@pytest.mark.parametrize(("p", "seed"), [(0.5, 0), (0.2, 4), (0.8, 99)])
def test_the_mask_is_the_engines(p: float, seed: int) -> None:
    facts = dropout(p=p, seed=seed).facts
    for k, mask in enumerate(facts["masks"], 1):
        assert mask == engine_dropout(np.ones(5), p, seed=facts["seed"], stream=k, return_mask=True).mask.tolist()
    assert facts["dropped"] == sum(not kept for mask in facts["masks"] for kept in mask)


def test_the_seed_is_the_one_that_the_rule_names() -> None:
    sizes, p, seed = (3, 4, 6, 2), 0.3, 11

    def merit(candidate: int) -> tuple[float, float]:
        dropped = [~engine_dropout(np.ones(n), p, seed=candidate, stream=k, return_mask=True).mask
                   for k, n in enumerate(sizes[1:-1], 1)]
        return abs(np.concatenate(dropped).mean() - p), sum(abs(layer.mean() - p) for layer in dropped)

    assert typical_drop(sizes, p, seed=seed).seed == min(range(seed, seed + 64), key=merit)


def test_crosses_are_where_the_mask_is_false() -> None:
    picture = dropout(sizes=(2, 4, 3, 1), p=0.4, seed=5)
    crosses = crossed_out(picture.figure)
    assert len(crosses) == picture.facts["dropped"] > 0
    right = [d.center for d in discs(picture.figure) if d.center[0] > MIDDLE]
    columns = sorted({x for x, _ in right})
    for x, mask in zip(columns[1:3], picture.facts["masks"], strict=True):
        heights = sorted(y for a, y in right if a == x)
        for y, kept in zip(heights, mask, strict=True):
            assert ((round(x, 6), round(y, 6)) in crosses) is not kept


def test_no_connection_reaches_a_dropped_neuron() -> None:
    picture = dropout()
    crosses, radius = crossed_out(picture.figure), discs(picture.figure)[0].radius
    right = [line for line in edges(picture.figure) if min(line.get_xdata()) > MIDDLE]
    assert len(right) == picture.facts["connections_left"]
    assert len(edges(picture.figure)) - len(right) == picture.facts["connections"] == 50
    for line in right:
        for x, y in np.transpose(line.get_data()):
            assert all((x - a) ** 2 + (y - b) ** 2 > (radius + 5) ** 2 for a, b in crosses)


def test_both_networks_have_the_same_weights() -> None:
    figure = dropout().figure

    def looks(line: Line2D, shift: float) -> tuple[Any, ...]:
        x, y = np.asarray(line.get_xdata()) - shift, np.asarray(line.get_ydata())
        return (*x.round(6).tolist(), *y.round(6).tolist(), line.get_color(), line.get_linewidth())

    first = min(d.center[0] for d in discs(figure))
    second = min(d.center[0] for d in discs(figure) if d.center[0] > MIDDLE)
    left = {looks(line, first) for line in edges(figure) if max(line.get_xdata()) < MIDDLE}
    right = {looks(line, second) for line in edges(figure) if min(line.get_xdata()) > MIDDLE}
    assert right < left


def test_a_scale_that_is_not_exact_says_so() -> None:
    written = [t.get_text() for t in texts(dropout(p=0.25).figure)]
    assert any(r"\approx 1{,}33" in text for text in written)
    exact = [t.get_text() for t in texts(dropout(p=0.8).figure)]
    assert any(text.endswith(r"\dfrac{1}{1-p} = 5$") for text in exact)


def test_nothing_dropped() -> None:
    picture = dropout(p=0)
    assert picture.facts["dropped"] == 0
    assert picture.facts["connections_left"] == 50
    assert crossed_out(picture.figure) == set()
    assert any(t.get_text().startswith("0 neurone caché supprimé sur 10") for t in texts(picture.figure))


@pytest.mark.parametrize("parameters", [
    {}, {"palette": "dark"}, {"sizes": (2, 3, 1), "p": 0.1}, {"sizes": (4, 8, 12, 8, 3), "p": 0.25},
    {"sizes": 8 * (6,), "p": 0.8, "seed": 3}, {"sizes": (900, 1000, 10), "p": 0.999},
])  # fmt: skip
def test_layout(parameters: dict[str, Any]) -> None:
    picture = dropout(**parameters)
    with style():
        assert faults(picture.figure) == []
    assert picture.size == (1136, 484)
    assert len(picture.svg()) < 300_000


def test_alt_tells_the_numbers() -> None:
    picture = dropout()
    assert "5 neurones cachés supprimés sur 10" in picture.alt
    assert "p = 0,5" in picture.alt
    assert f"{picture.facts['connections_left']} connexions sur 50" in picture.alt
    assert picture.alt.endswith(".")


@pytest.mark.parametrize(("parameters", "error", "message"), [
    ({"p": 1}, ValueError, r"dropout: p must be in \[0.0, 1.0\), not 1"),
    ({"p": -0.1}, ValueError, "dropout: p must be in"),
    ({"p": "half"}, TypeError, "dropout: p must be a number, not 'half'"),
    ({"sizes": (3, 2)}, ValueError, "dropout: sizes must have 3 to 8 layers, not 2"),
    ({"sizes": (3,) * 9}, ValueError, "dropout: sizes must have 3 to 8 layers, not 9"),
    ({"sizes": 5}, TypeError, "dropout: sizes must list the neurons"),
    ({"sizes": (3, -1, 2)}, ValueError, "sizes must be at least 1, not -1"),
    ({"seed": 1.5}, TypeError, "dropout: seed must be an integer, not 1.5"),
])  # fmt: skip
def test_bad_parameters(parameters: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        dropout(**parameters)
