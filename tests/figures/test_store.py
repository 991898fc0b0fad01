"""What was computed is kept whole, found again, dropped when it is old; a damaged entry is noticed."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from figures import store
from figures.store import DamagedEntry, get, keep, place, prune, root, write_whole


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "store"))
    return tmp_path / "store"


KEY = "ab" * 32


def test_what_is_kept_is_found(folder: Path) -> None:
    assert get("pictures", KEY) is None
    keep("pictures", KEY, b"content")
    assert get("pictures", KEY) == b"content"
    assert get("results", KEY) is None
    assert root() == folder


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 40, "cut", "altered"])
def test_a_damaged_entry_is_told_and_gone(damage: bytes | str) -> None:
    keep("pictures", KEY, b"content")
    path = place("pictures", KEY)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] if damage == "cut" else whole[:-1] + b"?" if damage == "altered" else damage)
    with pytest.warns(DamagedEntry, match="damaged, made again"):
        assert get("pictures", KEY) is None
    assert not path.exists()


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "file"))
    keep("pictures", KEY, b"content")
    assert get("pictures", KEY) is None
    assert prune(0) == 0


def test_a_full_disk_stops_nothing_and_leaves_no_half_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    keep("pictures", KEY, b"content")
    assert not [p for p in folder.rglob("*") if p.is_file()]


def test_what_was_used_least_recently_goes_first() -> None:
    keys = [f"{n:02d}" * 32 for n in range(6)]
    for age, key in enumerate(keys):
        keep("pictures", key, bytes(1000))
        os.utime(place("pictures", key), (time.time() - 1000 + age,) * 2)
    assert get("pictures", keys[0]) is not None  # and is young again
    assert prune(3 * 1032) == 3 * 1032
    assert [key in keys for key in keys if place("pictures", key).exists()] == [True] * 3
    assert place("pictures", keys[0]).exists()
    assert not place("pictures", keys[1]).exists()
    assert prune(3 * 1032) == 0


def test_left_overs_of_killed_writers_go_when_they_are_old(folder: Path) -> None:
    for name, age in (("old", 4000), ("young", 10)):
        path = folder / "pictures" / "ab" / f".{name}.part"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        os.utime(path, (time.time() - age,) * 2)
    prune()
    assert [p.name for p in (folder / "pictures" / "ab").iterdir()] == [".young.part"]


def test_several_writers_of_one_entry_leave_one_whole(folder: Path) -> None:
    content = bytes(300_000)
    threads = [threading.Thread(target=keep, args=("pictures", KEY, content)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(50):
        assert get("pictures", KEY) in (None, content)
    for thread in threads:
        thread.join()
    assert get("pictures", KEY) == content
    assert [p.name for p in place("pictures", KEY).parent.iterdir()] == [KEY[2:]]


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


def test_the_users_cache_folder_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FIGURES_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert store.root().name == "executable-figures"
