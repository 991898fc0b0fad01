"""Exports through a program that stands for Marp: what happens when it is missing, fails, hangs or is interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from deck.exports import ExportError, Exports, export
from deck.faults import DeckError

FAKE = """#!{python}
import json, os, pathlib, subprocess, sys, time
arguments = sys.argv[1:]
markdown = pathlib.Path(next(word for word in arguments if word.endswith(".md")))
target = pathlib.Path(arguments[arguments.index("-o") + 1])
with open(os.environ["FAKE_LOG"], "a") as log:
    log.write(" ".join(arguments) + chr(10))
tries = len(open(os.environ["FAKE_LOG"]).readlines())
behaviour = os.environ.get("FAKE", "")
if behaviour == "hang" or (behaviour == "hang once" and tries == 1):
    # As puppeteer does: a browser in a session of its own, out of reach of this program's group.
    profile = "--user-data-dir=" + os.environ["TMPDIR"] + "/profile"
    browser = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", profile], start_new_session=True)
    with open(os.environ["FAKE_LOG"] + ".pids", "a") as pids:
        pids.write(str(os.getpid()) + " " + str(browser.pid) + " ")
    time.sleep(600)
if behaviour == "fail":
    sys.exit("[ ERROR ] no such luck")
if behaviour == "lose the browser" and tries == 1:
    sys.exit("[ ERROR ] TargetCloseError: Protocol error (Page.navigate): Target closed")
text = markdown.read_text(encoding="utf-8")
src = [line[10:-2] for line in text.splitlines() if line.startswith('<img src="')]
html = "".join('<svg data-marpit-svg=""><img src="' + name + '" alt="a"></svg>' for name in src)
pathlib.Path(os.environ["DECK_RENDERED"]).write_text(json.dumps({{
    "html": html, "css": "", "formulas": [{{"source": "x^", "message": "Missing &#x27;"}}] if "x^" in text else []}}))
if behaviour == "leave nothing":
    sys.exit()
if "--images" in arguments:
    for number, _ in enumerate(text.split("---"), 1):
        target.with_name(target.stem + ".%03d.png" % number).write_text("picture %d" % number)
else:
    target.write_text("<html>" + html + text + "</html>")
