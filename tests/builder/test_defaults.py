"""Parameters that a deck gives to all figures, to one, and by its seed."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from builder import defaults
from builder.command import main
from deck import manifest
from figures.registry import drawn, names
from figures.signatures import COMMON, parameters

STOCK = [name for name in names() if (drawn(name).__module__).startswith("figures.")]


def given(talk: Path, toml: str, name: str, **written: Any) -> dict[str, Any]:
    (talk / "deck.toml").write_text(toml, encoding="utf-8")
    return defaults.read(manifest.read(talk)).given(name, written)


def calls(talk: Path, template: str, *options: str) -> list[dict[str, Any]]:
    (talk / "slides.fr.md.j2").write_text(template, encoding="utf-8")
    assert main(["talk", "-j", "1", "-q", *options]) == 0
    return list(json.loads(Path("dist/talk/.build.json").read_text(encoding="utf-8"))["figures"])


@pytest.mark.parametrize("name", STOCK)
def test_parameters_are_those_of_the_signature(name: str) -> None:
    assert parameters(name) == tuple(p for p in inspect.signature(drawn(name)).parameters if p not in COMMON)


def test_parameters_are_told_without_importing_what_draws() -> None:
    code = ("import sys; from figures.signatures import parameters; print(parameters('max_pooling'), "
            "[name for name in ('numpy', 'matplotlib', 'numba') if name in sys.modules])")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parents[2])  # fmt: skip
    assert done.stdout.strip() == "('grid', 'kernel_size', 'stride') []"
    assert parameters("nobody") == ()


def test_the_nearest_wins(talk: Path) -> None:
    toml = '[deck]\nseed = 1\n[figures]\nseed = 2\npalette = "dark"\n[figures.dropout]\nseed = 3\n'
    assert given(talk, "[deck]\nseed = 1\n", "dropout") == {"seed": 1}
    assert given(talk, toml, "emblem") == {"seed": 2, "palette": "dark"}
    assert given(talk, toml, "dropout") == {"seed": 3, "palette": "dark"}
    assert given(talk, toml, "dropout", seed=4, palette="light") == {"seed": 4, "palette": "light"}
    assert given(talk, toml, "max_pooling", stride=1) == {"stride": 1, "palette": "dark"}
    assert given(talk, toml, "nobody", x=1) == {"palette": "dark", "x": 1}


def test_a_default_is_the_same_call_as_when_it_is_written_out(talk: Path) -> None:
    template = '{{ figure("max_pooling") }}\n{% for n in [3] %}{{ figure("max_pooling", kernel_size=n) }}{% endfor %}'
    plain = template.replace(")", ', stride=1, palette="dark")')
    [first, second] = calls(talk, plain)
    before = Path("dist/talk/slides.fr.md").read_bytes()
    (talk / "deck.toml").write_text('[figures]\npalette = "dark"\n[figures.max_pooling]\nstride = 1\n')
    same = calls(talk, template)
    assert [(one["image"], one["parameters"]) for one in same] == [(one["image"], one["parameters"])
                                                                   for one in (first, second)]  # fmt: skip
    assert Path("dist/talk/slides.fr.md").read_bytes() == before
    # Written out beside it, it is one figure with it.
    both = calls(talk, '{{ figure("max_pooling") }} {{ figure("max_pooling", stride=1) }}')
    assert {one["image"] for one in both} == {first["image"]}


def test_explain_and_why_and_the_lock_know_them(talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls(talk, '{{ figure("max_pooling") }}')
    (talk / "deck.toml").write_text("[figures.max_pooling]\nstride = 1\n")
    assert main(["talk", "-j", "1", "--explain"]) == 0
    assert "max_pooling (fr) drawn" in (told := capsys.readouterr().out)
    assert ": stride None → 1" in told
    assert main(["talk", "--why", "max_pooling"]) == 0
    assert '{{ figure("max_pooling", stride=1) }}' in capsys.readouterr().out
    assert main(["talk", "-j", "1", "-q", "--lock"]) == 0
    assert main(["talk", "-j", "1", "--locked"]) == 0
    (talk / "deck.toml").write_text("[figures.max_pooling]\nstride = 2\n")
    assert main(["talk", "-j", "1", "--locked"]) == 1


@pytest.mark.parametrize("template", ['{{ figure("max_pooling") }}', '{% set n = "max_pooling" %}\n{{ figure(n) }}'])
def test_a_fault_that_a_call_has_of_its_own_stays_the_calls(
    talk: Path, template: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (talk / "deck.toml").write_text("[figures.max_pooling]\nstride = 0\n")
    (talk / "slides.fr.md.j2").write_text(template)
    assert main(["talk", "-j", "1"]) == 1
    assert capsys.readouterr().err.startswith("talk/deck.toml:2: max_pooling: stride must be at least 1, not 0")
    (talk / "slides.fr.md.j2").write_text(template.replace(") }}", ", kernel_size=0, stride=2) }}"))
    assert main(["talk", "-j", "1"]) == 1
    line = template.count("\n") + 1
    assert capsys.readouterr().err.startswith(f"talk/slides.fr.md.j2:{line}: max_pooling: kernel_size")


def test_a_call_of_what_is_no_name_is_told(talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (talk / "deck.toml").write_text("[deck]\nseed = 0\n")
    (talk / "slides.fr.md.j2").write_text("{{ figure([1]) }}")
    assert main(["talk", "-j", "1"]) == 1
    assert capsys.readouterr().err.startswith("talk/slides.fr.md.j2:1: no figure '[1]'")
