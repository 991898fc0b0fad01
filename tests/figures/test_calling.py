"""A figure's parameters, as an editor, a type checker and `help` see them."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

import figures
from figures.calling import COMMON, documented
from figures.registry import drawn as drawn_by

OURS = sorted(set(figures.__all__) - {"Picture", "figure"})

TYPED = """
import figures
from matplotlib.figure import Figure
from figures import Picture, figure
from figures.language import Words

@figure
def dot(words: Words, *, radius: int = 3) -> Picture:
    return figures.max_pooling(stride=radius)

good: Picture = figures.max_pooling(kernel_size=(2, 3), stride=1)
figures.max_pooling(lang="en", palette="dark", stride=1)
figures.max_pooling(ax=Figure().add_subplot(), stride=1)
figures.dropout(fig=Figure())
dot(radius=4)
figures.max_pooling(kernel_sise=3)  # wrong
figures.max_pooling(kernel_size="3")  # wrong
figures.max_pooling(lang=3)  # wrong
figures.dropout(p="half")  # wrong
dot(radius="a")  # wrong
dot(4)  # wrong
"""


def test_a_type_checker_sees_the_parameters(tmp_path: Path) -> None:
    (tmp_path / "typed.py").write_text(TYPED)
    root = Path(figures.__file__).parent.parent
    result = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "--cache-dir",
                             str(tmp_path / "cache"), "--follow-imports", "silent", "--ignore-missing-imports",
                             "--no-error-summary", str(tmp_path / "typed.py")], cwd=tmp_path, text=True,
                            capture_output=True, env={**os.environ, "MYPYPATH": str(root)}, check=False)
    told = {int(line.split(":")[1]) for line in result.stdout.splitlines() if ": error:" in line}
    wrong = {number for number, line in enumerate(TYPED.splitlines(), 1) if line.endswith("# wrong")}
    assert told == wrong, result.stdout + result.stderr


@pytest.mark.parametrize("name", OURS)
def test_every_parameter_can_be_completed(name: str) -> None:
    parameters = inspect.signature(drawn_by(name)).parameters.values()
    assert {p.kind for p in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    assert [p.name for p in parameters][-4:] == ["lang", "palette", "ax", "fig"]
    assert all(p.annotation is not p.empty for p in parameters)


def test_the_common_parameters_stand_after_the_own_ones() -> None:
    text = documented("A spot.\n\n    Parameters\n    ----------\n    radius : int\n        px.\n\n    Raises\n"
                      "    ------\n    ValueError\n")  # fmt: skip
    assert text == f"A spot.\n\nParameters\n----------\nradius : int\n    px.\n{COMMON}\nRaises\n------\nValueError"
    last = documented("A spot.\n\nParameters\n----------\nradius : int\n    px.")
    assert last == f"A spot.\n\nParameters\n----------\nradius : int\n    px.\n{COMMON}".rstrip()
    assert documented("A spot.") == "A spot."
    assert documented(None) is None
