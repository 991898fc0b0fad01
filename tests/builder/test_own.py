"""A deck's own figures: found, drawn, remembered, drawn again when they change; each fault at its own line."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from own_decks import BROKEN, FINE, HEAD

from builder import unchanged
from builder.arguments import parsed
from builder.command import main
from figures import own
from figures.registry import FIGURES

TEMPLATE = '# Un\n{{ figure("%s") }}\n'


@pytest.fixture
def deck(talk: Path) -> Path:
    """A deck with a figure of its own, a helper and data, not yet built."""
    (talk / "figures.py").write_text(
        "import curves\n" + HEAD + FINE.replace("[1, 1 - rate, 0]", "curves.points()"), encoding="utf-8")
    (talk / "curves.py").write_text('from pathlib import Path\n\n\ndef points():\n    data = Path(__file__).parent / '
                                    '"data.csv"\n    return [float(x) for x in data.read_text().split()]\n')
    (talk / "data.csv").write_text("1 2 1\n")
    (talk / "unrelated.py").write_text("1 / 0\n")
    (talk / "slides.fr.md.j2").write_text(TEMPLATE % "bowl" + '{{ figure("max_pooling") }}\n', encoding="utf-8")
    return talk


def built(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    capsys.readouterr()
    assert main(["talk", "-j", "1", *options]) == 0
    return capsys.readouterr().out


def images() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path("dist/talk/images").iterdir()}


def test_a_figure_of_the_decks_own_is_drawn_and_remembered(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "2 figures drawn, 0 reused" in built(capsys)
    assert "nothing to do" in built(capsys)
    shutil.rmtree("dist")
    assert "0 figures drawn, 2 reused" in built(capsys)
    text = Path("dist/talk/slides.fr.md").read_text(encoding="utf-8")
    assert 'alt="A bowl."' in text
    assert not list(deck.rglob("__pycache__"))  # nothing is written into somebody's deck
    assert "bowl" not in FIGURES


def test_nothing_of_it_runs_where_nothing_has_changed(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = deck / "figures.py"
    code.write_text(code.read_text() + "\nPath = __import__('pathlib').Path\nPath('ran').touch()\n")
    built(capsys)
    assert Path("ran").exists()
    Path("ran").unlink()
    (deck / "slides.fr.md.j2").write_text(TEMPLATE % "bowl" + "Deux\n", encoding="utf-8")
    assert "0 figures drawn, 1 reused" in built(capsys)
    assert not Path("ran").exists()


EDITS: dict[str, tuple[str, str | None, int]] = {
    "figures.py": ("figures.py", "\n# A remark.\n", 1),
    "a helper": ("curves.py", "\n# A remark.\n", 1),
    "the data": ("data.csv", " 3\n", 1),
    "a module that it does not import": ("unrelated.py", "\n# A remark.\n", 0),
    "another file": ("notes.txt", "x", 0),
    "a word that it does not say": ("words/fr.toml", "[bowl]\nx = 'y'\n", 0),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_noticed_and_draws_what_it_can_change(
    deck: Path, edit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    built(capsys)
    assert unchanged.stands(parsed(["talk"]), "dist/talk") is not None
    name, text, count = EDITS[edit]
    (deck / name).parent.mkdir(exist_ok=True)
    with (deck / name).open("a") as file:
        file.write(str(text))
    assert unchanged.stands(parsed(["talk"]), "dist/talk") is None
    told = built(capsys, "--explain")
    assert f"{count} figure{'s' * (count != 1)} drawn, {2 - count} reused" in told
    if count:
        assert f"{name} changed" in told


def test_where_the_deck_lies_does_not_count(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(capsys)
    before = images()
    shutil.rmtree("dist")
    shutil.copytree(deck, "elsewhere é/talk")
    shutil.rmtree(deck)
    assert main(["elsewhere é/talk", "-j", "1"]) == 0
    assert "0 figures drawn, 2 reused" in capsys.readouterr().out
    assert images() == before


def test_two_decks_in_one_process_do_not_mix(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = Path("other")
    shutil.copytree(deck, other)
    (other / "figures.py").write_text((deck / "figures.py").read_text().replace("A bowl.", "Another."))
    (other / "curves.py").write_text("def points():\n    return [0, 5]\n")
    rooms = [own.load(deck), own.load(other), own.load(deck)]
    pictures = [room.bowl(lang="en") for room in rooms]
    assert [picture.alt for picture in pictures] == ["A bowl.", "Another.", "A bowl."]
    heights = [list(picture.figure.axes[0].lines[0].get_ydata()) for picture in pictures]
    assert heights == [[1, 2, 1], [0, 5], [1, 2, 1]]
    assert rooms[0] is rooms[2]
    assert "curves" not in sys.modules


def test_an_edit_in_one_process_is_seen(deck: Path) -> None:
    """Of the same size and second: bytecode would hide it."""
    first = own.load(deck).bowl().alt
    (deck / "figures.py").write_text((deck / "figures.py").read_text().replace("A bowl.", "A moon."))
    own.forget(deck.resolve())
    assert (first, own.load(deck).bowl().alt) == ("A bowl.", "A moon.")


@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_is_one_and_at_its_own_line(
    deck: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    built(capsys)
    before, broken = images(), BROKEN[name]
    code = broken.code.encode() if isinstance(broken.code, str) else broken.code
    (deck / "figures.py").write_bytes(code)
    (deck / "curves.py").write_text(broken.helper)
    (deck / "slides.fr.md.j2").write_text(TEMPLATE % broken.asked, encoding="utf-8")
    limit = "1" if "never" in name else "300"
    assert main(["talk", "-j", "1", "-q", "--time-limit", limit]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("talk/" + broken.told.replace("{t}", " (asked for in talk/slides.fr.md.j2:2)"))
    assert told[1:] == ["build.py: 1 fault, nothing written: what stood there stands"]
    assert images() == before


def test_a_fault_that_two_languages_meet_is_told_once(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deck / "figures.py").write_text(BROKEN["it raises"].code)  # type: ignore[arg-type]
    for language in ("fr", "en"):
        (deck / f"slides.{language}.md.j2").write_text(TEMPLATE % "bad", encoding="utf-8")
    assert main(["talk", "-q"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].endswith("(asked for in talk/slides.en.md.j2:2, talk/slides.fr.md.j2:2)")
    assert told[1].startswith("build.py: 1 fault,")


def test_a_figure_that_writes_over_the_deck_leaves_a_whole_one(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(capsys)
    spoil = "import pathlib\n    [path.write_text('') for path in pathlib.Path('dist').rglob('*.md')]\n    curves"
    code = (deck / "figures.py").read_text()
    (deck / "figures.py").write_text(code.replace("axes.plot(curves", f"{spoil}.points()\n    axes.plot(curves"))
    text = built(capsys)
    assert "1 figure drawn" in text
    assert 'alt="A bowl."' in Path("dist/talk/slides.fr.md").read_text(encoding="utf-8")


def test_no_code_runs_none(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deck / "figures.py").write_text("open('ran', 'w').close()\n" + HEAD + FINE)
    assert main(["talk", "--no-code"]) == 1
    told = capsys.readouterr().err
    assert "talk/figures.py is code, and was not run (--no-code)" in told
    assert "talk/slides.fr.md.j2:2: no figure 'bowl'; " in told
    assert not Path("ran").exists()
    built(capsys)
    assert Path("ran").exists()
    Path("ran").unlink()
    shutil.rmtree("dist")
    assert main(["talk", "--no-code"]) == 1  # nor is what the store has of it shown
    assert not Path("ran").exists()


def test_the_deck_is_told_that_its_code_runs(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["talk", "-j", "1"]) == 0
    assert "build.py: talk/figures.py is code, and runs" in capsys.readouterr().err


def test_words_of_the_decks_own(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deck / "words").mkdir()
    catalogue = deck / "words" / "fr.toml"
    catalogue.write_text('[bowl]\nalt = "Un bol à {rate:.2}."\n[common]\nbowl = "bol"\n', encoding="utf-8")
    code = (deck / "figures.py").read_text().replace('"A bowl."', 'words.say("bowl.alt", rate=rate)')
    (deck / "figures.py").write_text(code)
    built(capsys)
    assert 'alt="Un bol à 0,10."' in Path("dist/talk/slides.fr.md").read_text(encoding="utf-8")
    catalogue.write_text('[bowl]\nalt = "Bol."\n', encoding="utf-8")
    assert "the words bowl.alt changed" in built(capsys, "--explain")
    for text, told in {
        "[max_pooling]\nalt = 'x'\n": "fr.toml: 'max_pooling.alt' is a word of the stock figures; give yours another",
        "\n[bowl\n": "fr.toml:2: no catalogue of words: Expected ']'",
        "[bowl]\nalto = 'x'\n": "KeyError: talk/words/fr.toml: no entry 'bowl.alt'; did you mean 'bowl.alto'?",
    }.items():
        catalogue.write_text(text)
        assert main(["talk", "-q"]) == 1
        assert told in capsys.readouterr().err


def test_a_language_that_the_stock_has_no_words_for(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deck / "slides.fr.md.j2").unlink()
    (deck / "slides.de.md.j2").write_text(TEMPLATE % "bowl", encoding="utf-8")
    assert "1 figure drawn" in built(capsys)


Asked = Callable[[str], str]


def test_it_is_named_by_list_figures_why_and_the_lock(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["talk", "--list-figures"]) == 0
    listed = capsys.readouterr().out
    assert "bowl(rate=0.1, steps=(1, 2))\n    A bowl, and a ball that rolls down.\n" in listed
    assert "max_pooling(" in listed
    built(capsys, "--lock")
    assert '"bowl\\", ' in (deck / "slides.lock").read_text() or "images/bowl-" in (deck / "slides.lock").read_text()
    assert main(["talk", "--locked", "-j", "1"]) == 0
    capsys.readouterr()
    assert main(["talk", "--why", "bowl"]) == 0
    told = capsys.readouterr().out
    assert 'figures.own.load("talk").bowl(lang="fr")' in told
    assert "deck:curves.py, deck:figures.py, " in told
    assert "licence    its author's to say" in told


def test_figures_py_beside_the_current_folder_does_not_hide_the_package(
    deck: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(deck)
    assert main([".", "-j", "2", "-o", "../out"]) == 0
    assert "2 figures drawn" in capsys.readouterr().out


def test_a_default_that_no_text_holds_is_pythons_to_fill_in(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deck / "figures.py").write_text("import numpy as np\n" + HEAD + FINE.replace("steps=(1, 2)", "steps=np.float32"))
    assert "drawn" in built(capsys)
    (deck / "slides.fr.md.j2").write_text('{{ figure("bowl").facts.kind }} {{ figure("bowl", rate=0.1) }}')
    (deck / "figures.py").write_text(HEAD + FINE)
    built(capsys)
    assert Path("dist/talk/slides.fr.md").read_text(encoding="utf-8").startswith("tuple ")  # as the source has it


def test_workers_that_are_started_anew_draw_it_too(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside a thread no process is copied."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait, daemon=True)
    thread.start()
    try:
        assert "2 figures drawn, 0 reused" in built(capsys)
    finally:
        done.set()
        thread.join()
    far = images()
    shutil.rmtree("dist")
    built(capsys, "--no-cache")
    assert images() == far


def test_a_deck_that_is_reached_by_a_link(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("link").symlink_to(deck, target_is_directory=True)
    assert main(["link", "-j", "1", "-q", "-o", "out"]) == 0
    assert unchanged.stands(parsed(["link"]), "out") is not None
    (deck / "data.csv").write_text("2 1 2\n")
    assert unchanged.stands(parsed(["link"]), "out") is None
    assert main(["link", "-j", "1", "-o", "out", "--explain"]) == 0
    assert "drawn in" in (told := capsys.readouterr().out)
    assert "data.csv changed" in told


READING = HEAD + """
@figure
def heights(words, *, data="data.csv"):
    values = [float(x) for x in open(data).read().split()]
    fig, axes = plot_figure(words)
    axes.plot(values)
    return Picture(fig, "Heights.", facts={"last": values[-1]})
"""


@pytest.mark.parametrize("call", ['figure("heights")', 'figure("heights", data="data.csv")'])
def test_a_file_is_the_decks_own_whether_the_call_or_the_default_names_it(
    call: str, deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (deck / "figures.py").write_text(READING)
    Path("data.csv").write_text("9 9 9\n")  # where the build is started
    (deck / "slides.fr.md.j2").write_text(f"# Un\n{{{{ {call}.facts.last }}}}\n")
    built(capsys)
    assert "\n1.0\n" in Path("dist/talk/slides.fr.md").read_text()
    (deck / "data.csv").write_text("1 2 7\n")
    built(capsys)
    assert "\n7.0\n" in Path("dist/talk/slides.fr.md").read_text()
