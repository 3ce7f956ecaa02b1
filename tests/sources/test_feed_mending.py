"""Ill-formed feeds are read as their writers meant them, with a warning."""

import time
from datetime import UTC, datetime

import pytest

from aggregator.model import Document, Link, Reading, Source
from aggregator.sources import feed
from aggregator.sources.parts.feed.mending import fault_of, mended

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://news.example.org/feed"


def read(text: str) -> Reading:
    document = Document(url=URL, requested_url=URL, body=text.encode(), fetched_at=NOW)
    return feed.read(document, Source(name="n", kind="feed", url=URL), now=NOW)


def rss(body: str, attributes: str = "") -> str:
    return f'<rss version="2.0"{attributes}><channel><title>N</title>{body}</channel></rss>'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Fish & Chips &amp; more &lt;3", "Fish & Chips & more <3"),
        ("?page=1&copy=2;mode=x &amp; done", "?page=1&copy=2;mode=x & done"),
        ("a&nbsp;b &copy; c", "a\xa0b © c"),
        ("no&#0; character&#xFFFF;&#11;", "no character"),
        ("&#55357;&#56832; &#xD83D;&#xDE00; &amp;", "😀 😀 &"),
        ("<![CDATA[a & b]]> & c", "a & b & c"),
        ("a lone &#55357; half", "a lone  half"),
        ("I <3 you, 1 < 2 <= 3", "I <3 you, 1 < 2 <= 3"),
    ],
)
def test_references_are_what_was_meant(written, meant):
    reading = read(rss(f"<item><title>{written}</title><link>https://e.example/1</link></item>"))
    (entry,) = reading.entries
    assert entry.title.value == meant
    assert "not well-formed" in reading.warnings[0]


def test_prefix_that_nobody_declared_means_what_it_usually_means():
    (entry,) = read(
        rss(
            "<item><title>One</title><dc:creator>Ann</dc:creator><media:content url='https://e.example/1.mp3' "
            "type='audio/mpeg'/><atom:link rel='related' href='https://e.example/2'/><own:thing>x</own:thing></item>"
        )
    ).entries
    assert [person.name for person in entry.authors] == ["Ann"]
    assert [file.url for file in entry.enclosures] == ["https://e.example/1.mp3"]
    assert Link(url="https://e.example/2", rel="related") in entry.links


def test_vocabulary_of_rss_may_have_a_prefix_that_nobody_declared():
    reading = read(
        '<!-- an <rss> --><?xml?xml version="1.0" ??>\n<rss rss:version=2.0><rss:channel><rss:title>N</rss:title>'
        "<rss:item><rss:title>One</rss:title><rss:link>https://e.example/1</rss:link>"
        "<rss:pubDate>Mon, 01 Jan 2024 12:00:00 GMT</rss:pubDate></rss:item></rss:channel></rss>"
    )
    (entry,) = reading.entries
    assert (entry.title.value, entry.url) == ("One", "https://e.example/1")
    assert entry.published == "Mon, 01 Jan 2024 12:00:00 GMT"
    assert reading.info.title == "N"


def test_white_space_in_the_name_of_a_namespace_is_none():
    (entry,) = read(
        rss(
            "<item><title>One</title><i:author>Ann</i:author></item>",
            ' xmlns:i=" http://www.itunes.com/DTDs/PodCast-1.0.dtd "',
        )
    ).entries
    assert [person.name for person in entry.authors] == ["Ann"]


def test_attributes_may_lack_quotation_marks():
    (entry,) = read(
        rss("<item><guid isPermaLink=false>1</guid><enclosure url=https://e.example/1.mp3 type='audio/mpeg' /></item>")
    ).entries
    assert (entry.id, entry.url) == ("1", None)
    assert entry.enclosures[0].url == "https://e.example/1.mp3"


def test_element_closed_by_another_name_does_not_swallow_the_rest():
    reading = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        "<p>N</p></div></subtitle><entry><id>1</id><title>One</title></entry></feed>"
    )
    assert reading.info.title == "N"
    assert [entry.title.value for entry in reading.entries] == ["One"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("List<String> in Java", "List<String> in Java"),
        ("One <br> two", "One <br> two"),
        ("One <i>two", "One <i>two"),
        ("One</b> & two", "One</b> & two"),
        ("One <b>two</b> <br>three", "One <b>two</b> <br>three"),
    ],
)
def test_tag_in_a_title_does_not_swallow_what_comes_behind(written, meant):
    item = "<item><title>{}</title><link>https://e.example/{}</link><pubDate>2026-11-01T09:40:00Z</pubDate></item>"
    reading = read(rss(item.format(written, 1) + item.format("Two", 2)))

    first, second = reading.entries
    assert (first.title.value, first.url, first.published) == (
        meant,
        "https://e.example/1",
        "2026-11-01T09:40:00Z",
    )
    assert second.title.value == "Two"
    assert "not well-formed" in reading.warnings[0]


def test_title_in_the_text_of_an_entry_is_left_alone():
    text = rss("<item><title>a & b</title><description><![CDATA[<title>x <br></title>]]></description></item>")
    assert "<title>x <br></title>" in mended(text)


@pytest.mark.parametrize("end", ["<![CD", "<ti", "<title", '<link href="https://e', "</item", "<!", "<!-"])
def test_feed_cut_off_within_a_tag_keeps_what_came_before(end):
    whole = rss("<item><title>One</title><link>https://e.example/1</link></item>").partition("</channel>")[0]
    (entry,) = read(whole + end).entries
    assert entry.title.value == "One"


@pytest.mark.parametrize(
    "text",
    [
        "<rss " + "a" * 300_000,
        "<rss " + "a = " * 100_000 + ">",
        "<rss>" + "<a b='" * 100_000,
        "<rss>" + "&a" * 200_000,
        "<rss>" + "<![CDATA[" * 50_000,
        "<rss>" + "<" * 300_000,
        "<rss>" + "<!--" * 100_000,
        "<rss>" + "<title>" * 100_000,
        "<rss>" + "<title>" + "<b>" * 100_000 + "</title>",
        "<rss>" + "<title>a<b></title>" * 20_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_is_mended_in_time(text):
    began = time.process_time()
    mended(text)
    assert time.process_time() - began < 2


def test_well_formed_text_stays_well_formed():
    text = rss("<item><title>a &amp; b &#233; <![CDATA[<x y=1> & </x>]]></title></item>", ' xmlns:x="urn:x"')
    assert fault_of(text) is None
    assert mended(text) == text


def test_cdata_within_cdata_is_one():
    (entry,) = read(rss("<item><title><![CDATA[ <![CDATA[One]]> ]]></title><guid>1</guid></item>")).entries
    assert entry.title.value == "One"


def test_last_tag_may_lack_its_end():
    assert read(rss("<link>https://e.example/</link>").removesuffix(">")).info.url == "https://e.example/"
