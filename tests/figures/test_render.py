"""From calls to assets: drawn once, found again without drawing, drawn again exactly when something it used changes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from figures import assets, catalogue, figure, language
from figures.language import Words
from figures.registry import FIGURES, bind
from figures.render import draw, plain, render
from figures.sources import forget
from figures.store import DamagedEntry

SENTENCES = {"spot": {"alt": "Un point.", "other": "Autre."}, "unused": {"a": "b"}}


MODULE = """
from pathlib import Path

from figures import Picture, figure
from figures.parts import write
from figures.style import slide_figure


@figure
def spot(words, *, radius=3, read=False):
    if radius < 0:
        raise ValueError(f"spot: radius must be at least 0, not {radius}")
    value = int((Path(__file__).parent / "data.txt").read_text()) if read else radius
    drawing, axes = slide_figure(100, 80)
    write(axes, 50, 50, words.number(value))
    return Picture(drawing, words.say("spot.alt"), {"radius": radius, "pair": (1, 2)})
"""


@pytest.fixture(autouse=True)
def spot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A figure of somebody's own, in a module with a data file beside it: the file."""
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "store"))
    said(monkeypatch)
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "spots.py").write_text(MODULE)
    (tmp_path / "beside" / "data.txt").write_text("7")
    monkeypatch.syspath_prepend(tmp_path / "beside")
    forget()
    importlib.import_module("spots")
    yield tmp_path / "beside" / "data.txt"
    del FIGURES["spot"], sys.modules["spots"]


def said(monkeypatch: pytest.MonkeyPatch, **sentences: str) -> None:
    words = {**SENTENCES, "spot": {**SENTENCES["spot"], **sentences}}
    for module in (catalogue, language):
        monkeypatch.setattr(module, "catalogue", lambda language: words)


def test_an_asset_is_drawn_once() -> None:
    first, second = (render(bind("spot", {})) for _ in range(2))
    assert (first.reused, second.reused) == (False, True)
    assert first._replace(reused=True) == second
    assert (first.width, first.height) == (100, 80)
    assert first.facts == {"radius": 3, "pair": [1, 2]}
    assert first.words == {"spot.alt": "Un point."}
    assert first.filename.startswith("spot-")
    assert draw(bind("spot", {})).svg == first.svg


def test_a_call_as_it_is_written_is_found_without_binding(monkeypatch: pytest.MonkeyPatch) -> None:
    assert assets.find("spot", {}, lang="fr") is None
    drawn = render(assets.bound("spot", {}, lang="fr"))
    monkeypatch.setattr(assets, "bind", None)
    assert assets.find("spot", {}, lang="fr") == drawn._replace(reused=True)
    assert assets.find("spot", {"radius": 3}, lang="fr") is None  # not written so before
    assert assets.find("nothing", {}, lang="fr") is None


def test_a_default_written_out_is_the_same_picture() -> None:
    assert assets.base(bind("spot", {})) == assets.base(bind("spot", {"radius": 3}))
    keys = {assets.base(bind("spot", parameters, palette=palette))
            for parameters in ({}, {"radius": 4}) for palette in ("light", "dark")}  # fmt: skip
    assert len(keys) == 4


@pytest.mark.parametrize("kind", ["pictures", "uses", "calls"])
def test_a_damaged_asset_is_drawn_again(tmp_path: Path, kind: str) -> None:
    first = render(assets.bound("spot", {}, lang="fr"))
    for path in (p for p in (tmp_path / "store" / kind).rglob("*") if p.is_file()):
        path.write_bytes(path.read_bytes()[:50])
    with pytest.warns(DamagedEntry):
        assert assets.find("spot", {}, lang="fr") is None
    again = render(bind("spot", {}))
    assert again.svg == first.svg
    assert again.reused is (kind == "calls")


def reused(**parameters: object) -> bool:
    return render(bind("spot", parameters)).reused


def test_it_is_drawn_again_exactly_when_a_word_of_its_own_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A review found that a changed word of a shared table left the old one on the slide."""
    render(bind("spot", {}))
    said(monkeypatch, other="Changed.")
    assert reused()
    said(monkeypatch, alt="Un rond.")
    assert not reused()
    assert reused()
    said(monkeypatch)
    assert not reused() or render(bind("spot", {})).alt == "Un point."
    monkeypatch.setattr(catalogue, "catalogue", lambda language: {"unused": {}})
    with pytest.raises(KeyError, match="no entry"):
        render(bind("spot", {}))


def test_it_is_drawn_again_exactly_when_a_file_that_it_read_changes(spot: Path) -> None:
    assert str(spot) in render(bind("spot", {"read": True})).files
    assert not render(bind("spot", {})).files
    assert reused(read=True)
    spot.write_text("8")
    assert not reused(read=True)
    assert reused()
    spot.write_text("7")
    assert reused(read=True)  # as it was before


def test_sources_versions_and_fonts_count(monkeypatch: pytest.MonkeyPatch) -> None:
    call = bind("spot", {})
    keys = {assets.base(call)}
    monkeypatch.setattr(assets, "source_digest", lambda module: module)
    keys.add(assets.base(call))
    monkeypatch.setattr(assets, "versions", lambda packages: {"numpy": "9"})
    keys.add(assets.base(call))
    monkeypatch.setattr(assets, "content", lambda path: "another font")
    keys.add(assets.base(call))
    assert len(keys) == 4


def test_a_figure_must_return_a_picture() -> None:
    @figure
    def nothing(words: Words) -> None:
        return None

    try:
        with pytest.raises(TypeError, match="nothing: a figure must return a Picture, not NoneType"):
            render(bind("nothing", {}))
    finally:
        del FIGURES["nothing"]


def test_facts_are_plain() -> None:
    assert plain({"a": np.float32(0.5), "b": (np.arange(2), [np.int64(3)])}) == {"a": 0.5, "b": [[0, 1], [3]]}
