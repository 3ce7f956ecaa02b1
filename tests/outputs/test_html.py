import re
from dataclasses import replace

import pytest
from lxml import etree

from aggregator.model import Content, Enclosure, Entry, Feed
from aggregator.outputs import html
from tests.outputs.examples import ALL, BARE, CREDIT, ENTRY, FEED, NOTE, PLAIN_FEED, SITE

ENGLISH = replace(SITE, language="en", timezone="America/New_York")


def page(*entries: Entry, feed: Feed = FEED):
    return read(html.document(feed, [html.fragment(entry) for entry in entries]))


def front(feed: Feed = FEED, entries: tuple[Entry, ...] = (ENTRY,)):
    return html.site(replace(feed, path="all", title="All"), [html.section(feed, entries)], [CREDIT])


def read(document: bytes):
    return etree.fromstring(document, etree.HTMLParser(encoding="utf-8"))


def text(element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_article_names_title_source_time_and_other_copies():
    article = page(ENTRY).find("body/main/article")

    title = article.find("h2/a")
    assert (title.text, title.get("href")) == (ENTRY.content.title, ENTRY.content.url)
    assert text(article.find(".//*[@class='source']")) == CREDIT.title
    assert article.find(".//*[@class='source']").get("href") == CREDIT.url
    time = article.find(".//time")
    assert (time.get("datetime"), time.text) == ("2026-11-23T16:25:14Z", "2026年11月24日 00:25")
    links = {link.get("href") for link in article.iterfind(".//a")}
    assert {"https://wire.example.com/news/1.html", "https://blog.example.com/on-snow"} <= links
    assert "雪场客流同比增长。" in text(article.find("details/div"))
    assert article.get("lang") == "zh-CN"


def test_words_and_times_follow_the_language_and_zone_of_the_site():
    english = page(ENTRY, feed=replace(FEED, site=ENGLISH))

    assert text(english.find(".//summary")) == "Subscribe"
    assert english.findtext(".//article//time") == "23 Nov 2026, 11:25"
    assert english.getroottree().getroot().get("lang") == "en"
    assert text(page(ENTRY).find(".//summary")) == "订阅"


def test_links_between_pages_are_relative_to_where_the_page_lies():
    in_category = page(ENTRY)
    at_top = page(ENTRY, feed=ALL)

    assert in_category.find("head/link[@rel='stylesheet']").get("href") == "../assets/style.css"
    assert at_top.find("head/link[@rel='stylesheet']").get("href") == "assets/style.css"
    chips = "//a[@class='chip']/@href"
    assert in_category.xpath(chips) == ["../category/jilinribao.html", "../category/keji.html"]
    assert at_top.xpath(chips) == ["category/jilinribao.html", "category/keji.html"]


def test_page_offers_its_feeds():
    offered = page().findall("head/link[@rel='alternate']")

    assert [(link.get("type"), link.get("href")) for link in offered] == [
        ("application/atom+xml", "../category/jilinribao.atom"),
        ("application/rss+xml", "../category/jilinribao.rss"),
        ("application/feed+json", "../category/jilinribao.json"),
    ]
    assert [code.text for code in page().iterfind(".//dd/code")] == [
        f"https://feeds.example.org/news/category/jilinribao.{suffix}" for suffix in ("atom", "rss", "json")
    ]


def test_formats_that_are_not_published_are_not_offered():
    feed = replace(FEED, site=replace(SITE, formats=("html", "rss")))

    assert [link.get("type") for link in page(feed=feed).findall("head/link[@rel='alternate']")] == [
        "application/rss+xml"
    ]
    assert page(feed=replace(FEED, site=replace(SITE, formats=("html",)))).find(".//details") is None


def test_page_without_an_address_of_the_site_offers_its_feeds_by_relative_links():
    found = page(ENTRY, feed=PLAIN_FEED)

    assert found.findtext(".//dd/code") == "../category/jilinribao.atom"
    assert "example.org" not in text(found.find("body/header"))


def test_nothing_is_loaded_or_run_but_what_the_policy_allows():
    found = page(replace(ENTRY, content=replace(ENTRY.content, title="<script>alert(1)</script>")))

    policy = found.find("head/meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy.startswith("default-src 'none'; img-src http: https:; media-src http: https:; style-src 'self'")
    assert found.xpath("//script | //iframe | //style | //@style") == []
    assert found.findtext("body/main/article/h2/a") == "<script>alert(1)</script>"


@pytest.mark.parametrize(("index", "expected"), [(False, ["noindex"]), (True, [])])
def test_search_engines_are_kept_out_unless_asked_in(index, expected):
    feed = replace(FEED, site=replace(SITE, index=index))

    assert page(feed=feed).xpath("//meta[@name='robots']/@content") == expected
    assert read(front(feed)["index.html"]).xpath("//meta[@name='robots']/@content") == expected


def test_images_of_an_article_are_loaded_late_and_a_tag_inside_an_attribute_stays_there():
    hostile = '<p><img src="https://x.example/1.png" alt="<img onerror=alert(1) "></p>'

    images = page(replace(ENTRY, content=Content(html=hostile))).findall(".//article//img")

    (image,) = images
    assert image.get("loading") == "lazy"
    assert image.get("onerror") is None


def test_untitled_article_does_not_say_its_start_twice():
    short = replace(NOTE, content=Content(html="<p>Only this.</p>"))

    article = page(short).find("body/main/article")

    assert text(article.find("h2")) == "Only this."
    assert article.find("p[@class='excerpt opening']") is None


def test_sounds_and_films_can_be_played_and_files_opened():
    files = (
        Enclosure(url="https://x.example/a.mp3"),
        Enclosure(url="https://x.example/b.webm"),
        Enclosure(url="https://x.example/c.zip", title="All of it"),
    )

    article = page(replace(ENTRY, content=replace(ENTRY.content, enclosures=files))).find("body/main/article")

    assert article.find("audio").get("src") == "https://x.example/a.mp3"
    assert article.find("video").get("preload") == "none"
    assert article.xpath(".//a[@href='https://x.example/c.zip']/text()") == ["All of it"]


def test_page_of_an_empty_category_says_so():
    assert text(page().find("body/main")) == "这里还没有文章。"


def test_front_page_lists_each_category_with_its_newest_entries():
    documents = front(entries=(ENTRY, NOTE, BARE))

    index = read(documents["index.html"])
    section = index.find("body/main/section")
    assert (text(section.find("h2/a")), section.find("h2/a").get("href")) == (FEED.title, "category/jilinribao.html")
    assert [title.get("href") for title in section.iterfind("ol/li/a")] == [
        ENTRY.content.url,
        "category/jilinribao.html",
        "category/jilinribao.html",
    ]
    assert section.xpath("p[@class='feeds']/a/@href") == [
        f"category/jilinribao.{suffix}" for suffix in ("atom", "rss", "json")
    ]
    assert index.xpath("//a[@href='feeds.opml']")
    assert index.xpath("//a[@href='all.html']")
    assert documents["assets/style.css"].startswith(b":root")


def test_every_gap_is_closed():
    for document in (
        html.document(FEED, [html.fragment(ENTRY)]),
        html.document(replace(FEED, site=ENGLISH), [html.fragment(ENTRY)]),
        *front().values(),
    ):
        assert b"\0" not in document


def test_parts_that_are_named_by_others_are_there():
    found = page(ENTRY, NOTE, BARE)

    ids = found.xpath("//@id")
    assert sorted(set(ids)) == sorted(ids)
    for target in found.xpath("//a[starts-with(@href, '#')]/@href"):
        assert target[1:] in ids


def test_stylesheet_keeps_text_readable_in_light_and_dark():
    sheet = html.site(ALL, [], [])["assets/style.css"].decode()

    for block in re.findall(r":root \{(.*?)\}", sheet, re.DOTALL):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for ink in ("ink", "quiet", "accent"):
            for ground in ("paper", "raised"):
                assert contrast(colours[ink], colours[ground]) >= 4.5
        assert contrast(colours["accent"], colours["accent-soft"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2): 1 to 21."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_page_asks_nobody_for_a_player_before_its_reader_does():
    html = (
        '<p>a</p><iframe src="https://www.youtube.com/embed/x?a=1&amp;b=2" width="9" allowfullscreen=""></iframe>'
        '<video src="https://v.example/1.mp4" controls=""></video><audio controls=""><source src="https://v.example/2.mp3"></audio>'
    )
    found = page(replace(ENTRY, content=Content(html=html))).find(".//div[@class='text']")

    assert found.find(".//iframe") is None
    (link,) = [one for one in found.iter("a") if "youtube" in one.get("href")]
    assert (link.get("href"), link.text) == ("https://www.youtube.com/embed/x?a=1&b=2", "▶ www.youtube.com")
    assert [found.find(f".//{tag}").get("preload") for tag in ("video", "audio")] == ["none", "none"]
