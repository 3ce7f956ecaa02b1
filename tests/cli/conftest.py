"""The command line in this process, in a folder of its own, and a web site on loopback for it to poll."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli import main
from tests.fetch.site import Answer, Site, site


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """All of standard output, which must be one JSON object."""
        return json.loads(self.out)


Cli = Callable[..., Ended]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command in ``tmp_path``."""
    monkeypatch.chdir(tmp_path)
    for name in ("AGGREGATOR_CONFIG", "AGGREGATOR_LISTEN"):
        monkeypatch.delenv(name, raising=False)

    def run(*argv: str) -> Ended:
        capsys.readouterr()
        status = main(argv)
        said = capsys.readouterr()
        return Ended(status, said.out, said.err)

    return run


@pytest.fixture
def web() -> Iterator[Site]:
    """A site that answers 404 until ``web.answers`` says otherwise."""
    ready, ends = threading.Event(), []
    found: list[Site] = []

    async def serve() -> None:
        stop = asyncio.Event()
        ends.append((asyncio.get_running_loop(), stop))
        async with site({}) as server:
            found.append(server)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(5)
    yield found[0]
    loop, stop = ends[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(5)
    assert not thread.is_alive()


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write feeds.yaml: its sources as YAML, one to an argument; ``head`` stands above them."""

    def write(*sources: str, head: str = "site: {url: https://feeds.example/}") -> Path:
        path = tmp_path / "feeds.yaml"
        lines = [head, "polling: {pause: 0s, min: 10m}", "sources:", *(f"  - {source}" for source in sources)]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def rss(*titles: str, title: str = "Harbour News") -> Answer:
    """Return a feed with these entries, the first the newest; ``ETag`` makes the next request conditional."""
    items = "".join(
        f"<item><title>{name}</title><link>https://harbour.example/{name.replace(' ', '-')}</link>"
        f"<guid isPermaLink='false'>{name}</guid><pubDate>Mon, 05 Jan 2026 {23 - number:02}:00:00 GMT</pubDate>"
        f"<description>All about {name}.</description></item>"
        for number, name in enumerate(titles)
    )
    body = f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()
    return Answer(headers=[("Content-Type", "application/rss+xml")], body=body)


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return path -> time of change and bytes, of every file."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }
