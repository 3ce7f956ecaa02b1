from dataclasses import replace

from lxml import etree

from aggregator.outputs import opml
from tests.outputs.examples import ALL, CREDIT, FEED, SITE, TECH

OTHER = replace(FEED, path="category/keji", title="科技 & <Tech>", category=TECH)


def outlines(document: bytes) -> list[dict[str, str]]:
    root = etree.fromstring(document)
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", SITE.title)
    return [dict(outline.attrib) for outline in root.findall("body/outline")]


def test_category_feeds_are_listed_with_absolute_addresses():
    documents = opml.site(ALL, [opml.section(feed, []) for feed in (FEED, OTHER)], [])

    assert [
        (line["type"], line["text"], line["xmlUrl"], line["htmlUrl"]) for line in outlines(documents["feeds.opml"])
    ] == [
        (
            "rss",
            "吉林日报新闻",
            "https://feeds.example.org/news/category/jilinribao.atom",
            "https://feeds.example.org/news/category/jilinribao.html",
        ),
        (
            "rss",
            "科技 & <Tech>",
            "https://feeds.example.org/news/category/keji.atom",
            "https://feeds.example.org/news/category/keji.html",
        ),
    ]


def test_addresses_are_relative_where_the_site_has_none():
    feed = replace(FEED, site=replace(SITE, url=None))

    (line,) = outlines(opml.site(ALL, [opml.section(feed, [])], [])["feeds.opml"])

    assert (line["xmlUrl"], line["htmlUrl"]) == ("category/jilinribao.atom", "category/jilinribao.html")


def test_format_named_is_one_that_is_published():
    def named(*formats: str) -> list[str | None]:
        feed = replace(FEED, site=replace(SITE, formats=formats))
        lines = outlines(opml.site(ALL, [opml.section(feed, [])], [])["feeds.opml"])
        return [line.get("xmlUrl", "").rpartition(".")[2] for line in lines]

    assert named("json_feed", "rss", "opml") == ["rss"]
    assert named("json_feed", "opml") == ["json"]
    assert named("html", "opml") == []


def test_sources_are_listed_once_each_and_only_with_a_public_address():
    local = replace(CREDIT, name="posts", feed_url=None)
    again = replace(CREDIT, name="again", title="Again")

    lines = outlines(opml.site(ALL, [], [CREDIT, local, again])["sources.opml"])

    assert lines == [
        {
            "type": "rss",
            "text": CREDIT.title,
            "title": CREDIT.title,
            "xmlUrl": CREDIT.feed_url,
            "htmlUrl": CREDIT.url,
        }
    ]


def test_list_bears_no_date_and_stays_as_it_is_when_only_articles_change():
    later = replace(FEED, updated=FEED.updated.replace(year=2030))

    assert opml.section(later, []) == opml.section(FEED, [])
    assert opml.site(replace(ALL, updated=later.updated), [], []) == opml.site(ALL, [], [])
