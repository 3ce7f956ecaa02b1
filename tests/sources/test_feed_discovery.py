"""From the address of a site to its feed."""

import pytest

from aggregator.errors import ReadError
from aggregator.model import Source
from aggregator.sources.parts.feed.discovery import named_feeds
from tests.sources.test_feed import SOURCE, URL, read

PAGE = "https://blog.example/a/index.html"


def link(href, media_type="application/rss+xml", title="", rel="alternate"):
    return f'<link rel="{rel}" type="{media_type}" title="{title}" href="{href}">'


def named(head):
    return named_feeds(f"<!doctype html><html><head>{head}</head><body></body></html>", PAGE)


def test_feeds_come_in_the_order_of_the_page_and_each_once():
    assert named(link("/rss.xml") + link("atom.xml", "application/atom+xml") + link("/rss.xml")) == (
        "https://blog.example/rss.xml",
        "https://blog.example/a/atom.xml",
    )


@pytest.mark.parametrize(
    "head",
    [
        link("feed", "application/feed+json"),
        link("feed", "application/rss+xml; charset=utf-8"),
        link("feed", "Application/RSS+XML"),
        link("feed", "text/xml"),
        link("feed", "application/x.atom+xml"),
        link("feed", "", rel="feed"),
        link("feed", rel="alternate home"),
        "<link href=feed rel=alternate type=application/atom+xml>",
        "<LINK REL='ALTERNATE' TYPE='application/rdf+xml' HREF='feed'/>",
    ],
)
def test_feed_is_known_by_relation_and_type(head):
    assert named(head) == ("https://blog.example/a/feed",)


@pytest.mark.parametrize(
    "head",
    [
        link("oembed?url=x", "application/json+oembed"),
        link("oembed?url=x", "text/xml+oembed"),
        link("style.xml", "text/xml", rel="alternate stylesheet"),
        link("en.html", "text/html"),
        link("feed.xml", rel="stylesheet"),
        f"<!-- {link('old.xml')} -->",
        f"<script>document.write('{link('made.xml')}')</script>",
        link("javascript:alert(1)"),
        link("http://[x"),
        link(""),
    ],
)
def test_what_is_no_feed_of_this_page_is_not_taken(head):
    assert named(head) == ()


def test_feeds_of_comments_and_interfaces_for_programs_come_last():
    assert named(
        link("/wp-json/wp/v2/pages/2", "application/json")
        + link("/comments/feed/", title="Blog » Comments Feed")
        + link("/feed2/", title="博客 » 评论 Feed")
        + link("/feed/", title="Blog » Feed")
    ) == (
        "https://blog.example/feed/",
        "https://blog.example/comments/feed/",
        "https://blog.example/feed2/",
        "https://blog.example/wp-json/wp/v2/pages/2",
    )


def test_base_of_the_page_counts():
    assert named('<base href="https://cdn.example/x/">' + link("feed.xml")) == ("https://cdn.example/x/feed.xml",)
    assert named('<base href="/y/">' + link("feed.xml")) == ("https://blog.example/y/feed.xml",)


def test_first_feed_is_read_and_the_others_are_told():
    page = f"<!doctype html><html><head>{link('/one.xml')}{link('/two.xml')}</head></html>"
    reading = read(page, Source(name="site", url=URL))
    assert [request.url for request in reading.requests] == ["https://news.example.org/one.xml"]
    (warning,) = reading.warnings
    assert warning.endswith("write that address in feeds.yaml; it names https://news.example.org/two.xml too")
    with pytest.raises(ReadError, match=r"it names https://news\.example\.org/one\.xml, https"):
        read(page, SOURCE)
