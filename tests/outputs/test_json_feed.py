import json
from dataclasses import replace

import pytest
from jsonschema import Draft7Validator

from aggregator.model import Content, Entry, Feed
from aggregator.outputs import json_feed
from tests.corpora import corpus
from tests.outputs.examples import BARE, ENTRY, FEED, HOSTILE, NOTE, PLAIN_FEED, hostile, hostile_feed


def read(*entries: Entry, feed: Feed = FEED):
    return json.loads(json_feed.document(feed, [json_feed.fragment(entry) for entry in entries]))


def test_item_says_what_the_entry_holds():
    item = read(ENTRY)["items"][0]

    assert item == {
        "id": ENTRY.id,
        "url": ENTRY.content.url,
        "title": ENTRY.content.title,
        "content_html": ENTRY.content.html,
        "summary": ENTRY.content.summary,
        "image": ENTRY.content.image,
        "date_published": "2026-11-23T16:25:14Z",
        "date_modified": "2026-11-23T18:25:14Z",
        "authors": [
            {"name": "张三", "url": "mailto:zhang@example.com"},
            {"name": "Lee", "url": "https://lee.example.com/"},
        ],
        "tags": ["吉林日报新闻", "科技", "冰雪", "Tourism"],
        "language": "zh-CN",
        "attachments": [
            {
                "url": "https://press.example.com/a.mp3",
                "mime_type": "audio/mpeg",
                "size_in_bytes": 1234,
                "duration_in_seconds": 65,
            },
            {"url": "https://press.example.com/b.pdf?v=1", "mime_type": "application/pdf", "title": "Programme"},
        ],
        "_aggregator": {
            "source": {
                "name": "press.example.com/feed",
                "title": "Example 日报",
                "url": "https://press.example.com/",
                "feed_url": "https://press.example.com/feed",
            },
            "copies": [{"source": "wire", "title": "要闻", "url": "https://wire.example.com/news/1.html"}],
            "categories": ["jilinribao", "keji"],
            "related": [{"url": "https://blog.example.com/on-snow", "title": "A comment"}],
            "rights": "CC BY 4.0",
            "comments": "https://press.example.com/a/comments",
            "first_seen": "2026-11-23T19:20:14Z",
        },
    }


def test_head_says_where_it_is():
    head = read()

    assert head == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": FEED.title,
        "home_page_url": "https://feeds.example.org/news/category/jilinribao.html",
        "feed_url": "https://feeds.example.org/news/category/jilinribao.json",
        "authors": [{"name": "Example Press"}],
        "language": "zh-CN",
        "hubs": [{"type": "WebSub", "url": "https://hub.example.net/"}],
        "items": [],
    }


def test_head_without_an_address_of_the_site_names_none():
    assert set(read(feed=PLAIN_FEED)) == {"version", "title", "items"}


@pytest.mark.parametrize(
    ("entry", "text"),
    [(BARE, "Notes"), (replace(BARE, content=Content(summary="Brief")), "Brief")],
)
def test_item_always_has_content(entry, text):
    item = read(entry)["items"][0]

    assert item["content_text"] == text
    assert "summary" not in item


def test_untitled_entry_stays_untitled():
    assert "title" not in read(NOTE)["items"][0]


def test_each_item_stands_on_a_line_of_its_own():
    entries = [hostile(text) for text in HOSTILE]

    document = json_feed.document(FEED, [json_feed.fragment(entry) for entry in entries])

    lines = document.decode().split("\n")
    assert len(lines) == len(entries) + 3
    for line in lines[1 : len(entries) + 1]:
        assert json.loads(line.rstrip(","))["id"] == ENTRY.id


@pytest.mark.parametrize("text", ["", *HOSTILE], ids=lambda text: ascii(text[:20]))
def test_documents_hold_to_the_schema_of_json_feed(text):
    schema = json.loads(corpus("schemas", "jsonfeed-1.1.schema.json").read_bytes())

    Draft7Validator(schema).validate(read(ENTRY, NOTE, BARE, hostile(text), feed=hostile_feed(text or "Title")))
    Draft7Validator(schema).validate(read(feed=PLAIN_FEED))
