"""A headless browser that opens one deck and nothing else: no network, no file outside the deck's folder, no end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from deck.extras import install
from deck.faults import DeckError, Fault

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Route, WebSocketRoute

# Chromium asks its maker for updates and accounts on its own: no name is looked up.
OPTIONS = ["--host-resolver-rules=MAP * ^NOTFOUND", "--no-proxy-server", "--dns-prefetch-disable", "--disable-gpu",
           "--force-color-profile=srgb", "--no-pings"]  # fmt: skip


class Said(NamedTuple):
    """A line of the console, and where in the page it comes from (lines from 0; -1 where the browser does not tell)."""

    text: str
    line: int
    column: int


class Opened(NamedTuple):
    """A deck in the browser, with what happened while it loaded: addresses refused or not found, errors told."""

    page: Page
    refused: list[str]
    missing: list[str]
    console: list[Said]


@contextmanager
def opened(html: Path, *, browser: Path, size: tuple[int, int], time_limit: float) -> Iterator[Opened]:
    """Open a deck for as long as the block lasts; nothing of the browser is left after it, however it ends.

    Raises
    ------
    DeckError
        Playwright is missing, the browser does not start, or it says nothing for `time_limit` seconds.
    """
    playwright, problems = _playwright(html)
    over = threading.Event()
    try:
        with playwright() as driver, _launched(driver, browser, time_limit, over) as running:
            context = running.new_context(viewport={"width": size[0], "height": size[1]}, service_workers="block")
            context.set_default_timeout(time_limit * 1000)
            yield _load(context, html)
    except problems as error:
        if over.is_set() or "Timeout" in type(error).__name__:
            message = (f"the browser gave no answer within {time_limit:g} s and was ended: "
                       "a script of the deck may never end")
        else:
            message = f"the browser {browser} failed: {str(error).splitlines()[0]}"
        raise DeckError([Fault(html, 0, message, error)]) from error


def _playwright(html: Path):  # type: ignore[no-untyped-def]
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        message = f"the check needs Playwright; `{install('check')}` gets it"
        raise DeckError([Fault(html, 0, message, error)]) from error
    return sync_playwright, Error


@contextmanager
def _launched(driver: Playwright, browser: Path, time_limit: float, over: threading.Event) -> Iterator[Browser]:
    running = driver.chromium.launch(executable_path=browser, args=OPTIONS, timeout=time_limit * 1000,
                                     handle_sigint=False, handle_sigterm=False, handle_sighup=False)
    processes = running.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    number = next(int(process["id"]) for process in processes if process["type"] == "browser")

    def end() -> None:
        over.set()
        with suppress(OSError):
            os.kill(number, getattr(signal, "SIGKILL", signal.SIGTERM))

    # A page that computes for ever answers no question, and asking has no time limit of its own.
    watch = threading.Timer(time_limit, end)
    watch.daemon = True
    watch.start()
    try:
        yield running
    finally:
        watch.cancel()
        running.close()


def _load(context: BrowserContext, html: Path) -> Opened:
    folder = html.resolve().parent
    refused: list[str] = []
    missing: list[str] = []
    console: list[Said] = []

    def decide(route: Route) -> None:
        if _own(route.request.url, folder):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort("blockedbyclient")

    def refuse(socket: WebSocketRoute) -> None:
        refused.append(socket.url)
        socket.close()

    def failed(request: Request) -> None:
        if request.url not in refused:
            missing.append(request.url)

    context.route("**/*", decide)
    context.route_web_socket("**/*", refuse)
    context.on("requestfailed", failed)
    page = context.new_page()
    page.emulate_media(media="print")  # every slide is laid out at its own size, none hidden
    page.on("console", lambda message: _note(console, message.type, message.text, message.location))
    page.on("pageerror", lambda error: console.append(Said(str(error), -1, -1)))
    page.goto(html.resolve().as_uri(), wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")
    return Opened(page, refused, missing, console)


def _note(console: list[Said], kind: str, text: str, location: object) -> None:
    # A file that is not there is reported as such.
    if kind == "error" and not text.startswith("Failed to load resource"):
        where = location if isinstance(location, dict) else {}
        console.append(Said(text, int(where.get("lineNumber", -1)), int(where.get("columnNumber", -1))))


def _own(url: str, folder: Path) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc:
        return Path(url2pathname(unquote(parts.path))).resolve().is_relative_to(folder)
    return parts.scheme in ("data", "blob", "about")
