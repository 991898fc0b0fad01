"""A deck's figures in Python: loaded where they are, with helpers that nobody else sees."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import assets, beside, own, store
from figures.listing import Listed, known, literal, unknow
from figures.registry import FIGURES, bind
from figures.sources import named_reach, source_digest

HEAD = "from figures import Picture, figure, plot_figure\n"
DOT = """
@figure
def dot(words, *, radius=3):
    fig, axes = plot_figure(words)
    return Picture(fig, f"A dot: {value()}.")
"""


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "store"))
    folder = tmp_path / "deck"
    folder.mkdir()
    beside.forget()
    yield folder
    unknow(folder)
    beside.forget()


def write(deck: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (deck / name).parent.mkdir(parents=True, exist_ok=True)
        (deck / name).write_text(text, encoding="utf-8")
    beside.forget()
    return deck


def reached(deck: Path) -> set[str]:
    return {name.removeprefix("own:") for name in named_reach(deck / own.FILE) if name.startswith("own:")}


HELPERS = {
    "a file": ({"figures.py": "from a import value\n", "a.py": "def value(): return 7\n"}, {"a.py"}),
    "a package": ({"figures.py": "from a import value\n", "a/__init__.py": "from a.b import value\n",
                   "a/b.py": "def value(): return 7\n"}, {"a/__init__.py", "a/b.py"}),
    "by a relative name": ({"figures.py": "from a.b import value\n", "a/__init__.py": "",
                            "a/b.py": "from .c import value\n", "a/c.py": "def value(): return 7\n"},
                           {"a/__init__.py", "a/b.py", "a/c.py"}),
    "a folder": ({"figures.py": "from a.b import value\n", "a/b.py": "def value(): return 7\n"}, {"a/b.py"}),
    "within a function": ({"figures.py": "def value():\n    import a\n    return a.seven\n", "a.py": "seven = 7\n"},
                          {"a.py"}),
    "a name of the project's": ({"figures.py": "def value(): return 7\n", "engine.py": "1 / 0\n"}, set()),
    "a name of Python's": ({"figures.py": "import json\ndef value(): return 7\n", "json.py": "1 / 0\n"}, set()),
    "in a circle": ({"figures.py": "from a import value\n", "a.py": "import b\ndef value(): return b.seven\n",
                     "b.py": "import a\nseven = 7\n"}, {"a.py", "b.py"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", HELPERS)
def test_helpers_are_found_run_and_part_of_the_digest(deck: Path, kind: str) -> None:
    files, expected = HELPERS[kind]
    write(deck, {**files, "figures.py": files["figures.py"] + HEAD + DOT})
    assert reached(deck) == {"figures.py", *expected}
    assert own.load(deck).dot().alt == "A dot: 7."
    assert not {"a", "b", "a.b"} & {*sys.modules}
    for name in expected:
        before = source_digest(deck / own.FILE)
        write(deck, {name: (deck / name).read_text() + "# edited\n"})
        assert source_digest(deck / own.FILE) != before


def test_a_module_that_is_imported_by_a_computed_name_counts_as_a_file(deck: Path) -> None:
    write(deck, {"figures.py": HEAD + "import importlib\nvalue = importlib.import_module('a').value\n" + DOT,
                 "a.py": "def value(): return 7\n"})  # fmt: skip
    own.load(deck)
    call = assets.bound("dot", {}, lang="fr", folder=deck)
    from figures.render import draw

    assets.keep(draw(call))
    assert assets.stored(call) is not None
    write(deck, {"a.py": "def value(): return 8\n"})
    assert assets.stored(call) is None


def test_classes_of_its_own_work(deck: Path) -> None:
    code = "from dataclasses import dataclass\n@dataclass\nclass Ball:\n    x: int = 7\ndef value(): return Ball().x\n"
    write(deck, {"figures.py": "from __future__ import annotations\n" + code + HEAD + DOT})
    assert own.load(deck).dot().alt == "A dot: 7."


def test_what_fails_to_load_leaves_nothing_behind(deck: Path) -> None:
    write(deck, {"figures.py": HEAD + "import a\n", "a.py": "1 / 0\n"})
    before = {*sys.modules}
    with pytest.raises(ZeroDivisionError):
        own.load(deck)
    assert {name for name in {*sys.modules} - before if name.startswith(("own_figures", "a"))} == set()
    assert known(deck) == {}
    with pytest.raises(FileNotFoundError):
        own.load(deck.parent)


def test_a_room_names_what_it_has(deck: Path) -> None:
    write(deck, {"figures.py": HEAD + "value = int\n" + DOT})
    before = dict(FIGURES)
    room = own.load(deck)
    assert list(room.figures) == ["dot"]
    assert before == FIGURES
    with pytest.raises(AttributeError, match="no figure 'dott'; there are dot"):
        room.dott()


def test_the_store_knows_the_figures_without_running_them(deck: Path) -> None:
    write(deck, {"figures.py": HEAD + "value = int\n" + DOT})
    assert own.remembered(deck) is None
    room = own.load(deck)
    own.remember(deck, known(deck), room.files)
    (deck / "figures.py").write_text((deck / "figures.py").read_text())
    listed = own.remembered(deck)
    assert listed == {"dot": Listed({"radius": "3"}, "", "figures.py", 4, [])}
    (entry,) = (store.root() / "listings").rglob("*/*")
    assert json.loads(entry.read_bytes()[32:])[1] == {}
    write(deck, {"figures.py": HEAD + "value = float\n" + DOT})
    assert own.remembered(deck) is None


def test_a_slow_computation_is_remembered_wherever_the_deck_lies(deck: Path) -> None:
    training = """
