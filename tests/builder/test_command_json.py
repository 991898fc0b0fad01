"""`--json`: one documented shape on a clean standard output, whatever is asked for and however it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from builder.command import main

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
SLIDES = '# A\n\n{{ figure("max_pooling", stride=1) }}\n\n{{ figure("neuron") }}\n'


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deck that was built and locked, in the current folder of the module."""
    folder = tmp_path_factory.mktemp("json")
    (folder / "talk").mkdir()
    (folder / "talk" / "slides.fr.md.j2").write_text(SLIDES, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIGURES_CACHE", str(folder / "store"))
        patch.chdir(folder)
        assert main(["talk", "-j", "1", "-q", "--lock"]) == 0
    return folder


@pytest.fixture(autouse=True)
def here(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGURES_CACHE", str(talk / "store"))
    monkeypatch.chdir(talk)


def report(capsys: pytest.CaptureFixture[str], *options: str, status: int = 0) -> dict[str, Any]:
    """The report of a command, which fits the schema."""
    capsys.readouterr()
    assert main(["talk", "-j", "1", "--json", *options]) == status
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert found["status"] == status
    return found


def test_the_schema_is_one_and_refuses_what_it_should(capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    good = report(capsys)
    for wrong in ({"version": 2}, {"status": 7}, {"figures": [{}]}, {"files": None}, {"faults": [{"file": "a"}]},
                  {"command": "bild"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**good, **wrong}, SCHEMA)
    for name in good:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({key: value for key, value in good.items() if key != name}, SCHEMA)


@pytest.mark.parametrize("options", [[], ["--explain"], ["--no-cache", "--explain"]])
def test_a_build_tells_its_files_and_figures(capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    found = report(capsys, *options)
    assert found["command"] == "build"
    assert [(one["name"], one["file"], one["line"]) for one in found["figures"]] == [
        ("max_pooling", "talk/slides.fr.md.j2", 3), ("neuron", "talk/slides.fr.md.j2", 5)]  # fmt: skip
    assert found["figures"][0]["parameters"]["stride"] == 1
    assert {one["reused"] for one in found["figures"]} == {"--no-cache" not in options}
    assert all(("reasons" in one) == ("--explain" in options) for one in found["figures"])
    paths = {one["path"] for one in found["files"]}
    assert {"slides.fr.md", *(one["image"] for one in found["figures"])} <= paths
    assert all((Path(found["output"]) / path).is_file() for path in paths)


def test_nothing_but_the_report_is_printed_and_the_words_go_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["talk", "--json"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("{")
    assert err.startswith("dist/talk/slides.fr.md: nothing to do, ")
    assert main(["talk", "--json", "-q"]) == 0
    assert capsys.readouterr().err == ""


def test_a_fault_is_told_with_its_place_and_hint(talk: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "slides.fr.md.j2").write_text('\n{{ figure("max_poling") }}\n{{ titre }}')
    assert report(capsys, status=1)["faults"] == [
        {"file": "talk/slides.fr.md.j2", "line": 2, "message": "no figure 'max_poling'; did you mean 'max_pooling'?",
         "hint": "did you mean 'max_pooling'?", "slide": None, "kind": None},
        {"file": "talk/slides.fr.md.j2", "line": 3, "message": "undefined variable 'titre'", "hint": None,
         "slide": None, "kind": None}]  # fmt: skip


def test_the_other_commands(capsys: pytest.CaptureFixture[str]) -> None:
    listed = report(capsys, "--list-figures")
    stride = next(one for one in listed["figures"] if one["name"] == "max_pooling")["parameters"][-1]
    assert stride == {"name": "stride", "default": "None"}
    why = report(capsys, "--why", "max_pooling")
    assert why["origin"]["template"] == '{{ figure("max_pooling", stride=1) }}'
    assert not why["edited"]
    assert report(capsys, "--why", "max_poling", status=1)["faults"][0]["message"].startswith("no image 'max_poling'")
    assert report(capsys, "--version")["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert report(capsys, "--lock")["command"] == "lock"


def test_locked(talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(capsys, "--locked")["differences"] == []
    lock = talk / "talk" / "slides.lock"
    text = lock.read_text(encoding="utf-8")
    lock.write_text("\n".join(line if "slides.fr.md" not in line else f'"slides.fr.md" = {{ sha256 = "{"0" * 64}" }}'
                              for line in text.split("\n")), encoding="utf-8")  # fmt: skip
    try:
        (one,) = report(capsys, "--locked", status=1)["differences"]
    finally:
        lock.write_text(text, encoding="utf-8")
    assert (one["language"], one["was"], one["now"]) == ("fr", "slides.fr.md", "slides.fr.md")


def test_what_a_program_prints_meanwhile_is_not_in_the_way(talk: Path) -> None:
    """The real command, with a figure that prints by all ways that there are."""
    deck = talk / "loud"
    deck.mkdir()
    (deck / "slides.fr.md.j2").write_text('# A\n\n{{ figure("loud") }}\n')
    (deck / "figures.py").write_text(
        "import os\nfrom figures import Picture, figure\nfrom figures.style import slide_figure\n\n\n@figure\n"
        "def loud(words) -> Picture:\n    print('LOUD', flush=True)\n    os.write(1, b'LOUDER')\n"
        "    return Picture(slide_figure(90, 90)[0], 'a', {})\n")  # fmt: skip
    done = subprocess.run([sys.executable, str(ROOT / "build.py"), "loud", "--json"], capture_output=True, text=True,
                          check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    jsonschema.validate(json.loads(done.stdout), SCHEMA)
    assert "LOUDER" in done.stderr
