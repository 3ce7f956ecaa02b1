"""While a heavy document is read, everybody else has their turn: nothing of it is computed on the event loop."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.apart.workers import Workers
from aggregator.model import Polling, SourceReport
from aggregator.update import update_source
from benchmarks.heavy import article, feed, html_list, json_feed, outlines, sitemap
from tests.fakes import World

URL = "https://heavy.example/list"
MOST_COMPUTED = 0.6  # seconds, of the loop's thread in a whole poll: what is read on it takes several

DOCUMENTS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a feed of 4,000 entries": ("", lambda: feed(4_000, 350), "application/rss+xml"),
    "a JSON Feed": ("", lambda: json_feed(4_000, 350), "application/feed+json"),
    "a page with 4,000 lines": (
        "kind: html_list, items: li, fields: {title: a, url: a@href}",
        lambda: html_list(4_000),
        "text/html",
    ),
    "a sitemap of 6,000 pages": ("kind: sitemap, article: {content: p}", lambda: sitemap(630_000), "application/xml"),
    "a list of 4,000 feeds": ("kind: opml", lambda: outlines(4_000), "text/x-opml"),
}


def polled(world: World) -> tuple[SourceReport, float]:
    """Return what comes of a poll, and how long the event loop computed for it."""

    async def poll() -> tuple[SourceReport, float]:
        (source,) = world.config.sources
        async with Workers() as work:
            before = time.thread_time()
            report, _ = await update_source(
                source, polling=Polling(), store=world.store, send=world.site, now=world.clock, work=work
            )
            return report, time.thread_time() - before

    return asyncio.run(poll())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_heavy_document_leaves_the_event_loop_free(tmp_path: Path, name: str) -> None:
    keys, body, media_type = DOCUMENTS[name]
    text = f"sources:\n  - {{name: heavy, url: '{URL}'{', ' if keys else ''}{keys}}}\n"
    with World(tmp_path, text) as world:
        world.site.put(URL, body(), headers={"content-type": media_type})

        report, computed = polled(world)

        assert report.error is None
        assert computed < MOST_COMPUTED


def test_a_heavy_article_leaves_the_event_loop_free(tmp_path: Path) -> None:
    with World(tmp_path, f"sources: [{{name: heavy, url: '{URL}', article: {{content: article}}}}]") as world:
        world.site.put(URL, feed(1, 50))
        world.site.put("https://heavy.example/0", article(900_000), headers={"content-type": "text/html"})

        report, computed = polled(world)

        assert report.error is None
        assert len(world.full()[0].content.html or "") > 500_000
        assert computed < MOST_COMPUTED
