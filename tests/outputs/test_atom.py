import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from aggregator.model import Content, Entry, Feed, Link, Person
from aggregator.outputs import atom
from tests.corpora import corpus
from tests.outputs.examples import (
    ALL,
    BARE,
    CREDIT,
    ENTRY,
    FEED,
    HOSTILE,
    NOTE,
    NOW,
    PLAIN_FEED,
    hostile,
    hostile_feed,
    parsed,
)

NS = {"a": "http://www.w3.org/2005/Atom", "media": "http://search.yahoo.com/mrss/"}


def document(*entries: Entry, feed: Feed = FEED) -> bytes:
    return atom.document(feed, [atom.fragment(entry) for entry in entries])


def tree(*entries: Entry, feed: Feed = FEED):
    return etree.fromstring(document(*entries, feed=feed))


def test_what_feedparser_reads_back_is_what_was_published():
    found = parsed(document(ENTRY)).entries[0]

    assert found.id == ENTRY.id
    assert found.title == ENTRY.content.title
    assert found.link == ENTRY.content.url
    assert found.summary == ENTRY.content.summary
    assert found.content[0].value == ENTRY.content.html
    assert datetime(*found.published_parsed[:6], tzinfo=UTC) == ENTRY.stands
    assert datetime(*found.updated_parsed[:6], tzinfo=UTC) == ENTRY.updated
    assert [(tag.term, tag.label) for tag in found.tags] == [
        ("jilinribao", "吉林日报新闻"),
        ("keji", "科技"),
        ("冰雪", None),
        ("Tourism", None),
    ]
    assert [(file.href, file.type, file.get("length")) for file in found.enclosures] == [
        ("https://press.example.com/a.mp3", "audio/mpeg", "1234"),
        ("https://press.example.com/b.pdf?v=1", "application/pdf", None),
    ]
    assert [author.name for author in found.authors] == ["张三", "Lee"]
    assert found.rights == "CC BY 4.0"
    assert found.media_thumbnail[0]["url"] == ENTRY.content.image


def test_links_say_how_they_are_related_and_of_what_type_they_are():
    links = {(link.get("rel"), link.get("href")): link for link in tree(ENTRY).iterfind("a:entry/a:link", NS)}

    assert ("alternate", ENTRY.content.url) in links
    assert links["related", "https://wire.example.com/news/1.html"].get("title") == "要闻"
    assert links["related", "https://blog.example.com/on-snow"].get("title") == "A comment"
    assert links["replies", "https://press.example.com/a/comments"].get("type") == "text/html"
    assert ("via", "https://wire.example.com/1") in links
    assert ("license", "https://creativecommons.org/licenses/by/4.0/") in links
    assert links["related", "https://press.example.com/en/a"].get("hreflang") == "en"
    assert not [rel for rel, _ in links if rel == "next"]
    assert len(links) == 9


def test_article_has_one_address():
    twice = Link(rel="alternate", url="https://elsewhere.example.com/")
    entry = replace(ENTRY, content=replace(ENTRY.content, links=(twice, *ENTRY.content.links, *ENTRY.content.links)))

    alternates = tree(entry).findall("a:entry/a:link[@rel='alternate']", NS)

    assert [link.get("href") for link in alternates] == [ENTRY.content.url]


def test_source_is_told_whole():
    source = tree(ENTRY).find("a:entry/a:source", NS)

    assert source.findtext("a:id", None, NS) == CREDIT.id
    assert source.findtext("a:title", None, NS) == CREDIT.title
    assert source.findtext("a:updated", None, NS) == "2026-11-23T17:25:14Z"
    assert source.findtext("a:rights", None, NS) == CREDIT.rights
    assert [(link.get("rel"), link.get("href")) for link in source.findall("a:link", NS)] == [
        ("alternate", CREDIT.url),
        ("self", CREDIT.feed_url),
    ]


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        (replace(CREDIT, id=None), "https://press.example.com/feed"),
        (replace(CREDIT, id=None, feed_url=None), "https://press.example.com/"),
        (replace(CREDIT, id="no iri"), "urn:uuid:"),
        (replace(CREDIT, id=None, feed_url=None, url=None), "urn:uuid:"),
    ],
)
def test_source_always_has_an_id_that_is_an_iri(credit, expected):
    assert tree(replace(ENTRY, credit=credit)).findtext("a:entry/a:source/a:id", None, NS).startswith(expected)


