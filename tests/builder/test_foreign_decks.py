"""Three decks of strangers build at once, are the same elsewhere, and are built anew when a file of theirs changes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from foreign import DECKS, NAMES, Built, build

pytestmark = pytest.mark.xdist_group("foreign")
PICTURES = {"regression": 8, "recurrent": 4, "optimisation": 2}
OWN = {"regression": ("least_squares", "ridge"), "recurrent": ("unrolled_cell", "gradient_through_time"),
       "optimisation": ("learning_rate", "descents")}  # fmt: skip


def told(built: Built, capsys: pytest.CaptureFixture[str]) -> Built:
    out, err = capsys.readouterr()
    return built._replace(out=out, err=err)


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
def test_it_is_the_same_in_another_folder(name: str, foreign_decks: dict[str, Built], tmp_path: Path) -> None:
    folder = tmp_path / "été à la plage"
    shutil.copytree(DECKS / name, folder / "deck")
    other = build(folder / "deck", folder, "-q")
    assert (other.status, foreign_decks[name].status) == (0, 0)
    first, second = ({path.relative_to(dist): path.read_bytes() for path in dist.rglob("*")
                      if path.is_file() and path.name != ".build.json"}
                     for dist in (foreign_decks[name].dist, other.dist))  # fmt: skip
    assert len(first) > 6  # the slides, the fonts, the images
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_small_deck_with_two_figures_of_its_own(name: str, foreign_decks: dict[str, Built]) -> None:
    text = foreign_decks[name].text()
    assert 6 <= text.count("\n---\n") + 1 <= 9
    code = (DECKS / name / "figures.py").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^@figure\ndef (\w+)", code, re.MULTILINE)) == OWN[name]
    for figure in OWN[name]:
        assert foreign_decks[name].alt(figure).endswith(".")
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
