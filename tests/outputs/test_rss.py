from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from aggregator.model import Entry, Feed
from aggregator.outputs import rss
from tests.outputs.examples import BARE, CREDIT, ENTRY, FEED, NOTE, NOW, PLAIN_FEED, parsed
from tests.outputs.test_atom import canonical

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}


def document(*entries: Entry, feed: Feed = FEED) -> bytes:
    return rss.document(feed, [rss.fragment(entry) for entry in entries])


def channel(*entries: Entry, feed: Feed = FEED):
    return etree.fromstring(document(*entries, feed=feed)).find("channel")


def test_what_feedparser_reads_back_is_what_was_published():
    found = parsed(document(ENTRY)).entries[0]

    assert found.id == ENTRY.id
    assert found.title == ENTRY.content.title
    assert found.link == ENTRY.content.url
    assert found.summary == "雪场客流 &lt; 去年同期的 3 倍 &amp; 更多"  # a description is HTML
    assert found.content[0].value == ENTRY.content.html
    assert datetime(*found.published_parsed[:6], tzinfo=UTC) == ENTRY.stands
    assert datetime(*found.updated_parsed[:6], tzinfo=UTC) == ENTRY.updated
    assert [tag.term for tag in found.tags] == ["吉林日报新闻", "科技", "冰雪", "Tourism"]
    assert [(file.href, file.type, file.length) for file in found.enclosures] == [
        ("https://press.example.com/a.mp3", "audio/mpeg", "1234")
    ]
    assert [media["url"] for media in found.media_content] == ["https://press.example.com/b.pdf?v=1"]
    assert [author.name for author in found.authors] == ["张三", "Lee"]
    assert found.source == {"href": CREDIT.feed_url, "title": CREDIT.title}
    assert found.comments == ENTRY.content.comments
    assert found.rights == "CC BY 4.0"


def test_guid_is_the_id_and_never_a_permalink():
    guid = channel(ENTRY).find("item/guid")

    assert (guid.text, guid.get("isPermaLink")) == (ENTRY.id, "false")


def test_item_has_at_most_one_enclosure_and_says_zero_where_its_length_is_not_known():
    files = tuple(replace(file, length=None) for file in ENTRY.content.enclosures)

    items = channel(replace(ENTRY, content=replace(ENTRY.content, enclosures=files))).findall("item/enclosure")

    assert [(item.get("length"), item.get("type")) for item in items] == [("0", "audio/mpeg")]


def test_description_stands_before_the_text_and_is_its_start_where_there_is_no_summary():
    item = channel(replace(ENTRY, content=replace(ENTRY.content, summary=None))).find("item")

    names = [etree.QName(child).localname for child in item]
    assert names.index("description") < names.index("encoded")
    assert item.findtext("description") == "雪场客流同比增长。 5 &lt; 6 &amp; 7"


def test_item_has_a_title_or_a_description():
    note, bare = channel(NOTE, BARE).findall("item")

    assert note.find("title") is None
    assert note.findtext("description").startswith("A note without a title")
    assert bare.findtext("title") == "Notes"
    assert bare.findtext("description") is None


def test_item_without_any_address_of_its_source_names_the_source_by_its_title():
    item = channel(NOTE).find("item")

    assert item.find("source") is None
    assert item.findtext("dc:source", None, NS) == "Notes"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Fish & chips, 3 < 4", "Fish & chips, 3 < 4"),
        ("A <b>bold</b> move", "A &lt;b&gt;bold&lt;/b&gt; move"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("How to write &amp;", "How to write &amp;amp;"),
    ],
)
def test_title_that_looks_like_markup_is_written_so_that_no_reader_runs_it(title, written):
    entry = replace(ENTRY, content=replace(ENTRY.content, title=title))

    assert channel(entry).findtext("item/title") == written


def test_other_copies_are_related_links():
    links = {(link.get("rel"), link.get("href")) for link in channel(ENTRY).findall("item/atom:link", NS)}

    assert ("related", "https://wire.example.com/news/1.html") in links
    assert ("via", "https://wire.example.com/1") in links
    assert {rel for rel, _ in links} == {"related", "via", "license"}


def test_head_names_its_page_its_own_address_and_the_hub():
    head = channel()

    assert head.findtext("link") == "https://feeds.example.org/news/category/jilinribao.html"
    assert [(link.get("rel"), link.get("href"), link.get("type")) for link in head.findall("atom:link", NS)] == [
        ("self", "https://feeds.example.org/news/category/jilinribao.rss", "application/rss+xml"),
        ("hub", "https://hub.example.net/", None),
    ]
    assert head.findtext("title") == head.findtext("description") == FEED.title
    assert head.findtext("lastBuildDate") == "Mon, 23 Nov 2026 19:25:14 +0000"
    assert head.findtext("language") == "zh-CN"


def test_head_without_an_address_of_the_site_links_its_id():
    head = channel(feed=PLAIN_FEED)

    assert head.findtext("link") == FEED.id
    assert head.find("atom:link", NS) is None


def test_page_is_linked_only_where_pages_are_published():
    site = replace(FEED.site, formats=("rss",))

    assert channel(feed=replace(FEED, site=site)).findtext("link") == site.url


def test_years_have_four_digits():
    then = NOW.replace(year=99)

    found = channel(replace(ENTRY, stands=then), feed=replace(FEED, updated=then))

    assert found.findtext("item/pubDate").endswith(" Nov 0099 19:25:14 +0000")
    assert found.findtext("lastBuildDate").endswith(" Nov 0099 19:25:14 +0000")


def test_joined_document_equals_one_that_feedgen_makes_whole():
    whole = rss.feed_generator(FEED)
    for entry in (ENTRY, NOTE, BARE):
        whole.add_entry(rss.feed_entry(entry), order="append")

    assert canonical(document(ENTRY, NOTE, BARE)) == canonical(whole.rss_str())


def test_fragment_declares_no_namespace():
    assert b"xmlns" not in rss.fragment(ENTRY)
