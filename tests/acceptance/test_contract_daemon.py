"""The daemon, by the contract: it serves with validators, and a SIGTERM ends it at once."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.acceptance.conftest import Room, item, rss
from tests.fetch.site import Answer

PATIENCE = 20  # seconds for a start on a busy machine; less than a poll may take, 30


@contextmanager
def daemon(room: Room, port: int) -> Iterator[subprocess.Popen[bytes]]:
    here = str(Path(__file__).parents[2])
    environ = {**os.environ, "PYTHONPATH": here, "AGGREGATOR_LISTEN": f"127.0.0.1:{port}"}
    command = [sys.executable, "-m", "aggregator", "-q", "run"]
    with subprocess.Popen(command, cwd=room.folder, env=environ, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def wait_for(port: int, path: str, words: bytes) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if words in get(port, path)[2]:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"{path} never said {words!r}")


def test_daemon_serves_with_validators_and_ends_at_once_though_a_server_never_answers(room: Room) -> None:
    room.write(
        "{name: good, url: $/good, category: 吉林日报}",
        "{name: slow, url: $/slow}",
        head="categories: {吉林日报: {aliases: [jilin]}}",
    )
    room.put("/good", rss(item("Harbour", "http://a.example/1")))
    room.put("/slow", Answer(hold=60.0))
    port = free_port()
    with daemon(room, port) as process:
        wait_for(port, "/all.atom", b"<title>Harbour</title>")
        _, headers, _ = get(port, "/all.atom")
        unchanged = [
            get(port, "/all.atom", If_None_Match=headers["etag"])[0],
            get(port, "/all.atom", If_Modified_Since=headers["last-modified"])[0],
        ]
        moved = get(port, "/category/jilin.atom")
        outside = get(port, "/../feeds.yaml")[0]
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        status = process.wait(PATIENCE)

    assert (unchanged, moved[0], outside, status) == ([304, 304], 301, 404, 0)
    assert "jilinribao.atom" in moved[1]["location"]
    assert time.monotonic() - began < 8
