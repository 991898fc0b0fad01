"""A call is a name and bound parameters; what is wrong with one is told at once."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from figures import Picture, figure
from figures.language import Words
from figures.parts import write
from figures.registry import FIGURES, bind
from figures.style import slide_figure


@pytest.fixture(autouse=True)
def spot() -> Iterator[None]:
    @figure
    def spot(words: Words, *, radius: int = 3, name: str = "x") -> Picture:
        """A spot."""
        figure, axes = slide_figure(100, 100)
        write(axes, 50, 50, words.number(radius))
        return Picture(figure, f"{words.language} {name}", {"radius": radius})

    yield
    del FIGURES["spot"]


def test_callers_leave_the_words_out() -> None:
    picture = FIGURES["spot"](radius=5)
    assert picture.alt == "fr x"
    assert picture.facts == {"radius": 5}
    assert list(inspect.signature(FIGURES["spot"]).parameters) == ["radius", "name", "lang", "palette", "ax", "fig"]
    assert inspect.getdoc(FIGURES["spot"]) == "A spot."


def test_a_default_written_out_is_the_same_call() -> None:
    assert bind("spot", {}) == bind("spot", {"radius": 3, "name": "x"})
    assert bind("spot", {}) != bind("spot", {"radius": 4})


def test_a_deck_names_its_files_from_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "photo.png").touch()
    assert bind("spot", {"name": "photo.png"}, folder=tmp_path).parameters["name"] == str(tmp_path / "photo.png")
    missing = bind("spot", {"name": "other.png"}, folder=tmp_path).parameters["name"]
    assert missing == str(tmp_path / "other.png")  # it is missed there, whatever lies in the current folder
    assert bind("spot", {"name": "v1.2"}, folder=tmp_path).parameters["name"] == "v1.2"


@pytest.mark.parametrize(
    ("name", "parameters", "options", "kind", "message"),
    [
        ("spott", {}, {}, ValueError, "no figure 'spott'; did you mean 'spot'?"),
        ("zzzzz", {}, {}, ValueError, "no figure 'zzzzz'; there are "),
        ("spot", {"radus": 1}, {}, TypeError, "spot: no parameter 'radus'; did you mean 'radius'?"),
        ("spot", {"q": 1}, {}, TypeError, "spot: no parameter 'q'; it has radius, name"),
        ("spot", {}, {"lang": "de"}, ValueError, "no language 'de'; there are "),
        ("spot", {}, {"palette": "drak"}, ValueError, "no palette 'drak'; did you mean 'dark'?"),
    ],
)
def test_what_is_wrong_is_told(name: str, parameters: dict[str, int], options: dict[str, str], kind: type[Exception],
                               message: str) -> None:
    with pytest.raises(kind) as caught:
        bind(name, parameters, **options)  # type: ignore[arg-type]
    assert str(caught.value).startswith(message)