"""


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    (tmp_path / "deck" / "images").mkdir(parents=True)
    (tmp_path / "deck" / "images" / "a.svg").write_text("<svg/>")
    markdown = tmp_path / "deck" / "slides.fr.md"
    markdown.write_text('# Un\n\n<img src="images/a.svg">\n\n---\n\n# Deux\n', encoding="utf-8")
    return markdown


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    fake = tmp_path / "a folder" / "marp"
    fake.parent.mkdir()
    fake.write_text(FAKE.format(python=sys.executable))
    fake.chmod(0o755)
    kept = {key: text for key, text in os.environ.items() if key not in ("SOURCE_DATE_EPOCH", "MARP")}
    return {**kept, "MARP": str(fake), "CHROME_PATH": sys.executable, "FAKE_LOG": str(tmp_path / "calls")}


@pytest.fixture
def exported(deck: Path, environment: dict[str, str]) -> Callable[..., Exports]:
    def run(*kinds: str, fake: str = "", **options: object) -> Exports:
        return export(deck, kinds, environment={**environment, "FAKE": fake}, **options)  # type: ignore[arg-type]

    return run


def calls(environment: dict[str, str]) -> list[str]:
    log = Path(environment["FAKE_LOG"])
    return log.read_text().splitlines() if log.exists() else []


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".slides.fr.exports.json"}


def test_files_stand_beside_the_deck_and_only_a_browser_may_read_local_files(
        deck: Path, exported: Callable[..., Exports], environment: dict[str, str]) -> None:
    made = exported("images", "html").made
    assert [path.name for path in made["images"]] == ["slides.fr.001.png", "slides.fr.002.png"]
    assert [path.name for path in made["html"]] == ["slides.fr.html"]
    assert names(deck.parent) == {"images", "slides.fr.md", "slides.fr.html", "slides.fr.001.png", "slides.fr.002.png"}
    allowed = {"--images" in call: "--allow-local-files" in call for call in calls(environment)}
    assert allowed == {True: True, False: False}


def test_what_has_not_changed_is_not_converted(exported: Callable[..., Exports], environment: dict[str, str]) -> None:
    exported("html", "images")
    again = exported("html", "images")
    assert again.made == {}
    assert [path.name for path in again.reused["html"]] == ["slides.fr.html"]
    assert len(calls(environment)) == 2


@pytest.mark.parametrize("change", ["markdown", "image", "cut", "gone", "record", "marp", "single_file"])
def test_what_has_changed_is_converted_again(change: str, deck: Path, exported: Callable[..., Exports],
                                             environment: dict[str, str]) -> None:
    page = deck.with_name("slides.fr.html")
    exported("html")
    first = page.read_bytes()
    match change:
        case "markdown":
            deck.write_text(deck.read_text(encoding="utf-8") + "\nfin\n", encoding="utf-8")
        case "image":
            (deck.parent / "images" / "a.svg").write_text("<svg></svg>")
        case "cut":
            page.write_bytes(first[:-3])
        case "gone":
            page.unlink()
        case "record":
            deck.with_name(".slides.fr.exports.json").write_text('{"html": {"key": 3, "needs": [], "files"')
        case "marp":
            Path(environment["MARP"]).write_text(Path(environment["MARP"]).read_text() + "# another version\n")
    assert list(exported("html", single_file=change == "single_file").made) == ["html"]
    if change in ("cut", "gone", "record"):
        assert page.read_bytes() == first


def test_the_picture_of_a_slide_that_is_gone_goes_and_a_users_stays(deck: Path,
                                                                    exported: Callable[..., Exports]) -> None:
    exported("images")
    (deck.parent / "slides.fr.003.png").write_text("the user's own")
    deck.write_text("# Un\n", encoding="utf-8")
    exported("images")
    assert names(deck.parent) == {"images", "slides.fr.md", "slides.fr.001.png", "slides.fr.003.png"}


def test_html_is_written_where_no_browser_is(deck: Path, environment: dict[str, str]) -> None:
    environment["CHROME_PATH"] = "/nowhere/chromium"
    with pytest.raises(ExportError, match="images: CHROME_PATH=/nowhere/chromium: no such program; `apt-get") as caught:
        export(deck, ["html", "images"], environment=environment)
    assert "written all the same" in str(caught.value)
    assert "slides.fr.html" in str(caught.value)
    assert names(deck.parent) == {"images", "slides.fr.md", "slides.fr.html"}


def test_a_failure_leaves_the_last_good_file_and_tells_what_marp_said(deck: Path,
                                                                      exported: Callable[..., Exports]) -> None:
    exported("html")
    good = deck.with_name("slides.fr.html").read_bytes()
    deck.write_text("# Autre\n", encoding="utf-8")
    with pytest.raises(ExportError, match=r"html: Marp failed with exit status 1\n.*no such luck"):
        exported("html", fake="fail")
    with pytest.raises(ExportError, match="html: Marp failed with exit status 0"):
        exported("html", fake="leave nothing")
    assert deck.with_name("slides.fr.html").read_bytes() == good
    assert names(deck.parent) == {"images", "slides.fr.md", "slides.fr.html"}


def gone(environment: dict[str, str]) -> bool:
    """Whether each program that hung is gone, and the browser that it started."""
    pids = [int(pid) for pid in Path(environment["FAKE_LOG"] + ".pids").read_text().split()]
    assert len(pids) >= 2
    return not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE for pid in pids)


def test_what_hangs_is_ended_with_its_browser_after_two_tries(exported: Callable[..., Exports],
                                                              environment: dict[str, str]) -> None:
    with pytest.raises(ExportError, match="images: Marp or its browser hung twice for 1 s and was ended"):
        exported("images", fake="hang", time_limit=1)
    assert len(calls(environment)) == 2
    assert gone(environment)


def test_what_hangs_once_succeeds(exported: Callable[..., Exports], environment: dict[str, str]) -> None:
    assert list(exported("images", fake="hang once", time_limit=1.5).made) == ["images"]
    assert gone(environment)


def test_a_lost_browser_is_tried_once_more(exported: Callable[..., Exports], environment: dict[str, str]) -> None:
    assert list(exported("images", fake="lose the browser").made) == ["images"]
    assert len(calls(environment)) == 2


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to send")
def test_ctrl_c_ends_everything_that_was_started(deck: Path, environment: dict[str, str]) -> None:
    code = f"from pathlib import Path; from deck.exports import export; export(Path({str(deck)!r}), ['images'])"
    ours = subprocess.Popen([sys.executable, "-c", code], env={**environment, "FAKE": "hang"}, stderr=subprocess.PIPE,
                            cwd=Path(__file__).parents[2], start_new_session=True)
    pids = Path(environment["FAKE_LOG"] + ".pids")
    while not pids.exists() or len(pids.read_text().split()) < 2:
        assert ours.poll() is None
        time.sleep(0.02)
    ours.send_signal(signal.SIGINT)
    _, told = ours.communicate(timeout=60)
    assert b"KeyboardInterrupt" in told
    assert gone(environment)
    assert names(deck.parent) == {"images", "slides.fr.md"}


def test_a_fault_of_the_deck_is_told_before_anything_is_called(deck: Path, exported: Callable[..., Exports],
                                                               environment: dict[str, str]) -> None:
    deck.write_text('# Un\n\n<img src="images/b.svg">\n', encoding="utf-8")
    with pytest.raises(DeckError, match=r"slides\.fr\.md:3: no file 'images/b\.svg' in .*mean 'images/a\.svg'\?"):
        exported("html")
    assert calls(environment) == []


def test_a_formula_that_cannot_be_read_is_told_with_its_line(deck: Path, exported: Callable[..., Exports]) -> None:
    deck.write_text("# Un\n\net $x^$ donc\n", encoding="utf-8")
    with pytest.raises(DeckError, match=r"slides\.fr\.md:3: formula 'x\^': Missing '"):
        exported("html")
    assert names(deck.parent) == {"images", "slides.fr.md"}


@pytest.mark.parametrize("epoch", ["", "-1", "demain", "1e9", "99999999999999"])
def test_a_date_that_is_none_is_refused(epoch: str, deck: Path, environment: dict[str, str]) -> None:
    environment["SOURCE_DATE_EPOCH"] = epoch
    if epoch:
        with pytest.raises(ValueError, match=f"SOURCE_DATE_EPOCH='{epoch}' is not a number of seconds"):
            export(deck, ["html"], environment=environment)
    else:
        assert export(deck, ["html"], environment=environment).made


def test_a_kind_that_is_none_is_refused(deck: Path) -> None:
    with pytest.raises(ValueError, match="export: no kind 'doc'; there are html, pdf, pptx, images"):
        export(deck, ["doc"])
