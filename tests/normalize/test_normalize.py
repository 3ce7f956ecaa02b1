from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.model import Enclosure, Link, Person, RawEntry, RawText, Source, SourceInfo
from aggregator.normalize import MOST, MOST_TAGS, normalize
from tests.normalize.hostile import BODIES, harm_in

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
SOURCE = Source(name="example", url="https://example.org/feed.xml", timezone="Asia/Shanghai")
INFO = SourceInfo()


def content_of(raw, source=SOURCE, info=INFO):
    return normalize(raw, source, info, url="https://example.org/feeds/feed.xml", now=NOW)[0]


def html(value):
    return RawText(value=value, type="html")


def test_nothing_known_is_nothing_said():
    content, warnings = normalize(RawEntry(), SOURCE, INFO, url="https://example.org/feed.xml", now=NOW)
    assert (content.title, content.url, content.html, content.summary, content.published) == (None,) * 5
    assert content.authors == content.tags == content.enclosures == content.links == warnings == ()


@pytest.mark.parametrize("body", BODIES)
def test_no_harm_survives_in_any_text(body):
    raw = RawEntry(
        title=html(body),
        summary=html(body),
        content=html(body),
        authors=(Person(name=body, email=body, url=body),),
        categories=(body,),
        rights=body,
        url=body,
        image=body,
        comments=body,
        links=(Link(url=body, rel=body),),
        enclosures=(Enclosure(url=body, type=body),),
    )
    content = content_of(raw)
    assert harm_in(content.html) == []
    urls = [content.url, content.image, content.comments, *(link.url for link in content.links)]
    urls += [enclosure.url for enclosure in content.enclosures] + [person.url for person in content.authors]
    assert all(url is None or (url.startswith(("http://", "https://")) and "<" not in url) for url in urls)
    for text in (content.title, content.summary, content.rights, *content.tags):
        assert text is None or text.isprintable()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "java\nscript:x",
        "",
        "http://[",
        "mailto:a@b.example",
    ],
)
def test_address_that_leads_nowhere_is_left_out(url):
    raw = RawEntry(
        url=url, image=url, comments=url, links=(Link(url=url, rel="via"),), enclosures=(Enclosure(url=url),),
        authors=(Person(name="Ann", url=url),),
    )  # fmt: skip
    content = content_of(replace(raw, base="https://example.org/") if url else raw)
    assert (content.url, content.image, content.comments, content.links, content.enclosures) == (
        None,
        None,
        None,
        (),
        (),
    )
    assert content.authors == (Person(name="Ann"),)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "mailto:a@b.example", "http://["])
def test_entry_that_loses_its_address_is_told(url):
    _, (told,) = normalize(RawEntry(url=url), SOURCE, INFO, url="https://example.org/", now=NOW)
    assert told == f"url: {url!r} is no address on the web: left out"


def test_credentials_are_never_published():
    raw = RawEntry(
        url="https://ann:secret@example.org/a",
        content=html('<a href="https://ann:secret@example.org/x">x</a><img src="b.png">'),
        base="https://ann:secret@example.org/",
        enclosures=(Enclosure(url="a.mp3"),),
        image="i.png",
        comments="c",
        links=(Link(url="r", rel="related"),),
        authors=(Person(name="Ann", url="/ann"),),
    )
    assert "secret" not in repr(content_of(raw))


def test_relative_addresses_start_from_the_nearest_base():
    raw = RawEntry(
        url="a.html",
        base="https://example.org/news/",
        content=RawText(value='<a href="x">x</a>', type="html", base="deep/"),
        summary=html('<a href="y">y</a>'),
    )
    content = content_of(raw)
    assert content.url == "https://example.org/news/a.html"
    assert 'href="https://example.org/news/deep/x"' in content.html
    assert content_of(RawEntry(url="a.html")).url == "https://example.org/feeds/a.html"
    assert content_of(RawEntry(url="//other.example/a")).url == "https://other.example/a"


