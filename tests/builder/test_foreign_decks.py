"""Three decks of strangers build at once, and what their slides and alt texts say is right by another reckoning."""

from __future__ import annotations

import csv
import html
import math
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch

import engine
from builder.command import main

DECKS = Path(__file__).parents[1] / "foreign_decks"
PICTURES = {"regression": 8, "recurrent": 4, "optimisation": 2}
OWN = {"regression": ("least_squares", "ridge"), "recurrent": ("unrolled_cell", "gradient_through_time"),
       "optimisation": ("learning_rate", "descents")}  # fmt: skip
NAMES = tuple(PICTURES)


class Built(NamedTuple):
    """A deck that was built from an empty store, with what was said."""

    source: Path
    dist: Path
    status: int
    out: str
    err: str

    def text(self, language: str = "fr") -> str:
        """Its slides, with ordinary spaces, without the theme."""
        text = (self.dist / f"slides.{language}.md").read_text(encoding="utf-8")
        return re.sub("[\u00a0\u202f]", " ", html.unescape(text.rpartition("</style>")[2]))

    def alt(self, figure: str, language: str = "fr") -> str:
        found = re.search(rf'src="images/{figure}-[0-9a-f]+\.svg" alt="([^"]*)"', self.text(language))
        assert found, figure
        return found[1]


def build(deck: Path, folder: Path, *options: str) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIGURES_CACHE", str(folder / "store"))
        status = main([str(deck), "-o", str(folder / "dist"), "-j", "1", *options])
    return Built(deck, folder / "dist", status, "", "")


def told(built: Built, capsys: pytest.CaptureFixture[str]) -> Built:
    out, err = capsys.readouterr()
    return built._replace(out=out, err=err)


@pytest.fixture(scope="module")
def decks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """All three, as the repository has them."""
    return {name: build(DECKS / name, tmp_path_factory.mktemp(name), "-q") for name in NAMES}


def comma(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",").replace("-", "−")


