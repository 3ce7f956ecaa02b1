"""What ``aggregator demo`` does: a world is started, polled for real, merged, published, served, and grows."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator import config, daemon, outputs, sources
from aggregator.config import Config
from aggregator.demo.world import World, feeds_yaml
from aggregator.errors import AggregatorError
from aggregator.model import SourceReport
from aggregator.publish import Published
from aggregator.serve import serve
from aggregator.store import Listed, Store

GROWS_EVERY = timedelta(seconds=15)
SOON = timedelta(seconds=5)  # what is seen in a browser is as new as the world
ANY_PORT = "127.0.0.1:0"
SHOWN_MERGES = 3

Say = Callable[[str], None]


def utc_now() -> datetime:
    return datetime.now(UTC)


async def demo(*, listen: str | None, stop: asyncio.Event, say: Say, grows_every: timedelta = GROWS_EVERY) -> None:
    """Run the small world until ``stop`` is set; leaves nothing behind.

    listen: where the merged feeds are served; None takes the usual address, or a free port where that is in use.
    say: is given what a person reads, a line or several at a time.
    """
    with tempfile.TemporaryDirectory(prefix="aggregator-demo-") as name:
        folder = Path(name)
        world = World("", started=utc_now())
        async with _served(world):
            (folder / "feeds.yaml").write_text(feeds_yaml(world.base_url), encoding="utf-8")
            say(f"A small world answers at {world.base_url}")
            say(
                "  a newspaper's category page, a JSON API, an RSS, an Atom and a JSON feed, which tell partly the same"
            )
            teller = _Teller(folder, say)
            growing = asyncio.create_task(_grow(world, teller, stop, grows_every))
            try:
                await _run(folder, teller, listen, stop)
            finally:
                stop.set()
                growing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await growing
    say("The small world has ended; nothing of it is left.")


async def _run(folder: Path, teller: "_Teller", listen: str | None, stop: asyncio.Event) -> None:
    def load() -> Config:
        path = folder / "feeds.yaml"
        return config.load(path, kinds=sources.names(), formats=outputs.names(), environ=os.environ)

    for address in (listen,) if listen else (None, ANY_PORT):
        try:
            await daemon.run(
                load,
                now=utc_now,
                stop=stop,
                listen=address,
                max_age=SOON,
                on_ready=teller.is_ready,
                on_report=teller.polled,
                on_publish=teller.published,
            )
        except AggregatorError:
            if address == (listen or ANY_PORT) or teller.address:
                raise
            stop.clear()
        else:
            return


@contextlib.asynccontextmanager
async def _served(world: World) -> AsyncIterator[None]:
    """Serve the world on a free port of this machine."""
    over, ready = asyncio.Event(), asyncio.Event()

    def is_ready(address: str) -> None:
        world.base_url = address
        ready.set()

    server = asyncio.create_task(serve(world.app, ANY_PORT, on_ready=is_ready, stop=over))
    first = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({server, first}, return_when=asyncio.FIRST_COMPLETED)
        if server.done():
            server.result()
        yield
    finally:
        over.set()
        first.cancel()
        await server


async def _grow(world: World, teller: "_Teller", stop: asyncio.Event, every: timedelta) -> None:
    """Let the world publish an article now and then, until it has told all or the demo ends."""
    await teller.first_round.wait()
    while not stop.is_set():
        await asyncio.sleep(every.total_seconds())
        article = world.grow()
        if article is None:
            teller.say("The world has told all that it knows; the feeds stay until you press Ctrl-C.")
            return
        teller.say(f"\nThe world grows: “{article.title}” appears in {len(article.places)} of its places …")


class _Teller:
    """Tells a person what happens."""

    def __init__(self, folder: Path, say: Say) -> None:
        self.folder = folder
        self.say = say
        self.address = ""
        self.first_round = asyncio.Event()
        self.reports: dict[str, SourceReport] = {}

    def is_ready(self, address: str) -> None:
        self.address = address.rstrip("/")

    def polled(self, report: SourceReport) -> None:
        if report.outcome == "failed":
            self.say(f"  {report.source}: {report.error}")
        elif not self.first_round.is_set():
            self.reports[report.source] = report
        elif report.new or report.updated or report.duplicates:
            self.say(f"  {report.source}: {_brought(report)}")

    def published(self, published: Published) -> None:
        if not self.reports:
            return
        if self.first_round.is_set():
            self.say(f"  → {published.feeds_written} feeds written")
            return
        self._tell_first_round(published)
        self.first_round.set()

    def _tell_first_round(self, published: Published) -> None:
        say = self.say
        say("\nPolled over HTTP:")
        for report in self.reports.values():
            say(f"  {report.source} ({report.kind}): {_brought(report)}")
        with Store(str(self.folder / "aggregator.db"), now=utc_now()) as store:
            listed = store.listed()
        copies = sum(len(entry.copies) for entry in listed)
        say(f"\n{copies} copies are {len(listed)} articles. For example:")
        merged = [entry for entry in listed if len({copy[0] for copy in entry.copies}) > 1]
        for entry in merged[:SHOWN_MERGES]:
            for line in _shown(entry):
                say(line)
        others = len(published.written) - published.feeds_written
        say(f"\n{published.feeds_written} feeds and {others} pages and lists written.")
        say("\nOpen in a browser, or point your reader at:")
        say(f"  {self.address}/                          everything, by category")
        say(f"  {self.address}/all.atom                  one feed of it all (also .rss, .json)")
        categories = dict.fromkeys(slug for entry in listed for slug in entry.categories)
        for slug in categories:
            say(f"  {self.address}/category/{slug}.atom")
        say("\nIt goes on polling. Ctrl-C ends it.")


def _brought(report: SourceReport) -> str:
    parts = [f"{report.new} new"]
    if report.duplicates:
        parts.append(f"{report.duplicates} known from elsewhere")
    if report.updated:
        parts.append(f"{report.updated} updated")
    return ", ".join(parts)


def _shown(entry: Listed) -> list[str]:
    lines = [f"  “{entry.title}” is one entry:"]
    lines.extend(f"      {source:<16} {url or ''}" for source, url, _ in entry.copies)
    return lines
