"""The package as a wheel lays it out, run by `python -m deck` from folders of somebody's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from builder.arguments import HERE

PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has what setuptools would put into a wheel: the modules, and the data that is named."""
    site = tmp_path_factory.mktemp("site")
    for package in ("builder", "deck", "engine", "figures"):
        patterns = ["**/*.py", *PROJECT["package-data"].get(package, [])]
        for path in {path for pattern in patterns for path in (HERE / package).glob(pattern) if path.is_file()}:
            target = site / path.relative_to(HERE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return site


def run(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run([sys.executable, "-m", "deck", *arguments], cwd=folder, env=environment, text=True,
                          encoding="utf-8", capture_output=True, check=False)  # fmt: skip


def test_a_new_deck_is_made_and_built_where_nothing_of_the_project_lies(site: Path, talk: Path) -> None:
    folder = talk / "L’été, à côté"
    folder.mkdir()
    made = run(site, folder, "--new", "mon exposé")
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[-2:] == ["  python -m deck 'mon exposé'", "  python -m deck 'mon exposé' --preview"]
    built = run(site, folder, "mon exposé", "-j", "1")
    assert built.returncode == 0, built.stderr
    assert built.stdout.startswith("dist/mon exposé/slides.fr.md: 3 figures drawn, ")
    # In the deck's own folder, where figures.py is a name that Python would find first.
    here = run(site, folder / "mon exposé", ".", "-j", "1")
    assert here.returncode == 0, here.stderr
    assert here.stdout.startswith("dist/mon exposé/slides.fr.md: 0 figures drawn, 3 reused, ")
    assert "nothing to do" in run(site, folder / "mon exposé", ".").stdout


def test_it_has_a_name_of_its_own_and_the_introduction(site: Path, talk: Path) -> None:
    (talk / "figures.py").write_text("raise SystemExit('not me')")
    told = run(site, talk, "--help")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("usage: python -m deck [DECK]")
    wrong = run(site, talk, "--lang", "xx")
    assert "deck/introduction/slides.xx.md.j2: no such template; the deck has slides.en.md.j2, sl" in wrong.stderr
