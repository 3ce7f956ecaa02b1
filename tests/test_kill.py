"""A refresh that is killed at any instant loses nothing, doubles nothing, leaves no half file and needs no repair."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree

import pytest

from tests.corpora import ROOT
from tests.fakes import item, rss

KILLS = 20
LONGEST = 60.0  # seconds that one refresh may take on a busy machine
PER_ROUND = 3  # articles that the site grows by between two attempts


class GrowingSite(ThreadingHTTPServer):
    """A site on loopback whose two feeds and list, with a page per article, grow as it is told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.count = 0

    def article(self, number: int) -> str:
        return f"{self.url}/article/{number}"

    def page(self, path: str) -> bytes | None:
        numbers = range(self.count, 0, -1)
        if path in ("/one.xml", "/two.xml"):  # every second article stands in both
            mine = [number for number in numbers if number % 2 == 0 or path == "/one.xml"]
            text = "<p>The text of article {}.</p>"
            return rss(*(item(f"Article {n}", self.article(n), text=text.format(n)) for n in mine)).encode()
        if path == "/list":
            lines = "".join(f'<li><a href="/page/{number}">Page {number}</a></li>' for number in numbers)
            return f"<html><body><ul>{lines}</ul></body></html>".encode()
        if path.startswith("/page/"):
            return f"<html><body><article>What stands on {path}.</article></body></html>".encode()
        return None


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: GrowingSite

    def do_GET(self) -> None:
        body = self.server.page(self.path)
        etag = f'"{sha256(body or b"").hexdigest()[:16]}"'
        is_same = self.headers.get("if-none-match") == etag
        self.send_response(404 if body is None else 304 if is_same else 200)
        told = b"" if body is None or is_same else body
        if body is not None:
            self.send_header("ETag", etag)
            self.send_header("Content-Type", "text/html" if b"<html>" in body else "application/rss+xml")
        if not is_same:
            self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def site() -> Iterator[GrowingSite]:
    with GrowingSite() as made:
        Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield made
        made.shutdown()


def write_config(folder: Path, site: GrowingSite) -> None:
    (folder / "feeds.yaml").write_text(
        f"""
site: {{title: Killed, url: "https://out.example/"}}
polling: {{pause: 0s, per_host: 8}}
output: {{limit: 1000, max: 1000}}
sources:
  - {{name: one, url: "{site.url}/one.xml", category: One}}
  - {{name: two, url: "{site.url}/two.xml", category: Two}}
  - name: pages
    kind: html_list
    url: {site.url}/list
    category: [One, Pages]
    items: li
    fields: {{title: a, url: a@href}}
    article: {{content: article}}
"""
    )


def start(folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "aggregator", "refresh", "--force", "--json"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "AGGREGATOR_CONFIG": "feeds.yaml"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(folder: Path) -> dict[str, object]:
    """Run a refresh to its end; return its report."""
    with start(folder) as process:
        out, err = process.communicate(timeout=LONGEST)
    assert process.returncode == 0, err.decode()
    report: dict[str, object] = json.loads(out)
    return report


def kill_after(folder: Path, seconds: float) -> bool:
    """Start a refresh and kill it after so long; return whether it was still running."""
    with start(folder) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate(timeout=LONGEST)
        return process.returncode == -signal.SIGKILL


def published(folder: Path) -> dict[str, str]:
    """Return the id of each address in ``all.json``; every file of the output is whole."""
    for path in (folder / "output").rglob("*"):
        if path.is_file() and not path.name.startswith(".unfinished-"):
            body = path.read_bytes()
            if path.suffix in (".atom", ".rss", ".opml"):
                ElementTree.fromstring(body)
            elif path.suffix == ".json":
                json.loads(body)
            elif path.suffix == ".html":
                assert body.rstrip().endswith(b"</html>"), path
    everything = folder / "output" / "all.json"
    if not everything.exists():
        return {}
    items = json.loads(everything.read_bytes())["items"]
    found = {one["url"]: one["id"] for one in items}
    assert len(found) == len(items), "an article stands there twice"
    return found


def stored(folder: Path) -> dict[str, str]:
    """Return the id of each address in the store, which is sound."""
    path = folder / "aggregator.db"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchall():
            return {}
        rows = connection.execute("SELECT e.url, l.uid FROM entries e JOIN ledger l ON l.id = e.id").fetchall()
    assert len(dict(rows)) == len(rows), "an article is stored twice"
    return dict(rows)


def test_a_refresh_killed_at_any_instant_loses_and_doubles_nothing(tmp_path: Path, site: GrowingSite) -> None:
    chance = random.Random(20260302)
    write_config(tmp_path, site)
    began = time.monotonic()
    finish(tmp_path)  # with nothing to read yet: how long a refresh takes here, and how long it takes to start
    whole = time.monotonic() - began
    killed = 0
    known: dict[str, str] = {}
    for _ in range(KILLS):
        site.count += PER_ROUND
        killed += kill_after(tmp_path, chance.uniform(0.2, 1.05) * whole)

        now = stored(tmp_path)
        assert known.items() <= now.items(), "what was stored is gone or has another id"
        assert published(tmp_path).items() <= now.items(), "what was published is not in the store"
        known = now

    finish(tmp_path)
    last = finish(tmp_path)

    expected = {site.article(n) for n in range(1, site.count + 1)}
    expected |= {f"{site.url}/page/{n}" for n in range(1, site.count + 1)}
    assert killed >= KILLS // 3, "too few were killed while they ran to show anything"
    assert stored(tmp_path).keys() == expected
    assert published(tmp_path) == stored(tmp_path)
    assert known.items() <= stored(tmp_path).items()
    assert (last["new"], last["updated"], last["failed"], last["feeds_written"]) == (0, 0, 0, 0)
    assert not [path for path in (tmp_path / "output").rglob("*") if "unfinished" in path.name]
    pages = json.loads((tmp_path / "output" / "category" / "pages.json").read_bytes())["items"]
    assert all("What stands on" in json.dumps(one) for one in pages), "an article page was lost"
