"""Hostile sources beside good ones: polled when all was well, and polled again when they have turned hostile."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.fetch.site import Answer, Site, site
from tests.hostile.kinds import POSTS, Hostile, good

GOOD = "<item><title>%s</title><guid>%s</guid><link>https://good.example/%s</link></item>"


@contextmanager
def serving() -> Iterator[Site]:
    """Give a site that answers on every loopback address of IPv4, from a thread of its own."""
    ready = threading.Event()
    found: list[Site] = []
    ends: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        stop = asyncio.Event()
        async with site({}, host="0.0.0.0") as server:
            ends.append((asyncio.get_running_loop(), stop))
            found.append(server)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        if not ready.wait(10):
            raise RuntimeError("the site does not answer")
        yield found[0]
    finally:
        loop, stop = ends[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


class Room:
    """A folder with feeds.yaml: sources ``bad-1`` … in the order of the kinds, each on a host of its own, and good."""

    def __init__(
        self, folder: Path, web: Site, kinds: Mapping[str, Hostile], *, timeout: str = "30s", max_bytes: str = "20MB"
    ) -> None:
        self.folder, self.web, self.kinds = folder, web, kinds
        self.names = {name: f"bad-{number}" for number, name in enumerate(kinds, start=1)}
        port = web.url.rpartition(":")[2]
        lines = [
            "site: {title: Table, url: https://feeds.example/}",
            f"polling: {{pause: 0s, timeout: {timeout}, concurrency: 8, max_bytes: {max_bytes}}}",
            "sources:",
            f"  - {{name: good, kind: feed, url: 'http://127.0.0.1:{port}/good'}}",
        ]
        for number, (name, kind) in enumerate(kinds.items(), start=1):
            host = f"127.1.{number // 250}.{number % 250 + 1}"
            where = f"path: posts-{number}" if kind.keys == POSTS else f"url: 'http://{host}:{port}/bad-{number}'"
            lines.append(f"  - {{name: {self.names[name]}, category: c{number}, {where}, {kind.keys}}}")
        (folder / "feeds.yaml").write_text("\n".join(lines), encoding="utf-8")

    def be_good(self) -> None:
        """Let all answer as they should."""
        self._good("One", "Two")
        for number, (name, kind) in enumerate(self.kinds.items(), start=1):
            if kind.keys == POSTS:
                posts = self.folder / f"posts-{self.names[name][4:]}"
                posts.mkdir()
                (posts / "2022-03-01-before.md").write_bytes(good(kind.keys, number))
            self.web.answers[f"/{self.names[name]}"] = Answer(body=good(kind.keys, number))

    def turn_hostile(self, size: int | None) -> None:
        """Let all but one answer as they should not. size: None for the one that is small for a kind."""
        self._good("One", "Two", "Three")
        for number in range(40):  # more than anybody follows, and none that comes again
            self.web.answers[f"/next/{number}"] = Answer(status=302, headers=[("Location", f"/next/{number + 1}")])
        for name, kind in self.kinds.items():
            answer = kind.make(kind.small if size is None else size)
            if kind.keys == POSTS:
                assert isinstance(answer, bytes)
                (self.folder / f"posts-{self.names[name][4:]}" / "2022-03-02-bad.md").write_bytes(answer)
                continue
            self.web.answers[f"/{self.names[name]}"] = Answer(body=answer) if isinstance(answer, bytes) else answer
            for path, make in kind.paths.items():
                more = make(kind.small)
                self.web.answers[path] = Answer(body=more) if isinstance(more, bytes) else more

    def _good(self, *titles: str) -> None:
        items = "".join(GOOD % (title, title, title) for title in titles)
        self.web.answers["/good"] = Answer(body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
