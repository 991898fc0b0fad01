"""Small decks of tests, each in a folder of its own, with a store of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from foreign import DECKS, NAMES, Built, build


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder `talk` in the current one."""
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "talk"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def foreign_decks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """The three decks of strangers, each built from an empty store."""
    return {name: build(DECKS / name, tmp_path_factory.mktemp(name), "-q") for name in NAMES}
