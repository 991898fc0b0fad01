"""docs/notebook.ipynb, run from its first cell to its last in a kernel of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import figures

ROOT = Path(figures.__file__).parent.parent
FILE = ROOT / "docs" / "notebook.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    notebook = nbformat.read(FILE, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        folder = str(tmp_path_factory.mktemp("notebook"))
        NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    return notebook


def test_the_file_is_small_and_holds_no_outputs() -> None:
    notebook = nbformat.read(FILE, as_version=4)
    assert FILE.stat().st_size < 20_000
    for cell in notebook.cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


def test_every_cell_runs_and_warns_of_nothing(executed: Any) -> None:
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


def test_pictures_are_shown_with_their_alternative_text(executed: Any) -> None:
    shown = [output for cell in executed.cells for output in cell.get("outputs", [])
             if "image/svg+xml" in output.get("data", {})]  # fmt: skip
    assert len(shown) == 7
    for output in shown:
        assert output.data["image/svg+xml"].startswith("<?xml")
        assert output.data["text/plain"] == output.metadata["image/svg+xml"]["alt"]
        assert " object at 0x" not in str(output)


def test_plots_of_ones_own_are_shown(executed: Any) -> None:
    assert sum("image/png" in output.get("data", {}) for cell in executed.cells
               for output in cell.get("outputs", [])) == 2  # fmt: skip
