"""The deck in a browser while it is being written: served on this machine alone, reloaded when it has changed."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
EVENTS = "/~events"
ALIVE = 10.0  # s between signs of life, by which a browser that went is noticed
# Reloading keeps the address, which names the slide that is shown.
SCRIPT = b"""<script>
(() => {
  let shown = null;
  const banner = document.createElement("pre");
  banner.id = "preview-banner";
  banner.style.cssText = "position:fixed;inset:0 0 auto 0;z-index:99999;margin:0;padding:16px 24px;max-height:60vh;"
    + "overflow:auto;background:#8C1D18;color:white;font:16px/1.5 monospace;white-space:pre-wrap";
  new EventSource("%s").onmessage = (event) => {
    const state = JSON.parse(event.data);
    banner.textContent = state.error;
    if (state.error) document.body.append(banner); else banner.remove();
    if (!state.error && shown !== null && state.version !== shown) location.reload();
    if (!state.error) shown = state.version;
  };
})();
</script>
""" % EVENTS.encode()
WAITING = b"<!doctype html><meta charset='utf-8'><title>Preview</title><body>"


class State:
    """What the browsers are to know: which deck stands, and what is wrong with the one being written."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.error = ""
        self._changed = threading.Condition()
        self._count = 0
        self.closed = False

    def tell(self, error: str = "") -> None:
        """A build has ended: well, or with an error."""
        with self._changed:
            self.error = error
            self._count += 1
            self._changed.notify_all()

    def close(self) -> None:
        """End every stream."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def messages(self) -> Iterator[bytes]:
        """The state now and whenever it changes; between, signs of life."""
        seen = -1
        while not self.closed:
            with self._changed:
                if self._count == seen:
                    self._changed.wait(ALIVE)
                news, seen = self._count != seen, self._count
                state = {"error": self.error, "version": self.version()}
            yield b"data: " + json.dumps(state).encode() + b"\n\n" if news else b": alive\n\n"

    def version(self) -> str:
        """Digest of the slides that stand."""
        digest = hashlib.sha256()
        for path in sorted(self.output.glob("slides.*.html")):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]


def serve(state: State, port: int) -> ThreadingHTTPServer:
    """A server of the output folder on this machine; it runs in a thread until `shutdown`.

    Raises
    ------
    OSError
        A port that is in use.
    """
    server = _Server((HOST, port), partial(Handler, state))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


class Handler(SimpleHTTPRequestHandler):
    """Files of the output folder, the slides with the script that reloads them, and the stream of states."""

    def __init__(self, state: State, *arguments: Any) -> None:
        self.state = state
        super().__init__(*arguments, directory=str(state.output))

    def do_GET(self) -> None:
        """Answer a request, if it comes from a page of this machine."""
        path = unquote(urlsplit(self.path).path)
        if not self._from_here():
            self.send_error(HTTPStatus.FORBIDDEN, "This preview is for the machine that it runs on")
        elif path == EVENTS:
            self._stream()
        elif path == "/":
            self._page(next(iter(sorted(self.state.output.glob("slides.*.html"))), None))
        elif not self._within(path):
            self.send_error(HTTPStatus.NOT_FOUND)
        elif path.endswith(".html"):
            self._page(Path(self.translate_path(self.path)))
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        """The headers of a file."""
        if self._from_here() and self._within(unquote(urlsplit(self.path).path)):
            super().do_HEAD()
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Nothing is kept by the browser: a figure may change under its eyes."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Requests are no news."""

    def _from_here(self) -> bool:
        # A page of somebody else's whose name was made to lead here still names itself.
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        return host in (HOST, "localhost")

    def _within(self, path: str) -> bool:
        """Whether a path is a visible file of the output folder, not one that a link leads to elsewhere."""
        if any(part.startswith(".") for part in path.split("/")):
            return False
        file = Path(self.translate_path(self.path))
        return file.is_file() and file.resolve().is_relative_to(self.state.output.resolve())

    def _page(self, path: Path | None) -> None:
        data = WAITING + b"</body>" if path is None else path.read_bytes()
        head, end, tail = data.rpartition(b"</body>")
        data = head + SCRIPT + end + tail
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.close_connection = True
        try:
            for message in self.state.messages():
                self.wfile.write(message)
                self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):  # the page was closed
            pass
