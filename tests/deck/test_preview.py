"""The preview's server: files of one folder, to this machine, with what reloads them."""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deck.preview import EVENTS, HOST, State, serve

PAGE = "<!doctype html><html><body><p>é</p></body></html>"


@pytest.fixture
def state(tmp_path: Path) -> State:
    output = tmp_path / "dist é"
    (output / "images").mkdir(parents=True)
    (output / "slides.fr.html").write_text(PAGE, encoding="utf-8")
    (output / "images" / "a.svg").write_text("<svg/>")
    (output / ".build.json").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    os.symlink(tmp_path / "secret.txt", output / "images" / "link.txt")
    return State(output)


@pytest.fixture
def port(state: State) -> Iterator[int]:
    server = serve(state, 0)
    yield server.server_address[1]
    state.close()
    server.shutdown()
    server.server_close()


def asked(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, data


def test_the_slides_come_with_the_script_and_files_as_they_are(port: int) -> None:
    for path in ("/", "/slides.fr.html"):
        status, data = asked(port, path)
        assert status == 200
        text = data.decode()
        assert text.startswith("<!doctype html><html><body><p>é</p><script>")
        assert text.endswith("</script>\n</body></html>")
    assert asked(port, "/images/a.svg") == (200, b"<svg/>")
    assert asked(port, "/images/a.svg", "HEAD") == (200, b"")


@pytest.mark.parametrize("path", [
    "/../secret.txt", "/images/../../secret.txt", "/%2e%2e/secret.txt", "/images/%2e%2e%2f%2e%2e%2fsecret.txt",
    "//etc/passwd", "/images/link.txt", "/.build.json", "/images/", "/images", "/nothing.svg", "/..%5csecret.txt",
    "/a\0b",
])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nothing_outside_of_the_folder_is_served(port: int, path: str, method: str) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    connection.putrequest(method, "/", skip_host=True)
    connection._buffer[0] = f"{method} {path} HTTP/1.1".encode()  # type: ignore[attr-defined]
    connection.putheader("Host", f"{HOST}:{port}")
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status in (400, 404)
    assert b"secret" not in answer.read()
    connection.close()


def test_a_page_of_another_name_is_refused(port: int) -> None:
    assert asked(port, "/", Host="evil.example:80")[0] == 403
    assert asked(port, "/images/a.svg", "HEAD", Host="evil.example")[0] == 404
    assert asked(port, "/", Host=f"localhost:{port}")[0] == 200


def test_other_methods_are_refused(port: int) -> None:
    assert asked(port, "/", "POST")[0] == 501
    assert asked(port, "/images/a.svg", "DELETE")[0] == 501


def test_every_change_is_told_at_once(port: int, state: State) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    connection.request("GET", EVENTS)
    stream = connection.getresponse()

    def told() -> dict[str, str]:
        line = stream.readline()
        while not line.startswith(b"data: "):
            line = stream.readline()
        return dict(json.loads(line[6:]))

    first = told()
    assert first["error"] == ""
    state.tell("slides.fr.md.j2:3: no figure 'x'")
    assert told() == {"error": "slides.fr.md.j2:3: no figure 'x'", "version": first["version"]}
    (state.output / "slides.fr.html").write_text("other")
    state.tell()
    second = told()
    assert second["error"] == ""
    assert second["version"] != first["version"]
    state.close()
    assert b"data" not in stream.read()  # and it ends
    connection.close()


def test_before_the_first_build_there_is_a_page_that_waits(port: int, state: State) -> None:
    (state.output / "slides.fr.html").unlink()
    status, data = asked(port, "/")
    assert status == 200
    assert b"EventSource" in data


def test_a_port_in_use_is_told(port: int, state: State) -> None:
    with pytest.raises(OSError, match="in use"):
        serve(state, port)


def test_a_browser_that_goes_leaves_no_thread_waiting(port: int, state: State) -> None:
    before = threading.active_count()
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    connection.request("GET", EVENTS)
    answer = connection.getresponse()
    answer.readline()
    assert threading.active_count() == before + 1
    answer.close()
    connection.close()
    for _ in range(100):
        state.tell()
        time.sleep(0.02)
        if threading.active_count() == before:
            break
    else:
        pytest.fail("its thread still waits")
