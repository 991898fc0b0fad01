"""The looks of the figures for plots of one's own."""

from __future__ import annotations

import io
import subprocess
import sys
import warnings
from pathlib import Path

import matplotlib
import matplotlib.style
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont

import figures
from figures.sheets import sheets
from figures.style import PALETTES
from figures.typeface import font_files

FOLDER = Path(figures.__file__).parent / "sheets"


def test_the_sheets_are_those_of_the_palette() -> None:
    """Else: `python -m figures.sheets`."""
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.mplstyle")} == sheets()


@pytest.mark.parametrize("palette", PALETTES)
def test_matplotlib_finds_a_sheet_by_its_name(palette: str) -> None:
    with warnings.catch_warnings(), matplotlib.style.context(f"figures.sheets.{palette}"):
        warnings.simplefilter("error")
        figure = Figure()
        axes = figure.add_subplot(title="où ?", xlabel=r"$\alpha = 1$")
        (line,) = axes.plot([1, 2])
        figure.savefig(io.BytesIO())
        assert to_hex(figure.get_facecolor()) == PALETTES[palette].paper.lower()
        assert to_hex(line.get_color()) == PALETTES[palette].blue.lower()
        assert to_hex(axes.title.get_color()) == PALETTES[palette].ink.lower()
        assert findfont(axes.xaxis.label.get_fontproperties()) == str(font_files()["Regular"])


def test_a_sheet_brings_its_typeface_into_a_fresh_python() -> None:
    code = ("import matplotlib.style, matplotlib.font_manager as m; matplotlib.style.use('figures.sheets.dark');"
            "print(m.findfont(m.FontProperties()))")  # fmt: skip
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                            cwd=FOLDER.parent.parent)  # fmt: skip
    assert result.stdout.strip() == str(font_files()["Regular"])
    assert result.stderr == ""


def test_the_style_is_a_context_of_the_package() -> None:
    before = dict(matplotlib.rcParams)
    with figures.style("dark"):
        assert figures.style.colour("ink") == PALETTES["dark"].ink
        assert matplotlib.rcParams["font.family"] == [figures.style.FAMILY]
    assert dict(matplotlib.rcParams) == before
    with pytest.raises(ValueError, match="style: no palette 'drak'; did you mean 'dark'"), figures.style("drak"):
        pass


@pytest.mark.parametrize("order", ["import figures.style; s = figures.style", "import figures; s = figures.style",
                                   "from figures.style import style as s", "from figures import style as s",
                                   "import figures.style as s"])  # fmt: skip
def test_the_style_can_be_called_however_it_is_imported(order: str) -> None:
    names: dict[str, object] = {}
    exec(order, names)
    with names["s"]():  # type: ignore[operator]
        assert matplotlib.rcParams["svg.fonttype"] == "path"
