"""What the page of an article says of itself, in every way that pages have."""

import json
from datetime import UTC, datetime

import pytest

from aggregator.model import Document, Person
from aggregator.sources.parts import selectors
from aggregator.sources.parts.page.facts import PageFacts, page_facts
from tests.bounded import attempt

NOW = datetime(2022, 6, 1, 4, tzinfo=UTC)
URL = "https://news.example.org/a/1.html"


def facts(page: str, url: str = URL) -> PageFacts:
    document = Document(url=url, requested_url=url, body=page.encode(), fetched_at=NOW)
    return page_facts(selectors.parse_page(document), url=url, timezone="Asia/Shanghai", now=NOW)


def ld(*nodes: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(nodes[0] if len(nodes) == 1 else nodes)}</script>'


ARTICLE = {"@type": "NewsArticle", "headline": "Rain &amp; snow", "datePublished": "2022-05-01T08:00:00+08:00"}


def test_page_that_says_nothing_gives_nothing():
    assert facts("<p>text</p>") == PageFacts()


def test_opengraph_tells_all_that_an_entry_has():
    found = facts(
        """<html lang="en-GB"><head><title>Rain comes | The Paper</title><base href="/b/">
        <meta property="og:title" content="Rain comes"><meta property="og:site_name" content="The Paper">
        <meta property="og:description" content="It  rains."><meta property="og:image" content="rain.jpg">
        <meta property="article:published_time" content="2022-05-01T08:00:00Z">
        <meta property="article:modified_time" content="2022-05-02T08:00:00Z"><meta name="author" content="By Ann Lee">
        <meta property="article:tag" content="weather"><meta property="article:tag" content="rain">
        <link rel="canonical" href="/a/rain"></head><body><p>x</p></body></html>"""
    )

    assert found == PageFacts(
        title="Rain comes",
        summary="It rains.",
        published="2022-05-01T08:00:00Z",
        updated="2022-05-02T08:00:00Z",
        authors=(Person(name="Ann Lee"),),
        image="https://news.example.org/b/rain.jpg",
        language="en-GB",
        canonical="https://news.example.org/a/rain",
        site_name="The Paper",
        tags=("weather", "rain"),
    )


def test_json_ld_goes_before_what_networks_are_told():
    page = ld({**ARTICLE, "author": [{"name": "Ann"}, "Bob"], "keywords": "rain, snow"}) + (
        '<meta property="og:title" content="You will not believe this rain">'
    )

    found = facts(page)

    assert (found.title, found.published) == ("Rain & snow", "2022-05-01T08:00:00+08:00")
    assert found.authors == (Person(name="Ann"), Person(name="Bob"))
    assert found.tags == ("rain", "snow")


@pytest.mark.parametrize(
    "script",
    [
        ld([ARTICLE]),
        ld({"@graph": [{"@type": "Organization", "name": "x"}, ARTICLE]}),
        ld({"@type": "WebPage", "mainEntity": ARTICLE}),
        ld({**ARTICLE, "@type": ["https://schema.org/NewsArticle"]}),
        '<script type="application/ld+json; charset=utf-8"><!--\n' + json.dumps(ARTICLE) + "\n--></script>",
        '<script type="application/ld+json">//<![CDATA[\n' + json.dumps(ARTICLE) + "//]]></script>",
        '<script type="application/ld+json">' + json.dumps(ARTICLE) + ";</script>",
        '<script type="application/ld+json">' + json.dumps(ARTICLE).replace("snow", "\tsnow") + "</script>",
        '<script type="application/ld+json">{"broken": </script>' + ld(ARTICLE),
    ],
)
def test_json_ld_is_found_however_it_is_wrapped(script):
    found = facts(script)

    assert (found.title, found.published) == ("Rain & snow", "2022-05-01T08:00:00+08:00")


def test_references_in_json_ld_are_followed():
    author = {"@type": "Person", "@id": "#ann", "name": "Ann"}
    page = ld({"@graph": [{**ARTICLE, "author": {"@id": "#ann"}}, author]})

    assert facts(page).authors == (Person(name="Ann"),)


def test_of_several_articles_the_one_with_the_address_of_the_page_speaks():
    others = [{**ARTICLE, "headline": name, "url": f"https://news.example.org/a/{name}.html"} for name in "123"]

    assert facts(ld(*others)).title == "1"
    assert facts(ld(*others), url="https://news.example.org/").title is None


def test_microdata_and_microformats_are_read():
    microdata = """<article itemscope><h1 itemprop="headline">Rain</h1><time itemprop="datePublished"
        datetime="2022-05-01">1 May</time><span itemprop="author" itemscope><b itemprop="name">Ann</b>, reporter</span>
        <img itemprop="image" src="/1.png"></article>"""
    microformats = """<div class="h-entry"><h1 class="p-name">Rain</h1><time class="dt-published" datetime="2022-05-01">
        1 May</time><a class="p-author h-card" href="/ann">Ann</a><img class="u-photo" src="/1.png"></div>"""

    for page in (microdata, microformats):
        found = facts(page)
        assert (found.title, found.published, found.authors) == ("Rain", "2022-05-01", (Person(name="Ann"),))
        assert found.image == "https://news.example.org/1.png"


