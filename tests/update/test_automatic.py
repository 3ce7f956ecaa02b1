"""``article: auto`` over polls: which pages are asked for, what is taken, and that it stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import World, item, rss

FEED = "https://news.example/feed"
YAML = """
    sources:
      - {name: news, url: "https://news.example/feed", article: auto}
"""
LEAD = "The harbour board met on Tuesday evening to decide what will become of the old pilot house."
REST = [
    "It has stood empty for eleven years, and the roof leaks in three places, as the surveyor told the board.",
    "Two bids came in, one of them from the sailing club, which wants to open a café there in the summer.",
    "The board will meet again in a fortnight; until then both bidders may look at the house on weekdays.",
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, YAML) as made:
        yield made


def article(*paragraphs: str, title: str = "Pilot house to be sold", head: str = "") -> str:
    """Return the page of an article on a site with a menu, other news and a foot."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{title} - Harbour News</title>{head}</head><body>"
        "<header><nav><a href=/>Home</a> <a href=/sport>Sport</a> <a href=/ships>Ships</a></nav></header>"
        f"<main><article><h1>{title}</h1>{text}</article></main>"
        "<aside><h3>Most read</h3><ul><li><a href=/7>Ferry timetable changes in May</a></ul></aside>"
        "<footer>© 2026 Harbour News <a href=/privacy>Privacy</a></footer></body></html>"
    )


def put(world: World, *items: str, feed: str = FEED) -> None:
    world.site.put(feed, rss(*items))


def poll(world: World) -> tuple[list[str], str]:
    """Poll once; return the pages that were asked for, and all warnings."""
    world.site.forget()
    world.clock.turn(hours=13)
    round_ = world.refresh()
    return [url for url in world.site.asked if url != FEED], " ".join(w for r in round_.reports for w in r.warnings)


def text_of(world: World, title: str = "Pilot house to be sold") -> str:
    return world.full_entry(title).content.html or ""


def test_a_teaser_is_completed_from_its_page_and_stays_the_summary(world: World) -> None:
    put(world, item("Pilot house to be sold", "https://news.example/1", text=f"<p>{LEAD}</p>"))
    world.site.put("https://news.example/1", article(LEAD, *REST))

    asked, warnings = poll(world)

    entry = world.full_entry("Pilot house to be sold")
    assert (asked, warnings) == (["https://news.example/1"], "")
    assert entry.content.html == "".join(f"<p>{paragraph}</p>" for paragraph in (LEAD, *REST))
    assert entry.content.summary == LEAD
