"""Entries that say little are kept under their names, empty ones are told."""

import json
from datetime import UTC, datetime

import pytest

from aggregator.errors import ReadError
from aggregator.model import Document, Person, Reading, Source
from aggregator.sources import feed

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://news.example.org/feed"


def read(text: str) -> Reading:
    document = Document(url=URL, requested_url=URL, body=text.encode(), fetched_at=NOW)
    return feed.read(document, Source(name="n", kind="feed", url=URL), now=NOW)


def rss(body: str) -> str:
    return f'<rss version="2.0"><channel><title>N</title>{body}</channel></rss>'


@pytest.mark.parametrize(
    "inside",
    [
        "<guid isPermaLink='false'>a-1</guid>",
        "<pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate>",
        "<author>ann@example.org (Ann)</author>",
        "<category>News</category>",
        "<comments>https://news.example.org/1#comments</comments>",
    ],
)
def test_entry_that_bears_anything_is_kept_and_told(inside):
    reading = read(rss(f"<item><title>One</title></item><item>{inside}</item>"))
    assert len(reading.entries) == 2
    (warning,) = reading.warnings
    assert warning.startswith("entry 2 of 2 ")
    assert warning.endswith("has no title, link or text")


@pytest.mark.parametrize("inside", ["", "<title> </title><description/>", "<unknown>x</unknown>"])
def test_empty_entry_is_left_out_and_told(inside):
    reading = read(rss(f"<item>{inside}</item><item><title>Two</title></item>"))
    assert [entry.title.value for entry in reading.entries] == ["Two"]
    assert reading.warnings == ("entry 1 of 2 is empty: left out",)


def test_authors_of_the_feed_make_no_entry():
    found = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><author><name>Ann</name></author>'
        "<entry/><entry><author><name>Bob</name></author></entry></feed>"
    )
    assert [entry.authors for entry in found.entries] == [(Person(name="Bob"),)]


def test_entry_of_a_json_feed_with_an_id_alone_is_kept():
    feed_version = "https://jsonfeed.org/version/1.1"
    found = read(json.dumps({"version": feed_version, "title": "N", "items": [{"id": "1"}, {}, "no entry"]}))
    assert [entry.id for entry in found.entries] == ["1"]
    assert found.warnings == (
        "entry 1 of 3 (1) has no title, link or text",
        "entry 2 of 3 is empty: left out",
        "entry 3 of 3 is empty: left out",
    )


@pytest.mark.parametrize(
    "text",
    [
        rss("<description>Fish & Chips</description>"),
        '<rss version="2.0"><channel><title>N</title><language>en</langauge></channel></rss>',
        '<rss version="2.0"><channel><title>N</title><itunes:subtitle>s</itunes:subtitle></channel></rss>',
    ],
)
def test_ill_formed_feed_that_has_no_entries_yet_is_a_feed(text):
    reading = read(text)
    assert reading.info.title == "N"
    assert "not well-formed" in reading.warnings[0]


def test_feed_cut_off_before_its_first_entry_is_refused():
    with pytest.raises(ReadError, match="no entries could be read"):
        read(rss("<language>en</language><!-- failed -->").partition("</channel>")[0])


def test_rdf_feed_with_nothing_in_it_is_a_feed():
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"></rdf:RDF>'
    )
    assert read(text).entries == ()