def formula(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", "{,}")


@pytest.mark.parametrize("name", NAMES)
def test_it_builds_at_once_without_a_warning(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built = told(build(DECKS / name, tmp_path), capsys)
    assert built.status == 0
    notice = r"build\.py: \S*figures\.py is code, and runs \(--no-code keeps it from running\)\n"
    assert re.fullmatch(notice, built.err)
    assert f": {PICTURES[name]} figures drawn, 0 reused" in built.out
    again = told(build(DECKS / name, tmp_path), capsys)
    assert (again.status, again.err) == (0, "")
    assert ": nothing to do, " in again.out


@pytest.mark.parametrize("name", NAMES)
def test_it_is_the_same_in_another_folder(name: str, decks: dict[str, Built], tmp_path: Path) -> None:
    folder = tmp_path / "été à la plage"
    shutil.copytree(DECKS / name, folder / "deck")
    other = build(folder / "deck", folder, "-q")
    assert (other.status, decks[name].status) == (0, 0)
    first, second = ({path.relative_to(built.dist): path.read_bytes() for path in built.dist.rglob("*")
                      if path.is_file() and path.name != ".build.json"} for built in (decks[name], other))  # fmt: skip
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_small_deck_with_two_figures_of_its_own(name: str, decks: dict[str, Built]) -> None:
    text = decks[name].text()
    assert 6 <= text.count("\n---\n") + 1 <= 9
    code = (DECKS / name / "figures.py").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^@figure\ndef (\w+)", code, re.MULTILINE)) == OWN[name]
    for figure in OWN[name]:
        assert decks[name].alt(figure).endswith(".")
    assert not re.search(r"\{%|\bnan\b|\binf\b|None|Undefined", text)


def test_the_helper_and_the_data_are_noticed(tmp_path: Path) -> None:
    for name, file, before, after in (("optimisation", "bowls.py", "0.5 * (", "1.0 * ("),
                                      ("regression", "stations.csv", "15.8", "25.8")):  # fmt: skip
        folder = tmp_path / name
        shutil.copytree(DECKS / name, folder / "deck")
        first = build(folder / "deck", folder, "-q").text()
        path = folder / "deck" / file
        changed = path.read_text(encoding="utf-8").replace(before, after, 1)
        path.write_text(changed, encoding="utf-8")
        assert build(folder / "deck", folder, "-q").text() != first


def stations() -> tuple[np.ndarray, np.ndarray]:
    with open(DECKS / "regression" / "stations.csv", encoding="utf-8", newline="") as file:
        rows = [row[1:] for row in csv.reader(file)][1:]
    x, y = np.array(rows, float).T
    return x, y


@pytest.mark.parametrize("language", ["fr", "en"])
def test_least_squares(language: str, decks: dict[str, Built]) -> None:
    x, y = stations()
    design = np.stack([x, np.ones(len(x))], 1)
    (slope, base), (rss,), *_ = np.linalg.lstsq(design, y, rcond=None)
    r2, tss = np.corrcoef(x, y)[0, 1] ** 2, len(y) * y.var()
    largest = np.abs(y - design @ (slope, base)).max()
    text, alt = decks["regression"].text(language), decks["regression"].alt("least_squares", language)
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


def test_ridge(decks: dict[str, Built]) -> None:
    x, unseen = np.linspace(-1, 1, 14), np.linspace(-0.96, 0.96, 60)
    y = np.sin(3 * x) + 0.3 * engine.normal(14, seed=4)
    seen_not = np.sin(3 * unseen) + 0.3 * engine.normal(60, seed=5)

    def error(strength: float, at: np.ndarray, values: np.ndarray) -> float:
        return float(((np.vander(at, 10, increasing=True) @ ridge(x, y, strength) - values) ** 2).mean())

    strengths = 10.0 ** np.arange(-5, 1.01, 0.125)
    training = [error(strength, x, y) for strength in strengths]
    validation = [error(strength, unseen, seen_not) for strength in strengths]
    best = int(np.argmin(validation))
    text, alt = decks["regression"].text(), decks["regression"].alt("ridge")
    assert np.all(np.diff(training) > 0)  # as the alt text says
    assert 0 < best < len(strengths) - 1
    assert f"jusqu’à λ = {comma(strengths[best], 4)}" in alt
    assert f"ici {comma(strengths[best], 4)}" in text
    largest = [np.abs(ridge(x, y, strength)).max() for strength in (0, 0.01)]
    assert f"absolue | {comma(largest[0], 1)} | {comma(largest[1], 1)} |" in text
    errors = [error(strength, unseen, seen_not) for strength in (0, 0.01)]
    assert f"validation | {comma(errors[0], 3)} | {comma(errors[1], 3)} |" in text
    assert f"d’apprentissage est de {comma(error(0, x, y), 3)}" in text


def test_the_unrolled_cell(decks: dict[str, Built]) -> None:
    states = [0.0]
    for value in (1, 0.5, -1, 0):
        states.append(math.tanh(0.8 * states[-1] + 1.2 * value))
    text = decks["recurrent"].text()
    listed = " ; ".join(comma(state, 2) for state in states[1:])
    assert decks["recurrent"].alt("unrolled_cell").endswith(f"son état vaut successivement {listed}.")
    assert f"$h_4 = {formula(states[-1], 2)}$" in text
    step = 1e-6
    slope = (math.tanh(0.8 * step + 1.2) - math.tanh(-0.8 * step + 1.2)) / (2 * step)
    assert f"= {formula(slope, 3)}$" in text


def test_the_gradient_follows_the_spectral_radius(decks: dict[str, Built]) -> None:
    matrix = engine.normal((24, 24), seed=3).astype(float)
    radius = float(torch.linalg.eigvals(torch.from_numpy(matrix)).abs().max())
    text = decks["recurrent"].text()
    for rho in (0.8, 1.2):
        end = float(np.linalg.norm(np.linalg.matrix_power(matrix * (rho / radius), 40), 2))
        assert 0.5 < end / rho**40 < 2  # « que chaque courbe suit »
        power = math.floor(math.log10(end))
        raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        assert f"{comma(end / 10**power, 1)} × 10{raised} pour ρ = {comma(rho, 1)}" in text


def test_the_gates(decks: dict[str, Built]) -> None:
    forget, write, show = (1 / (1 + math.exp(-z)) for z in (3, -2, 0.5))
    memory = forget * 0.9 - write * 0.4
    text = decks["recurrent"].text()
    for name, opening in (("oubli", forget), ("entrée", write), ("sortie", show)):
        assert re.search(rf"^\| \*\*{name}\*\* \|.*\| {comma(opening, 3)} \|$", text, re.MULTILINE)
    assert f"$c_t = {formula(memory, 2)}$ et $h_t = {formula(show * math.tanh(memory), 2)}$" in text
    assert f"il reste {round(100 * forget**20)} % du gradient" in text
    cell = torch.nn.LSTMCell(10, 64)
    weights = sum(p.numel() for name, p in cell.named_parameters() if name != "bias_hh")  # PyTorch has two biases
    assert f"{weights // 1000} {weights % 1000} paramètres" in text


def test_the_learning_rate(decks: dict[str, Built]) -> None:
    ends = [0.5 * (1 - rate) ** 40 for rate in (0.1, 0.5, 1.8, 2.1)]
    assert [end < 0.5 for end in ends] == [True, True, True, False]
    assert f"f vaut {comma(ends[-1], 1)} après 20 pas" in decks["optimisation"].text()


@pytest.mark.parametrize(("kappa", "written"), [(2, "2"), (25, "25"), (1000, "1 000")])
def test_the_steps_that_a_condition_costs(kappa: int, written: str, decks: dict[str, Built]) -> None:
    factor, steps, left = (kappa - 1) / (kappa + 1), 0, 1.0
    while left > 0.01:
        steps, left = steps + 1, left * factor
    shown = f"{steps:,}".replace(",", " ")
    assert f"| {written} | {comma(factor, 3)} | {shown} |" in decks["optimisation"].text()


def test_the_three_descents(decks: dict[str, Built]) -> None:
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
    text, alt = decks["optimisation"].text(), decks["optimisation"].alt("descents")
    assert f"du gradient ({comma(ends['gradient'], 4)}) et d’Adam ({comma(ends['Adam'], 4)})" in alt
    for name, end in ends.items():
        power = math.floor(math.log10(end))
        raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        assert f"| {name} | 25 | {comma(end / 10**power, 1)} × 10{raised} |" in text
