"""The command on small decks: what it writes, what it tells, what it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import build

GOOD = '# Un titre\n\n{{ figure("max_pooling") }}\n'


def images(output: Path) -> set[str]:
    return {path.name for path in (output / "images").iterdir()}


def test_a_deck_is_written(built: Callable) -> None:
    run = built(GOOD)
    assert run.status == 0
    assert run.err == ""
    assert re.fullmatch(r"dist/exposé/slides\.fr\.md: 1 figure drawn, 0 reused, \d+\.\d s\n", run.out)
    element = re.search(r'<img src="images/(.+?)" alt="(.+?)" width="(\d+)" height="\d+">', run.markdown)
    source, alt, width = element.groups()
    assert images(run.output) == {source}
    assert "8 ; 9, puis 5 ; 6" in alt
    assert width == "1136"
    assert {p.name for p in (run.output / "fonts").iterdir()} >= {"SourceSansPro-Regular.ttf"}


def test_nothing_changes_when_nothing_changed(built: Callable) -> None:
    first = built(GOOD)
    def stamps() -> dict[Path, int]:
        return {p: p.stat().st_mtime_ns for p in first.output.rglob("*") if p.name != ".build.json"}

    before = stamps()
    second = built(GOOD)
    assert re.fullmatch(r"dist/exposé/slides\.fr\.md: nothing to do, \d+\.\d\d s\n", second.out)
    third = built(GOOD, "--explain")
    assert "0 figures drawn, 1 reused" in third.out
    assert "max_pooling (fr) reused: nothing that it depends on has changed" in third.out
    assert stamps() == before


def test_images_that_no_slide_shows_go_and_others_stay(built: Callable) -> None:
    run = built(GOOD)
    (run.output / "images" / "mine.png").touch()
    before = images(run.output)
    run = built(GOOD.replace('"max_pooling"', '"max_pooling", stride=1'))
    assert "mine.png" in images(run.output)
    assert len(images(run.output)) == 2
    assert images(run.output) != before


def test_facts_and_numbers_in_the_text(built: Callable) -> None:
    run = built('{% set p = figure("max_pooling") %}\n'
                "{{ p.facts.output[0][1] }} / {{ 30730 | number }} / {{ 0.5 | percent(1) }}"
                " / {{ 2 | number(2) }}\n{{ p }} {{ p.scaled(568) }}")
    assert run.markdown.startswith("9.0 / 30\u202f730 / 50,0\u202f% / 2,00\n") or run.markdown.startswith("9 / ")
    assert 'width="568"' in run.markdown


def test_calls_that_the_template_computes_are_drawn_as_well(built: Callable) -> None:
    run = built('{% for s in [1, 2] %}{{ figure("max_pooling", stride=s) }}{% endfor %}')
    assert run.status == 0
    assert len(images(run.output)) == 2


def test_an_image_of_the_decks_own(built: Callable) -> None:
    run = built('{{ image("logo é.svg", alt="Le « logo »", width=200) }}', files={"logo é.svg": "<svg/>"})
    assert run.status == 0
    (name,) = images(run.output)
    assert f'<img src="images/{name}" alt="Le « logo »" width="200">' in run.markdown


FAULTY = {
    "unknown figure": ('\n{{ figure("max_poling") }}', 2, "no figure 'max_poling'; did you mean 'max_pooling'?"),
    "unknown parameter": ('{{ figure("max_pooling", strid=1) }}', 1,
                          "max_pooling: no parameter 'strid'; did you mean 'stride'?"),
    "value out of range": ('\n\n{{ figure("max_pooling", stride=0) }}', 3, "stride must be at least 1, not 0"),
    "wrong type": ('{{ figure("max_pooling", grid="abc") }}', 1, "max_pooling: no file 'abc'"),
    "a word among numbers": ('{{ figure("max_pooling", grid=[[1, "a"]]) }}', 1, "max_pooling: grid"),
    "computed value out of range": ('{% for s in [0] %}\n{{ figure("max_pooling", stride=s) }}{% endfor %}', 2,
                                    "stride must be at least 1, not 0"),
    "undefined variable": ("\n{% set titre = 1 %}\n{{ titr }}", 3, "undefined variable 'titr'; did you mean 'titre'?"),
    "misspelt fact": ('{% set p = figure("max_pooling") %}\n{{ p.facts.outptu }}', 2,
                      "max_pooling: no fact 'outptu'; did you mean 'output'?"),
    "missing logo": ('{{ image("lgo.png", alt="x", width=9) }}', 1,
                     "image: no file 'lgo.png' in exposé; did you mean 'logo.png'?"),
    "not a picture": ('{{ image("theme.css", alt="x", width=9) }}', 1, "'theme.css' is no picture"),
    "unclosed block": ("\n{% if 1 %}\n", 2, "{% if %} has no {% endif %}"),
    "unknown filter": ("{{ 1 | numbr }}", 1, "no filter 'numbr'; did you mean 'number'?"),
    "missing include": ('\n{% include "them.css" %}', 2, "no file 'them.css' to include; did you mean 'theme.css'?"),
    "fault in an include": ('{% include "part.md" %}', 1, "undefined"),
    "a function printed": ('\n{% set p = figure("max_pooling") %}\n{{ p.facts.items }}', 3, "'items' is a function"),
    "no width": ('{{ image("logo.png", alt="x", width=0) }}', 1, "image: width must be a whole number of at least 1"),
    "no alt": ('{{ image("logo.png", alt=none, width=3) }}', 1, "image: alt must be a text, not None"),
    "a block twice": ("{% block a %}{% endblock %}\n{% block a %}{% endblock %}", 2, "block 'a' defined twice"),
    "a picture from outside": ('{{ image("../x.png", alt="x", width=3) }}', 1, "lies outside of the deck's folder"),
    "a parameter from outside": ('{{ figure("image_kernels", image="/etc/hosts") }}', 1, "lies outside of the deck's"),
    "a computed one": ('\n{% set n = "/etc" %}{{ figure("image_kernels", image=n ~ "/hosts") }}', 2, "lies outside"),
    "no number": ("{{ none | number }}", 1, "number: None is no number"),
    "half a character": ('{{ "\\ud800" }}', 0, "surrogates not allowed"),
    "not UTF-8": ("a\nb é".encode("latin-1"), 2, "not UTF-8: byte 0xE9; save the file as UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_is_told_with_its_line_and_the_last_deck_stays(built: Callable, fault: str) -> None:
    template, line, message = FAULTY[fault]
    files = {"logo.png": "", "theme.css": "", "part.md": "{{ nobody }}"}
    good = built(GOOD, files=files)
    stood = {p: p.read_bytes() for p in good.output.rglob("*") if p.is_file()}
    run = built(template, files=files)
    assert run.status == 1
    name = "part.md" if fault == "fault in an include" else "slides.fr.md.j2"
    place = f"exposé/{name}:{line}" if line else f"exposé/{name}"
    assert re.search(rf"^{re.escape(place)}: .*{re.escape(message)}", run.err, re.MULTILINE), run.err
    assert "Traceback" not in run.err
    assert {p: p.read_bytes() for p in good.output.rglob("*") if p.is_file()} == stood


def test_several_faults_are_told_together(built: Callable) -> None:
    run = built('{{ figure("max_poling") }}\n{{ figure("max_pooling", strid=1) }}\n'
                '{{ figure("max_pooling", stride=0) }}\n{{ titre }}\n')
    assert [int(n) for n in re.findall(r"slides\.fr\.md\.j2:(\d+):", run.err)] == [1, 2, 3, 4]
    assert "4 faults" in run.err
    assert not run.output.exists()


def test_faults_met_while_filling_are_told_together(built: Callable) -> None:
    run = built('{% for s in [0, -1] %}\n{{ figure("max_pooling", stride=s) }}\n{% endfor %}\n'
                '{{ image("a.png", alt="", width=1) }}')
    assert [int(n) for n in re.findall(r"slides\.fr\.md\.j2:(\d+):", run.err)] == [2, 2, 4]


def test_no_fault_hides_another(built: Callable) -> None:
    run = built('{{ figure("max_poling") }}\n{{ image("lgo.png", alt="x", width=9) }}\n{% include "nowhere" %}\n'
                '{% include "neither" %}')
    assert [int(n) for n in re.findall(r"slides\.fr\.md\.j2:(\d+):", run.err)] == [3, 4]
    run = built('{{ figure("max_poling") }}\n{{ image("lgo.png", alt="x", width=9) }}')
    assert [int(n) for n in re.findall(r"slides\.fr\.md\.j2:(\d+):", run.err)] == [1, 2]
    run = built('{% for n in ["max_poling"] * 3 %}{{ figure(n).facts.foo }}{% endfor %}')
    assert run.err.count("no figure 'max_poling'") == 1
    assert "no fact" not in run.err


VALID = {
    "set, then read in a block": "{% set a = 1 %}{% block x scoped %}{{ a }}{% endblock %}",
    "asked for": "{% if motto is defined %}{{ motto }}{% endif %}{{ foo | default('y') }}",
    "missing and ignored": "{% include 'nowhere' ignore missing %}",
    "a macro of its own file": "{% from 'macros.md' import pool %}{{ pool() }}",
    "another palette": '{{ figure("max_pooling", palette="dark") }}',
}


@pytest.mark.parametrize("kind", VALID)
def test_what_jinja_allows_is_no_fault(built: Callable, kind: str) -> None:
    run = built('# Un\n' + VALID[kind],
                files={"macros.md": '{% macro pool() %}{{ figure("max_pooling") }}{% endmacro %}'})
    assert run.status == 0, run.err


def test_a_call_that_stands_twice_is_drawn_once_and_one_not_reached_is_not_written(built: Callable) -> None:
    run = built('{{ figure("max_pooling") }} {{ figure("max_pooling") }}\n'
                '{% if false %}{{ figure("max_pooling", stride=1) }}{% endif %}', "-v")
    assert run.err.count("drawn: max_pooling") == 2
    assert len(images(run.output)) == 1


def test_an_interrupted_build_says_so_and_writes_nothing(built: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("builder.supply.drawing", interrupted)
    run = built(GOOD)
    assert (run.status, run.err) == (130, "build.py: interrupted; what stood there stands\n")
    assert not run.output.exists()


def test_a_traceback_only_when_asked_for(built: Callable) -> None:
    assert "Traceback" in built('{{ figure("max_pooling", stride=0) }}', "-v").err


def test_a_deck_or_template_that_is_not_there(built: Callable, capsys: pytest.CaptureFixture[str]) -> None:
    built(GOOD)
    assert build.main(["expose"]) == 1
    assert "expose: no such folder; did you mean exposé?" in capsys.readouterr().err
    assert built(GOOD, "--lang", "de").status == 1
    Path("vide").mkdir()
    assert build.main(["vide"]) == 1
    assert "slides.fr.md.j2: no such template; the deck has no slides.<lang>.md.j2" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["-j", "0"], ["-j", "many"], ["--nonsense"], ["-v", "-q"], ["a", "b"]])
def test_a_wrong_command_line_is_status_2(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        build.main(options)
    assert caught.value.code == 2
    assert "usage: build.py" in capsys.readouterr().err


def test_an_output_that_cannot_be_written(built: Callable, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = built(GOOD, "-o", "file/inside")
    assert run.status == 1
    assert "build.py: " in run.err
    assert "Traceback" not in run.err


def test_quiet_verbose_and_output(built: Callable, tmp_path: Path) -> None:
    run = built(GOOD, "-q", "-o", "là bas")
    assert (run.status, run.out, run.err) == (0, "", "")
    assert (tmp_path / "là bas" / "slides.fr.md").is_file()
    assert "drawn: max_pooling" in built(GOOD.replace('"max_pooling"', '"max_pooling", stride=1'), "-v").err


def test_the_figures_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--list-figures"]) == 0
    told = capsys.readouterr().out
    assert "max_pooling(*, grid" in told or "max_pooling(grid" in told
    assert "Each window keeps its largest value." in told