# --- titles ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>Rain comes | Weather | The Paper</title><h1>Rain comes</h1>", "Rain comes"),
        ("<title>法国大罢工再次影响交通-新华网</title><div>法国大罢工再次影响交通</div>", "法国大罢工再次影响交通"),
        ("<title>Rain - The Paper</title><meta property='og:site_name' content='The Paper'>", "Rain"),
        ("<title>Rain - a cause for concern</title><p>x</p>", "Rain - a cause for concern"),
        ("<title>Tom-Tom and the rain</title><h1>Tom-Tom and the rain</h1>", "Tom-Tom and the rain"),
        ("<meta property='og:title' content='Rain comes to…'><h1>Rain comes to town</h1>", "Rain comes to town"),
        ("<title>The Paper</title><h1>Rain</h1><meta property='og:site_name' content='The Paper'>", "Rain"),
        ("<h1><img alt='logo'></h1><title>Rain</title>", "Rain"),
    ],
)
def test_title_is_the_headline_without_the_name_of_the_site(page, title):
    assert facts(page).title == title


# --- dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "published"),
    [
        ("<article><time datetime='2022-05-01T08:00Z'>1 May</time></article>", "2022-05-01T08:00Z"),
        ("<time datetime='2020-01-01'>old</time><article><time datetime='2022-05-01'>x</time></article>", "2022-05-01"),
        ("<footer><time datetime='2020-01-01'>c</time></footer><time datetime='2022-05-01'>x</time>", "2022-05-01"),
        ("<div class='comments'><time datetime='2022-05-30'>c</time></div><p>text</p>", None),
        ("<h1>雨</h1><div>2022-05-01 08:00 来源：日报</div><p>2019年1月1日的雨</p>", "2022-05-01T00:00:00+00:00"),
        ("<div><h1>Rain</h1></div><p>1 May 2022, by Ann</p>", "2022-04-30T16:00:00+00:00"),
        (f"<h1>Rain</h1><p>{'On 1 January 2019 it rained and rained. ' * 9}</p>", None),
        ("<title>今日雨</title><h1>今日雨</h1><p>x</p>", None),
        ("<h1>雨</h1><p>3小时前</p>", "2022-06-01T01:00:00+00:00"),
        ("<div>发布日期：2022-05-01 08:00</div><p>text</p>", "2022-05-01T00:00:00+00:00"),
        ("<meta name='date' content='today is a good day'><meta name='pubdate' content='20220501'>", "20220501"),
    ],
)
def test_date_is_where_a_reader_would_look_for_it(page, published):
    assert facts(page).published == published


def test_day_in_the_address_is_the_last_resort():
    url = "https://news.example.org/world/2019-12/10/c_1125.htm"

    assert facts("<p>x</p>", url=url).published == "2019-12-10"
    assert facts("<time datetime='2019-12-11'>x</time>", url=url).published == "2019-12-11"


# --- the rest ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("author", ["https://facebook.example/ann", "104363", ""])
def test_what_is_no_name_is_no_author(author):
    assert facts(f"<meta name=author content='{author}'><p>x</p>").authors == ()


def test_logo_of_the_publisher_is_no_image_of_the_article():
    publisher = {"name": "The Paper", "logo": {"url": "https://news.example.org/logo.png"}}
    page = (
        ld({**ARTICLE, "publisher": publisher, "image": ["/rain.jpg"]}) + "<meta property=og:image content=/logo.png>"
    )

    found = facts(page)

    assert (found.image, found.site_name) == ("https://news.example.org/rain.jpg", "The Paper")


@pytest.mark.parametrize("lang", ["utf-8", "", "the language of the people"])
def test_what_is_no_language_is_passed_over(lang):
    assert facts(f"<html lang='{lang}'><meta property=og:locale content=zh_CN><p>x</p></html>").language == "zh-CN"


@pytest.mark.parametrize("front", ["/", "/index.html", "/Index.php"])
def test_page_that_calls_itself_by_the_address_of_the_site_is_not_believed(front):
    page = "<link rel=canonical href='/'><p>x</p>"

    assert facts(page.replace("'/'", f"'{front}'")).canonical is None
    assert facts(page, url="https://news.example.org").canonical == "https://news.example.org/"


@pytest.mark.parametrize(
    ("page", "is_free"),
    [
        ("<p>x</p>", None),
        (ld({**ARTICLE, "isAccessibleForFree": False}), False),
        (ld({**ARTICLE, "isAccessibleForFree": "http://schema.org/False"}), False),
        (ld({**ARTICLE, "hasPart": {"isAccessibleForFree": "False", "cssSelector": ".wall"}}), False),
        (ld({**ARTICLE, "isAccessibleForFree": True}), True),
        ("<meta property='article:content_tier' content='locked'>", False),
        ("<meta property='article:content_tier' content='metered'>", None),
        ("<meta itemprop='isAccessibleForFree' content='false'>", False),
    ],
)
def test_page_says_whether_its_text_is_for_everybody(page, is_free):
    assert facts(page).is_free is is_free


@pytest.mark.parametrize(
    "page",
    [
        "<script type='application/ld+json'>" + "[" * 50_000 + "</script><p>x</p>",
        ld({"@graph": [{"@graph": []}] * 9000}),
        "<h1>" + "x" * 100_000 + "</h1>" + "<time></time>" * 3000,
        "<div>" * 300 + "<time datetime='x'>" + "<meta name=author content=1>" * 3000,
    ],
    ids=["deep", "wide", "long", "nested"],
)
def test_hostile_pages_are_read_in_time(page):
    assert attempt(lambda: len(facts(page).authors), name="page").fault is None
