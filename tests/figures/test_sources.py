"""A figure depends on what it imports, however indirectly, and on nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from figures import sources
from figures.sources import forget, homes, reach, source_digest


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "cache"))
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
    forget()
    yield tmp_path
    forget()


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
    forget()
    assert (source_digest("figures.pool") != before) is changes


def test_the_folder_of_the_project_does_not_count(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_digest("figures.pool")
    other = tmp_path / "elsewhere é"
    other.mkdir()
    for package in ("engine", "figures"):
        (tree / package).rename(other / package)
    monkeypatch.setattr(sources, "ROOT", other)
    forget()
    assert source_digest("figures.pool") == before


def test_public_names_are_known_without_an_import(tree: Path) -> None:
    assert homes("figures") == {"pool": "figures.pool", "figure": "figures.register"}
    (tree / "figures/__init__.py").write_text("if TYPE_CHECKING:\n    from figures.unused import other\n")
    forget()
    assert homes("figures") == {"other": "figures.unused"}


def test_a_file_is_parsed_once_and_again_when_it_changes(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    noting = SimpleNamespace(**{**vars(ast), "parse": lambda text: parsed.append(text) or ast.parse(text)})
    monkeypatch.setattr(sources, "ast", noting)
    first = reach("figures.pool")
    assert parsed
    parsed.clear()
    forget()
    assert reach("figures.pool") == first
    assert not parsed
    (tree / "figures/parts.py").write_text("from figures.unused import x\n")
    forget()
    assert tree / "figures/unused.py" in reach("figures.pool")
    assert parsed == [b"from figures.unused import x\n"]  # and the empty file was known by its content
