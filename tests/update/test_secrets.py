"""Secrets that a server repeats: another one makes nothing new, and what was known by the old one is known still."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import World, item, rss

FEED = "https://news.example/feed?key="
TEXT = """
sources:
  - {name: news, url: "https://news.example/feed?key=${KEY}", article: {content: p}}
  - {name: other, url: "https://other.example/feed"}
"""
OLD, NEW = "0ldsecret/1", "n3wsecret/2"


def feed(key: str, *more: str) -> str:
    link = f"https://news.example/story?key={key}&id=1"
    return rss(item("A story", link, guid=link), *more, link=f"https://news.example/?key={key}")


def put(world: World, key: str) -> None:
    world.site.put(FEED + key, feed(key))
    page = f"<p>Whole text. <a href='?key={key}&amp;id=2'>next</a></p>"
    world.site.put(f"https://news.example/story?key={key}&id=1", page, headers={"content-type": "text/html"})


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, TEXT, environ={"KEY": OLD}) as made:
        put(made, OLD)
        put(made, NEW)
        yield made


def with_key(world: World, key: str) -> None:
    world.environ = {"KEY": key}
    world.restart()


def test_an_address_is_published_without_the_key_and_its_page_is_asked_for_with_it(world: World) -> None:
    world.refresh("news")

    (entry,) = world.full()
    assert (entry.id, entry.content.url) == ("https://news.example/story?id=1", "https://news.example/story?id=1")
    assert 'href="https://news.example/story?id=2"' in (entry.content.html or "")
    assert world.site.asked[-1] == f"https://news.example/story?key={OLD}&id=1"


def test_another_key_makes_nothing_new_and_loses_no_validators(world: World) -> None:
    world.refresh("news")
    before = world.full()
    world.site.put(FEED + NEW, feed(OLD))  # the same bytes, from the server's store
    with_key(world, NEW)
    world.site.forget()

    report = world.refresh("news").reports[0]

    (request,) = world.site.requests
    assert (request.url, request.validated_url, request.etag is None) == (FEED + NEW, FEED + NEW, False)
    assert (report.outcome, world.full()) == ("unchanged", before)


def test_addresses_with_another_key_are_the_same_addresses(world: World) -> None:
    world.refresh("news")
    before = world.full()
    with_key(world, NEW)
    world.site.forget()

    report = world.refresh("news").reports[0]

    assert (report.outcome, report.new, report.updated) == ("fetched", 0, 0)
    assert world.site.asked == [FEED + NEW]  # no page is asked for again
    assert world.full() == before


def test_a_copy_that_others_give_without_a_key_joins(world: World) -> None:
    world.site.put("https://other.example/feed", rss(item("A story", "https://news.example/story?id=1")))

    world.refresh()

    (entry,) = world.entries
    assert {source for source, _, _ in entry.copies} == {"news", "other"}


def test_a_page_that_is_still_to_be_had_is_asked_for_with_the_key_of_its_time(world: World) -> None:
    world.site.fail(f"https://news.example/story?key={OLD}&id=1")
    world.refresh("news")
    with_key(world, NEW)
    world.clock.turn(hours=1)

    world.refresh("news")

    assert world.site.asked[-1] == f"https://news.example/story?key={NEW}&id=1"
    assert "Whole text" in (world.full()[0].content.html or "")


def test_what_a_document_writes_as_a_secret_is_filled_in_at_its_own_site_alone(tmp_path: Path) -> None:
    text = """
    sources:
      - {name: news, url: "https://news.example/feed?key=${KEY}", headers: {X-Other: "${OTHER}"}, article: {
         url: "https://pages.example/?key=${PAGE}&u={url}", content: p}}
    """
    with World(tmp_path, text, environ={"KEY": OLD, "OTHER": "oth3rsecret", "PAGE": "p4gesecret"}) as world:
        link = "https://evil.example/?k=${KEY}&o=${OTHER}&p=${PAGE}"
        world.site.put(FEED + OLD, rss(item("A", link), item("B", "https://news.example/?a=${PAGE}")))
        world.refresh()

    told = "\n".join(world.site.asked[1:])
    assert OLD not in told
    assert "oth3rsecret" not in told
    assert "u=https" in told


def test_lists_parts_and_found_feeds_are_asked_with_secrets_and_kept_without(tmp_path: Path) -> None:
    text = """
    sources:
      - {name: list, kind: opml, url: "https://list.example/opml?token=${KEY}"}
      - {name: map, kind: sitemap, url: "https://map.example/index.xml?token=${KEY}"}
      - {name: page, url: "https://page.example/?token=${KEY}"}
    """
    near, found = f"https://list.example/feed?token={OLD}", f"https://page.example/feed?token={OLD}"
    with World(tmp_path, text, environ={"KEY": OLD}) as world:
        opml = f'<opml version="2.0"><body><outline text="Near" xmlUrl="{near}"/></body></opml>'
        world.site.put(f"https://list.example/opml?token={OLD}", opml)
        part = f"https://map.example/part.xml?token={OLD}"
        index = f"<sitemapindex><sitemap><loc>{part}</loc></sitemap></sitemapindex>"
        world.site.put(f"https://map.example/index.xml?token={OLD}", index)
        world.site.put(part, "<urlset><url><loc>https://map.example/a</loc></url></urlset>")
        html = f'<html><head><link rel="alternate" type="application/rss+xml" href="{found}"></head></html>'
        world.site.put(f"https://page.example/?token={OLD}", html, headers={"content-type": "text/html"})
        for address in (near, found):
            world.site.put(address, rss(item("A", f"{address}&id=1")))

        for _ in range(2):
            world.refresh()
            assert {near, part, found} <= set(world.site.asked)
            assert {report.outcome for report in world.refresh().reports} <= {"fetched", "unchanged"}
        world.publish()

        kept = sqlite3.connect(world.config.storage)
        told = json.dumps([kept.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES], default=repr)
        kept.close()
    assert "${KEY}" in told
    assert "0ldsecret" not in told


TABLES = ("sources", "fetches", "copies", "entries", "members", "articles", "events", "ledger", "fragments")
