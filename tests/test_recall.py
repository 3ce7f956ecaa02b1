"""A lost store learns from the published output what it gave out."""

import asyncio
from pathlib import Path

import pytest

from aggregator.errors import ReadError
from aggregator.recall import recall
from tests.fakes import FakeSite, World, item, rss

TEXT = """
    site: {url: "https://feeds.example.org/"}
    identity: {parameters: [infoCode]}
    sources:
      - {name: news, url: "https://news.example/feed", category: News}
      - {name: other, url: "https://other.example/feed", category: Others}
"""


def published_world(folder: Path) -> World:
    world = World(folder, TEXT)
    items = [
        item(
            "Dated", "https://news.example/1", pubDate="Mon, 02 Feb 2026 08:00:00 GMT", guid="tag:news.example,2026:1"
        ),
        item("Undated", "https://news.example/2?infoCode=77"),
    ]
    world.site.put("https://news.example/feed", rss(*items))
    world.site.put("https://other.example/feed", rss(item("Other", "https://other.example/a")))
    world.refresh()
    world.publish()
    return world


def test_a_lost_store_keeps_ids_and_dates_and_announces_nothing_again(tmp_path: Path) -> None:
    with published_world(tmp_path / "first") as first:
        for path, (body, _) in first.tree().items():
            first.site.put(f"https://feeds.example.org/{path}", body)
        before = {entry.title: (entry.id, entry.published, entry.first_seen) for entry in first.entries}
        site = first.site

    with World(tmp_path / "second", TEXT, site=site) as second:
        second.clock.turn(days=3)
        given = asyncio.run(recall("https://feeds.example.org", config=second.config, send=site, now=second.clock()))
        unknown = second.store.remember_given(given, at=second.clock())
        round_ = second.refresh()
        after = {entry.title: (entry.id, entry.published, entry.first_seen) for entry in second.entries}

    assert unknown == 3
    assert not round_.new_ids
    assert after == before


def test_what_is_no_output_of_ours_is_refused_in_words(tmp_path: Path) -> None:
    site = FakeSite()
    site.put("https://feeds.example.org/all.json", b"<html></html>")
    with World(tmp_path, TEXT, site=site) as world, pytest.raises(ReadError, match="no JSON feed of ours"):
        asyncio.run(recall("https://feeds.example.org/", config=world.config, send=site, now=world.clock()))
