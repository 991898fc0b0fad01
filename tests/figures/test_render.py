"""From calls to assets: the store, several processes, faults told together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import figures
from figures import Picture, figure
from figures import render as rendering
from figures.language import Words, catalogue
from figures.parts import write
from figures.registry import FIGURES, bind
from figures.render import key, plain, render, render_all
from figures.style import slide_figure


@pytest.fixture(autouse=True)
def spot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(rendering, "folder", lambda kind: tmp_path / kind)

    @figure
    def spot(words: Words, *, radius: int = 3) -> Picture:
        if radius < 0:
            raise ValueError(f"spot: radius must be at least 0, not {radius}")
        drawing, axes = slide_figure(100, 80)
        write(axes, 50, 50, words.number(radius))
        return Picture(drawing, "Un point.", {"radius": radius, "pair": (1, 2)})

    yield
    del FIGURES["spot"]


def test_an_asset_is_drawn_once(tmp_path: Path) -> None:
    first, second = (render(bind("spot", {})) for _ in range(2))
    assert (first.reused, second.reused) == (False, True)
    assert first._replace(reused=True) == second
    assert (first.width, first.height) == (100, 80)
    assert first.facts == {"radius": 3, "pair": [1, 2]}
    assert first.filename.startswith("spot-")
    assert render(bind("spot", {}), fresh=True).svg == first.svg


def test_a_damaged_asset_is_drawn_again(tmp_path: Path) -> None:
    first = render(bind("spot", {}))
    for path in (tmp_path / "pictures").glob("*.svg"):
        path.write_bytes(path.read_bytes()[:100])
    assert render(bind("spot", {})) == first


def test_the_key_holds_call_language_and_palette() -> None:
    keys = {key(bind("spot", parameters, palette=palette))
            for parameters in ({}, {"radius": 4}) for palette in ("light", "dark")}  # fmt: skip
    assert len(keys) == 4
    assert key(bind("spot", {})) == key(bind("spot", {"radius": 3}))


def changed(monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> bool:
    call = bind("spot", {})
    before = key(call)
    monkeypatch.setattr(rendering, name, value)
    return key(call) != before


def test_the_key_holds_words_sources_and_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    assert changed(monkeypatch, "source_digest", lambda module: "other")
    assert changed(monkeypatch, "versions", lambda packages: "numpy=9")
    monkeypatch.setattr(rendering, "reach", lambda module: {Path(__file__)})  # it names "common.by" just here
    assert changed(monkeypatch, "catalogue", lambda language: {"common": {"by": "other"}})
    assert not changed(monkeypatch, "catalogue", lambda language: {"common": {"by": "other"}, "unused": {"a": "b"}})


@pytest.mark.parametrize("name", sorted(set(figures.__all__) & set(FIGURES)))
def test_the_key_holds_every_table_of_words_that_a_figure_uses(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A review found that a changed word of [activations] left the old one on the slide."""
    used: set[str] = set()
    find = Words._find

    def recorded(self: Words, entry: str) -> object:
        used.add(entry.partition(".")[0])
        return find(self, entry)

    monkeypatch.setattr(Words, "_find", recorded)
    call = bind(name, {})
    call.draw()
    before = key(call)
    for table in used:
        words = {**catalogue("fr"), table: {"changed": "x"}}
        monkeypatch.setattr(rendering, "catalogue", lambda language, words=words: words)
        assert key(call) != before, table


def test_a_call_given_twice_is_drawn_once() -> None:
    drawn: list[str] = []
    first, second = render_all([bind("spot", {}), bind("spot", {"radius": 3})], report=lambda call: drawn.append("x"))
    assert first is second
    assert drawn == ["x"]


def test_faults_are_told_together_and_in_order() -> None:
    calls = [bind("spot", {"radius": r}) for r in (-1, 2, -3)]
    drawn: list[str] = []
    first, second, third = render_all(calls, report=lambda call: drawn.append(call.name))
    assert str(first) == "spot: radius must be at least 0, not -1"
    assert getattr(second, "alt", None) == "Un point."
    assert isinstance(third, ValueError)
    assert drawn == ["spot"] * 3


def test_processes_give_the_same_bytes() -> None:
    calls = [bind("max_pooling", {}), bind("max_pooling", {"stride": 1}), bind("max_pooling", {"stride": 0})]
    side_by_side = render_all(calls, jobs=2)
    assert [type(asset).__name__ for asset in side_by_side] == ["Asset", "Asset", "ValueError"]
    for call, asset in zip(calls[:2], side_by_side[:2], strict=True):
        assert render(call, fresh=True)._replace(reused=asset.reused) == asset


def test_facts_are_plain() -> None:
    import numpy as np

    assert plain({"a": np.float32(0.5), "b": (np.arange(2), [np.int64(3)])}) == {"a": 0.5, "b": [[0, 1], [3]]}