def test_published_is_read_in_the_sources_time_zone():
    assert content_of(RawEntry(published="2022-02-25 09:40:11")).published == datetime(
        2022, 2, 25, 1, 40, 11, tzinfo=UTC
    )


def test_cst_is_chinas_in_a_chinese_text_unless_the_sources_zone_has_one_itself():
    raw = RawEntry(published="Fri, 25 Feb 2022 09:40:28 CST")
    unset, american = replace(SOURCE, timezone="UTC"), replace(SOURCE, timezone="America/Chicago")
    chinese = SourceInfo(language="zh-CN")
    in_china, in_chicago = datetime(2022, 2, 25, 1, 40, 28, tzinfo=UTC), datetime(2022, 2, 25, 15, 40, 28, tzinfo=UTC)
    assert content_of(raw, unset, chinese).published == in_china
    assert content_of(raw, unset).published == in_chicago
    assert content_of(raw, american, chinese).published == in_chicago
    for elsewhere in ("Asia/Tokyo", "Europe/Berlin", "Asia/Taipei"):
        assert content_of(raw, replace(SOURCE, timezone=elsewhere), chinese).published == in_china
    assert content_of(raw).published == in_china


def test_update_stands_in_for_a_missing_publication():
    content = content_of(RawEntry(updated="2022-02-25T00:00:00Z"))
    assert content.published == content.updated == datetime(2022, 2, 25, tzinfo=UTC)


@pytest.mark.parametrize("text", ["soon", "1901-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2090-01-01T00:00:00Z"])
def test_date_that_cannot_be_is_none_and_told(text):
    content, warnings = normalize(RawEntry(published=text), SOURCE, INFO, url="https://example.org/", now=NOW)
    assert content.published is None
    assert len(warnings) == 1
    assert text in warnings[0]


def test_date_in_the_near_future_is_kept():
    assert content_of(RawEntry(published="2025-01-01T00:00:00Z")).published == datetime(2025, 1, 1, tzinfo=UTC)


def test_summary_stands_in_for_a_missing_content():
    content = content_of(RawEntry(summary=html("<p>All of <b>it</b>.</p>")))
    assert content.html == "<p>All of <b>it</b>.</p>"
    assert content.summary == "All of it."


def test_summary_is_the_sources_own_where_it_has_one():
    content = content_of(RawEntry(summary=html("Short <i>text</i>"), content=html("<p>Long text</p>")))
    assert (content.summary, content.html) == ("Short text", "<p>Long text</p>")


def test_author_comes_from_the_source_line_and_the_line_stays():
    body = '<p>正文。</p><p class="em_media">（文章来源：上海<span id="q"><a href="http://q.example/">证券</a></span><span></span>报）</p>'
    content = content_of(RawEntry(content=html(body)))
    assert content.authors == (Person(name="上海证券报"),)
    assert "文章来源" in content.html


def test_author_of_the_entry_goes_before_the_source_line():
    content = content_of(RawEntry(content=html("<p>正文（来源：某报）</p>"), authors=(Person(name="王五"),)))
    assert content.authors == (Person(name="王五"),)


def test_language_is_the_entrys_then_the_operators_then_the_feeds():
    feed, operators = SourceInfo(language="fr"), replace(SOURCE, language="de")
    assert content_of(RawEntry(language="nl"), operators, feed).language == "nl"
    assert content_of(RawEntry(title=RawText(value="x", language="it")), operators, feed).language == "it"
    assert content_of(RawEntry(), operators, feed).language == "de"
    assert content_of(RawEntry(), SOURCE, feed).language == "fr"


def test_language_of_a_template_does_not_beat_the_script():
    raw = RawEntry(title=RawText(value="“股王”茅台重回两千元关口，酿酒板块多股大涨"), language="en")
    assert content_of(raw).language == "zh"


def test_tags_are_words_each_once():
    raw = RawEntry(categories=("News", " Tech &amp; Law ", ""), tags=("news", "<b>招商</b>"))
    assert content_of(raw).tags == ("News", "Tech & Law", "招商")


