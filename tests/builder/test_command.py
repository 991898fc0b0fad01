"""The command line: what its help says, what it says of a wrong one, and that neither costs a quick build anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.arguments import parsed, parser
from builder.command import main
from deck.extras import install


def said(capsys: pytest.CaptureFixture[str], *line: str) -> str:
    """What is said of a wrong command line."""
    with pytest.raises(SystemExit) as caught:
        parsed(line)
    assert caught.value.code == 2
    return capsys.readouterr().err


@pytest.fixture
def help_text(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    return parser().format_help()


def test_the_help_reads_well_at_80_columns(help_text: str) -> None:
    assert max(map(len, help_text.splitlines())) <= 79
    # An option and what it does share a line.
    for line in help_text.partition("examples:")[0].splitlines():
        if re.match(r"  -", line):
            assert re.search(r"\S  +\S", line.strip()), line


def test_every_option_is_in_a_group_with_a_word_on_it(help_text: str) -> None:
    assert "\noptions:" not in help_text
    assert "positional arguments" not in help_text
    for action in parser()._actions:
        assert action.help
        for option in action.option_strings:
            assert re.search(rf"^  .*{option}\b", help_text, re.MULTILINE), option


def test_the_examples_of_the_help_are_command_lines(help_text: str) -> None:
    examples = re.findall(r"^  python build\.py(?: (.*?))?(?:  +.*)?$", help_text, re.MULTILINE)
    assert len(examples) >= 8
    for example in examples:
        parsed((example or "").split())


def test_the_help_has_the_exit_statuses(help_text: str) -> None:
    _, _, told = help_text.partition("exit status:")
    for status in ("0", "1", "2", "130", "143", "129"):
        assert re.search(rf"\b{status}\b", told)


NEAREST = {
    "--htlm": "--html", "--lnag": "--lang", "--list-figure-names": "--list-figures", "--explian": "--explain",
    "--output-dir=x": "--output", "--no-cash": "--no-cache", "--jason": "--json", "--Preview": "--preview",
}  # fmt: skip


@pytest.mark.parametrize("option", NEAREST)
def test_a_misspelt_option_is_told_the_nearest(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    err = said(capsys, "talk", option)
    assert f"build.py: no option {option}; did you mean {NEAREST[option]}?" in err
    assert len(err.splitlines()) == 2


def test_what_is_like_no_option_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no option --xyzzy (--help" in said(capsys, "--xyzzy")
    assert "one deck at a time: 'b' is too many" in said(capsys, "a", "b")
    # The value of a misspelt option is not a second fault.
    err = said(capsys, "talk", "--lnag", "fr")
    assert "too many" not in err


@pytest.mark.parametrize(("line", "told"), [
    ("--why a --lock", "--why looks at what was built"), ("--lock --lang fr", "leave --lang out"),
    ("--preview --json", "leave --json out"), ("--completion csh", "invalid choice: 'csh'"),
    ("--lock --locked", "not allowed with"), ("-v -q", "not allowed with"), ("--executor dusk", "invalid choice"),
])  # fmt: skip
def test_options_that_exclude_each_other(line: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told in said(capsys, *line.split())


def test_a_tilde_is_the_home_wherever_it_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    options = parsed(["~/talk", "--output=~/out", "--cache", "~/store"])
    assert (options.deck, options.output, options.cache) == (
        tmp_path / "talk", tmp_path / "out", tmp_path / "store")  # fmt: skip
    assert parsed(["~nobody-has-this-name/x"]).deck == Path("~nobody-has-this-name/x")


def test_the_versions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    told = dict(line.split(None, 1) for line in capsys.readouterr().out.splitlines())
    assert {"build.py", "python", "numpy", "numba", "matplotlib", "jinja2", "marp", "browser"} <= set(told)
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["build.py"])


def test_completion_without_its_library(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(__import__("sys").modules, "argcomplete", None)
    assert main(["--completion", "bash"]) == 1
    assert capsys.readouterr().err == f"build.py: --completion needs argcomplete: {install('completion')}\n"
