"""The browser of the check: what it may reach, when it ends, what it says when something is missing."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_decks import HEAD, ROOT, Sample, drawing, made

from deck import DeckError
from deck.checking import check
from deck.marp import find_browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("check")]


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    """A server on this machine that keeps what it is asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    with listening.accept()[0] as connection:
                        asked.append(connection.recv(1000))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}", asked
        over.set()
        thread.join()


def test_whatever_a_deck_tries_to_fetch_is_told_and_never_asked_for(
        tmp_path: Path, server: tuple[str, list[bytes]]) -> None:
    host, asked = server
    template = f"""{HEAD}# Un

<img src="http://{host}/image.png" alt="Une image d’ailleurs.">

<style>h1 {{ background-image: url(http://{host}/style.png) }}</style>

<script>
fetch('http://{host}/fetch').catch(() => 0);
navigator.sendBeacon('http://{host}/beacon', 'x');
new WebSocket('ws://{host}/socket').onerror = () => 0;
document.head.insertAdjacentHTML('beforeend', '<link rel=preconnect href=http://{host}>'
  + '<link rel=prefetch href=http://{host}/prefetch><link rel=dns-prefetch href=//example.org>');
document.body.insertAdjacentHTML('beforeend', '<iframe src=http://{host}/frame></iframe>');
const popup = window.open('http://{host}/popup');
</script>
"""
    page = made(tmp_path, {"asking": Sample(template, html=True)}, {})["asking"]
    found = [f for f in page.findings() if f.kind == "network"]
    told = "\n".join(f.message for f in found)
    assert asked == []
    assert f"'http://{host}/image.png', refused" in told
    assert {f.slide for f in found} >= {1}
    for address in ("style.png", "fetch", "socket", "frame"):
        assert address in told, told


def test_the_check_itself_asks_no_network(tmp_path: Path) -> None:
    page = made(tmp_path, {"deck": Sample(HEAD + "# Un\n")}, {})["deck"]
    log, wrapper = tmp_path / "net.json", tmp_path / "browser"
    wrapper.write_text(f'#!/bin/sh\nexec "{find_browser().command[0]}" "--log-net-log={log}" "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    assert check(page.html, page.places, browser=wrapper) == []
    # A line each: the constants first, then the events; the last is cut where the browser ended.
    first, _, *rest = log.read_text(encoding="utf-8").splitlines()
    names = {number: name for name, number in json.loads(first.partition(":")[2].rstrip(","))["logEventTypes"].items()}
    events = {names[int(number)] for line in rest for number in re.findall(r'"type":(\d+)\},?$', line)}
    outward = {"TCP_CONNECT", "TCP_CONNECT_ATTEMPT", "SOCKET_BYTES_SENT", "UDP_BYTES_SENT", "DNS_TRANSACTION",
               "HOST_RESOLVER_DNS_TASK", "HOST_RESOLVER_SYSTEM_TASK"}  # fmt: skip
    assert outward <= set(names.values()), "Chromium names its events otherwise now"
    assert "URL_REQUEST_START_JOB" in events, "the log tells nothing"
    assert not events & outward


def running(mark: Path) -> list[int]:
    """Processes whose command line or environment names a folder: all that a check has started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if os.fsencode(mark) in told and state != "Z" and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


def ended(mark: Path) -> bool:
    """Nothing of it runs any more, at once or a little later."""
    for _ in range(100):
        if not running(mark):
            return True
        time.sleep(0.1)
    return False


PROGRAM = """
import sys
import tempfile
from pathlib import Path
from deck import DeckError
from deck.checking import check
from deck.marp import find_browser
try:
    print(check(Path(sys.argv[1]), [], time_limit=float(sys.argv[2])))
except DeckError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A page that opens and then computes for ever."""
    template = HEAD + "# Un\n\n<script>addEventListener('load', () => setTimeout(() => { for (;;); }, 50));</script>\n"
    return made(tmp_path, {"endless": Sample(template, html=True)}, {})["endless"].html


@pytest.fixture
def mark() -> Iterator[Path]:
    """A folder for temporary files, by whose name the processes are known; Chromium's sockets want it short."""
    with tempfile.TemporaryDirectory(prefix="m", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def start(html: Path, seconds: float, mark: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(html), str(seconds)], stderr=subprocess.PIPE, text=True,
                            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(mark)}, start_new_session=True)


def test_a_page_that_never_answers_is_ended_in_time_with_all_its_processes(mark: Path, endless: Path) -> None:
    process = start(endless, 8, mark)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "gave no answer within 8 s and was ended" in told
    assert "Traceback" not in told
    assert ended(mark), running(mark)


def test_a_browser_that_only_waits_is_ended_in_time(tmp_path: Path) -> None:
    page = made(tmp_path, {"deck": Sample(HEAD + "# Un\n")}, {})["deck"]
    wedged = tmp_path / "wedged"
    wedged.write_text("#!/bin/sh\nexec sleep 1000\n", encoding="utf-8")
    wedged.chmod(0o755)
    with pytest.raises(DeckError, match="the browser gave no answer within 2 s and was ended"):
        check(page.html, page.places, browser=wedged, time_limit=2)


@pytest.mark.parametrize(("number", "status"), [
    (signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGKILL, -signal.SIGKILL)])  # fmt: skip
def test_ctrl_c_or_worse_leaves_no_process(number: int, status: int, mark: Path, endless: Path) -> None:
    process = start(endless, 100, mark)
    while not any(b"--type=renderer" in Path(f"/proc/{n}/cmdline").read_bytes() for n in running(mark)):
        assert process.poll() is None
        time.sleep(0.1)
    time.sleep(1)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal sends it, to all in the foreground
    else:
        process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == status
    assert ended(mark), running(mark)


def test_what_is_missing_is_named_with_the_command_that_gets_it(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = made(tmp_path, {"deck": Sample(HEAD + "# Un\n")}, {"grand.svg": drawing(20)})["deck"]
    with pytest.raises(DeckError, match=r"absent\.html: No such file"):
        check(tmp_path / "absent.html", [])
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "playwright.sync_api", None)
        with pytest.raises(DeckError, match=r"needs Playwright; `python -m pip install -e '.*\[check\]'` gets it"):
            page.findings()
    with monkeypatch.context() as patch:
        patch.setattr("deck.checking.accessibility.PLACES", (tmp_path,))
        with pytest.raises(DeckError, match="needs axe-core; `npm ci`"):
            page.findings()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        patch.delenv("CHROME_PATH", raising=False)
        patch.setattr("deck.marp.PLACES", ())
        with pytest.raises(DeckError, match=r"no Chromium, Chrome or Edge; `apt-get install .*CHROME_PATH"):
            page.findings()
        patch.setenv("CHROME_PATH", "chromiumm")
        with pytest.raises(DeckError, match="CHROME_PATH=chromiumm: no such program"):
            page.findings()
    page.html.write_text("<p>Rien.</p>", encoding="utf-8")
    with pytest.raises(DeckError, match="no slides in it"):
        page.findings()
