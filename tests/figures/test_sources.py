"""A figure depends on what it imports, however indirectly, and on nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from figures import sources
from figures.sources import reach, source_digest


def clear() -> None:
    for cached in (sources.reach, sources.source_digest, sources._file, sources._defined, sources._imported):
        cached.cache_clear()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    files = {
        "engine/__init__.py": "from engine.loops import run\nfrom engine.other import never\n",
        "engine/loops.py": "from engine import deep\nimport numpy\n",
        "engine/deep.py": "VALUE = 1\n",
        "engine/other.py": "never = 0\n",
        "figures/__init__.py": "from figures.pool import pool\nfrom figures.register import figure\n",
        "figures/register.py": "",
        "figures/pool.py": "from figures import figure\nfrom engine import run\nfrom figures.parts import box\n",
        "figures/parts.py": "def box():\n    import engine.deep\n",
        "figures/unused.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    clear()
    yield tmp_path
    clear()


def test_names_lead_to_the_module_that_defines_them(tree: Path) -> None:
    found = {p.relative_to(tree).as_posix() for p in reach("figures.pool")}
    assert found == {"figures/pool.py", "figures/register.py", "figures/parts.py", "engine/loops.py", "engine/deep.py"}


def test_a_whole_package_is_all_that_it_imports(tree: Path) -> None:
    (tree / "figures/pool.py").write_text("import engine\n")
    found = {p.relative_to(tree).as_posix() for p in reach("figures.pool")}
    assert found == {"figures/pool.py", "engine/__init__.py", "engine/loops.py", "engine/deep.py", "engine/other.py"}


@pytest.mark.parametrize(
    ("edited", "changes"),
    [("engine/deep.py", True), ("figures/register.py", True), ("figures/pool.py", True),
     ("engine/other.py", False), ("figures/unused.py", False), ("engine/__init__.py", False)],
)  # fmt: skip
def test_the_digest_changes_exactly_with_what_is_reached(tree: Path, edited: str, changes: bool) -> None:
    before = source_digest("figures.pool")
    with (tree / edited).open("a") as file:
        file.write("# edited\n")
    clear()
    assert (source_digest("figures.pool") != before) is changes


def test_the_folder_of_the_project_does_not_count(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_digest("figures.pool")
    other = tmp_path / "elsewhere é"
    other.mkdir()
    for package in ("engine", "figures"):
        (tree / package).rename(other / package)
    monkeypatch.setattr(sources, "ROOT", other)
    clear()
    assert source_digest("figures.pool") == before
