"""The examples of the docstrings, run as they stand."""

from __future__ import annotations

import doctest
import inspect
import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import figures
from figures.registry import drawn as drawn_by

OURS = sorted(set(figures.__all__) - {"Picture", "figure"})


class _SilentPaths(doctest.OutputChecker):
    """`save` gives back a path, which a script does not show, and Windows writes in another way."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return (not want and "Path(" in got) or super().check_output(want, got, optionflags)


def run(name: str, text: str) -> tuple[int, str]:
    """How many examples there are, and what was wrong with them."""
    runner, told = doctest.DocTestRunner(_SilentPaths(), verbose=False), io.StringIO()
    with redirect_stdout(told):
        result = runner.run(doctest.DocTestParser().get_doctest(text, {}, name, None, None), out=told.write)
    return result.attempted, told.getvalue()


@pytest.mark.parametrize("name", OURS)
def test_the_examples_draw(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = inspect.getdoc(drawn_by(name)) or ""
    count, told = run(name, text)
    assert told == ""
    assert count >= 2
    written = {path.name for path in tmp_path.iterdir()}
    assert len(written) == text.count(".save(") >= 1
    for path in tmp_path.iterdir():
        assert path.stat().st_size > 2000


@pytest.mark.parametrize("name", ["figures", "figures.style"])
def test_the_examples_of_the_modules_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = figures.__doc__ if name == "figures" else figures.style.style.__doc__
    count, told = run(name, text or "")
    assert told == ""
    assert count >= 2


def test_an_example_that_fails_is_told() -> None:
    assert "ValueError" in run("f", ">>> import figures\n>>> figures.max_pooling(stride=0).save('a.svg')\n")[1]
    assert "Expected" in run("f", ">>> 1 + 1\n3\n")[1]