def test_entry_without_an_author_bears_its_source_as_author():
    assert parsed(document(NOTE)).entries[0].author == "Notes"
    nameless = replace(ENTRY, content=replace(ENTRY.content, authors=(Person(email="only@example.com"),)))
    assert tree(nameless).findtext("a:entry/a:author/a:name", None, NS) == "only@example.com"


def test_untitled_entry_is_titled_by_the_start_of_its_text():
    assert parsed(document(NOTE)).entries[0].title.startswith("A note without a title of its own")
    assert parsed(document(BARE)).entries[0].title == "Notes"


def test_entry_without_an_address_has_content():
    note, bare, brief = tree(NOTE, BARE, replace(BARE, content=Content(summary="Brief"))).findall("a:entry", NS)

    assert note.find("a:content", NS).get("type") == "html"
    assert bare.findtext("a:content", None, NS) == "Notes"
    assert brief.findtext("a:content", None, NS) == "Brief"
    for entry in (note, bare, brief):
        assert entry.find("a:link[@rel='alternate']", NS) is None


def test_dates_are_in_utc_to_the_second():
    entry = replace(ENTRY, updated=NOW + timedelta(microseconds=987654))

    text = atom.fragment(entry).decode()

    assert "<updated>2026-11-23T19:25:14Z</updated>" in text
    assert "<published>2026-11-23T16:25:14Z</published>" in text


def test_head_names_its_own_address_its_page_and_the_hub():
    head = parsed(document()).feed

    assert head.id == FEED.id
    assert head.title == FEED.title
    assert head.updated == "2026-11-23T19:25:14Z"
    assert {(link.rel, link.href) for link in head.links} == {
        ("self", "https://feeds.example.org/news/category/jilinribao.atom"),
        ("alternate", "https://feeds.example.org/news/category/jilinribao.html"),
        ("hub", "https://hub.example.net/"),
    }
    assert head.author == "Example Press"


def test_head_without_an_address_of_the_site_names_none():
    assert b"<link" not in document(feed=PLAIN_FEED)


def test_joined_document_equals_one_that_feedgen_makes_whole():
    whole = atom.feed_generator(FEED)
    for entry in (ENTRY, NOTE, BARE):
        whole.add_entry(atom.feed_entry(entry), order="append")

    assert canonical(document(ENTRY, NOTE, BARE)) == canonical(whole.atom_str())


def test_fragment_declares_no_namespace():
    assert b"xmlns" not in atom.fragment(ENTRY)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_documents_hold_to_the_schema_of_atom(text):
    check(document(hostile(text), ENTRY, feed=hostile_feed(text)))


@pytest.mark.parametrize("feed", [FEED, ALL, PLAIN_FEED])
def test_documents_hold_to_the_schema_of_atom(feed):
    check(document(feed=feed))
    check(document(ENTRY, NOTE, BARE, feed=feed))


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable() and text.strip()])
def test_titles_come_back_character_for_character(text):
    entry = replace(ENTRY, content=replace(ENTRY.content, title=text))

    assert tree(entry).findtext("a:entry/a:title", None, NS) == " ".join(text.split())


def check(made: bytes) -> None:
    schema = etree.RelaxNG(etree.parse(corpus("schemas", "atom.rng")))
    schema.assertValid(etree.fromstring(made, etree.XMLParser(huge_tree=True)))


def canonical(made: bytes) -> bytes:
    """Return the document in one spelling, without the line ends between entries."""
    spelled: bytes = etree.tostring(etree.fromstring(made), method="c14n")
    return re.sub(rb">\n<", b"><", spelled).strip()
