"""A published folder, and our server in front of it on a free port of loopback."""

import asyncio
import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.types import ASGIApp

from aggregator.serve import application, serve

MEDIA_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".json": "application/feed+json; charset=utf-8",
}
FEED = "<feed>早春的河风还带着凉意，渡口的灯先亮了。</feed>\n".encode() * 40


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Running:
    """A server at work. ask: one request on a connection of its own; ``target`` goes out as it is."""

    address: str

    def ask(self, target: str, headers: dict[str, str] | None = None, *, method: str = "GET") -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=5)
        try:
            connection.putrequest(method, target, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            body = response.read()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
        finally:
            connection.close()


@contextmanager
def running(app: ASGIApp, listen: str = "127.0.0.1:0") -> Iterator[Running]:
    """Serve ``app`` in a thread of its own while the block lasts."""
    ready = threading.Event()
    found: list[Any] = []

    def tell(address: str) -> None:
        found.append(address)
        ready.set()

    async def main() -> None:
        stop = asyncio.Event()
        found.extend((asyncio.get_running_loop(), stop))
        await serve(app, listen, on_ready=tell, stop=stop)

    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    try:
        assert ready.wait(5), "the server did not come up"
        yield Running(found[2])
    finally:
        found[0].call_soon_threadsafe(found[1].set)
        thread.join(5)
    assert not thread.is_alive()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An output folder with something beside it that is nobody's business."""
    output = tmp_path / "output"
    for name in ("category", "assets", "_posts", ".cache"):
        (output / name).mkdir(parents=True)
    (output / "index.html").write_text("<!doctype html><title>news</title>")
    (output / "all.atom").write_bytes(FEED)
    (output / "category" / "jilinribao.html").write_text("<!doctype html><title>吉林日报</title>")
    (output / "category" / "jilinribao.atom").write_bytes(FEED)
    (output / "assets" / "style.css").write_text("body { margin: 0 }")
    (output / "_posts" / "2026-01-01-a.html").write_text("SECRET")
    (output / ".cache" / "a.html").write_text("SECRET")
    (output / ".hidden.html").write_text("SECRET")
    (output / "aggregator.db").write_text("SECRET")
    (tmp_path / "secret.html").write_text("SECRET")
    return output


@pytest.fixture
def site(folder: Path) -> Iterator[Running]:
    aliases = {"jilin": "jilinribao", "jilinribao": "jilinribao"}
    with running(application(folder, media_types=MEDIA_TYPES, aliases=aliases.get)) as server:
        yield server


@pytest.fixture
def start() -> Callable[..., AbstractContextManager[Running]]:
    return running
