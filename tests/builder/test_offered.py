"""Figures that installed packages offer: a small one is really installed, into a folder of its own."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder import unchanged
from builder.arguments import parsed
from builder.command import main
from figures import libraries, offered, registry, sources, versions

PROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "{name}"
version = "{version}"
[project.entry-points.executable_figures]
charts = "{module}.charts"
[tool.setuptools]
packages = ["{module}"]
"""
CHARTS = """
from figures import Picture, figure, max_pooling, plot_figure
from {module}.rays import LENGTH


@figure
def {figure}(words, *, rays: int = 5) -> Picture:
    \"\"\"A radar chart.\"\"\"
    fig, axes = plot_figure(words)
    axes.plot([LENGTH] * rays)
    return Picture(fig, "A radar.", {{"rays": rays}})
"""


def install(folder: Path, name: str, *, figure: str = "radar", version: str = "1.2", code: str = CHARTS) -> None:
    """Have pip install a project that is written for it."""
    module = name.replace("-", "_")
    project = folder / f"{name} project"
    (project / module).mkdir(parents=True, exist_ok=True)
    (project / "pyproject.toml").write_text(PROJECT.format(name=name, version=version, module=module))
    (project / module / "__init__.py").touch()
    (project / module / "charts.py").write_text(code.format(module=module, figure=figure))
    (project / module / "rays.py").write_text("LENGTH = 1\n")
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index",
                    "--disable-pip-version-check", "--upgrade", "--target", str(folder / "site"), str(project)],
                   check=True, env={"PATH": "", "HOME": str(folder)})  # fmt: skip
    renew()


def renew() -> None:
    """Look at what is installed as a new process would."""
    importlib.invalidate_caches()
    offered.forget()
    sources.forget()
    versions._installed.cache_clear()
    libraries._distributions.cache_clear()
    for name in [name for name in sys.modules if name.startswith("chart_")]:
        del sys.modules[name]
    for name in [name for name, drawn in registry.FIGURES.items() if drawn.__module__.startswith("chart_")]:
        del registry.FIGURES[name]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder where packages are installed, and a deck that asks for one of theirs."""
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "slides.fr.md.j2").write_text('{{ figure("radar", rays=7) }}\n')
    yield tmp_path
    renew()


def test_a_package_offers_a_figure(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(site, "chart-kit")
    assert main(["talk", "-j", "1"]) == 0
    assert "1 figure drawn" in capsys.readouterr().out
    assert 'alt="A radar."' in Path("dist/talk/slides.fr.md").read_text(encoding="utf-8")
    assert main(["--list-figures"]) == 0
    assert "radar(rays=5)\n    A radar chart.\n" in capsys.readouterr().out
    assert main(["talk", "--why", "radar"]) == 0
    told = capsys.readouterr().out
    assert 'figures.registry.drawn("radar")(rays=7, lang="fr")' in told
    assert "chart_kit/rays.py" in told
    assert "licence    its author's to say" in told


def test_it_is_imported_only_when_it_is_asked_for(site: Path) -> None:
    install(site, "chart-kit")
    assert registry.home("max_pooling") == "figures.pooling"
    assert "chart_kit.charts" not in sys.modules
    assert main(["talk", "-q", "-j", "1"]) == 0
    renew()
    Path("talk/slides.fr.md.j2").write_text('# Deux\n{{ figure("radar", rays=7) }}\n')
    assert main(["talk", "-q", "-j", "1"]) == 0  # from the store
    assert "chart_kit.charts" not in sys.modules


@pytest.mark.parametrize("what", ["its module", "another module of it", "its version"])
def test_another_state_of_the_package_is_noticed(site: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    install(site, "chart-kit")
    assert main(["talk", "-q", "-j", "1"]) == 0
    renew()
    assert unchanged.stands(parsed(["talk"]), "dist/talk") is not None
    if what == "its version":
        install(site, "chart-kit", version="1.3")
    else:
        with (site / "site" / "chart_kit" / ("charts.py" if what == "its module" else "rays.py")).open("a") as file:
            file.write("# A remark.\n")
    renew()
    assert unchanged.stands(parsed(["talk"]), "dist/talk") is None
    assert main(["talk", "-j", "1"]) == 0
    assert "1 figure drawn, 0 reused" in capsys.readouterr().out


def told(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["talk", "-q", "-j", "1"]) == 1
    return capsys.readouterr().err


def test_two_packages_with_one_name_are_refused(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(site, "chart-kit")
    install(site, "chart-box", version="0.1")
    both = "figure 'radar' is offered by chart-box 0.1 and by chart-kit 1.2; uninstall all but one of them\n"
    for _ in range(2):  # with both imported too
        assert told(capsys) == f"talk/slides.fr.md.j2:1: {both}build.py: 1 fault, nothing written: " \
                               "what stood there stands\n"  # fmt: skip


def test_a_stock_figures_name_is_refused(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(site, "chart-kit", figure="max_pooling")
    assert ("no figure 'radar'; " in (text := told(capsys))) is True
    assert ("the figures of chart-kit 1.2 (chart_kit.charts) cannot be loaded: ValueError: 'max_pooling' is a stock "
            "figure's name (figures.pooling)") in text  # fmt: skip


def test_a_package_that_cannot_be_imported_is_told_and_hinders_nobody_else(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(site, "chart-box", figure="other", code="import nowhere\n")
    assert "the figures of chart-box 1.2 (chart_box.charts) cannot be loaded: ModuleNotFoundError: No module named " \
           "'nowhere'" in told(capsys)  # fmt: skip
    install(site, "chart-kit")
    assert main(["talk", "-q", "-j", "1"]) == 0


def test_a_decks_own_figure_comes_first(site: Path) -> None:
    install(site, "chart-kit")
    own = CHARTS.replace("from {module}.rays import LENGTH", "LENGTH = 2").replace("A radar.", "My own.")
    Path("talk/figures.py").write_text(own.format(figure="radar"))
    assert main(["talk", "-q", "-j", "1"]) == 0
    assert 'alt="My own."' in Path("dist/talk/slides.fr.md").read_text(encoding="utf-8")
