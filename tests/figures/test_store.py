"""Results are remembered under everything that decides them; a damaged one is computed again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from figures import store
from figures.store import canonical, remembered, write_whole


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


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(store, "folder", lambda kind: tmp_path / kind)
    runs.clear()
    return tmp_path


def test_a_result_is_computed_once(folder: Path) -> None:
    first, second = (remembered(double, restore, count=4) for _ in range(2))
    assert runs == [4]
    np.testing.assert_array_equal(first.values, second.values)
    remembered(double, restore, count=5)
    assert runs == [4, 5]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nonsense", None])
def test_a_damaged_result_is_computed_again(folder: Path, damage: bytes | None) -> None:
    remembered(double, restore, count=4)
    (path,) = (folder / "results").iterdir()
    path.write_bytes(path.read_bytes()[:-30] if damage is None else damage)
    np.testing.assert_array_equal(remembered(double, restore, count=4).values, [0, 2, 4, 6])
    assert runs == [4, 4]


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(store, "folder", lambda kind: tmp_path / "file" / kind)
    np.testing.assert_array_equal(remembered(double, restore, count=3).values, [0, 2, 4])


def test_a_file_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "a.svg"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"three")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["a.svg"]


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(plain, plain)
def test_two_values_share_a_key_only_if_they_are_equal(first: object, second: object) -> None:
    assert canonical(first) == canonical(first)
    if canonical(first) == canonical(second):
        assert repr(first) == repr(second) or first == second


def test_the_order_of_a_mapping_shows() -> None:
    assert canonical({"a": 1, "b": 2}) != canonical({"b": 2, "a": 1})


def test_a_word_is_no_file_even_beside_one_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plain_word = canonical("tanh")
    (tmp_path / "tanh").write_text("x")
    (tmp_path / "photo.png").write_text("x")
    assert canonical("tanh") == plain_word
    assert canonical("photo.png").startswith("file(")
    assert canonical("x" * 5000)


def test_arrays_and_files_count_by_content(tmp_path: Path) -> None:
    array = np.arange(6.0).reshape(2, 3)
    assert canonical(array) == canonical(np.asfortranarray(array))
    assert canonical(array) != canonical(array.reshape(3, 2))
    assert canonical(array) != canonical(array.astype(np.float32))
    assert canonical((1, 2)) == canonical([1, 2]) == canonical([np.int64(1), 2])
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "b").write_bytes(b"x")
    assert canonical(str(tmp_path / "a")) == canonical(tmp_path / "b")
    (tmp_path / "b").write_bytes(b"y")
    assert canonical(tmp_path / "a") != canonical(tmp_path / "b")
    with pytest.raises(TypeError, match="a parameter of type object has no key"):
        canonical(object())