from typing import NamedTuple
import numpy as np

class Result(NamedTuple):
    total: np.ndarray
    def arrays(self): return self._asdict()

def train(*, steps):
    with open(LOG, "a") as file: file.write("x")
    return Result(np.arange(steps).sum())
""".replace("LOG", repr(str(deck.parent / "log")))
    code = ("from figures.remembered import remembered\nfrom training import Result, train\n"
            "def value(): return int(remembered(train, lambda kept: Result(**kept), steps=4).total)\n")  # fmt: skip
    write(deck, {"figures.py": code + HEAD + DOT, "training.py": training})
    for folder in (deck, deck.parent / "other"):
        if folder != deck:
            deck.rename(folder)
        assert own.load(folder).dot().alt == "A dot: 6."
        write(folder, {"figures.py": code + HEAD + DOT + "# A change of colour.\n"})
        assert own.load(folder).dot().alt == "A dot: 6."
    assert (deck.parent / "log").read_text() == "x"


@dataclasses.dataclass
class Odd:
    x: int = 0


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
                      lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner)
                      | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=8)  # fmt: skip


@given(VALUES)
def test_a_default_that_can_be_said_reads_back_as_it_was(value: object) -> None:
    text = literal(value)
    defaults = Listed({"x": text}, "", "", 0).defaults()
    if text:
        assert repr(defaults["x"]) == repr(value)
    else:
        assert "inf" in repr(value)


@pytest.mark.parametrize("value", [Odd(), int, print, object(), float("nan"), [Odd()], range(3)])
def test_any_other_default_is_left_to_python(value: object) -> None:
    assert literal(value) == ""


def test_an_unknown_language_is_told(deck: Path) -> None:
    write(deck, {"figures.py": HEAD + "value = int\n" + DOT})
    own.load(deck)
    assert bind("dot", {}, lang="de", folder=deck).lang == "de"
    with pytest.raises(ValueError, match="no language 'de'"):
        bind("max_pooling", {}, lang="de", folder=deck)


def test_neither_matplotlib_nor_the_deck_is_loaded_to_look_a_figure_up(deck: Path) -> None:
    write(deck, {"figures.py": HEAD + "value = int\n" + DOT})
    own.remember(deck, {"dot": Listed({"radius": "3"}, "", "figures.py", 4)}, ())
    code = ("import sys; from pathlib import Path; from figures import own; from figures.listing import know; "
            "from figures import assets; d = Path(sys.argv[1]); know(d, own.remembered(d)); "
            "assets.find('dot', {}, lang='fr', folder=d); sys.exit('matplotlib' in sys.modules)")  # fmt: skip
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]))
    assert subprocess.run([sys.executable, "-P", "-c", code, str(deck)], env={**os.environ, "PYTHONPATH": path},
                          check=False).returncode == 0  # fmt: skip
