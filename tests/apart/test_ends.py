"""However the program ends, none of its processes is left, busy or not."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.corpora import ROOT
from tests.fakes import item, rss

LONGEST = 90.0  # seconds that anything may take on a busy machine
HEAVY = rss(*(item(f"Entry {n}", f"https://a.example/{n}", text="word " * 60) for n in range(6_000))).encode()

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks /proc which processes there are")


@pytest.fixture
def site() -> Iterator[str]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(HEAVY)))
            self.end_headers()
            self.wfile.write(HEAVY)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/feed.xml"
        server.shutdown()


@contextmanager
def running(folder: Path, site: str, *argv: str) -> Iterator["subprocess.Popen[bytes]"]:
    (folder / "feeds.yaml").write_text(f"sources: ['{site}']\nserver: {{listen: 'unix:{folder}/socket'}}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "-q", *argv],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def children(pid: int) -> set[int]:
    """Return the processes that a process has started and that are not yet gone."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found.update(map(int, task.read_text().split()))
    return found


def is_there(pid: int) -> bool:
    """Tell whether a process runs; what only waits for whoever asks after it does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(is_so: Callable[[], object]) -> bool:
    """Wait until something is so; return whether it came to be."""
    late = time.monotonic() + LONGEST
    while not is_so() and time.monotonic() < late:
        time.sleep(0.01)
    return bool(is_so())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_busy_process_ends_with_the_daemon_that_started_it(tmp_path: Path, site: str, number: int) -> None:
    with running(tmp_path, site, "run") as process:
        assert until(lambda: children(process.pid))
        mine = children(process.pid)

        process.send_signal(number)
        process.wait(LONGEST)

        assert until(lambda: not any(map(is_there, mine)))


def test_a_refresh_leaves_no_process(tmp_path: Path, site: str) -> None:
    with running(tmp_path, site, "refresh") as process:
        assert until(lambda: children(process.pid))
        mine = children(process.pid)

        assert process.wait(LONGEST) == 0

        assert not any(map(is_there, mine))
