"""A key's line, as a reader of the file would point at it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deck.faults import DeckError
from deck.toml_file import LARGEST, read

TEXT = '''\
# title = "not here"
[deck]
title = """
seed = 3 stands in a text
footer"""

languages = [
  "fr",  # seed
  "en",
]
seed = 3
"foot\\u0065r" = "f"
[figures.max_pooling]
stride = 1
[figures]
palette = "dark"
figures.seed = 2
'''


@pytest.mark.parametrize(("keys", "line"), [
    (("deck",), 2), (("deck", "title"), 3), (("deck", "languages"), 7), (("deck", "seed"), 11),
    (("figures", "max_pooling"), 13), (("figures", "max_pooling", "stride"), 14),
    (("figures", "palette"), 16), (("figures", "figures", "seed"), 17),
    (("deck", "footer"), 2),  # written with an escape: the table's line
    (("deck", "nowhere"), 2), (("nowhere",), 0), ((), 0),
])  # fmt: skip
def test_the_line_of_a_key(tmp_path: Path, keys: tuple[str, ...], line: int) -> None:
    (tmp_path / "deck.toml").write_text(TEXT, encoding="utf-8")
    assert read(tmp_path / "deck.toml").line(keys) == line


NAME = st.text("abc", min_size=1, max_size=3)
LINE = st.sampled_from(['# a = "b"', "", '"""\na = 1\n"""', "[\n1,\n# b\n2]", "{a = 1, b = 'c'}", "3"])


@given(st.lists(st.tuples(NAME, LINE), max_size=12, unique_by=lambda pair: pair[0]))
def test_every_line_is_where_the_key_was_written(tmp_path_factory: pytest.TempPathFactory,
                                                 pairs: list[tuple[str, str]]) -> None:  # fmt: skip
    lines: list[str] = []
    written = {}
    for name, value in pairs:
        if value and not value.startswith("#"):
            written[name] = len(lines) + 1
            value = f"{name} = {value}"
        lines += value.split("\n")
    path = tmp_path_factory.mktemp("toml") / "x.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert {name: read(path).line((name,)) for name in written} == written


@pytest.mark.parametrize(("data", "line", "told"), [
    (b"[deck]\ntitle =\n", 2, "no TOML: Invalid value"),
    (b"[deck]\ntitle = 1\ntitle = 2\n", 3, "no TOML: Cannot overwrite a value"),
    (b'[deck]\nx = [\n"a",\n\n', 3, "no TOML: "),
    (b'[deck]\nx = """\n', 2, "no TOML: "),
    (b"a = 1\n# \xe9\n", 2, "not UTF-8: byte 0xE9; save the file as UTF-8"),
    (b"a = 1" + b"0" * 5000, 1, "no TOML: Exceeds the limit"),
    (b"a = " + b"[" * 50_000, 0, "too many brackets in one another"),
    (b"#" * (LARGEST + 1), 0, "has 100,001 bytes; 100,000 is the most"),
])  # fmt: skip
def test_what_cannot_be_read(tmp_path: Path, data: bytes, line: int, told: str) -> None:
    (tmp_path / "deck.toml").write_bytes(data)
    with pytest.raises(DeckError) as caught:
        read(tmp_path / "deck.toml")
    [fault] = caught.value.faults
    assert (fault.path.name, fault.line) == ("deck.toml", line)
    assert fault.message.startswith(told)


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "deck.toml").write_bytes(b"\xef\xbb\xbf[deck]\r\n\r\ntitle = 'a'\r\n")
    file = read(tmp_path / "deck.toml")
    assert file.data == tomllib.loads("[deck]\ntitle = 'a'")
    assert file.line(("deck", "title")) == 3


def test_no_file_is_an_empty_one_and_a_folder_is_none(tmp_path: Path) -> None:
    assert read(tmp_path / "deck.toml").data == {}
    with pytest.raises(DeckError, match="cannot be read"):
        read(tmp_path)
