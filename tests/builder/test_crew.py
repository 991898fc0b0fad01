"""The processes of a build: one begins before there is anything to draw, and all are kept until the build ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import drawing_figures  # noqa: F401
import pytest
from own_decks import FINE, HEAD

from builder.command import main
from builder.crew import Crew, processors
from builder.drawing import draw_all
from figures.assets import Asset
from figures.registry import FigureCall, bind

TWO = pytest.mark.skipif(processors() < 2, reason="one processor: no process begins ahead")


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As in a process that has not drawn yet, with a store of its own."""
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "store"))
    monkeypatch.delitem(sys.modules, "matplotlib.figure", raising=False)


@pytest.fixture
def crew(fresh: None) -> Iterator[Crew]:
    with Crew() as hands:
        yield hands
    assert multiprocessing.active_children() == []


def drawn(crew: Crew, *calls: FigureCall, jobs: int = 1) -> list[Asset]:
    found = dict(draw_all(calls, jobs=jobs, limit=20.0, crew=crew))
    assets = [found[place] for place in sorted(found)]
    assert all(isinstance(asset, Asset) for asset in assets), assets
    return [asset for asset in assets if isinstance(asset, Asset)]


def only_child() -> int:
    (child,) = multiprocessing.active_children()
    assert child.pid is not None
    return child.pid


@TWO
def test_the_process_that_began_ahead_draws(crew: Crew) -> None:
    crew.make_ready()
    ahead = only_child()
    (asset,) = drawn(crew, bind("worker", {}))
    assert asset.facts["pid"] == ahead


@TWO
def test_it_is_left_where_all_is_imported_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", sys)
    with Crew() as crew:
        crew.make_ready()
        assert multiprocessing.active_children() == []


def test_processes_are_kept_from_one_drawing_to_the_next(crew: Crew) -> None:
    first, second = (drawn(crew, bind("worker", {"nth": nth}))[0].facts["pid"] for nth in range(2))
    assert first == second == only_child()


@TWO
def test_a_process_follows_store_and_threads(crew: Crew, tmp_path: Path,
                                             monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """It is older than the choice of a store: `--cache` is heard after it was started."""
    crew.make_ready()
    for name, jobs in (("one", 1), ("two", 2)):
        monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / name))
        found = drawn(crew, bind("worker", {}), bind("storing", {"key": "ab" * 32}), jobs=jobs)
        assert found[0].facts["threads"] == max(1, processors() // jobs)
        assert (tmp_path / name / "results" / "ab").is_dir()


@TWO
def test_one_that_is_ended_before_it_has_anything_to_draw_costs_nothing_but_time(crew: Crew) -> None:
    crew.make_ready()
    ahead = only_child()
    os.kill(ahead, signal.SIGKILL)
    while multiprocessing.active_children():
        time.sleep(0.01)
    (asset,) = drawn(crew, bind("worker", {}))
    assert asset.facts["pid"] != ahead


def test_a_busy_process_is_not_kept(crew: Crew) -> None:
    drawing = draw_all([bind("dot", {}), bind("spin", {})], jobs=2, crew=crew)
    next(drawing)
    drawing.close()
    assert len(multiprocessing.active_children()) <= 1  # the one that drew the dot
    drawn(crew, bind("dot", {"radius": 9}))


@TWO
def test_no_process_is_left_where_a_build_draws_nothing(fresh: None, talk: Path) -> None:
    (talk / "slides.fr.md.j2").write_text("# Un\n")
    assert main(["talk", "-q", "-j", "2"]) == 0
    assert multiprocessing.active_children() == []


def test_calls_that_are_computed_are_drawn_by_one_process(talk: Path) -> None:
    """Each was drawn by a process of its own, which imported everything anew."""
    (talk / "figures.py").write_text(
        "import os\nfrom figures import Picture, figure\nfrom figures.style import slide_figure\n\n\n"
        '@figure\ndef who(words, *, nth: int = 0) -> Picture:\n    drawing, axes = slide_figure(100, 80)\n'
        '    return Picture(drawing, "x", {"pid": os.getpid()})\n')
    (talk / "slides.fr.md.j2").write_text(
        '# Un\n{% for nth in range(3) %}\n{{ figure("who", nth=nth).facts.pid }}\n{% endfor %}\n')
    assert main(["talk", "-q", "-j", "1"]) == 0
    lines = Path("dist/talk/slides.fr.md").read_text(encoding="utf-8").splitlines()
    pids = [line for line in lines if line.isdigit()]
    assert len(pids) == 3
    assert len({*pids}) == 1


@TWO
def test_dead_processes_are_passed_over(crew: Crew) -> None:
    """Each used up one of the three chances of an order."""
    for _ in range(4):
        crew.make_ready()
    for child in multiprocessing.active_children():
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
    drawn(crew, bind("dot", {}))


def test_what_a_deck_does_to_matplotlib_shows_in_its_own_figures_alone(talk: Path, tmp_path: Path) -> None:
    """One process ran its figures.py and drew the catalogue's figures afterwards, for the store of all decks."""
    calls = "".join(f'{{{{ figure("{name}") }}}}\n' for name in ("max_pooling", "bowl", "dropout"))
    (talk / "slides.fr.md.j2").write_text(f"# Un\n{calls}")
    spoilt = ("from matplotlib.axes import Axes\n_text = Axes.text\n"
              "Axes.text = lambda self, x, y, s, **k: _text(self, x, y, '?', **k)\n")
    images = []
    for before, store in (("", "a"), (spoilt, "b")):
        (talk / "figures.py").write_text(before + HEAD + FINE, encoding="utf-8")
        assert main(["talk", "-q", "-j", "1", "-o", store, "--cache", str(tmp_path / store)]) == 0
        images.append({path.name for path in Path(store, "images").iterdir() if not path.name.startswith("bowl")})
    assert len(images[0]) == 2
    assert images[0] == images[1]
