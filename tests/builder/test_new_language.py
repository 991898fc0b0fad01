"""A language that nobody here wrote: a template and a catalogue in the deck's own folder, and no Python."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

ROOT = Path(__file__).parents[2]
FORMS = ("zero", "one", "two", "few", "many", "other")
TEMPLATE = """---
marp: true
lang: {language}
---
{{% set pooling = figure("max_pooling", grid=[[1.5, 2], [3, 4]]) %}}
{{{{ pooling }}}}

{{{{ figure("dropout") }}}}

{{{{ 30730.5 | number }}}} {{{{ 0.873 | percent(1) }}}} {{{{ pooling.facts.numbers | plural({forms}) }}}}
{{{{ [1.5, 2.5, 3] | listed }}}} {{{{ "2026-05-01" | date }}}}
"""


def written(table: dict[str, Any], path: tuple[str, ...] = ()) -> str:
    """A catalogue as TOML."""
    sentences = {key: value for key, value in table.items() if isinstance(value, str)}
    lines = [f"[{'.'.join(path)}]"] if path else []
    lines += [f"{key} = {toml(value)}" for key, value in sentences.items()]
    return "\n".join([*lines, *(written(value, (*path, key)) for key, value in table.items() if key not in sentences)])


def toml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def translated(table: Any, forms: list[str]) -> Any:
    """The English words with a mark of their own, in as many plural forms as the language has."""
    if isinstance(table, str):
        return table and f"\u00b7{table}"
    if "other" in table and all(isinstance(form, str) for form in table.values()):
        return {form: translated(table["other"], forms) + f"\u00b7{form}" for form in forms}
    return {key: translated(value, forms) for key, value in table.items()}


def catalogue(language: str) -> str:
    english = tomllib.loads((ROOT / "figures" / "words" / "en.toml").read_text(encoding="utf-8"))
    tags = {*Locale.parse(language).plural_form.tags, "other"}
    table = translated(english, [form for form in FORMS if form in tags])
    table["language"] = {"locale": language, "percent": "{number} %", "first_day": "1",
                         "between": {"numbers": "; ", "names": ", ", "sizes": "-"}}  # fmt: skip
    return written(table)


def build(deck: Path, output: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(ROOT / "build.py"), str(deck), "-o", str(output), "--jobs", "1"],
                          capture_output=True, text=True, check=False, timeout=400,
                          env={**os.environ, "FIGURES_CACHE": str(output.parent / "store")})  # fmt: skip


@pytest.fixture(params=[("de", '"Zahl", "Zahlen"'), ("pl", '"liczba", "liczby", "liczb", "liczby"')])
def deck(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    language, forms = request.param
    folder = tmp_path / f"deck {language}"
    (folder / "words").mkdir(parents=True)
    (folder / f"slides.{language}.md.j2").write_text(TEMPLATE.format(language=language, forms=forms), encoding="utf-8")
    (folder / "words" / f"{language}.toml").write_text(catalogue(language), encoding="utf-8")
    return folder


EXPECTED = {
    "de": ["30.730,5 87,3 % Zahlen", "1,5; 2,5 und 3 1. Mai 2026"],
    "pl": ["30\u00a0730,5 87,3 % liczby", "1,5; 2,5 i 3 1 maja 2026"],
}


def test_a_new_language_is_a_template_and_a_catalogue(deck: Path, tmp_path: Path) -> None:
    language = deck.name.removeprefix("deck ")
    done = build(deck, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    markdown = (tmp_path / "out" / f"slides.{language}.md").read_text(encoding="utf-8")
    for line in EXPECTED[language]:
        assert line in markdown
    alts = re.findall(r'alt="([^"]*)"', markdown)
    assert alts[0].startswith("\u00b7Max pooling")
    dropped = int(re.search(r"\u00b7(\d+) of \d+ hidden neurons dropped", alts[1])[1])
    assert f"dropped\u00b7{Locale.parse(language).plural_form(dropped)}" in alts[1]

    assert "nothing to do" in build(deck, tmp_path / "out").stdout
    path = deck / "words" / f"{language}.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("\u00b7Max pooling:", "\u00b7MAX:"), encoding="utf-8")
    again = build(deck, tmp_path / "out")
    assert "1 figure drawn, 1 reused" in again.stdout, again.stdout + again.stderr


def test_a_catalogue_that_lacks_a_word_is_told_with_the_key_and_the_nearest(deck: Path, tmp_path: Path) -> None:
    language = deck.name.removeprefix("deck ")
    path = deck / "words" / f"{language}.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("survivors =", "survivor ="), encoding="utf-8")
    done = build(deck, tmp_path / "out")
    assert done.returncode == 1
    assert f"slides.{language}.md.j2:8: " in done.stderr
    assert f"words/{language}.toml: no entry 'dropout.survivors'; did you mean 'dropout.survivor'?" in done.stderr


def test_a_language_without_words_is_told_where_they_go(deck: Path, tmp_path: Path) -> None:
    language = deck.name.removeprefix("deck ")
    (deck / "words" / f"{language}.toml").unlink()
    done = build(deck, tmp_path / "out")
    assert done.returncode == 1
    place = f"and any that the deck has a catalogue words/{language}.toml of"
    assert f"slides.{language}.md.j2:5: no language '{language}'; there are en, fr, {place}" in done.stderr
