"""A slow result is computed once for each set of parameters; a damaged one again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from figures import remembered as module
from figures.remembered import remembered
from figures.store import DamagedEntry


class Doubled(NamedTuple):
    values: NDArray[Any]

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {"values": self.values}


runs: list[int] = []


def double(*, count: int) -> Doubled:
    runs.append(count)
    return Doubled(2 * np.arange(count))


def restore(arrays: Mapping[str, NDArray[Any]]) -> Doubled:
    return Doubled(arrays["values"])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path))
    runs.clear()
    return tmp_path


def test_a_result_is_computed_once() -> None:
    first, second = (remembered(double, restore, count=4) for _ in range(2))
    assert runs == [4]
    np.testing.assert_array_equal(first.values, second.values)
    remembered(double, restore, count=5)
    assert runs == [4, 5]


def test_another_source_or_version_is_another_result(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered(double, restore, count=4)
    monkeypatch.setattr(module, "source_digest", lambda name: "edited")
    remembered(double, restore, count=4)
    monkeypatch.setattr(module, "versions", lambda packages: {"numpy": "9"})
    remembered(double, restore, count=4)
    assert runs == [4, 4, 4]


def test_a_damaged_result_is_computed_again(folder: Path) -> None:
    remembered(double, restore, count=4)
    (path,) = (p for p in (folder / "results").rglob("*") if p.is_file())
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.warns(DamagedEntry):
        np.testing.assert_array_equal(remembered(double, restore, count=4).values, [0, 2, 4, 6])
    assert runs == [4, 4]


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "file"))
    np.testing.assert_array_equal(remembered(double, restore, count=3).values, [0, 2, 4])
