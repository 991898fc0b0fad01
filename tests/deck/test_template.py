"""What a template calls and what it prints."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

import deck as slides
from deck import Facts, Image
from deck.output import write


def read(folder: Path, text: str) -> slides.Template:
    (folder / "slides.fr.md.j2").write_text(text, encoding="utf-8")
    return slides.read(folder, "fr", {})


def test_constant_calls_are_found_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "part.md").write_text('\n{{ figure("b") }}')
    text = '{{ figure("a", x=[1, -2], y={"k": "v"}) }}\n{% set n = 3 %}\n{{ figure("c", x=n) }}{% include "part.md" %}'
    found = slides.calls(read(tmp_path, text))
    assert [(c.path.name, c.line, c.name, dict(c.parameters)) for c in found] == [
        ("slides.fr.md.j2", 1, "a", {"x": [1, -2], "y": {"k": "v"}}), ("part.md", 2, "b", {})]


def test_includes_that_include_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "part.md").write_text('{% include "slides.fr.md.j2" %}')
    assert len(read(tmp_path, '{% include "part.md" %}').parts) == 2


def test_languages_are_those_of_the_templates(tmp_path: Path) -> None:
    for name in ("slides.fr.md.j2", "slides.pt-BR.md.j2", "slides.md.j2", "notes.fr.md.j2"):
        (tmp_path / name).touch()
    assert slides.languages(tmp_path) == ["fr", "pt-BR"]


def test_an_image_keeps_its_proportions() -> None:
    image = Image("a.svg", "", 1136, 556, Facts("a", {})).scaled(568)
    assert (image.width, image.height) == (568, 278)
    with pytest.raises(ValueError, match="scaled: width must be a whole number of at least 1, not 0"):
        image.scaled(0)


def test_facts_are_read_by_name() -> None:
    facts = Facts("pool", {"output": 3})
    assert facts.output == facts["output"] == 3
    with pytest.raises(ValueError, match="pool: no fact 'outptu'; did you mean 'output'"):
        _ = facts.outptu


def test_the_markdown_is_written_last_and_old_images_go_after_it(tmp_path: Path) -> None:
    order: list[str] = []

    def write_whole(path: Path, data: bytes) -> None:
        order.append(path.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    one, two = (f"a-{sha256(data).hexdigest()[:8]}.svg" for data in (b"1", b"2"))
    write(tmp_path, {"fr": f"images/{one}"}, [(one, b"1")], {"f.ttf": b"f"}, write_whole)
    assert order == ["f.ttf", one, "slides.fr.md"]

    def fails_at_markdown(path: Path, data: bytes) -> None:
        if path.suffix == ".md":
            raise OSError("disk full")
        write_whole(path, data)

    with pytest.raises(OSError, match="disk full"):
        write(tmp_path, {"fr": f"images/{two}"}, [(two, b"2")], {}, fails_at_markdown)
    assert (tmp_path / "slides.fr.md").read_text() == f"images/{one}"
    assert (tmp_path / "images" / one).exists()
    write(tmp_path, {"fr": f"images/{two}"}, [(two, b"2")], {}, write_whole)
    assert [p.name for p in (tmp_path / "images").iterdir()] == [two]


def test_only_what_a_build_wrote_is_ever_removed(tmp_path: Path) -> None:
    """A review found a date in a file's name taken for a digest, and the user's photograph removed."""
    (tmp_path / "images").mkdir()
    for name in ("photo-20240131.jpg", "plan-deadbeef.png", "mine.png"):
        (tmp_path / "images" / name).write_bytes(b"mine")
    (tmp_path / "slides.old.md").write_bytes("é".encode("latin-1"))
    write(tmp_path, {"fr": ""}, [], {}, lambda path, data: path.write_bytes(data) and None)
    assert len(list((tmp_path / "images").iterdir())) == 3


def test_an_image_that_another_build_removed_is_written_again(tmp_path: Path) -> None:
    name = f"a-{sha256(b'1').hexdigest()[:8]}.svg"

    def write_whole(path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if path.suffix == ".md":
            (tmp_path / "images" / name).unlink()  # as a build with another deck would

    write(tmp_path, {"fr": f"images/{name}"}, [(name, b"1")], {}, write_whole)
    assert (tmp_path / "images" / name).read_bytes() == b"1"
