"""Entries and feeds have the addresses that they name, wherever and however they name them."""

from datetime import UTC, datetime

import pytest

from aggregator.model import Document, Enclosure, Link, RawEntry, Reading, Source
from aggregator.normalize import normalize
from aggregator.sources import feed

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://news.example.org/feed"


def read(text: str) -> Reading:
    document = Document(url=URL, requested_url=URL, body=text.encode(), fetched_at=NOW)
    return feed.read(document, Source(name="n", kind="feed", url=URL), now=NOW)


def rss_entry(inner: str) -> RawEntry:
    return read(f'<rss version="2.0"><channel><item><title>One</title>{inner}</item></channel></rss>').entries[0]


def atom(head: str, entry: str = "") -> Reading:
    return read(f'<feed xmlns="http://www.w3.org/2005/Atom">{head}<entry><id>1</id>{entry}</entry></feed>')


def test_page_of_an_atom_feed_goes_before_its_other_forms():
    links = (
        '<link rel="alternate" type="application/json" href="/j"/><link rel="alternate" type="text/html" href="/h"/>'
    )
    reading = atom(links, links)
    assert (reading.info.url, reading.entries[0].url) == ("https://news.example.org/h", "https://news.example.org/h")


def test_registered_name_of_a_relation_is_the_bare_one():
    name = "http://www.iana.org/assignments/relation/"
    (entry,) = atom(
        "", f'<link rel="{name}alternate" href="/1"/><link rel="{name}via" href="https://v.example/"/>'
    ).entries
    assert entry.url == "https://news.example.org/1"
    assert entry.links == (Link(url="https://v.example/", rel="via"),)


def test_links_start_from_their_own_base():
    (entry,) = atom(
        "",
        '<link xml:base="https://o.example/" href="a"/>'
        '<link xml:base="https://o.example/" rel="enclosure" href="f.mp3"/>'
        '<link xml:base="https://o.example/" rel="related" href="r"/>',
    ).entries
    assert entry.url == "https://o.example/a"
    assert entry.enclosures == (Enclosure(url="https://o.example/f.mp3"),)
    assert entry.links == (Link(url="https://o.example/r", rel="related"),)


@pytest.mark.parametrize("name", ["isPermaLink", "ispermalink", "IsPermalink"])
def test_guid_that_is_no_address_is_none(name):
    assert rss_entry(f"<guid {name}='False'>https://e.example/1</guid>").url is None
    assert rss_entry(f"<guid {name}='TRUE'>https://e.example/1</guid>").url == "https://e.example/1"


def test_address_inside_an_enclosure_is_that_of_the_file():
    assert rss_entry("<enclosure>https://e.example/1.mp3</enclosure>").enclosures[0].url == "https://e.example/1.mp3"
    assert rss_entry("<enclosure>a text</enclosure>").enclosures == ()
    assert rss_entry("<enclosure URL='https://e.example/1.mp3'/>").enclosures[0].url == "https://e.example/1.mp3"


def test_escaped_cdata_is_what_stands_in_it():
    entry = rss_entry(
        "<link>&lt;![CDATA[ https://e.example/1 ]]&gt;</link><description>&lt;![CDATA[a &lt;b&gt;c]]&gt;</description>"
    )
    assert entry.url == "https://e.example/1"
    assert entry.summary.value == "a <b>c"


def test_content_that_stands_elsewhere_is_a_file_or_the_page():
    (video,) = atom("", '<content type="video/mp4" src="v.mp4"/>').entries
    assert (video.url, video.enclosures) == (None, (Enclosure(url="v.mp4", type="video/mp4"),))
    (text,) = atom("", '<content type="text/html" src="/page"/>').entries
    assert (text.url, text.enclosures) == ("https://news.example.org/page", ())
    (both,) = atom("", '<content src="/page"/><link href="/1"/>').entries
    assert (both.url, both.enclosures) == ("https://news.example.org/1", ())


def test_other_forms_of_a_page_are_kept_beside_it():
    (entry,) = atom("", '<link href="/1"/><link rel="alternate" type="application/pdf" href="/1.pdf"/>').entries
    assert entry.url == "https://news.example.org/1"
    assert entry.links == (Link(url="/1.pdf", rel="alternate", type="application/pdf"),)


@pytest.mark.parametrize(
    "text",
    [
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>https://home.example/</link>'
        '<atom:link rel="self" href="https://e.example/f/rss.xml"/><item><link>1</link>'
        "<description>&lt;a href='2'&gt;x&lt;/a&gt;</description></item></channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://e.example/f/"/><entry><link href="1"/><id>1</id>'
        '<summary type="html">&lt;a href="2"&gt;x&lt;/a&gt;</summary></entry></feed>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.example/f/"><entry><link href="1"/><id>1</id>'
        '<summary type="html">&lt;a href="2"&gt;x&lt;/a&gt;</summary></entry></feed>',
        '{"version": "https://jsonfeed.org/version/1", "feed_url": "https://e.example/f/feed.json", "items": '
        '[{"url": "1", "summary": "x", "content_html": "<a href=2>x</a>"}]}',
    ],
)
def test_addresses_in_a_file_start_where_the_feed_once_stood(text):
    source = Source(name="n", kind="feed", path="/srv/feed")
    document = Document(url="file:///srv/feed", requested_url="/srv/feed", body=text.encode(), fetched_at=NOW)
    reading = feed.read(document, source, now=NOW)
    content, _ = normalize(reading.entries[0], source, reading.info, url=document.url, now=NOW)
    assert content.url == "https://e.example/f/1"
    assert 'href="https://e.example/f/2"' in content.html
