"""Older entries stand in further documents, which a feed names and feeds.yaml asks for."""

import pytest

from aggregator.model import Paging, Source
from tests.sources.test_feed import URL, atom, read, rss

PAGED = Source(name="n", url=URL, next=Paging(pages=3))
ENTRY = "<entry><title>One</title></entry>"


def asked(body, source=PAGED):
    return [request.url for request in read(body, source).requests]


def test_next_page_is_asked_where_feeds_yaml_says_so():
    paged = atom(ENTRY, '<link rel="next" href="?page=2"/>')
    assert asked(paged) == [f"{URL}?page=2"]
    assert asked(paged, Source(name="n", url=URL)) == []
    assert asked(paged, Source(name="n", url=URL, next=Paging(pages=1))) == []


def test_page_goes_before_archive():
    both = atom(ENTRY, '<link rel="prev-archive" href="2025.xml"/><link rel="next" href="2.xml"/>')
    assert asked(both) == ["https://news.example.org/feeds/2.xml"]
    archive = rss("<item><title>One</title></item>", '<atom:link rel="prev-archive" href="2025.xml"/>')
    assert asked(archive) == ["https://news.example.org/feeds/2025.xml"]


def test_base_of_the_feed_counts():
    paged = atom(ENTRY, '<link rel="next" href="2.xml"/>', 'xml:base="https://cdn.example/f/"')
    assert asked(paged) == ["https://cdn.example/f/2.xml"]


@pytest.mark.parametrize("href", [URL, "", "file:///etc/passwd", "http://[x", "javascript:x"])
def test_page_that_leads_nowhere_is_not_asked(href):
    assert asked(atom(ENTRY, f'<link rel="next" href="{href}"/>')) == []


def test_empty_page_is_the_last():
    assert asked(atom("", '<link rel="next" href="9.xml"/>')) == []
