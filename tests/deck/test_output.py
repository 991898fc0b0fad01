"""The folder of a deck is whole at every instant, and nothing in it that a build did not write is ever touched."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from deck.output import Draft, alone


def write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def named(data: bytes) -> str:
    return f"images/a-{sha256(data).hexdigest()[:8]}.svg"


def publish(folder: Path, *contents: bytes, write: object = write_whole) -> dict[str, str]:
    draft = Draft(folder, write)  # type: ignore[arg-type]
    names = {draft.add(named(data), data) for data in contents}
    digests = draft.publish({"slides.fr.md": " ".join(sorted(names))}, names)
    draft.clear()
    return digests


def test_images_come_first_then_the_markdown_and_old_images_go_after_it(tmp_path: Path) -> None:
    order: list[str] = []

    def noting(path: Path, data: bytes) -> None:
        if path.suffix == ".md":
            assert (tmp_path / named(b"1")).exists()
            order.append(path.name)
        write_whole(path, data)

    digests = publish(tmp_path, b"1", write=noting)
    assert order == ["slides.fr.md"]
    assert digests == {named(b"1"): sha256(b"1").hexdigest(), "slides.fr.md": sha256(named(b"1").encode()).hexdigest()}

    def fails_at_markdown(path: Path, data: bytes) -> None:
        if path.suffix == ".md":
            raise OSError("disk full")
        write_whole(path, data)

    with pytest.raises(OSError, match="disk full"):
        publish(tmp_path, b"2", write=fails_at_markdown)
    assert (tmp_path / "slides.fr.md").read_text() == named(b"1")
    assert (tmp_path / named(b"1")).read_bytes() == b"1"
    publish(tmp_path, b"2")
    assert [p.name for p in (tmp_path / "images").iterdir()] == [Path(named(b"2")).name]


def test_only_what_a_build_wrote_is_ever_removed(tmp_path: Path) -> None:
    """A review found a date in a file's name taken for a digest, and the user's photograph removed."""
    for name in ("photo-20240131.jpg", "plan-deadbeef.png", "mine.png"):
        write_whole(tmp_path / "images" / name, b"mine")
    (tmp_path / "slides.old.md").write_bytes("é".encode("latin-1"))
    publish(tmp_path)
    assert len(list((tmp_path / "images").iterdir())) == 3


def test_an_image_that_exported_slides_still_show_stays(tmp_path: Path) -> None:
    publish(tmp_path, b"1")
    (tmp_path / "slides.fr.html").write_text(f'<img src="{named(b"1")}">')
    publish(tmp_path, b"2")
    assert (tmp_path / named(b"1")).exists()


def test_what_a_killed_build_left_goes(tmp_path: Path) -> None:
    publish(tmp_path, b"1")
    write_whole(tmp_path / ".draft" / named(b"9"), b"9")
    write_whole(tmp_path / "images" / ".a.svg.xyz.part", b"half")
    publish(tmp_path, b"1")
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()) == [
        named(b"1"), "slides.fr.md"]  # fmt: skip


def test_an_image_that_was_altered_is_put_right(tmp_path: Path) -> None:
    publish(tmp_path, b"1")
    (tmp_path / named(b"1")).write_bytes(b"2")
    publish(tmp_path, b"1")
    assert (tmp_path / named(b"1")).read_bytes() == b"1"


def test_a_draft_that_is_dropped_leaves_nothing(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "new", write_whole)
    draft.add(named(b"1"), b"1")
    draft.discard()
    assert not (tmp_path / "new").exists()


def test_a_second_build_waits_and_a_killed_one_is_no_obstacle(tmp_path: Path) -> None:
    program = ("import sys, time; from pathlib import Path; from deck.output import alone\n"
               "with alone(Path(sys.argv[1]), print): print('in', flush=True); time.sleep(60)")  # fmt: skip
    other = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True,
                             cwd=Path(__file__).parents[2])  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "in\n"
    told: list[str] = []

    def waiting() -> None:
        told.append("waiting")
        other.kill()

    with alone(tmp_path, waiting):
        assert told == ["waiting"]
    other.wait()
    other.stdout.close()
    with alone(tmp_path, waiting):
        assert told == ["waiting"]
