"""The functions of engine that a template may call: their values, their names, and when anything is imported."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import engine
from builder.computed import Memory
from builder.functions import ELEMENTWISE, table
from builder.vocabulary import of_engine, of_text
from deck.budget import Budget
from deck.functions import Functions
from figures import store

ROOT = Path(__file__).parents[2]
MATHS = Functions("engine", table())
IMAGE = [[1, 2, 0, 1], [3, -1, 2, 2], [0, 1, 1, 5], [2, 2, 0, 1]]
KERNEL = [[1, 0], [0.5, -1]]


def call(name: str, *values: Any, **named: Any) -> Any:
    return MATHS[name].called(Budget(), values, named)


def tensor(values: Any) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


ORACLES: dict[str, Callable[..., torch.Tensor]] = {
    **{name: getattr(torch.nn.functional, name) for name in (
        "softsign", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "softplus")},
    **{name: getattr(torch, name) for name in ("sigmoid", "tanh", "relu", "exp", "expm1", "log", "log1p", "erf", "sin",
                                               "cos")},
    "hard_sigmoid": torch.nn.functional.hardsigmoid, "hard_swish": torch.nn.functional.hardswish,
}  # fmt: skip


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_functions_of_one_number_are_those_of_torch_in_float64(name: str) -> None:
    values = [[0.25, 1.0], [2.0, 3.0]] if name.startswith("log") else [[-1.25, 0.0], [0.5, 3.0]]
    told = call(name, values)
    assert type(told[0][0]) is float
    np.testing.assert_allclose(told, ORACLES[name](tensor(values)).numpy(), rtol=1e-14, atol=1e-15)
    assert call(name, values[1][1]) == told[1][1]
    for option in ELEMENTWISE[name]:
        assert call(name, values, **{option: 0.5}) == getattr(engine, name)(np.array(values), **{option: 0.5}).tolist()


def test_derivatives() -> None:
    assert call("derivative", "relu", [-1, 1]) == [0.0, 1.0]
    assert call("derivative", "sigmoid", 0) == 0.25
    with pytest.raises(ValueError, match="derivative: no activation 'sigmod'; did you mean 'sigmoid'"):
        call("derivative", "sigmod", 0)


def test_probabilities_of_scores() -> None:
    scores = [[1, 2, 3], [0, 0, 0]]
    np.testing.assert_allclose(call("softmax", scores), torch.softmax(tensor(scores), 1).numpy(), rtol=1e-15)
    np.testing.assert_allclose(call("log_softmax", scores), torch.log_softmax(tensor(scores), 1).numpy(), rtol=1e-15)


@pytest.mark.parametrize("options", [{}, {"padding": 1}, {"stride": 2}, {"stride": [1, 2], "padding": [0, 1]},
                                     {"dilation": 2}])  # fmt: skip
def test_convolutions_of_rows(options: dict[str, Any]) -> None:
    expected = torch.nn.functional.conv2d(tensor([[IMAGE]]), tensor([[KERNEL]]), tensor([0.5]), **options)
    assert call("conv2d", IMAGE, KERNEL, 0.5, **options) == expected[0, 0].tolist()
    assert call("conv2d", [[IMAGE]], [[KERNEL]], [0.5], **options) == expected.tolist()


@pytest.mark.parametrize("options", [{}, {"stride": 1}, {"stride": [2, 1], "padding": 1}, {"ceil_mode": True}])
def test_poolings_of_rows(options: dict[str, Any]) -> None:
    largest = torch.nn.functional.max_pool2d(tensor([[IMAGE]]), 3, **options)
    means = torch.nn.functional.avg_pool2d(tensor([[IMAGE]]), 3, **options)
    assert call("max_pool2d", IMAGE, 3, **options) == largest[0, 0].tolist()
    np.testing.assert_allclose(call("avg_pool2d", IMAGE, 3, **options), means[0, 0].numpy(), rtol=1e-15)


def test_dense_layers_and_counts() -> None:
    assert call("linear", [1, 2], [[3, 4], [5, 6]], [1, 0]) == [12.0, 17.0]
    assert call("linear", [[1, 2], [0, 1]], [[3, 4]]) == [[11.0], [4.0]]
    assert (call("linear_parameters", 3072, 10), call("conv2d_parameters", 1, 1, 5)) == (30730, 26)
    assert (call("conv2d_output_size", 28, 5), call("max_pool2d_output_size", 4, 2, stride=1)) == (24, 3)


WRONG = [
    ("sigmoid", (), {}, "engine.sigmoid: missing a required argument: 'x'"),
    ("leaky_relu", (1,), {"negative_slop": 2}, "engine.leaky_relu: no parameter 'negative_slop'; did you mean "),
    ("conv2d_output_size", (9, 3), {"strid": 2}, "engine.conv2d_output_size: no parameter 'strid'; did you mean 'str"),
    ("conv2d", ([[1]], [[1, 2]]), {}, "conv2d: a window 2 wide"),
    ("conv2d", ([1], [[1]]), {}, "conv2d: x must be a list of rows, or of images of maps of rows, not of 1 axes (1,)"),
    ("conv2d", ([[1]], [[1]]), {"padding": "some"}, "conv2d: no padding 'some'"),
    ("relu", ([[1], [2, 3]],), {}, "relu: x must be an array of real numbers"),
    ("relu", ("a",), {}, "relu: x must hold real numbers"),
    ("linear", (1, 2), {}, "linear: x must have 2 axes"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "named", "message"), WRONG)
def test_what_a_function_does_not_take_is_told(name: str, values: Any, named: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError)) as told:
        call(name, *values, **named)
    assert str(told.value).startswith(message)


def test_the_list_names_every_function_with_its_parameters() -> None:
    lines = of_engine()
    assert len(lines) == len(table()) == len(MATHS.names())
    text = "\n".join(lines)
    assert "engine.leaky_relu(x, *, negative_slope=0.01)\n" in text
    assert "engine.conv2d(x, weight, bias=None, *, stride=1, padding=0, dilation=1)\n" in text
    assert "engine.conv2d_output_size(size, kernel_size, *, stride=1, padding=0, dilation=1)\n" in text
    assert "value | date(style='long')\n" in "\n".join(of_text())
    assert all(re.fullmatch(r"engine\.\w+\(.*\)\n    \S.+", line) for line in lines)
    for name, more in ELEMENTWISE.items():
        own = inspect.signature(getattr(engine, name)).parameters
        assert {key: own[key].default for key in more} == more, name


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "store"))


@pytest.mark.usefixtures("own_store")
def test_results_are_remembered_and_cost_the_same(tmp_path: Path) -> None:
    runs: list[int] = []

    def slow(spend: Callable[[int], None], x: float) -> float:
        spend(7)
        runs.append(1)
        return x / 3

    def asked(memory: Memory, *values: Any) -> tuple[list[Any], int]:
        functions, budget = Functions("engine", {"slow": memory.over("slow", slow)}), Budget()
        before = budget.left
        found = [functions["slow"].called(budget, (value,), {}) for value in values]
        memory.keep()
        return found, before - budget.left

    first = asked(Memory(tmp_path, "fr"), 1, 2, 1)
    assert len(runs) == 2
    assert asked(Memory(tmp_path, "fr"), 1, 2, 1) == first
    assert len(runs) == 2
    asked(Memory(tmp_path, "en"), 1)
    assert len(runs) == 3
    asked(Memory(tmp_path, "fr"), 3)  # and forgets what is not asked for any more
    asked(Memory(tmp_path, "fr"), 1)
    assert len(runs) == 5


def build(folder: Path, text: str) -> tuple[str, str]:
    """Build a deck of this text; what it says, and its Markdown."""
    (folder / "deck").mkdir(exist_ok=True)
    (folder / "deck" / "slides.fr.md.j2").write_text("---\nmarp: true\n---\n" + text, encoding="utf-8")
    code = ("import sys\nfrom builder.command import main\nstatus = main(sys.argv[1:])\n"
            "print('numba' in sys.modules)\nsys.exit(status)")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code, str(folder / "deck"), "-o", str(folder / "out")], cwd=ROOT,
                          capture_output=True, text=True, check=False,
                          env={**os.environ, "FIGURES_CACHE": str(folder / "store")})  # fmt: skip
    return done.stdout + done.stderr, (folder / "out" / "slides.fr.md").read_text(encoding="utf-8")


def test_numba_is_imported_where_something_is_computed_and_not_before(tmp_path: Path) -> None:
    said, _ = build(tmp_path, "{{ 30730 | number }} {{ [1, 2] | listed }}\n")
    assert said.endswith("False\n")
    said, markdown = build(tmp_path, "{{ engine.sigmoid(0) | number(2) }}\n")
    assert said.endswith("True\n")
    assert markdown.endswith("\n0,50\n")
    said, markdown = build(tmp_path, "Autre texte : {{ engine.sigmoid(0) | number(3) }}\n")
    assert said.endswith("False\n")
    assert markdown.endswith(" : 0,500\n")


def test_a_mistake_has_its_line(tmp_path: Path) -> None:
    said, markdown = build(tmp_path, "bon\n")
    said, markdown = build(tmp_path, "\n\n{{ engine.sigmod(0) }}\n")
    assert re.search(r"slides\.fr\.md\.j2:6: engine: no function 'sigmod'; did you mean 'sigmoid'\?", said)
    assert markdown.endswith("bon\n")
