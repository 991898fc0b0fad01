"""What the slides and the alt texts of strangers' decks say is right by another reckoning."""

from __future__ import annotations

import csv
import math
import re

import numpy as np
import pytest
import torch
from foreign import DECKS, Built, comma, formula, scientific

import engine

pytestmark = pytest.mark.xdist_group("foreign")
Decks = dict[str, Built]


def stations() -> tuple[np.ndarray, np.ndarray]:
    with open(DECKS / "regression" / "stations.csv", encoding="utf-8", newline="") as file:
        rows = [row[1:] for row in csv.reader(file)][1:]
    x, y = np.array(rows, float).T
    return x, y


@pytest.mark.parametrize("language", ["fr", "en"])
def test_least_squares(language: str, foreign_decks: Decks) -> None:
    x, y = stations()
    design = np.stack([x, np.ones(len(x))], 1)
    (slope, base), (rss,), *_ = np.linalg.lstsq(design, y, rcond=None)
    r2, tss = np.corrcoef(x, y)[0, 1] ** 2, len(y) * y.var()
    largest = np.abs(y - design @ (slope, base)).max()
    text, alt = foreign_decks["regression"].text(language), foreign_decks["regression"].alt("least_squares", language)
    if language == "fr":
        said = f"perd {comma(-slope, 1)} °C par kilomètre à partir de {comma(base, 1)} °C"
        sizes = (f"= {formula(slope, 2)}", f"= {formula(base, 2)}", f"= {formula(r2, 3)}$$", f"{formula(rss, 1)} ")
        answer, explains = f"répond : {comma(base + 1.1 * slope, 1)} °C", f"explique {round(100 * r2)} % de"
        assert f"le plus grand vaut {comma(largest, 1)} °C" in alt
        assert f"| autour de la moyenne | {comma(tss, 1)} |" in text
    else:
        said = f"loses {-slope:.1f} °C per kilometre from {base:.1f} °C"
        sizes = (f"= {slope:.2f}", f"= {base:.2f}", f"= {r2:.3f}$$", f"{rss:.1f} ")
        answer, explains = f"answers: {base + 1.1 * slope:.1f}°C", f"explains {round(100 * r2)}% of"
        assert f"the largest is {largest:.1f} °C" in alt
    assert said in alt
    assert f"{len(x)} stations" in alt
    for part in (*sizes, answer, explains):
        assert part in text