@pytest.mark.parametrize(
    ("categories", "tags"),
    [
        (("News, Sports, Weather",), ("News", "Sports", "Weather")),
        (("科技，财经",), ("科技", "财经")),
        (("招商、项目", "项目"), ("招商", "项目")),
        (("Tech | Law",), ("Tech", "Law")),
        (("#rust", "Rust"), ("rust",)),
        (("Washington, D.C.",), ("Washington, D.C.",)),
        (("News, Sports, Weather", "b"), ("News, Sports, Weather", "b")),
        (("TCP/IP", "C#"), ("TCP/IP", "C#")),
    ],
)
def test_list_of_tags_in_one_word_is_taken_apart(categories, tags):
    assert content_of(RawEntry(categories=categories)).tags == tags


def test_link_within_the_text_leads_to_the_entrys_own_page():
    body = html('<p>a<a href="#note-1">1</a> <a href="x">x</a></p>')
    content = content_of(RawEntry(url="https://example.org/article.html", content=body))
    assert 'href="https://example.org/article.html#note-1"' in content.html
    assert 'href="https://example.org/feeds/x"' in content.html


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ("<p>long text</p>" * 80_000, "longer than"),
        ("<div>" * 300 + "deep", "nested deeper"),
    ],
)
def test_text_that_had_to_be_cut_is_told(body, warning):
    _, (told,) = normalize(RawEntry(content=html(body)), SOURCE, INFO, url="https://example.org/", now=NOW)
    assert warning in told


def test_what_is_too_many_is_told():
    raw = RawEntry(
        authors=tuple(Person(name=f"Author {number}") for number in range(MOST + 2)),
        tags=tuple(f"tag {number}" for number in range(MOST_TAGS + 1)),
    )
    content, told = normalize(raw, SOURCE, INFO, url="https://example.org/", now=NOW)
    assert (len(content.authors), len(content.tags)) == (MOST, MOST_TAGS)
    assert told == ("authors: of 52 the first 50 are kept", "tags: of 101 the first 100 are kept")


def test_entry_without_a_date_has_none_whenever_it_is_read():
    raw = RawEntry(title=RawText(value="a"), content=html("<p>b</p>"))
    contents = [normalize(raw, SOURCE, INFO, url="https://example.org/", now=NOW.replace(day=day))[0] for day in (1, 9)]
    assert contents[0] == contents[1]
    assert contents[0].published is None


def test_enclosures_come_through_with_their_facts():
    sent = Enclosure(
        url="https://cdn.example/a.mp3?sig=b&a=1", type="Audio/MPEG; x=y", length=5, title=" T ", duration=60
    )
    raw = RawEntry(enclosures=(sent, sent, Enclosure(url="/b.m4a", type="nonsense", length=-1)))
    assert content_of(raw).enclosures == (
        Enclosure(url="https://cdn.example/a.mp3?sig=b&a=1", type="audio/mpeg", length=5, title="T", duration=60),
        Enclosure(url="https://example.org/b.m4a", type="audio/mp4"),
    )


def test_image_is_the_entrys_or_the_first_of_its_text():
    body = html('<img src="p.gif" width="1" height="1"><img src="a.jpg">')
    assert content_of(RawEntry(content=body)).image == "https://example.org/feeds/a.jpg"
    assert content_of(RawEntry(content=body, image="/i.jpg")).image == "https://example.org/i.jpg"


def test_links_that_mean_something_elsewhere_are_kept():
    raw = RawEntry(links=(Link(url="/v", rel="Via"), Link(url="/s", rel="self"), Link(url="/e", rel="edit")))
    assert content_of(raw).links == (Link(url="https://example.org/v", rel="via"),)


def test_the_same_entry_gives_the_same_content():
    raw = RawEntry(title=html("a"), content=html('<p title="x" lang="de" dir="ltr">b</p>'), categories=("b", "a"))
    assert content_of(raw) == content_of(raw)
