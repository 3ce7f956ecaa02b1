"""What is only shown where somebody looks: a bar while sources are polled, a table, colours."""

import os
import pty
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, rss
from tests.fetch.site import Answer

COLOUR = "\x1b["


@dataclass(frozen=True)
class Seen:
    status: int
    screen: str
    piped: str


def look(folder: Path, *argv: str, out_is_screen: bool = True, **environ: str) -> Seen:
    """Run a command with a terminal for standard error, and for standard output or a pipe."""
    ours, theirs = pty.openpty()
    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", *argv],
        cwd=folder,
        env=plain | {"PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm", "COLUMNS": "100"} | environ,
        stdin=subprocess.DEVNULL,
        stdout=theirs if out_is_screen else subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the last one has closed it
                break
            if not part:
                break
            said += part
    piped, _ = process.communicate(timeout=60)
    os.close(ours)
    return Seen(process.returncode, said.decode(), (piped or b"").decode())


@pytest.fixture
def slow(web, written):
    web.answers |= {"/feed": Answer(hold=0.5, headers=rss().headers, body=rss("boat found").body)}
    written(f"{{name: good, url: '{web.url}/feed'}}", f"{{name: bad, url: '{web.url}/nothing'}}")
    return web


def test_a_terminal_sees_how_far_the_polling_is(cli: Cli, slow, tmp_path):
    seen = look(tmp_path, "refresh")

    assert seen.status == 0
    assert "polling" in seen.screen
    assert "1/2" in seen.screen
    assert f"{COLOUR}31m✗ bad: 404" in seen.screen


def test_with_json_the_bar_stays_out_of_the_report(cli: Cli, slow, tmp_path):
    seen = look(tmp_path, "refresh", "--json", out_is_screen=False)

    assert seen.piped.startswith("{\n")
    assert seen.piped.endswith("}\n")
    assert COLOUR not in seen.piped
    assert "polling" in seen.screen


def test_the_quiet_see_no_bar(cli: Cli, slow, tmp_path):
    assert "polling" not in look(tmp_path, "refresh", "-q").screen


def test_status_is_a_table_on_a_terminal(cli: Cli, slow, tmp_path):
    cli("refresh")

    seen = look(tmp_path, "status")

    assert "last success" in seen.screen
    assert f"{COLOUR}32mok" in seen.screen
    assert f"{COLOUR}31mfailing" in seen.screen


def test_who_wants_no_colours_gets_none(cli: Cli, slow, tmp_path):
    cli("refresh")

    seen = look(tmp_path, "status", NO_COLOR="1")

    assert f"{COLOUR}3" not in seen.screen
    assert f"{COLOUR}3" not in look(tmp_path, "entries", NO_COLOR="1").screen
