"""A good deck, built once, in whose place each test puts a broken one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from breaking import TEMPLATE, write

from builder.command import main

GOOD = '---\nmarp: true\nlang: fr\n---\n\n# Un titre\n\n{{ figure("max_pooling") }}\n'


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a deck `talk`, what was built of it, and the store."""
    folder = tmp_path_factory.mktemp("good")
    write(folder / "talk", {TEMPLATE: GOOD})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIGURES_CACHE", str(folder / "store"))
        patch.chdir(folder)
        assert main(["talk", "-j", "1", "-q"]) == 0
    return folder


@pytest.fixture
def deck(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The good deck, which a test may break; the current folder is the one that holds it."""
    shutil.copytree(good, tmp_path / "here")
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "here" / "store"))
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here" / "talk"
