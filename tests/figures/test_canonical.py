"""Two values share a text only if they mean the same picture."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.canonical import canonical, digest, file_digest, readable

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


def test_where_a_part_ends_counts() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")


def test_a_file_that_is_not_there_has_a_digest_of_its_own(tmp_path: Path) -> None:
    assert file_digest(tmp_path / "none") == "none"
    (tmp_path / "a").write_bytes(b"")
    assert len(file_digest(tmp_path / "a")) == 64


def test_a_parameter_is_readable_and_names_no_machine(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    told = readable({"a": [1, 2.5, None, "x"], "b": np.arange(3), "c": str(tmp_path / "a.png"), "d": (True,)})
    assert json.loads(json.dumps(told)) == told
    assert told["a"] == [1, 2.5, None, "x"]
    assert told["b"].startswith("array(")
    assert str(tmp_path) not in json.dumps(told)
