"""A saved file is on the screen without a click; an error is a banner over the last good slides; Ctrl-C ends all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil
import pytest

from deck.marp import find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("preview")]
ROOT = Path(__file__).parents[2]
SLIDES = """---
marp: true
lang: fr
---

# Un titre

{{ figure("max_pooling") }}

---

## Deux
"""


class Preview(NamedTuple):
    process: subprocess.Popen[str]
    project: Path
    template: Path
    output: Path
    address: str


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """A preview of a small deck, from a copy of the project whose code can be edited."""
    project = tmp_path / "projet é"
    for package in ("builder", "deck", "engine", "figures"):
        shutil.copytree(ROOT / package, project / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "build.py", project)
    (project / "node_modules").symlink_to(ROOT / "node_modules")
    template = tmp_path / "exposé" / "slides.fr.md.j2"
    template.parent.mkdir()
    template.write_text(SLIDES)
    process = subprocess.Popen(
        [sys.executable, str(project / "build.py"), str(template.parent), "-o", str(tmp_path / "dist"), "--preview"],
        cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        env={**os.environ, "FIGURES_CACHE": str(tmp_path / "store"), "PYTHONPATH": str(project)})  # fmt: skip
    assert process.stdout is not None
    address = process.stdout.readline().split()[3]
    while "shown after" not in process.stdout.readline():
        assert process.poll() is None
    yield Preview(process, project, template, tmp_path / "dist", address)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.fixture
def page() -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser().command[0], args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def test_what_is_saved_is_shown(preview: Preview, page: Page) -> None:
    page.goto(f"{preview.address}#1")
    page.wait_for_selector("h1:has-text('Un titre')", state="attached")
    time.sleep(1)  # until the page listens
    preview.template.write_text(SLIDES.replace("Un titre", "Un autre titre"))
    page.wait_for_selector("h1:has-text('Un autre titre')", state="attached", timeout=30_000)
    assert page.url.endswith("#1")

    preview.template.write_text(SLIDES.replace("max_pooling", "max_poling"))
    banner = page.wait_for_selector("#preview-banner", timeout=30_000)
    assert "slides.fr.md.j2:8: no figure 'max_poling'; did you mean 'max_pooling'?" in str(banner.text_content())
    assert page.query_selector("h1:has-text('Un autre titre')"), "the last good slides stay"

    preview.template.write_text(SLIDES)
    page.wait_for_selector("h1:has-text('Un titre')", state="attached", timeout=30_000)
    assert page.query_selector("#preview-banner") is None


def test_a_word_and_a_figures_code_are_shown(preview: Preview, page: Page) -> None:
    page.goto(f"{preview.address}#1")
    source = page.wait_for_selector("img[src*=max_pooling]", state="attached").get_attribute("src")
    time.sleep(1)
    edits = [("words/fr.toml", 'maximum = "', 'maximum = "Le '),
             ("pooling.py", "(BLUE, ORANGE, PURPLE, GREEN)", "(GREEN, ORANGE, PURPLE, BLUE)")]  # fmt: skip
    for name, old, new in edits:
        path = preview.project / "figures" / name
        text = path.read_text(encoding="utf-8")
        assert old in text, path
        path.write_text(text.replace(old, new), encoding="utf-8")
        page.wait_for_selector(f"img[src*=max_pooling]:not([src='{source}'])", state="attached", timeout=40_000)
        source = page.wait_for_selector("img[src*=max_pooling]", state="attached").get_attribute("src")


def test_ctrl_c_ends_all_that_it_started(preview: Preview) -> None:
    started = psutil.Process(preview.process.pid).children(recursive=True)
    assert started
    preview.template.write_text(SLIDES.replace("Un titre", "Un dernier titre"))
    time.sleep(0.3)  # in mid-build
    started += psutil.Process(preview.process.pid).children(recursive=True)
    os.kill(preview.process.pid, signal.SIGINT)
    assert preview.process.wait(20) == 0
    _, alive = psutil.wait_procs(set(started), timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
