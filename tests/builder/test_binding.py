"""Calls are bound by a process that has the figures, if one waits: with the same result, and the same faults."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from own_decks import FINE, HEAD

from builder.binding import Asked, bind_all
from builder.command import main
from builder.crew import Crew, processors
from figures import own
from figures.registry import FigureCall

ROOT = Path(__file__).parents[2]
TWO = pytest.mark.skipif(processors() < 2, reason="one processor: no process begins ahead")
CALLS = {
    "a stock figure": ("max_pooling", {"grid": [[1, 2], [3, 4]]}),
    "all defaults": ("neuron", {}),
    "one of the deck": ("bowl", {"rate": 0.5}),
    "no such figure": ("max_poling", {}),
    "no such parameter": ("max_pooling", {"strid": 2}),
    "no such parameter of the deck's": ("bowl", {"rat": 1}),
}
LANGUAGES = ("fr", "zz")


@pytest.fixture
def asked(talk: Path) -> list[Asked]:
    (talk / "figures.py").write_text(HEAD + FINE, encoding="utf-8")
    own.load(talk)
    return [Asked(name, parameters, lang, "light", talk) for name, parameters in CALLS.values() for lang in LANGUAGES]


@TWO
def test_another_process_binds_as_this_one(asked: list[Asked], monkeypatch: pytest.MonkeyPatch) -> None:
    with Crew() as crew:
        here = bind_all(asked, crew, 20.0)
        monkeypatch.delitem(sys.modules, "matplotlib.figure", raising=False)
        crew.make_ready()
        assert crew.ready
        there = bind_all(asked, crew, 20.0)
        assert crew.ready  # the process waits for what there is to draw
    assert [type(one) for one in there] == [type(one) for one in here]
    assert [one if isinstance(one, FigureCall) else str(one) for one in there] == [
        one if isinstance(one, FigureCall) else str(one) for one in here]
    assert sum(isinstance(one, FigureCall) for one in here) == 4


@TWO
def test_what_only_this_process_has_is_bound_here(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "matplotlib.figure", raising=False)
    with Crew() as crew:
        crew.make_ready()
        own_value = lambda: 1  # noqa: E731
        (found,) = bind_all([Asked("max_pooling", {"grid": own_value}, "fr", "light", talk)], crew, 20.0)
    assert isinstance(found, FigureCall)
    assert found.parameters["grid"] is own_value


@TWO
def test_a_call_that_ends_its_process_is_found_out(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "matplotlib.figure", raising=False)
    real = Asked.bound

    def bound(asked: Asked) -> FigureCall:
        return os._exit(3) if asked.name == "neuron" else real(asked)  # type: ignore[return-value]

    monkeypatch.setattr(Asked, "bound", bound)  # the process that is made ready is a copy
    with Crew() as crew:
        crew.make_ready()
        asked = [Asked(name, {}, "fr", "light", talk) for name in ("max_pooling", "neuron", "dropout")]
        found = bind_all(asked, crew, 20.0)
    assert [isinstance(one, FigureCall) for one in found] == [True, False, True]
    assert "ended with status 3" in str(found[1])


@TWO
@pytest.mark.parametrize("text", ['{{ figure("max_pooling", grid=[[5, 1], [2, 3]]) }}',
                                  '{% set side = 5 %}{{ figure("max_pooling", grid=[[side, 1], [2, 3]]) }}'])
def test_the_build_itself_imports_nothing_that_draws(talk: Path, text: str) -> None:
    """It did so to learn a figure's parameters: half a second in which no figure was drawn."""
    (talk / "slides.fr.md.j2").write_text(f"# Un\n{text}\n", encoding="utf-8")
    code = ("import sys; from builder.command import main; assert main(['talk', '-q', '-j', '2']) == 0; "
            "print(sorted({'numba', 'matplotlib', 'numpy'} & {*sys.modules}))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
    assert "max_pooling-" in Path("dist/talk/slides.fr.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [
    "{{ figure('max_pooling') }} {{ nothing }}", "{{ 1 | nothing }}", "{% include 'no.md' %}",
    "{% block a %}{% block a %}", "{{ 'a' * 10 ** 9 }}",
])
def test_templates_are_studied_while_figures_are_drawn_and_faults_told_once(talk: Path, text: str,
                                                                            capsys: pytest.CaptureFixture[str]) -> None:
    (talk / "slides.fr.md.j2").write_text(f"# Un\n{text}\n", encoding="utf-8")
    assert main(["talk", "-q", "-j", "2"]) == 1
    assert capsys.readouterr().err.count("slides.fr.md.j2:2: ") == 1


def test_a_process_more_is_started_where_it_is_worth_its_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    with Crew() as crew:
        assert crew.worth(4, 0.1) == 4  # copies of a process that has imported everything cost nothing
        monkeypatch.delitem(sys.modules, "matplotlib.figure", raising=False)
        assert [crew.worth(4, seconds) for seconds in (0.1, 0.9, 1.2, 3.0, float("inf"))] == [1, 1, 2, 4, 4]
