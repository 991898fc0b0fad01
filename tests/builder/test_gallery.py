"""The gallery: every figure with its calls, drawn once, found in the store afterwards."""

from __future__ import annotations

import ast
import re
from inspect import signature
from pathlib import Path

import pytest

import figures
from builder import gallery
from builder.gallery import Example
from builder.gallery_pages import facts, python_call, template_call
from figures.registry import bind

CALLS = Path(__file__).parent.parent.parent / "docs" / "gallery.toml"
STOCK = {name for name in figures.__all__
         if name.islower() and "palette" in signature(getattr(figures, name)).parameters}  # fmt: skip


def some(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "calls.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_figure_is_there_by_its_defaults_first() -> None:
    wanted = gallery.examples(CALLS)
    assert {example.name for example in wanted} == STOCK
    for name in STOCK:
        first, *others = [example for example in wanted if example.name == name]
        assert (first.parameters, first.shows) == ({}, "")
        assert all(example.parameters and example.shows for example in others)


@pytest.mark.parametrize("example", gallery.examples(CALLS), ids=python_call)
def test_the_calls_that_are_shown_mean_what_is_drawn(example: Example) -> None:
    call = bind(example.name, example.parameters)
    written = ast.parse(python_call(example), mode="eval").body
    assert isinstance(written, ast.Call)
    given = {word.arg or "": ast.literal_eval(word.value) for word in written.keywords}
    assert bind(example.name, given) == call
    assert template_call(example).startswith(f'{{{{ figure("{example.name}"')


@pytest.mark.parametrize("text", ["[[max_poling]]\nshows = ''\nparameters = {}", "[[Picture]]\nshows = ''"])
def test_a_figure_that_there_is_not_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"no figure '(max_poling|Picture)'"):
        gallery.examples(some(tmp_path, text))


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One figure for all, and a store of its own."""
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "store"))
    monkeypatch.setattr(gallery, "names", lambda: ["max_pooling"])
    return some(tmp_path, '[[max_pooling]]\nshows = "Steps of one."\nparameters = { stride = 1 }\n')


def test_it_is_drawn_once_and_what_has_not_changed_is_not_written_again(tmp_path: Path, alone: Path) -> None:
    folder = tmp_path / "gallery"
    assert gallery.write(folder, alone) == (4, 4)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    (folder / "max_pooling-00000000.svg").write_text("of an earlier gallery", encoding="utf-8")
    (folder / "notes.txt").write_text("somebody's own", encoding="utf-8")
    assert gallery.write(folder, alone) == (0, 4)
    assert {p: p.stat().st_mtime_ns for p in folder.iterdir() if p.name != "notes.txt"} == before


def test_a_page_has_calls_drawings_parameters_facts_and_alt_text(tmp_path: Path, alone: Path) -> None:
    gallery.write(tmp_path / "gallery", alone)
    text = (tmp_path / "gallery" / "max_pooling.md").read_text(encoding="utf-8")
    for piece in ('{{ figure("max_pooling") }}', "figures.max_pooling(stride=1)", "Steps of one.",
                  ".. autofunction:: figures.max_pooling", "| `output` | `[[8.0, 9.0], [5.0, 6.0]]` |", "## Alt text"):
        assert piece in text
    drawings = re.findall(r"\{image\} (\S+)", text)
    assert len(drawings) == 4
    pictures = [(tmp_path / "gallery" / name).read_bytes() for name in drawings]
    assert all(b"<svg" in picture for picture in pictures)
    assert len(set(pictures)) == 4  # two calls, each on light and on dark
    assert "max_pooling" in (tmp_path / "gallery" / "index.md").read_text(encoding="utf-8")


def test_a_call_that_is_wrong_is_told_and_writes_nothing(
    tmp_path: Path, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = some(tmp_path, "[[max_pooling]]\nshows = ''\nparameters = { stride = 0 }\n")
    assert gallery.main(["-o", str(tmp_path / "gallery"), "--calls", str(path)]) == 1
    assert "stride" in capsys.readouterr().err
    assert not (tmp_path / "gallery").exists()


def test_facts_are_named_by_their_way_and_long_ones_shortened() -> None:
    values = {"a": 1, "b": {"c": [1.5], "d": {"e": True}}, "f": list(range(60))}
    found = dict(facts(values))
    assert found["a"] == "1"
    assert found["b.c"] == "[1.5]"
    assert found["b.d"] == '{"e": true}'
    assert found["f"].startswith("[0, 1, 2")
    assert found["f"].endswith(" …")