def ridge(x: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    """By least squares on rows that stand for the penalty, not by the normal equations."""
    rows = math.sqrt(strength) * np.eye(10)[1:]
    design = np.vstack([np.vander(x, 10, increasing=True), rows])
    return np.linalg.lstsq(design, np.concatenate([y, np.zeros(9)]), rcond=None)[0]


def test_ridge(foreign_decks: Decks) -> None:
    x, unseen = np.linspace(-1, 1, 14), np.linspace(-0.96, 0.96, 60)
    y = np.sin(3 * x) + 0.3 * engine.normal(14, seed=4)
    seen_not = np.sin(3 * unseen) + 0.3 * engine.normal(60, seed=5)

    def error(strength: float, at: np.ndarray, values: np.ndarray) -> float:
        return float(((np.vander(at, 10, increasing=True) @ ridge(x, y, strength) - values) ** 2).mean())

    strengths = 10.0 ** np.arange(-5, 1.01, 0.125)
    training = [error(strength, x, y) for strength in strengths]
    validation = [error(strength, unseen, seen_not) for strength in strengths]
    best = int(np.argmin(validation))
    text, alt = foreign_decks["regression"].text(), foreign_decks["regression"].alt("ridge")
    assert np.all(np.diff(training) > 0)  # as the alt text says
    assert 0 < best < len(strengths) - 1
    assert f"jusqu’à λ = {comma(strengths[best], 4)}" in alt
    assert f"ici {comma(strengths[best], 4)}" in text
    largest = [np.abs(ridge(x, y, strength)).max() for strength in (0, 0.01)]
    assert f"absolue | {comma(largest[0], 1)} | {comma(largest[1], 1)} |" in text
    errors = [error(strength, unseen, seen_not) for strength in (0, 0.01)]
    assert f"validation | {comma(errors[0], 3)} | {comma(errors[1], 3)} |" in text
    assert f"d’apprentissage est de {comma(error(0, x, y), 3)}" in text


def test_the_unrolled_cell(foreign_decks: Decks) -> None:
    states = [0.0]
    for value in (1, 0.5, -1, 0):
        states.append(math.tanh(0.8 * states[-1] + 1.2 * value))
    text = foreign_decks["recurrent"].text()
    listed = " ; ".join(comma(state, 2) for state in states[1:])
    assert foreign_decks["recurrent"].alt("unrolled_cell").endswith(f"son état vaut successivement {listed}.")
    assert f"$h_4 = {formula(states[-1], 2)}$" in text
    step = 1e-6
    slope = (math.tanh(0.8 * step + 1.2) - math.tanh(-0.8 * step + 1.2)) / (2 * step)
    assert f"= {formula(slope, 3)}$" in text


def test_the_gradient_follows_the_spectral_radius(foreign_decks: Decks) -> None:
    matrix = engine.normal((24, 24), seed=3).astype(float)
    radius = float(torch.linalg.eigvals(torch.from_numpy(matrix)).abs().max())
    text = foreign_decks["recurrent"].text()
    for rho in (0.8, 1.2):
        end = float(np.linalg.norm(np.linalg.matrix_power(matrix * (rho / radius), 40), 2))
        assert 0.5 < end / rho**40 < 2  # « que chaque courbe suit »
        assert f"{scientific(end)} pour ρ = {comma(rho, 1)}" in text


def test_the_gates(foreign_decks: Decks) -> None:
    forget, write, show = (1 / (1 + math.exp(-z)) for z in (3, -2, 0.5))
    memory = forget * 0.9 - write * 0.4
    text = foreign_decks["recurrent"].text()
    for name, opening in (("oubli", forget), ("entrée", write), ("sortie", show)):
        assert re.search(rf"^\| \*\*{name}\*\* \|.*\| {comma(opening, 3)} \|$", text, re.MULTILINE)
    assert f"$c_t = {formula(memory, 2)}$ et $h_t = {formula(show * math.tanh(memory), 2)}$" in text
    assert f"il reste {round(100 * forget**20)} % du gradient" in text
    cell = torch.nn.LSTMCell(10, 64)
    weights = sum(p.numel() for name, p in cell.named_parameters() if name != "bias_hh")  # PyTorch has two biases
    assert f"{weights // 1000} {weights % 1000} paramètres" in text


def test_the_learning_rate(foreign_decks: Decks) -> None:
    ends = [0.5 * (1 - rate) ** 40 for rate in (0.1, 0.5, 1.8, 2.1)]
    assert [end < 0.5 for end in ends] == [True, True, True, False]
    assert f"f vaut {comma(ends[-1], 1)} après 20 pas" in foreign_decks["optimisation"].text()


@pytest.mark.parametrize(("kappa", "written"), [(2, "2"), (25, "25"), (1000, "1 000")])
def test_the_steps_that_a_condition_costs(kappa: int, written: str, foreign_decks: Decks) -> None:
    factor, steps, left = (kappa - 1) / (kappa + 1), 0, 1.0
    while left > 0.01:
        steps, left = steps + 1, left * factor
    shown = f"{steps:,}".replace(",", " ")
    assert f"| {written} | {comma(factor, 3)} | {shown} |" in foreign_decks["optimisation"].text()


def test_the_three_descents(foreign_decks: Decks) -> None:
    curvatures, start = np.array([1.0, 25.0]), np.array([-5.0, 1.0])
    speeds = [np.linalg.matrix_power([[1.7 - c / 25, -0.7], [1, 0]], 60) @ (1, 1) for c in curvatures]
    point = torch.tensor(start, requires_grad=True)
    adam = torch.optim.Adam([point], lr=0.3)
    for _ in range(60):
        adam.zero_grad()
        (0.5 * (torch.tensor(curvatures) * point**2).sum()).backward()
        adam.step()
    places = {"gradient": (1 - curvatures * 2 / 26) ** 60 * start,
              "inertie": np.array([speed[0] for speed in speeds]) * start, "Adam": point.detach().numpy()}  # fmt: skip
    ends = {name: 0.5 * (curvatures * place**2).sum() for name, place in places.items()}
    assert sorted(ends, key=ends.__getitem__) == ["inertie", "gradient", "Adam"]  # as the alt text has them
    text, alt = foreign_decks["optimisation"].text(), foreign_decks["optimisation"].alt("descents")
    assert f"du gradient ({comma(ends['gradient'], 4)}) et d’Adam ({comma(ends['Adam'], 4)})" in alt
    for name, end in ends.items():
        assert f"| {name} | 25 | {scientific(end)} |" in text
