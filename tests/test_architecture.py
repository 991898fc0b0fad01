"""Who may import whom, and what nobody may: read from the imports, so that the design holds by itself."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOOR = ROOT / "deck" / "__main__.py"
PROJECT = {"builder", "engine", "figures", "deck"}
# platformdirs names the user's cache folder; babel writes numbers; the font is figures'; markupsafe is jinja2's own.
# PIL looks whether a picture is one.
# pikepdf rewrites PDF and psutil ends a browser that hangs: both of the extra `marp`, imported where they are used.
ALLOWED = {
    "engine": {"engine", "numpy", "numba", "llvmlite", "platformdirs"},
    "figures": {"figures", "engine", "numpy", "matplotlib", "PIL", "babel", "platformdirs", "font_source_sans_pro"},
    "deck": {"PIL", "deck", "jinja2", "markupsafe", "filelock", "markdown_it", "pikepdf", "playwright", "psutil"},
    # Workers share the processors with engine's threads. Besides what builds: some compare pixels, others are asked
    # what a setting of the matrix did to them; argcomplete answers a shell.
    "builder": {"argcomplete", "builder", "deck", "engine", "figures", "distributed", "rich", "watchfiles", "numpy",
                "PIL", "resvg_py", "matplotlib", "fontTools", "numba"},
}


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_a_package_imports_only_what_the_design_lets_it(package: str) -> None:
    assert sources(package)
    for path in sources(package):
        if path == DOOR:
            continue
        outside = {name.partition(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - {"__future__"}
        assert outside <= ALLOWED[package], f"{path.relative_to(ROOT)} imports {outside - ALLOWED[package]}"


def test_the_door_leads_to_the_command_and_nothing_leads_to_the_door() -> None:
    # `python -m deck` is the command's name in any folder; nothing of deck needs it to do its work.
    ours = {name for name in imports(DOOR) if name.partition(".")[0] in PROJECT}
    assert ours == {"builder.command", "builder.command.run"}
    assert len(DOOR.read_text(encoding="utf-8").splitlines()) < 15
    assert not any("deck.__main__" in set(imports(path)) for package in ALLOWED for path in sources(package))


# Libraries of an extra: a deck is built without them.
LAZY = {"markdown_it", "playwright"}


def test_what_an_extra_brings_is_imported_where_it_is_used() -> None:
    for path in sources("deck"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.partition(".")[0] for name in names} & LAZY, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_nobody_imports_pyplot() -> None:
    for path in [p for package in ALLOWED for p in sources(package)] + [ROOT / "build.py"]:
        assert not any(name.startswith("matplotlib.pyplot") for name in imports(path)), path


# What compiles, and what kernels are written with beside Python: LLVM instructions by names of our own.
MACHINERY = {
    "cache_lines", "compile", "emission", "floating_point", "handed", "intrinsics", "memory", "pairs",
    "philox_vectors", "pooling_vectors", "precision", "rows", "straight", "streaming", "tiles", "vector_arithmetic",
    "vector_roots", "vectors",
}


def test_numba_is_named_in_the_machinery_only() -> None:
    named = {p.stem for p in sources("engine")
             if {n.partition(".")[0] for n in imports(p)} & {"numba", "llvmlite"}}
    assert named == MACHINERY


# What differs between machines: libraries' elementary functions, BLAS, and their random numbers.
UNSTEADY = re.compile(
    r"\bnp\.(?:exp|expm1|log|log1p|log2|log10|tanh|sin|cos|tan|arctan|arctan2|hypot|power|sinh|cosh|logaddexp"
    r"|dot|matmul|inner|vdot|tensordot|linalg|random|convolve|correlate|polyfit|lstsq)\b"
    r"|\bmath\.(?:exp|expm1|log|log1p|log2|tanh|sin|cos|tan|atan|atan2|hypot|pow|erf)\b|fastmath=True"
)


def code(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file without its docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    quoted: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            quoted.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if number not in quoted:
            yield number, text.partition("  #")[0]


@pytest.mark.parametrize("package", ["engine", "figures"])
def test_no_number_of_a_figure_comes_from_a_function_that_differs_between_machines(package: str) -> None:
    found = [f"{path.relative_to(ROOT)}:{number}: {text.strip()}" for path in sources(package)
             for number, text in code(path) if UNSTEADY.search(text)]  # fmt: skip
    assert not found, "\n".join(found)


def test_matrix_products_are_not_left_to_blas() -> None:
    for package in ("engine", "figures"):
        for path in sources(package):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)), f"{path}:{node.lineno}"


def test_files_and_functions_stay_small() -> None:
    for path in [p for package in ALLOWED for p in sources(package)] + [ROOT / "build.py"]:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 220, f"{path.relative_to(ROOT)} has {len(text.splitlines())} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                assert length <= 40, f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has {length} lines"


ACCENTED = re.compile(r"[àâçéèêëîïôùûœÀÂÇÉÈÊÎÔÙÛŒ]")


def test_no_visible_word_stands_in_python() -> None:
    names = {"Bézier", "Météo", "Rényi"}
    for package in ("figures", "engine"):
        for path in sources(package):
            for number, text in code(path):
                words = [w for w in re.findall(r"\w+", text) if ACCENTED.search(w) and w not in names]
                assert not words, f"{path.relative_to(ROOT)}:{number}: {words}"


def test_no_file_names_a_registry_host_or_a_path_of_one_machine() -> None:
    hosts = re.compile(r"https?://[a-z0-9.-]*(?:py[p]i|python[h]osted|npm[j]s|registr[y])[a-z0-9.-]*")
    machine = re.compile(r"(?:^|[^.\w])(?:/wor[k]/|/roo[t]/|/hom[e]/[a-z])")
    kinds = ("*.py", "*.md", "*.toml", "*.txt", "*.json", "*.j2", "*.css", "*.yaml", "run")
    hidden = {".git", ".venv", "node_modules", "dist", "build"}
    environments = {path.parent.name for path in ROOT.glob("*/pyvenv.cfg")}
    for kind in kinds:
        for path in ROOT.rglob(kind):
            if not (hidden | environments) & set(path.relative_to(ROOT).parts) and path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace")
                assert not hosts.search(text), path
                assert not machine.search(text), path


def test_every_package_of_the_project_is_installed() -> None:
    assert {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"benchmarks"} == PROJECT
