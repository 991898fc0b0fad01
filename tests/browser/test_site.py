"""The documents' site: built without a warning, whole, alone, and readable on a screen and on a phone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deck.marp import find_browser
from docs import links

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
ROOT = Path(__file__).parent.parent.parent
SIZES = {"screen": (1280, 800), "phone": (360, 740)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run([sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "docs", str(folder)], cwd=ROOT,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=900,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # here, so that tests without a browser need no playwright

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=find_browser().command[0], args=["--no-sandbox"])
        yield found
        found.close()


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    found = list(links.of_site(site))
    assert len(found) > 1000
    wrong = [f"{link.path.relative_to(site)}:{link.line}: {link.target} {said}" for link in found
             if (said := links.fault(link, site))]  # fmt: skip
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("screen", "dark")])
def test_pages_ask_no_network_and_fit_their_window(site: Path, browser: Browser, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    asked: list[str] = []
    said: list[str] = []
    wide: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path.name)
    context.close()
    assert not [url for url in asked if not url.startswith("file:")]
    assert not said
    assert not wide


def test_each_drawing_of_the_gallery_is_shown_in_one_of_the_schemes(site: Path, browser: Browser) -> None:
    shown = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto((site / "gallery" / "max_pooling.html").as_uri())
        seen = "[...document.querySelectorAll('img.drawing')].filter(i => i.offsetWidth && i.naturalWidth)"
        shown[scheme] = set(page.evaluate(f"{seen}.map(i => i.src)"))
        assert page.evaluate("document.fonts.check('16px \"Source Sans Pro\"') && [...document.fonts].some("
                             "f => f.family.includes('Source Sans') && f.status === 'loaded')")
        context.close()
    assert len(shown["light"]) == len(shown["dark"]) == 3
    assert not shown["light"] & shown["dark"]
