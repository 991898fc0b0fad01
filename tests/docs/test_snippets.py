"""Every command, call and template of the documents does what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from snippets import ROOT, Snippet, commands, pages, snippets

from builder.arguments import parser
from builder.command import main

ALL = [snippet for path in pages() for snippet in snippets(path)]
MARKS = {"", "not run", "browser", "refused", "fails", "file", "with picture"}
TEMPLATES = [s for s in ALL if s.kind == "jinja" and s.mark in ("", "refused", "with picture")]
HEAD = "---\nmarp: true\nlang: en\n---\n\n"


def of(page: Path, *kinds: str) -> list[Snippet]:
    return [s for s in ALL if s.path == page and s.kind in kinds and s.mark in ("", "fails", "file")]


def test_there_are_snippets_and_their_marks_are_known() -> None:
    assert len(ALL) > 30
    assert {s.mark for s in ALL} <= MARKS
    assert all(s.value for s in ALL if s.mark in ("not run", "refused", "fails", "file", "with picture"))


@pytest.mark.parametrize("snippet", TEMPLATES, ids=lambda s: s.name)
def test_a_template_builds_or_is_refused_as_the_page_says(
    snippet: Snippet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deck = tmp_path / "talk"
    deck.mkdir()
    text = snippet.text if snippet.text.startswith(("---", "{{ head(")) else HEAD + snippet.text
    (deck / "slides.en.md.j2").write_text(text, encoding="utf-8")
    if snippet.mark == "with picture":
        shutil.copy(ROOT / "docs" / "contact-sheet.png", deck / snippet.value)
    monkeypatch.chdir(tmp_path)
    status = main([str(deck), "-q"])
    said = capsys.readouterr().err
    if snippet.mark == "refused":
        assert status == 1
        assert re.search(r"talk/slides\.en\.md\.j2:\d+: ", said)
        assert snippet.value in said
    else:
        assert (status, said) == (0, "")
        asked = "figure(" in snippet.text or "image(" in snippet.text
        assert ("<img " in (tmp_path / "dist/talk/slides.en.md").read_text(encoding="utf-8")) is asked


@pytest.mark.parametrize("page", [p for p in pages() if any(s.mark == "" for s in of(p, "python"))],
                         ids=lambda p: p.name)  # fmt: skip
def test_the_python_of_a_page_runs_from_its_top_to_its_end(page: Path, tmp_path: Path) -> None:
    script = "\n".join(f"# line {s.line}\n{s.text}" for s in of(page, "python") if s.mark == "")
    (tmp_path / "page.py").write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, "-W", "error", "page.py"], cwd=tmp_path, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=300, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr


def copied(folder: Path) -> Path:
    """A copy of the sources: a command may write beside them."""
    for name in ("builder", "deck", "engine", "figures", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "gallery"))
    for name in ("build.py", "README.md", "CHANGELOG.md", "SECURITY.md", "package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, folder)
    if (ROOT / "node_modules").exists():
        (folder / "node_modules").symlink_to((ROOT / "node_modules").resolve())
    return folder


def run(snippet: Snippet, checkout: Path) -> None:
    """Run the commands of a block in the copy, with this interpreter."""
    bin_ = str(Path(sys.executable).parent)
    env = {**os.environ, "PYTHONPATH": str(checkout), "PATH": os.pathsep.join([bin_, os.environ["PATH"]])}
    for command in commands(snippet):
        done = subprocess.run(["bash", "-euc", command], cwd=checkout, capture_output=True, text=True, env=env,
                              stdin=subprocess.DEVNULL, timeout=600, check=False)  # fmt: skip
        told = f"{snippet.name}: {command}\n{done.stdout}{done.stderr}"
        assert done.returncode == (snippet.mark == "fails"), told
        assert snippet.mark != "fails" or snippet.value in done.stderr, told


@pytest.mark.parametrize("page", [p for p in pages() if of(p, "sh")], ids=lambda p: p.name)
def test_the_commands_of_a_page_run_one_after_the_other(page: Path, tmp_path: Path) -> None:
    checkout = copied(tmp_path)
    for snippet in of(page, "sh", "python", "jinja", "toml"):
        if snippet.mark == "file":
            target = checkout / snippet.value
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(snippet.text, encoding="utf-8")
        elif snippet.kind == "sh":
            run(snippet, checkout)


@pytest.mark.parametrize("snippet", [s for s in ALL if s.kind == "toml"], ids=lambda s: s.name)
def test_toml_is_toml(snippet: Snippet) -> None:
    assert tomllib.loads(snippet.text)


CALLED = re.compile(r"python build\.py([^`|\n&]*)")


@pytest.mark.parametrize("page", pages(), ids=lambda p: p.name)
def test_every_option_that_a_page_names_is_one_of_the_command(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {option for action in parser()._actions for option in action.option_strings}
    for match in CALLED.finditer(text):
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", match[1])) <= known, match[0]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for named in re.findall(r"-e '\.\[([\w,]+)\]'", text):
        assert set(named.split(",")) <= set(extras)
    for named in re.findall(r"\(?extras? ((?:`\w+`(?:,| and)? ?)+)", text):
        assert set(re.findall(r"`(\w+)`", named)) <= set(extras)
