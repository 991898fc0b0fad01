"""What a template calls and what it prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import deck as slides
from deck import Facts, Image


def read(folder: Path, text: str) -> slides.Template:
    (folder / "slides.fr.md.j2").write_text(text, encoding="utf-8")
    return slides.read(folder, "fr", {})


def test_constant_calls_are_found_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "part.md").write_text('\n{{ figure("b") }}')
    text = '{{ figure("a", x=[1, -2], y={"k": "v"}) }}\n{% set n = 3 %}\n{{ figure("c", x=n) }}{% include "part.md" %}'
    found = slides.calls(read(tmp_path, text))
    assert [(c.path.name, c.line, c.name, dict(c.parameters)) for c in found] == [
        ("slides.fr.md.j2", 1, "a", {"x": [1, -2], "y": {"k": "v"}}), ("part.md", 2, "b", {})]


def test_includes_that_include_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "part.md").write_text('{% include "slides.fr.md.j2" %}')
    assert len(read(tmp_path, '{% include "part.md" %}').parts) == 2


def test_languages_are_those_of_the_templates(tmp_path: Path) -> None:
    for name in ("slides.fr.md.j2", "slides.pt-BR.md.j2", "slides.md.j2", "notes.fr.md.j2"):
        (tmp_path / name).touch()
    assert slides.languages(tmp_path) == ["fr", "pt-BR"]


def test_an_image_keeps_its_proportions() -> None:
    image = Image("a.svg", "", 1136, 556, Facts("a", {})).scaled(568)
    assert (image.width, image.height) == (568, 278)
    with pytest.raises(ValueError, match="scaled: width must be a whole number of at least 1, not 0"):
        image.scaled(0)


def test_facts_are_read_by_name() -> None:
    facts = Facts("pool", {"output": 3})
    assert facts.output == facts["output"] == 3
    with pytest.raises(ValueError, match="pool: no fact 'outptu'; did you mean 'output'"):
        _ = facts.outptu


def test_facts_within_facts_tell_the_nearest_name_too() -> None:
    facts = Facts("nets", {"networks": [{"sizes": [3, 4]}], "maps": {"retina": 8}})
    assert (facts.networks[0].sizes, facts.maps.retina) == ([3, 4], 8)
    assert json.loads(json.dumps(facts)) == {"networks": [{"sizes": [3, 4]}], "maps": {"retina": 8}}
    with pytest.raises(ValueError, match=r"nets: networks\[0\]: no fact 'size'; did you mean 'sizes'"):
        _ = facts.networks[0].size
    with pytest.raises(ValueError, match="nets: maps: no fact 'retna'; did you mean 'retina'"):
        _ = facts.maps["retna"]


@pytest.mark.parametrize("text", [
    "{% do facts.update(x=1) %}", "{% do facts.networks.append(1) %}", "{% do facts.networks[0].sizes.append(1) %}",
    "{% do facts.maps.clear() %}", "{% do facts.maps.setdefault('a', 1) %}", "{% do facts.pop('maps') %}",
    "{% do facts.networks[0].sizes.__setitem__(0, 1) %}",
])  # fmt: skip
def test_no_template_changes_facts(tmp_path: Path, text: str) -> None:
    facts = Facts("nets", {"networks": [{"sizes": [3, 4]}], "maps": {"retina": 8}})
    with pytest.raises(slides.DeckError) as told:
        slides.fill(read(tmp_path, f"\n{text}"), {"facts": facts})
    assert told.value.faults[0].line == 2
    assert facts == {"networks": [{"sizes": [3, 4]}], "maps": {"retina": 8}}


def test_a_fact_that_is_not_there_is_told_by_line(tmp_path: Path) -> None:
    facts = Facts("nets", {"maps": {"retina": 8}})
    template = read(tmp_path, "\n\n{{ facts.maps.retna }}")
    with pytest.raises(slides.DeckError, match=r"md\.j2:3: nets: maps: no fact 'retna'; did you mean 'retina'\?"):
        slides.fill(template, {"facts": facts})
