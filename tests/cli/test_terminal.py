"""What is only shown where somebody looks: a bar while sources are polled, a table, colours."""

import json
import logging
import os
import pty
import re
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


def test_on_a_narrow_terminal_what_is_told_of_a_source_stands_under_it(cli: Cli, slow, tmp_path):
    cli("refresh")
    (failing,) = (one for one in json.loads(cli("status", "--json").out)["sources"] if one["state"] == "failing")

    narrow, wide = (look(tmp_path, "status", COLUMNS=columns, NO_COLOR="1").screen for columns in ("80", "160"))

    sentence = failing["asked"][0][:60]
    assert any(line.lstrip().startswith(sentence) for line in narrow.splitlines())
    assert any(sentence[:30] in line and "failing" in line for line in wide.splitlines())


def test_who_wants_no_colours_gets_none(cli: Cli, slow, tmp_path):
    cli("refresh")

    seen = look(tmp_path, "status", NO_COLOR="1")

    assert f"{COLOUR}3" not in seen.screen
    assert f"{COLOUR}3" not in look(tmp_path, "entries", NO_COLOR="1").screen


HOSTILE = "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil.example\x07\x9b31m\r\u202e"


@pytest.mark.parametrize(
    "command", [["refresh", "-v"], ["status", "-v"], ["entries"], ["preview", "-v", "bad"], ["explain"]]
)
def test_nothing_that_a_source_says_moves_the_terminal(cli: Cli, web, written, tmp_path, command):
    said = json.dumps(f"k{HOSTILE}")
    items = f'[{{"id": {said}, "title": {said}, "url": "https://a.example/1", "tags": [{said}], "published": {said}}}]'
    page = f'{{"success": false, "message": {said}, "list": {items}}}'.encode()
    web.answers |= {
        "/bad": Answer(headers=[("Content-Type", "application/json")], body=page),
        "/gone": Answer(status=410),
    }
    fields = "{id: id, title: title, url: url, tags: tags, category: tags, published: published}"
    written(
        f"{{name: bad, url: '{web.url}/bad', kind: json_api, items: list, fields: {fields}}}",
        f"{{name: gone, url: '{web.url}/gone'}}",
    )
    cli("refresh")
    if command == ["explain"]:
        command = ["explain", cli("entries", "--json").json["entries"][0]["id"]]

    for more in ([], ["--json"]):
        seen = look(tmp_path, *command, *more, NO_COLOR="1")
        left = seen.screen.replace("\x1b[?25l", "").replace("\x1b[?25h", "").replace("\x1b[2K", "")  # the bar's own
        left = re.sub(r"\x1b\[\d*[AKm]|\r", "", left)
        assert [character for character in left if character in HOSTILE and not character.isprintable()] == []
        assert "k" in left


def test_log_holds_nothing_that_a_terminal_would_obey(cli: Cli, written, capsys):
    written()
    cli("status")

    logging.getLogger("aggregator.test").warning("%s said %s", "one", HOSTILE)

    line = capsys.readouterr().err.rstrip("\n")
    assert "one said \\x1b[2J" in line
    assert line.isprintable()
