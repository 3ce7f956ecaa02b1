"""``serve``, ``run`` and ``demo``: processes of their own, which answer and end when told."""

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, rss

LONGEST = 60  # seconds


class Running:
    """A command at work, whatever it says on either stream put together."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said = ""

    def wait_for(self, pattern: str) -> str:
        """Return group 1 of the first match in what it says."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if match := re.search(pattern, self.said):
                return match.group(1)
        raise AssertionError(f"it never said {pattern!r}, but {self.said!r}")

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=LONGEST)
        self.said += rest
        return self.process.returncode


@contextmanager
def running(folder: Path, *argv: str) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", *argv],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    late = threading.Timer(LONGEST, process.kill)
    late.start()
    try:
        yield Running(process)
    finally:
        late.cancel()
        process.kill()
        process.communicate()


def got(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


@pytest.fixture
def published(cli: Cli, web, written) -> Callable[..., None]:
    web.answers["/feed"] = rss("boat found")
    path = written(f"{{name: a, url: '{web.url}/feed', category: 吉林日报}}")
    path.write_text(path.read_text() + "\ncategories: {吉林日报: {aliases: [jilin]}}\n")
    cli("refresh")
    return web


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_with_the_output_until_it_is_told_to_stop(published, tmp_path, number):
    with running(tmp_path, "serve", "--listen", "127.0.0.1:0") as served:
        address = served.wait_for(r"served at (http://\S+)")

        assert "boat found" in got(f"{address}category/jilinribao.atom")
        assert "boat found" in got(f"{address}category/jilin.atom")
        assert served.end(number) == 0

    assert "Traceback" not in served.said


def test_serve_says_which_address_cannot_be_had(published, tmp_path):
    with running(tmp_path, "serve", "--listen", "127.0.0.1:0") as first:
        address = first.wait_for(r"served at http://(\S+)/")
        with running(tmp_path, "serve", "--listen", address) as second:
            assert second.wait_for(r"(another program has this port)")
            second.process.wait(LONGEST)

    assert second.process.returncode == 1


def test_run_polls_publishes_serves_and_stops(web, written, tmp_path):
    web.answers["/feed"] = rss("boat found")
    written(f"{{name: a, url: '{web.url}/feed'}}")

    with running(tmp_path, "run", "--listen", "127.0.0.1:0") as daemon:
        address = daemon.wait_for(r"served at (http://\S+)")
        for _ in range(100):
            if "boat found" in got(f"{address}all.atom"):
                break
            daemon.wait_for(r"(feeds? written)")
        assert "boat found" in got(f"{address}all.atom")
        assert daemon.end(signal.SIGTERM) == 0

    assert "Traceback" not in daemon.said
    assert web.paths() == ["/feed"]


def test_demo_serves_a_merged_world_and_leaves_nothing_behind(tmp_path):
    with running(tmp_path, "demo", "--listen", "127.0.0.1:0") as demo:
        address = demo.wait_for(r"(http://\S+)all\.atom")

        assert "<entry" in got(f"{address}all.atom")
        assert demo.end(signal.SIGINT) == 0

    assert "Traceback" not in demo.said
    assert list(tmp_path.iterdir()) == []
