"""Every real feed at hand, read, saved and published in every format, says the same when it is read back."""

import html
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from aggregator import outputs
from aggregator.model import Entry
from tests.corpora import corpus
from tests.fakes import FakeSite, World

PARTS = 4  # so that several processes share the work
LATE = datetime(2026, 11, 23, tzinfo=UTC)  # all feeds of the corpora were made before


def records() -> list[dict[str, Any]]:
    found = [record for record in json.loads(corpus("consensus.json").read_text()) if record["entries"]]
    return sorted(found, key=lambda record: str(record["file"]))


def shown(text: str | None) -> str:
    """What a reader shows for a title, in which RSS readers expect HTML: references decoded, white space collapsed."""
    return " ".join(html.unescape(html.unescape(text or "")).split())


@pytest.mark.parametrize("part", range(PARTS))
def test_every_real_feed_is_published_as_it_was_saved_and_only_once(part: int, tmp_path: Path) -> None:
    """One test, because what costs is the reading: all that is claimed of it is looked at in turn."""
    with World(tmp_path, *feeds_and_their_yaml(part)) as world:
        first = world.refresh()
        world.publish()

        assert {report.source: report.error for report in first.reports if report.outcome != "fetched"} == {}
        assert len(first.new_ids) == len(world.entries) > 100
        every_file_parses(world)
        for path, entries in feeds(world):
            a_feed_says_what_the_store_says(world, path + ".atom", entries)
            a_feed_says_what_the_store_says(world, path + ".rss", entries)
            a_json_feed_says_what_the_store_says(world, path + ".json", entries)
        a_second_round_finds_and_writes_nothing(world)
        reading_all_again_announces_nothing(world)


def feeds_and_their_yaml(part: int) -> tuple[str, FakeSite]:
    """Return a feeds.yaml with a share of the feeds, each in a category of its own, and the web that has them."""
    site = FakeSite()
    site.clock.at = LATE
    lines = []
    for number, record in enumerate(records()[part::PARTS]):
        url = f"https://feed{number}.example/{Path(record['file']).name}"
        site.put(url, corpus(record["file"]).read_bytes())
        named = f"name: feed{number}, category: feed{number}, url: {json.dumps(url)}"
        lines.append(f"  - {{{named}, identity: {{urls: any}}}}")
    text = f"""
site: {{title: All of them, url: 'https://out.example/'}}
output: {{formats: [{", ".join(outputs.names())}], limit: 10000, max: 10000}}
sources:
"""
    return text + "\n".join(lines), site


def feeds(world: World) -> list[tuple[str, list[Entry]]]:
    """Return the path and the entries of every category, as they stand in the store."""
    found = []
    for shelf in world.store.shelves():
        marks = world.store.newest(shelf.id, limit=10_000, window=world.config.output.window, max_entries=10_000)
        entries = world.store.entries([mark.id for mark in marks], {})
        if not shelf.is_all:  # it is made of the same fragments
            found.append((f"category/{shelf.slug}", [entries[mark.id] for mark in marks]))
    return found


def every_file_parses(world: World) -> None:
    for path, (body, _) in world.tree().items():
        if path.endswith((".atom", ".rss", ".opml")):
            ElementTree.fromstring(body)
        elif path.endswith(".json"):
            json.loads(body)
        elif path.endswith(".html"):
            assert body.rstrip().lower().endswith(b"</html>"), path


def a_feed_says_what_the_store_says(world: World, path: str, entries: list[Entry]) -> None:
    told = feedparser.parse(world.read(path), sanitize_html=False, resolve_relative_uris=False)
    assert not told.bozo, path
    assert [one.id for one in told.entries] == [entry.id for entry in entries], path
    for one, entry in zip(told.entries, entries, strict=True):
        if entry.content.title:
            assert shown(one.title) == shown(entry.content.title), (path, entry.id)
        if entry.content.url:
            assert one.link == entry.content.url, (path, entry.id)
        when = datetime(*one.published_parsed[:6], tzinfo=UTC)
        assert when == entry.stands.replace(microsecond=0), (path, entry.id)


def a_json_feed_says_what_the_store_says(world: World, path: str, entries: list[Entry]) -> None:
    items = json.loads(world.read(path))["items"]
    assert [one["id"] for one in items] == [entry.id for entry in entries], path
    assert [one.get("url") for one in items] == [entry.content.url for entry in entries], path
    dates = [datetime.fromisoformat(one["date_published"]) for one in items]
    assert dates == [entry.stands.replace(microsecond=0) for entry in entries], path


def a_second_round_finds_and_writes_nothing(world: World) -> None:
    world.clock.turn(hours=1)
    again = world.refresh()
    assert (again.new_ids, again.updated_ids) == (set(), set())
    assert world.publish().written == ()


def reading_all_again_announces_nothing(world: World) -> None:
    """As when feeds.yaml says something else on how to read."""
    before = {entry.id: entry.updated for entry in world.entries}
    world.write_config(world.text.replace("identity: {urls: any}", "identity: {urls: any}, timezone: Asia/Tokyo"))
    again = world.refresh()
    assert {report.outcome for report in again.reports} == {"fetched"}
    assert (again.new_ids, again.updated_ids) == (set(), set())
    assert {entry.id: entry.updated for entry in world.entries} == before
