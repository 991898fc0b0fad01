"""The command that installs an extra works from where it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from deck import extras


def test_from_the_projects_folder_it_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(extras.PROJECT)
    assert extras.install("check") == "python -m pip install -e '.[check]'"


def test_from_another_folder_it_names_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.[check]` was told there too, of which pip says that it is no Python project."""
    monkeypatch.chdir(tmp_path)
    assert extras.install("check") == f"python -m pip install -e '{extras.PROJECT}[check]'"


def test_of_an_installed_package_it_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "PROJECT", tmp_path)
    assert extras.install("check") == "python -m pip install 'executable-figures[check]'"
