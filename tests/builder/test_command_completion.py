"""A real bash completes the command, in a folder of its own: options, decks, languages, images."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# As readline calls it: the words of the line, and where the cursor stands.
COMPLETED = """
eval "$(python build.py --completion bash)"
COMP_LINE=$1; COMP_POINT=${#1}; COMP_TYPE=9
read -ra COMP_WORDS <<< "$1"
[[ $1 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
set -- $(complete -p python)
[[ ${@: -3:1} == -F ]] || exit 9
compopt() { :; }  # which only a shell that somebody types into has
${@: -2:1} "${COMP_WORDS[0]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout, as far as a shell sees one, with decks and with what was built of one."""
    for name in ("build.py", "deck/__main__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("talk/slides.fr.md.j2", "talk/slides.de.md.j2", "tables/a.csv", "tall/deep/slides.en.md.j2",
                 "dist/talk/images/max_pooling-01234567.svg", "dist/talk/images/neuron-89abcdef.svg"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def completed(folder: Path, line: str) -> list[str]:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "--norc", "-c", COMPLETED, "bash", line], cwd=folder, env=variables, check=True,
                          capture_output=True, text=True)  # fmt: skip
    return sorted(filter(None, done.stdout.splitlines()))


CASES = {
    "python build.py --ht": ["--html"],
    "python build.py --lock": ["--lock", "--locked"],
    "python build.py ta": ["tall/", "talk"],
    "python build.py tall/": ["tall/deep"],
    "python build.py talk --lang ": ["de", "fr"],
    "python build.py talk --lang d": ["de"],
    "python build.py talk --why max": ["max_pooling", "max_pooling-01234567.svg"],
    "python build.py talk --executor d": ["dask"],
    "python build.py talk -o di": ["dist/"],
    "python build.py --completion ": ["bash", "fish", "zsh"],
    "python build.py talk --xyzzy": [],
    "python other.py --ht": [],
}


@pytest.mark.parametrize("line", CASES)
def test_bash_completes(folder: Path, line: str) -> None:
    assert completed(folder, line) == sorted(CASES[line])


def test_bash_completes_the_module(folder: Path) -> None:
    assert completed(folder, "python -m deck --ht") == ["--html"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_read_their_script(shell: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(ROOT / "build.py"), "--completion", shell], capture_output=True,
                          text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    (tmp_path / "script").write_text(done.stdout)
    assert "_ARGCOMPLETE" in done.stdout
    if found := shutil.which(shell):  # a machine of ours has them; nobody needs to
        subprocess.run([found, "-n", str(tmp_path / "script")], check=True)
